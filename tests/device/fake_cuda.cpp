// SPDX-License-Identifier: MIT
#include "device/fake_cuda.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cuda_runtime_api.h>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace {

using work = std::function<void()>;

std::recursive_mutex mutex;
std::vector<std::string> calls;
long blocks = 0;
bool short_of_graphs = false;

struct event;
struct stream {
  std::deque<work> queue{};
  std::unique_ptr<std::vector<work>> recording{};
  bool invalid = false;

  void run() {
    while (!queue.empty()) {
      const work next = std::move(queue.front());
      queue.pop_front();
      next();
    }
  }
};
struct event {
  stream* of = nullptr;
};

thread_local stream* recording_here = nullptr;

stream& at(cudaStream_t s) { return *reinterpret_cast<stream*>(s); }
std::vector<work>& at(cudaGraph_t g) { return *reinterpret_cast<std::vector<work>*>(g); }
std::vector<work>& at(cudaGraphExec_t g) { return *reinterpret_cast<std::vector<work>*>(g); }
event& at(cudaEvent_t e) { return *reinterpret_cast<event*>(e); }

void note(const std::string& what) { calls.push_back(what); }

cudaError_t enqueue(cudaStream_t s, work what) {
  if (at(s).recording)
    at(s).recording->push_back(std::move(what));
  else
    at(s).queue.push_back(std::move(what));
  return cudaSuccess;
}

/// Memory cannot be taken by a thread that records.
cudaError_t take(void** block, std::size_t bytes, const char* how) {
  const std::lock_guard lock(mutex);
  note(how + std::to_string(bytes));
  if (recording_here) {
    recording_here->invalid = true;
    return cudaErrorStreamCaptureUnsupported;
  }
  if (bytes > std::size_t{1} << 36) return cudaErrorMemoryAllocation;
  *block = std::calloc(bytes, 1);
  if (*block) ++blocks;
  return *block ? cudaSuccess : cudaErrorMemoryAllocation;
}

cudaError_t give(void* block) {
  const std::lock_guard lock(mutex);
  if (block) --blocks;
  return std::free(block), cudaSuccess;
}

struct launch {
  dim3 grid{}, block{};
  std::size_t shared = 0;
  cudaStream_t on{};
};
thread_local launch next_launch;

}  // namespace

namespace salient::fake_cuda {

std::vector<std::string> asked() {
  const std::lock_guard lock(mutex);
  return calls;
}
void begin() {
  const std::lock_guard lock(mutex);
  calls.clear();
}
long blocks_held() {
  const std::lock_guard lock(mutex);
  return blocks;
}
void refuse_graphs(bool from_now_on) {
  const std::lock_guard lock(mutex);
  short_of_graphs = from_now_on;
}
long count(const std::vector<std::string>& asked, const std::string& word) {
  return std::ranges::count_if(asked, [&](const std::string& one) { return one.starts_with(word); });
}

}  // namespace salient::fake_cuda

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) { return *count = 1, cudaSuccess; }
cudaError_t cudaGetDevice(int* number) { return *number = 0, cudaSuccess; }
cudaError_t cudaSetDevice(int) { return cudaSuccess; }
cudaError_t cudaGetLastError() { return cudaSuccess; }
const char* cudaGetErrorString(cudaError_t) { return "an error of the fake"; }
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* of, int) {
  *of = {};
  std::strcpy(of->name, "fake");
  of->major = 9;
  of->multiProcessorCount = 132;
  of->maxThreadsPerBlock = 1024;
  of->maxThreadsPerMultiProcessor = 2048;
  return cudaSuccess;
}
cudaError_t cudaFuncSetAttribute(const void*, cudaFuncAttribute, int) { return cudaSuccess; }

cudaError_t cudaMalloc(void** block, std::size_t bytes) { return take(block, bytes, "allocate "); }
cudaError_t cudaHostAlloc(void** block, std::size_t bytes, unsigned) {
  return take(block, bytes, "page-lock ");
}
cudaError_t cudaFree(void* block) { return give(block); }
cudaError_t cudaFreeHost(void* block) { return give(block); }

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* s, unsigned) {
  *s = reinterpret_cast<cudaStream_t>(new stream);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t s) {
  at(s).run();
  return delete &at(s), cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t s) {
  const std::lock_guard lock(mutex);
  note("wait");
  if (at(s).recording) return at(s).invalid = true, cudaErrorStreamCaptureUnsupported;
  return at(s).run(), cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t s) {
  const std::lock_guard lock(mutex);
  note((kind == cudaMemcpyHostToDevice ? "copy in " : "copy out ") + std::to_string(bytes));
  return enqueue(s, [=] { std::memcpy(to, from, bytes); });
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t s) {
  const std::lock_guard lock(mutex);
  note("clear " + std::to_string(bytes));
  return enqueue(s, [=] { std::memset(to, value, bytes); });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* e, unsigned) {
  *e = reinterpret_cast<cudaEvent_t>(new event);
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t e) { return delete &at(e), cudaSuccess; }
cudaError_t cudaEventRecord(cudaEvent_t e, cudaStream_t s) { return at(e).of = &at(s), cudaSuccess; }
cudaError_t cudaEventSynchronize(cudaEvent_t e) {
  const std::lock_guard lock(mutex);
  if (at(e).of) at(e).of->run();
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t s, cudaStreamCaptureMode mode) {
  const std::lock_guard lock(mutex);
  note("record");
  if (mode != cudaStreamCaptureModeThreadLocal) return cudaErrorInvalidValue;
  at(s).recording = std::make_unique<std::vector<work>>();
  recording_here = &at(s);
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t s, cudaGraph_t* graph) {
  const std::lock_guard lock(mutex);
  recording_here = nullptr;
  const auto recorded = std::move(at(s).recording);
  *graph = nullptr;
  if (at(s).invalid) return cudaErrorStreamCaptureInvalidated;
  *graph = reinterpret_cast<cudaGraph_t>(new std::vector<work>(*recorded));
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* ready, cudaGraph_t graph, unsigned long long) {
  const std::lock_guard lock(mutex);
  if (short_of_graphs) return cudaErrorMemoryAllocation;
  *ready = reinterpret_cast<cudaGraphExec_t>(new std::vector<work>(at(graph)));
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) { return delete &at(graph), cudaSuccess; }
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) { return delete &at(graph), cudaSuccess; }
cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t s) {
  const std::lock_guard lock(mutex);
  note("graph of " + std::to_string(at(graph).size()));
  for (const work& one : at(graph)) enqueue(s, one);
  return cudaSuccess;
}

// What nvcc's code calls for <<<>>>.
void** __cudaRegisterFatBinary(void*) {
  static void* handle = nullptr;
  return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
void __cudaRegisterFunction(void**, const char*, char*, const char*, int, uint3*, uint3*, dim3*, dim3*,
                            int*) {}
unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared, cudaStream_t s) {
  return next_launch = {grid, block, shared, s}, 0;
}
cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared, void* s) {
  *grid = next_launch.grid;
  *block = next_launch.block;
  *shared = next_launch.shared;
  *static_cast<cudaStream_t*>(s) = next_launch.on;
  return cudaSuccess;
}
cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void*) { return *kernel = nullptr, cudaSuccess; }
cudaError_t cudaLaunchKernel(const void*, dim3, dim3, void**, std::size_t, cudaStream_t s) {
  const std::lock_guard lock(mutex);
  note("kernel");
  return enqueue(s, [] {});
}
cudaError_t __cudaLaunchKernel(cudaKernel_t, dim3 grid, dim3 block, void** arguments, std::size_t shared,
                               cudaStream_t s) {
  return cudaLaunchKernel(nullptr, grid, block, arguments, shared, s);
}

}  // extern "C"
