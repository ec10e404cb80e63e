// SPDX-License-Identifier: MIT
#include "salient/device/recorder.hpp"

#include <memory>
#include <mutex>
#include <optional>

#include "device/gpu_state.hpp"
#include "device/recordings.hpp"

namespace salient {
namespace {

constexpr const char* doing = "recording a pass";

/// Records what enqueue() enqueues from this thread on the state's GPU. None if CUDA cannot make a graph of
/// it that runs, as where memory is short.
std::optional<owned<cudaGraphExec_t>> record(const gpu::state& s, void (*enqueue)(const void*),
                                             const void* f) {
  const owned<cudaStream_t> own = open_stream(s.number);
  cudaStream_t const stream = own.get();
  // Only calls of this thread that could disturb the recording are errors meanwhile, not those of others.
  check_cuda(s.number, doing, cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  cudaGraph_t graph{};
  try {
    const recording_on here(s, stream);
    enqueue(f);
  } catch (...) {
    cudaStreamEndCapture(stream, &graph);
    const owned<cudaGraph_t> part(graph);
    cudaGetLastError();
    throw;
  }
  check_cuda(s.number, doing, cudaStreamEndCapture(stream, &graph));
  const owned<cudaGraph_t> own_graph(graph);
  cudaGraphExec_t ready{};
  if (cudaGraphInstantiate(&ready, graph, 0) != cudaSuccess) {
    cudaGetLastError();
    return std::nullopt;
  }
  return owned<cudaGraphExec_t>(ready);
}

}  // namespace

struct recorder<gpu>::recordings_of {
  recordings_by_key<owned<cudaGraphExec_t>> all;
};

recorder<gpu>::recorder(const gpu& device) : device_(&device), kept_(std::make_unique<recordings_of>()) {}
recorder<gpu>::~recorder() = default;  // CUDA frees graphs that are still running when they have ended
recorder<gpu>::recorder(recorder&&) noexcept = default;
recorder<gpu>& recorder<gpu>::operator=(recorder&&) noexcept = default;

std::size_t recorder<gpu>::recordings() const { return kept_->all.recorded(); }

void recorder<gpu>::run(const pass_key& key, void (*enqueue)(const void*), const void* f) {
  if (device_->kernels() == implementation::eigen) return enqueue(f);
  gpu::state& s = device_->handle();
  const current_device on(s.number);
  const auto* const recorded = kept_->all.of(key, [&] { return record(s, enqueue, f); });
  if (!recorded) return enqueue(f);
  // The recorded products write and read the same scratch as those of other threads.
  const auto alone = s.scratch->lock();
  check_cuda(s.number, "replaying a pass", cudaGraphLaunch(recorded->get(), s.stream()));
}

}  // namespace salient
