// SPDX-License-Identifier: MIT
#include "salient/device/gpu.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "device/gpu_state.hpp"
#include "salient/core/error.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/error.hpp"
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
    case cudaErrorStreamCaptureInvalidated:
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

/// The state for work that cannot be part of a recording.
gpu::state& outside_recordings(const gpu& device, const char* doing) {
  gpu::state& s = device.handle();
  check_not_recording(s, doing);
  return s;
}

constexpr const char *copying_in = "copying to it", *copying_out = "copying from it";

void wait(const gpu::state& s, const char* doing) {
  check_cuda(s.number, doing, cudaStreamSynchronize(s.stream()));
}

/// A block of a cache, or an error that says how many bytes were asked for.
template <class Cache>
void* block_of(Cache& cache, int number, std::size_t bytes, const char* kind) {
  void* const block = cache.allocate(bytes);
  if (!block) {
    const std::string doing = "allocating " + std::to_string(bytes) + " bytes" + kind;
    check_cuda(number, doing.c_str(), cudaErrorMemoryAllocation);
  }
  return block;
}

/// Null makes a cache free memory and retry; any other error is thrown.
void* taken(int number, void* block, cudaError_t outcome) {
  if (outcome == cudaSuccess) return block;
  cudaGetLastError();
  if (outcome != cudaErrorMemoryAllocation) check_cuda(number, "allocating memory", outcome);
  return nullptr;
}

}  // namespace

std::string cuda_message(int number, const std::string& doing, cudaError_t failure) {
  return "GPU " + std::to_string(number) + ": " + doing + ": CUDA says '" + cudaGetErrorString(failure) +
         "'; " + remedy(failure);
}

void check_cuda(int number, const char* doing, cudaError_t outcome) {
  if (outcome == cudaSuccess) return;
  cudaGetLastError();  // clears the error, so that it is not reported twice
  throw device_error(cuda_message(number, doing, outcome));
}

void* cuda_memory::take(std::size_t bytes) const {
  const current_device on(number);
  void* block = nullptr;
  const cudaError_t outcome = cudaMalloc(&block, bytes);
  return taken(number, block, outcome);
}

void cuda_memory::give(void* block) const noexcept {
  const current_device on(number, std::nothrow);
  cudaFree(block);  // an error here is an earlier one, already reported
}

void* host_memory::take(std::size_t bytes) const {
  const current_device on(number);
  void* block = nullptr;
  const cudaError_t outcome = cudaHostAlloc(&block, bytes, cudaHostAllocDefault);
  return taken(number, block, outcome);
}

void host_memory::give(void* block) const noexcept {
  const current_device on(number, std::nothrow);
  cudaFreeHost(block);
}

void* upload_port::take(std::size_t bytes) const {
  void* const block = host_memory{of->number}.take(bytes);
  if (!block) check_cuda(of->number, "page-locking memory for copies", cudaErrorMemoryAllocation);
  return block;
}
void upload_port::give(void* block) const noexcept { host_memory{of->number}.give(block); }
void upload_port::send(void* to, const void* from, std::size_t bytes) const {
  check_cuda(of->number, copying_in,
             cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, of->own_.get()));
}
void upload_port::mark(int half) const {
  const auto& mark = of->marks_[static_cast<std::size_t>(half)];
  check_cuda(of->number, copying_in, cudaEventRecord(mark.get(), of->own_.get()));
}
void upload_port::await(int half) const {
  const auto& mark = of->marks_[static_cast<std::size_t>(half)];
  check_cuda(of->number, copying_in, cudaEventSynchronize(mark.get()));
}

owned<cudaStream_t> open_stream(int number) {
  cudaStream_t stream{};
  check_cuda(number, "opening a stream", cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return owned<cudaStream_t>(stream);
}

product_scratch::product_scratch(int number) : source_{number}, partials_(take(partial_sums)) {}
product_scratch::~product_scratch() {
  source_.give(partials_);
  if (transformed_) source_.give(transformed_);
}

float* product_scratch::take(long floats) const {
  const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
  void* const block = source_.take(bytes);
  if (!block) check_cuda(source_.number, "allocating memory for products", cudaErrorMemoryAllocation);
  return static_cast<float*>(block);
}

float* product_scratch::transformed() {
  if (!transformed_) transformed_ = take(weights + tiles);
  return transformed_;
}

gpu::state::state(int number, precision wanted, implementation kernels)
    : number(number),
      arithmetic(wanted),
      kernels(kernels),
      properties{},
      memory(cuda_memory{number}),
      landing(host_memory{number}),
      uploads_(upload_port{this}) {
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
  own_ = open_stream(number);
  for (auto& mark : marks_) {
    cudaEvent_t event{};
    check_cuda(number, "opening a stream", cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    mark.reset(event);
  }
  if (kernels != implementation::eigen) scratch.emplace(number);
}

gpu::state::~state() {
  const current_device on(number, std::nothrow);
  cudaStreamSynchronize(own_.get());
}

cudaStream_t gpu::state::stream() const { return recording.on == this ? recording.stream : own_.get(); }

recording_on::recording_on(const gpu::state& s, cudaStream_t stream) { recording = {&s, stream}; }
recording_on::~recording_on() { recording = {}; }

void check_not_recording(const gpu::state& s, const char* doing) {
  if (recording.on == &s) check_cuda(s.number, doing, cudaErrorStreamCaptureUnsupported);
}

void launch_on(const gpu& device, void (*launch)(const void* context, const gpu::state&),
               const void* context) {
  const gpu::state& s = device.handle();
  const current_device on(s.number);
  launch(context, s);
  check_cuda(s.number, "starting a kernel", cudaGetLastError());
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
  // A recording would go on using the memory after its release.
  gpu::state& s = outside_recordings(device, "allocating memory");
  return block_of(s.memory, s.number, bytes, "");
}
void release(const gpu& device, void* memory) noexcept { device.handle().memory.release(memory); }

void copy_in(const gpu& device, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  gpu::state& s = outside_recordings(device, copying_in);
  const current_device on(s.number);
  s.uploads().copy(to, from, bytes);
}

void copy_out(const gpu& device, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  constexpr std::size_t most = 32 << 20;  // page-locked memory is scarce
  const gpu::state& s = outside_recordings(device, copying_out);
  const current_device on(s.number);
  host_buffer<std::byte, gpu> landed(device, std::min(bytes, most));
  for (std::size_t done = 0; done < bytes; done += landed.size()) {
    const std::size_t some = std::min(bytes - done, landed.size());
    landed.receive(static_cast<const std::byte*>(from) + done, some);
    wait(s, copying_out);
    std::memcpy(static_cast<std::byte*>(to) + done, landed.values().data(), some);
  }
}

void clear(const gpu& device, void* memory, std::size_t bytes) {
  if (bytes == 0) return;
  const gpu::state& s = device.handle();
  const current_device on(s.number);
  check_cuda(s.number, "clearing memory", cudaMemsetAsync(memory, 0, bytes, s.stream()));
}

void synchronise(const gpu& device) {
  const gpu::state& s = outside_recordings(device, "waiting for it");
  const current_device on(s.number);
  wait(s, "working");
}

template <>
void* allocate_host(const gpu& device, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  gpu::state& s = device.handle();
  return block_of(s.landing, s.number, bytes, " of page-locked memory");
}
template <>
void release_host(const gpu& device, void* memory) noexcept {
  device.handle().landing.release(memory);
}
template <>
void send_out(const gpu& device, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  const gpu::state& s = outside_recordings(device, copying_out);
  const current_device on(s.number);
  check_cuda(s.number, copying_out, cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, s.stream()));
}

}  // namespace salient
