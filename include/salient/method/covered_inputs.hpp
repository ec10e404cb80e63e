// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/size.hpp"
#include "salient/graph/crops.hpp"
#include "salient/graph/session.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/method/line_integral.hpp"
#include "salient/method/query.hpp"
#include "salient/method/side_session.hpp"

namespace salient::methods::detail {

/// Windows that cover an image.
struct SALIENT_EXPORT windows {
  size window, stride;
  shape image;

  int rows() const;
  int columns() const;
  long count() const { return static_cast<long>(rows()) * columns(); }
  window_row along_y() const { return {rows(), window.height, stride.height}; }
  window_row along_x() const { return {columns(), window.width, stride.width}; }

  /// Calls f(y, x) for each position of window k, of which the border may cut a part.
  template <class F>
  void for_each_position(long k, const F& f) const {
    const int top = static_cast<int>(k / columns()) * stride.height,
              left = static_cast<int>(k % columns()) * stride.width;
    for (int y = top; y < std::min(top + window.height, image.height); ++y)
      for (int x = left; x < std::min(left + window.width, image.width); ++x) f(y, x);
  }
};

/// What the stages of passes about covered windows read and write, in host memory. For float and double.
/// Stage i begins at an activation of which whole(i) holds the uncovered image's values; after the last stage
/// comes a pass on whole activations, from whole(stages.size()) on.
template <class T>
class SALIENT_EXPORT covered_crops {
 public:
  /// For `capacity` windows at a time.
  covered_crops(const graph_view&, const windows&, std::vector<crop_stage>, T baseline, long capacity);

  const std::vector<crop_stage>& stages() const { return stages_; }
  std::span<T> whole(std::size_t i) { return wholes_[i]; }
  /// The crops from which stage i begins, for windows [first, first + some): of whole(i), with what the
  /// previous stage has changed, or with the window covered.
  std::span<const T> crops(std::size_t i, long first, long some);
  /// To be filled with what stage i has computed for these windows.
  std::span<T> results(std::size_t i, long some);

 private:
  struct place;
  place crop_of(std::size_t i, long window) const;
  void gather(std::size_t i, const place&, T* crop) const;

  windows windows_;
  std::vector<crop_stage> stages_;
  T baseline_;
  std::vector<shape> extents_;  ///< of whole(i)
  std::vector<std::vector<T>> wholes_;
  std::vector<T> crops_, results_;
};

/// The target's values where windows of a query's images are covered, by forward passes in a session of its
/// own. The library's CPU kernels compute only what a window reaches; other devices and Eigen's kernels run
/// whole passes.
template <class Query>
class covered_inputs {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using device_type = typename Query::device_type;
  using session_type = session<typename Query::model_type, pass::forward>;
  static constexpr auto& plan = network::template plan<pass::forward, scalar>;

 public:
  /// As many windows are covered together as fit in `budget` bytes of device memory, at least one; of crops
  /// no more than the cores' caches hold.
  covered_inputs(const Query& q, const windows& all, scalar baseline, long budget)
      : covered_inputs(q, all, baseline, budget, stages(q, all)) {}

  /// For each window k, in this order: read(k, value) receives the value of image n's target where it is
  /// covered. Throws salient::error for scores that are not finite.
  template <class Read>
  void run(long n, std::span<const scalar> input, const Read& read) {
    const auto& stages = crops_.stages();
    std::ranges::copy(input, crops_.whole(0).begin());
    session_->begin(1);
    if (!stages.empty()) session_->write(session_->stored(0), crops_.whole(0));
    for (std::size_t i = 0; i < stages.size(); ++i) {
      session_->forward_crops(network::graph, stages[i].from, stages[i].to);
      session_->read(session_->stored(stages[i].to), crops_.whole(i + 1));
    }
    for (long first = 0; first < count_; first += session_.capacity()) {
      const long some = std::min(session_.capacity(), count_ - first);
      session_->begin(some);
      for (std::size_t i = 0; i < stages.size(); ++i) {
        const crop_stage& s = stages[i];
        session_->write(session_->stored(s.from), crops_.crops(i, first, some));
        session_->forward_crops(s.graph(network::graph), s.from, s.to);
        session_->read(session_->stored(s.to), crops_.results(i, some));
      }
      const int rest = stages.empty() ? 0 : stages.back().to;
      session_->write(session_->stored(rest), crops_.crops(stages.size(), first, some));
      session_->forward_rest(rest, "with a part of the image covered");
      for (long k = 0; k < some; ++k) read(first + k, query_.value(session_->scores().image(k), n));
    }
  }

 private:
  covered_inputs(const Query& q, const windows& all, scalar baseline, long budget,
                 std::vector<crop_stage> stages)
      : query_(q),
        count_(all.count()),
        session_(q, std::clamp(stages.empty()
                                   ? budget / plan.bytes
                                   : std::min(budget / plan.bytes, at_once(q.session().model().device())),
                               1L, count_)),
        crops_(network::graph, all, std::move(stages), baseline, session_.capacity()) {}

  static long at_once(const device_type& device) {
    constexpr long of_a_core = points_at_once<device_type>(plan.bytes);
    if constexpr (requires { device.threads(); })
      return of_a_core * device.threads();
    else
      return of_a_core;
  }

  static std::vector<crop_stage> stages(const Query& q, const windows& all) {
    if (!kernel::reads_packed<scalar>(q.session().model().device())) return {};
    return plan_crops(network::graph, network::topology, plan, network::scores, all.along_y(), all.along_x());
  }

  const Query& query_;
  long count_;
  side_session<session_type> session_;
  covered_crops<scalar> crops_;
};

}  // namespace salient::methods::detail
