// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include "salient/core/export.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// What a pass depends on besides the contents of memory: equal keys of one session enqueue the same kernels
/// with the same arguments.
struct pass_key {
  enum class kind { forward, backward, follow, parameter_gradients } of;
  int from, to;
  std::size_t rule;  ///< an index in `rules`; 0 for passes without one
  long batch;
  const void* parameters;  ///< in device memory
  const void* result;      ///< memory of the caller that the pass writes, or null

  bool operator==(const pass_key&) const = default;
};

/// Runs passes that only enqueue kernels. On a CPU it calls them.
template <class D>
class recorder {
 public:
  explicit recorder(const D&) {}

  template <class F>
  void run(const pass_key&, const F& enqueue) {
    enqueue();
  }
};

/// On a GPU a pass that is run for the third time is recorded as a CUDA graph and replayed from then on: one
/// call instead of one for each kernel, and shorter gaps between kernels. The first runs are not recorded,
/// because instantiating a graph costs more than a run of it, and because CUDA and its libraries may load
/// code and take memory when a kernel runs first.
///
/// A recording is made on a stream of its own, which only the recording thread uses, and replayed on the
/// GPU's. So threads that share a gpu may record, replay and enqueue at the same time. What is recorded must
/// not allocate, copy from or to the host, or wait: that throws salient::error. The kernels of
/// implementation::eigen are never recorded: Eigen may allocate.
template <>
class SALIENT_EXPORT recorder<gpu> {
 public:
  explicit recorder(const gpu& device);
  ~recorder();
  recorder(recorder&&) noexcept;
  recorder& operator=(recorder&&) noexcept;

  /// Calls enqueue() or replays what it enqueued. Throws salient::error if CUDA cannot record it; work can
  /// still be enqueued afterwards. A pass that was recorded but for which CUDA cannot make a graph, as where
  /// memory is short, is enqueued each time.
  template <class F>
  void run(const pass_key& key, const F& enqueue) {
    run(key, [](const void* f) { (*static_cast<const F*>(f))(); }, &enqueue);
  }

  /// Number of passes that have been recorded and are kept.
  std::size_t recordings() const;

 private:
  void run(const pass_key& key, void (*enqueue)(const void*), const void* f);

  struct recordings_of;
  const gpu* device_;
  std::unique_ptr<recordings_of> kept_;
};

}  // namespace salient
