// SPDX-License-Identifier: MIT
// In place of gpu.cpp where the library is built without CUDA.
#include "salient/core/error.hpp"
#include "salient/device/gpu.hpp"
#include "salient/device/memory.hpp"
#include "salient/device/recorder.hpp"

namespace salient {
namespace {

[[noreturn]] void refuse() {
  throw error(
      "this salient was built without CUDA; for the device gpu, build it with -DSALIENT_WITH_CUDA=ON, which "
      "needs NVIDIA's CUDA toolkit");
}

}  // namespace

struct gpu::state {};
struct recorder<gpu>::recordings_of {};

gpu::gpu(int, precision, implementation) { refuse(); }

// Never called: the constructor throws. GCOV_EXCL_START
gpu::~gpu() = default;
gpu::gpu(gpu&&) noexcept = default;
gpu& gpu::operator=(gpu&&) noexcept = default;
int gpu::number() const { refuse(); }
std::string gpu::product() const { refuse(); }
precision gpu::arithmetic() const { refuse(); }
implementation gpu::kernels() const { refuse(); }
recorder<gpu>::recorder(const gpu&) : device_(nullptr) { refuse(); }
recorder<gpu>::~recorder() = default;
recorder<gpu>::recorder(recorder&&) noexcept = default;
recorder<gpu>& recorder<gpu>::operator=(recorder&&) noexcept = default;
std::size_t recorder<gpu>::recordings() const { refuse(); }
void recorder<gpu>::run(const pass_key&, void (*)(const void*), const void*) {
  static_cast<void>(device_);  // Clang warns of a member that no function uses
  refuse();
}
void* allocate(const gpu&, std::size_t) { refuse(); }
void release(const gpu&, void*) noexcept {}
void copy_in(const gpu&, void*, const void*, std::size_t) { refuse(); }
void copy_out(const gpu&, void*, const void*, std::size_t) { refuse(); }
void clear(const gpu&, void*, std::size_t) { refuse(); }
void synchronise(const gpu&) { refuse(); }
template <>
void* allocate_host(const gpu&, std::size_t) {
  refuse();
}
template <>
void release_host(const gpu&, void*) noexcept {}
template <>
void send_out(const gpu&, void*, const void*, std::size_t) {
  refuse();
}
// GCOV_EXCL_STOP

}  // namespace salient
