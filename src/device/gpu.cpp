// SPDX-License-Identifier: MIT
#include "salient/device/gpu.hpp"

#include <new>
#include <string>

#include "device/gpu_state.hpp"
#include "salient/core/error.hpp"
#include "salient/device/memory.hpp"

namespace salient {
namespace {

const char* remedy(cudaError_t failure) {
  switch (failure) {
    case cudaErrorInsufficientDriver:
    case cudaErrorStubLibrary:
    case cudaErrorSystemNotReady:
    case cudaErrorSystemDriverMismatch:
    case cudaErrorCompatNotSupportedOnDevice:
    case cudaErrorInitializationError:
      return "install or update NVIDIA's driver (nvidia-smi tells whether it works), or use the device cpu "
             "or cpu_pool";
    case cudaErrorNoDevice:
      return "see what nvidia-smi lists and CUDA_VISIBLE_DEVICES lets through, or use the device cpu or "
             "cpu_pool";
    case cudaErrorMemoryAllocation:
      return "explain fewer images at a time, or end what else uses the GPU's memory (nvidia-smi lists it)";
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorInvalidKernelImage:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorInvalidDeviceFunction:
      return "the library was built for other GPUs; add this one's to CMAKE_CUDA_ARCHITECTURES and build it "
             "again";
    case cudaErrorStreamCaptureUnsupported:
      return "a layer's pass must only start kernels: it takes memory, copies or waits";
    case cudaErrorDevicesUnavailable:
      return "another process uses it exclusively; wait for it to end, or choose another GPU in "
             "CUDA_VISIBLE_DEVICES";
    default:
      return "the GPU may be of no more use to this process; compute-sanitizer tells more";
  }
}

/// Number of GPUs; throws if CUDA cannot tell.
int count(int wanted) {
  int found = 0;
  check_cuda(wanted, "looking for it", cudaGetDeviceCount(&found));
  return found;
}

/// What the thread records at the moment.
struct {
  const gpu::state* on;
  cudaStream_t stream;
} thread_local recording{};

void copy(const gpu& device, void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (bytes == 0) return;
  const gpu::state& s = device.handle();
  const char* const doing = kind == cudaMemcpyHostToDevice ? "copying to it" : "copying from it";
  check_not_recording(s, doing);
  const current_device on(s.number);
  check_cuda(s.number, doing, cudaMemcpyAsync(to, from, bytes, kind, s.stream()));
  check_cuda(s.number, doing, cudaStreamSynchronize(s.stream()));
}

}  // namespace

std::string cuda_message(int number, const std::string& doing, cudaError_t failure) {
  return "GPU " + std::to_string(number) + ": " + doing + ": CUDA says '" + cudaGetErrorString(failure) +
         "'; " + remedy(failure);
}

void check_cuda(int number, const char* doing, cudaError_t outcome) {
  if (outcome == cudaSuccess) return;
  cudaGetLastError();  // clears the error, so that it is not reported twice
  throw error(cuda_message(number, doing, outcome));
}

void* cuda_memory::take(std::size_t bytes) const {
  const current_device on(number);
  void* block = nullptr;
  const cudaError_t outcome = cudaMalloc(&block, bytes);
  if (outcome == cudaSuccess) return block;
  cudaGetLastError();
  // Null makes the cache free memory and retry; any other error is thrown.
  if (outcome != cudaErrorMemoryAllocation) check_cuda(number, "allocating memory", outcome);
  return nullptr;
}

void cuda_memory::give(void* block) const noexcept {
  const current_device on(number, std::nothrow);
  cudaFree(block);  // an error here is an earlier one, already reported
}

gpu::state::state(int number, precision wanted, implementation kernels)
    : number(number),
      arithmetic(wanted),
      kernels(kernels),
      properties{},
      memory(cuda_memory{number}),
      own_{} {
  const int found = count(number);
  if (number < 0 || number >= found)
    throw error("there is no GPU " + std::to_string(number) + ": CUDA sees " + std::to_string(found) +
                ", counted from 0");
  const current_device on(number);
  check_cuda(number, "reading its properties", cudaGetDeviceProperties(&properties, number));
  if (wanted == precision::tf32 && properties.major < 8)
    throw error("GPU " + std::to_string(number) + " (" + properties.name +
                ") has no TF32: that needs compute capability 8.0 or higher, and it has " +
                std::to_string(properties.major) + "." + std::to_string(properties.minor) + "; use float32");
  check_cuda(number, "opening a stream", cudaStreamCreateWithFlags(&own_, cudaStreamNonBlocking));
}

gpu::state::~state() {
  const current_device on(number, std::nothrow);
  cudaStreamSynchronize(own_);
  cudaStreamDestroy(own_);
}

cudaStream_t gpu::state::stream() const { return recording.on == this ? recording.stream : own_; }

recording_on::recording_on(const gpu::state& s, cudaStream_t stream) { recording = {&s, stream}; }
recording_on::~recording_on() { recording = {}; }

void check_not_recording(const gpu::state& s, const char* doing) {
  if (recording.on == &s) check_cuda(s.number, doing, cudaErrorStreamCaptureUnsupported);
}

gpu::gpu(int number, precision wanted, implementation kernels)
    : state_(std::make_unique<state>(number, wanted, kernels)) {}
gpu::~gpu() = default;
gpu::gpu(gpu&&) noexcept = default;
gpu& gpu::operator=(gpu&&) noexcept = default;

int gpu::number() const { return state_->number; }
std::string gpu::product() const { return state_->properties.name; }
precision gpu::arithmetic() const { return state_->arithmetic; }
implementation gpu::kernels() const { return state_->kernels; }

void* allocate(const gpu& device, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  gpu::state& s = device.handle();
  check_not_recording(s, "allocating memory");  // a recording would keep using it after its release
  void* const block = s.memory.allocate(bytes);
  if (!block) {
    const std::string doing = "allocating " + std::to_string(bytes) + " bytes";
    check_cuda(s.number, doing.c_str(), cudaErrorMemoryAllocation);
  }
  return block;
}
void release(const gpu& device, void* memory) noexcept { device.handle().memory.release(memory); }
void copy_in(const gpu& device, void* to, const void* from, std::size_t bytes) {
  copy(device, to, from, bytes, cudaMemcpyHostToDevice);
}
void copy_out(const gpu& device, void* to, const void* from, std::size_t bytes) {
  copy(device, to, from, bytes, cudaMemcpyDeviceToHost);
}
void synchronise(const gpu& device) {
  const gpu::state& s = device.handle();
  const current_device on(s.number);
  check_not_recording(s, "waiting for it");
  check_cuda(s.number, "working", cudaStreamSynchronize(s.stream()));
}

}  // namespace salient
