// SPDX-License-Identifier: MIT

// Dense layers, and means over axes.

#include <algorithm>
#include <cstddef>

#include "import/translate.hpp"

namespace importer {

using salient::shape;

namespace {

values scaled(values from, double by) {
  if (by == 1) return from;
  return elementwise({std::move(from)}, [by](std::span<const float> x) {
    return static_cast<float>(static_cast<double>(x[0]) * by);
  });
}

}  // namespace

int translator::dense_row(const value& v, const constant& weight, bool transposed_weight, double alpha,
                          std::int64_t first) {
  const std::int64_t all = weight.extent[transposed_weight ? 0 : 1],
                     outputs = weight.extent[transposed_weight ? 1 : 0], inputs = size_of(v.view.back());
  int a = computed(v);
  row r;
  std::vector<std::int64_t> order;
  if (extent(a).spatial() && is_whole(v.view.back(), dim::channel, extent(a).channels)) {
    r.kind = row_kind::pointwise;
  } else {
    order = vector_of(v, a);
    if (std::ranges::is_sorted(order)) order.clear();
    r.kind = row_kind::dense;
  }
  r.inputs = {a};
  r.extent = extent(a);
  r.extent.channels = static_cast<int>(outputs);
  r.weight_extent = {outputs, inputs};
  if (order.empty() && !transposed_weight && inputs == all) {
    r.weight = scaled(weight.floats, alpha);
  } else {
    std::vector<std::int64_t> input(order.size());  // by column of the weight that is written
    for (std::size_t i = 0; i < order.size(); ++i)
      input[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    const auto find = [=](places at, std::span<std::int64_t> to) {
      for (std::size_t n = 0; n < at.size(); ++n) {
        const std::int64_t o = at[n] / inputs, column = at[n] - o * inputs;
        const std::int64_t i = first + (input.empty() ? column : input[static_cast<std::size_t>(column)]);
        to[n] = transposed_weight ? i * outputs + o : o * all + i;
      }
    };
    r.weight = scaled(moved(weight.floats, outputs * inputs, find), alpha);
  }
  return put(std::move(r));
}

void translator::dense_of(const constant& weight, bool transposed_weight, double alpha, const constant* bias,
                          double beta) {
  if (weight.extent.size() != 2)
    throw refusal{"its weight has " + std::to_string(weight.extent.size()) +
                  " dimensions where 2 are expected"};
  if (!weight.floats) throw refusal{"its weight holds integers; export the model in float"};
  const value v = settled(in(0));
  if (v.known || v.view.empty()) throw refusal{"its input is not an image's values"};
  const std::int64_t inputs = weight.extent[transposed_weight ? 0 : 1],
                     outputs = weight.extent[transposed_weight ? 1 : 0];
  if (size_of(v.view.back()) != inputs)
    throw refusal{"its weight of " + text_of(weight.extent) + " does not fit an input of " +
                  text_of(extent_of(v)) + "; the image may need another --input-size"};
  if (outputs < 1 || outputs > (1 << 24))
    throw refusal{"its weight of " + text_of(weight.extent) + " has no outputs"};
  std::vector<int> made;
  std::int64_t first = 0;
  for (const value& part : v.parts.empty() ? std::vector{v} : v.parts) {
    made.push_back(dense_row(part, weight, transposed_weight, alpha, first));
    first += size_of(part.view.back());
  }
  if (bias && beta != 0) {
    if ((bias->count() != outputs && bias->count() != 1) || !bias->floats ||
        (bias->count() != 1 && (bias->extent.empty() || bias->extent.back() != outputs)))
      throw refusal{"its bias of " + text_of(bias->extent) + " does not fit " + std::to_string(outputs) +
                    " outputs"};
    net_.rows[static_cast<std::size_t>(made[0]) - 1].bias = scaled(spread(bias->floats, outputs), beta);
  }
  value result = v;
  result.parts.clear();
  result.activation = made[0];
  if (made.size() > 1) result.activation = put_join(row_kind::sum, made);
  result.f = variable();
  result.view.back().clear();
  if (outputs > 1) result.view.back() = {{dim::channel, 1, outputs}};
  out(result);
}

void translator::gemm() {
  if (integer("transA", 0) != 0) throw refusal{"it transposes the images' values"};
  if (in(0).known) throw refusal{"its first input is constant"};
  if (in(0).view.size() != 2)
    throw refusal{"its input has " + std::to_string(in(0).view.size()) + " axes where 2 are expected"};
  dense_of(known(1), integer("transB", 0) == 0, real("alpha", 1), has(2) ? &known(2) : nullptr,
           real("beta", 1));
}

void translator::mat_mul() {
  if (in(0).known || !is_known(1))
    throw refusal{
        "it multiplies by something else than constant weights, as attention does, which is not available"};
  dense_of(known(1), true, 1, nullptr, 1);
}

std::vector<std::size_t> translator::reduced_axes(std::size_t rank) const {
  std::vector<std::size_t> which;
  const auto axes = listed("axes", 1);
  if (axes)
    for (const std::int64_t a : *axes) which.push_back(axis_of(a, rank));
  if (which.empty() && integer("noop_with_empty_axes", 0) == 0)
    for (std::size_t i = 0; i < rank; ++i) which.push_back(i);
  return which;
}

void translator::reduce_mean() {
  value v = settled(in(0));
  const auto which = reduced_axes(v.view.size());
  std::int64_t rows = 1, columns = 1, channels = 1;
  for (const std::size_t i : which) {
    if (i == 0 && v.view[0].empty() && which.size() < v.view.size()) throw refusal{"it averages over images"};
    for (const factor& f : v.view[i]) {
      if (f.dim == dim::batch) throw refusal{"it averages over images"};
      (f.dim == dim::row ? rows : f.dim == dim::column ? columns : channels) *= f.size;
    }
  }
  const bool mean = node_->op == "ReduceMean";
  const shape s = extent(v.activation);
  if (channels > 1 && rows * columns == 1 && channels == s.channels && mean && integer("keepdims", 1) != 0) {
    v.f = make(pointwise::kind::mean, v.f);
    // The view stays that of the operand: the mean is only taken as part of a normalisation.
    return out(v);
  }
  const auto all_or_none = [](std::int64_t reduced, int size) { return reduced == 1 || reduced == size; };
  if (channels > 1 || !all_or_none(rows, s.height) || !all_or_none(columns, s.width))
    throw refusal{"it reduces over another set of axes than height and width"};
  if (rows * columns > 1 && rows * columns < s.positions()) {
    const std::string window = "size{" + std::to_string(rows) + ", " + std::to_string(columns) + "}>";
    const shape to{rows == 1 ? s.height : 1, columns == 1 ? s.width : 1, s.channels};
    v.activation = put_plain((mean ? "avg_pool<" : "max_pool<") + window, computed(v), to);
    v.f = variable();
  } else if (rows * columns > 1) {
    v.activation = put_plain(mean ? "global_avg_pool" : "global_max_pool", computed(v), {1, 1, s.channels});
    v.f = variable();
  }
  axes view;
  for (std::size_t i = 0; i < v.view.size(); ++i) {
    const bool reduced = std::ranges::find(which, i) != which.end();
    if (!reduced)
      view.push_back(v.view[i]);
    else if (integer("keepdims", 1) != 0)
      view.emplace_back();
  }
  v.view = view;
  out(v);
}

}  // namespace importer
