// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <span>
#include <utility>
#include <vector>

#include "salient/core/timing.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/target.hpp"

namespace salient::metrics {

/// How often a target is asked.
struct score_counts {
  std::atomic<long> values{0}, derivatives{0};
  /// Forward passes: each score that is used needs one, and so does each backward pass.
  long forward() const { return std::max(values.load(), derivatives.load()); }
  long backward() const { return derivatives; }
};

/// A target about one class of each image, logit or probability, that counts how often it is asked. A method
/// asks for the derivative once for each image and backward pass, and for the value once for each image whose
/// score it uses.
template <class Target>
struct counted : Target {
  /// `to` must outlive it.
  counted(std::vector<int> about, score_counts* to) : Target(std::move(about)), to_(to) {}

  template <class T>
  T value(std::span<const T> z, int c) const {
    ++to_->values;
    return Target::value(z, c);
  }
  template <class T>
  void derivative(std::span<const T> z, int c, std::span<T> dz) const {
    ++to_->derivatives;
    Target::derivative(z, c, dz);
  }

 private:
  score_counts* to_;
};

/// What a map of one image costs.
struct map_cost {
  long forward_passes = 0;   ///< whose score the method uses; passes from an inner layer on count too
  long backward_passes = 0;  ///< from the score, down to wherever the method stops
  std::array<double, salient::detail::timed_runs> milliseconds{};  ///< of nine runs after a warm-up
  /// In buffers of the device at the most, beside the parameters: the session's, for one image, and what the
  /// method takes for itself. Lists of the host, and what kernels borrow for a moment, are not counted, but
  /// buffers of other threads are.
  long bytes = 0;

  double median_milliseconds() const { return salient::detail::median(milliseconds); }
};

namespace detail {

/// In a session with this pass, which must keep what the method reads.
template <class Pass, class Model, class Method>
map_cost cost_with_pass(const Model& model, const basic_tensor<typename Model::scalar>& image,
                        const Method& method, int about) {
  const salient::detail::buffer_watch memory;
  session<Model, Pass> session(model, 1);
  score_counts counts;
  map_cost found;
  explain(session, image, counted<logit>({about}, &counts), method);
  found.forward_passes = counts.forward();
  found.backward_passes = counts.backward();
  found.bytes = memory.most();
  const logit target(about);
  found.milliseconds = salient::detail::milliseconds([&] { explain(session, image, target, method); });
  return found;
}

}  // namespace detail

/// What a map of one image, 1 x H x W x C, about the score of a class costs by a method. Throws
/// salient::error as explain does.
template <class Model, class Method>
map_cost cost(const Model& model, const basic_tensor<typename Model::scalar>& image, const Method& method,
              int about) {
  return detail::cost_with_pass<pass_for<typename Model::network, Method>>(model, image, method, about);
}

}  // namespace salient::metrics
