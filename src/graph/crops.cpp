// SPDX-License-Identifier: MIT
#include "salient/graph/crops.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace salient {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

double multiply_adds(const graph_view& graph, int row) {
  const layer_facts& f = graph.facts(row);
  if (f.role != layer_role::convolution && f.role != layer_role::dense) return 0;
  return static_cast<double>(graph.extent(row + 1).positions()) *
         static_cast<double>(f.parameters(graph.in(row)).tensors[0].elements());
}

/// What a value costs that is moved or goes through an element-wise layer, in multiply-adds. It only decides
/// where stages begin and end.
constexpr double per_value = 8;

double cost_of(const graph_view& graph, int row) {
  return multiply_adds(graph, row) + per_value * static_cast<double>(graph.extent(row + 1).elements());
}

/// The row after a row and those that run together with it.
int end_of(const plan_view& plan, int row) {
  int last = row + plan.absorbs[at(row)];
  if (plan.blocked[at(row)]) last += 1 + plan.absorbs[at(last + 1)];
  return last + 1;
}

/// The cells that see a pixel of [first, last), of `count`.
cell_range seeing(const field_axis& f, int count, cell_range pixels) {
  const auto above = [](int a, int b) { return a <= 0 ? 0 : (a + b - 1) / b; };
  const int first = above(pixels.first - f.size + 1 - f.first, f.stride),
            last = pixels.last - 1 < f.first ? 0 : (pixels.last - 1 - f.first) / f.stride + 1;
  return {std::min(first, count), std::clamp(last, std::min(first, count), count)};
}

/// The pixels of `count` that these cells see.
cell_range seen(const field_axis& f, int count, cell_range cells) {
  if (cells.size() == 0) return {0, 1};
  return {std::clamp(f.first + cells.first * f.stride, 0, count - 1),
          std::clamp(f.first + (cells.last - 1) * f.stride + f.size, 1, count)};
}

/// Whether cells lie side by side and see neighbouring parts of the image.
bool slides(const receptive_fields& f) { return !f.global && f.y.stride > 0 && f.x.stride > 0; }

/// Whether a layer leaves out cells at a border, which would be a border of a crop too.
bool cuts_off(const std::optional<window>& w) {
  return w && std::min({w->top, w->left, w->bottom, w->right}) < 0;
}

class crop_planner {
 public:
  crop_planner(const graph_view& graph, const topology_view& topology, const plan_view& plan, int scores,
               const window_row& y, const window_row& x)
      : graph_(graph), plan_(plan), scores_(scores), y_(y), x_(x), from_input_(fields_from(0)) {
    for (int row = 0; row < scores; row = end_of(plan_, row)) {
      const workspace_place& place = plan.activations[at(row)];
      if (topology.cut[row] && place.bytes >= 0 && place.pitch == graph.extent(row).channels &&
          graph.extent(row).spatial() && slides(from_input_[at(row)]))
        ends_.push_back(row);
    }
  }

  std::vector<crop_stage> plan() {
    struct way {
      double cost = std::numeric_limits<double>::infinity();
      std::size_t before = 0;
      crop_stage stage{};
    };
    std::vector<way> ways(ends_.size());
    if (ways.empty()) return {};
    ways[0].cost = 0;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      if (ways[i].cost == std::numeric_limits<double>::infinity()) continue;
      fields_ = fields_from(ends_[i]);
      for (std::size_t j = i + 1; j < ends_.size(); ++j) {
        auto found = stage(ends_[i], ends_[j]);
        if (!found) break;
        const double cost = ways[i].cost + cost_of_stage(*found);
        if (cost < ways[j].cost) ways[j] = {cost, i, std::move(*found)};
      }
    }
    std::size_t best = 0;
    const auto all = [&](std::size_t i) { return ways[i].cost + cost_of_rest(ends_[i]); };
    for (std::size_t i = 1; i < ends_.size(); ++i)
      if (all(i) < all(best)) best = i;
    std::vector<crop_stage> stages;
    for (; best > 0; best = ways[best].before) stages.push_back(std::move(ways[best].stage));
    std::ranges::reverse(stages);
    return stages;
  }

 private:
  std::vector<receptive_fields> fields_from(int activation) const {
    std::vector<receptive_fields> all(graph_.rows.size() + 1);
    detail::find_fields(graph_, activation, scores_, all.data());
    return all;
  }

  /// Where crops lie along an axis; returns how many cells they have.
  static int lay(crop_axis& axis, const window_row& windows, const field_axis& from_input,
                 const field_axis& from, std::array<int, 3> cells) {
    const auto [pixels, in, out] = cells;
    axis.step = from.stride;
    axis.changed.reserve(static_cast<std::size_t>(windows.count));
    axis.origin.reserve(static_cast<std::size_t>(windows.count));
    int most = 1;
    for (int k = 0; k < windows.count; ++k) {
      const int first = k * windows.stride;
      axis.changed.push_back(seeing(from_input, out, {first, std::min(first + windows.size, pixels)}));
      const cell_range read = seen(from, in, axis.changed.back());
      axis.origin.push_back(read.first / from.stride * from.stride);
      most = std::max(most, read.last - axis.origin.back());
    }
    most = in - (in - most) / from.stride * from.stride;
    for (int& origin : axis.origin) origin = std::min(origin, in - most);
    return most;
  }

  /// The stage between two activations, if its layers only slide over crops. `fields_` must be from `from`.
  std::optional<crop_stage> stage(int from, int to) const {
    const receptive_fields& f = fields_[at(to)];
    if (!slides(f)) return {};
    const shape in = graph_.extent(from), out = graph_.extent(to);
    crop_stage s{.from = from, .to = to};
    s.in = {lay(s.y, y_, from_input_[at(to)].y, f.y, {graph_.input.height, in.height, out.height}),
            lay(s.x, x_, from_input_[at(to)].x, f.x, {graph_.input.width, in.width, out.width}), in.channels};
    s.rows.assign(graph_.rows.begin(), graph_.rows.end());
    if (from > 0) s.rows[at(from - 1)].out = s.in;
    for (int row = from; row < to; ++row)
      if (!crop(s, row)) return {};
    s.out = s.rows[at(to - 1)].out;
    return s;
  }

  /// Sets the extent of a row's output on crops; returns whether it is the whole one less what the crop
  /// leaves out, and the row computes the same there.
  bool crop(crop_stage& s, int row) const {
    const graph_view cropped = s.graph(graph_);
    const layer_facts& f = graph_.facts(row);
    std::vector<shape> in;
    for (const int a : graph_.inputs(row)) {
      if (a < s.from || cuts_off(f.sees(graph_.extent(a)))) return false;
      in.push_back(cropped.extent(a));
    }
    const receptive_fields& fields = fields_[at(row + 1)];
    if (!slides(fields) || !f.accepts(in)) return false;
    const shape whole = graph_.extent(row + 1), from = graph_.extent(s.from);
    const shape expected{whole.height - (from.height - s.in.height) / fields.y.stride,
                         whole.width - (from.width - s.in.width) / fields.x.stride, whole.channels};
    s.rows[at(row)].out = f.output(in);
    return s.rows[at(row)].out == expected &&
           f.parameters(in[0]).elements() == f.parameters(graph_.in(row)).elements();
  }

  double cost_of_stage(const crop_stage& s) const {
    const graph_view cropped = s.graph(graph_);
    double cost = per_value * static_cast<double>(s.in.elements() + s.out.elements());
    for (int row = s.from; row < s.to; ++row) cost += cost_of(cropped, row);
    return cost;
  }
  double cost_of_rest(int from) const {
    double cost = per_value * static_cast<double>(graph_.extent(from).elements());
    for (int row = from; row < scores_; ++row) cost += cost_of(graph_, row);
    return cost;
  }

  const graph_view& graph_;
  const plan_view& plan_;
  int scores_;
  window_row y_, x_;
  std::vector<receptive_fields> from_input_, fields_;
  std::vector<int> ends_;  ///< activations where stages may begin and end
};

}  // namespace

std::vector<crop_stage> plan_crops(const graph_view& graph, const topology_view& topology,
                                   const plan_view& plan, int scores, const window_row& y,
                                   const window_row& x) {
  return crop_planner(graph, topology, plan, scores, y, x).plan();
}

crop_work work_of(const graph_view& graph, int scores, const std::vector<crop_stage>& stages) {
  crop_work work{};
  for (int row = 0; row < scores; ++row) work.whole += multiply_adds(graph, row);
  int reached = 0;
  for (const crop_stage& s : stages) {
    const graph_view cropped = s.graph(graph);
    for (int row = s.from; row < s.to; ++row) work.cropped += multiply_adds(cropped, row);
    reached = s.to;
  }
  for (int row = reached; row < scores; ++row) work.cropped += multiply_adds(graph, row);
  return work;
}

}  // namespace salient
