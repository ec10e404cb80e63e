// SPDX-License-Identifier: MIT
#include "import/fold.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "import/fold_detail.hpp"

namespace importer {

const constant& known_node::in(std::size_t i) const {
  if (!has(i)) throw refusal{"input " + std::to_string(i) + " is missing"};
  return *inputs[i];
}

std::int64_t known_node::integer(const char* name, std::int64_t otherwise) const {
  const auto at = node.attributes.find(name);
  return at == node.attributes.end() ? otherwise : at->second.integer.value_or(otherwise);
}

std::optional<std::vector<std::int64_t>> known_node::integers(const char* name, std::size_t input) const {
  if (const auto at = node.attributes.find(name); at != node.attributes.end()) return at->second.integers;
  if (has(input)) return in(input).whole();
  return {};
}

std::size_t axis_from_front(std::int64_t axis, std::size_t rank) {
  const auto r = static_cast<std::int64_t>(rank);
  if (axis < -r || axis >= std::max<std::int64_t>(r, 1))
    throw refusal{"axis " + std::to_string(axis) + " is not one of " + std::to_string(rank)};
  return static_cast<std::size_t>(axis < 0 ? axis + r : axis);
}

void check_permutation(std::vector<std::int64_t> order, std::size_t rank) {
  bool permutes = order.size() == rank;
  std::ranges::sort(order);
  for (std::size_t i = 0; permutes && i < rank; ++i) permutes = order[i] == static_cast<std::int64_t>(i);
  if (!permutes) throw refusal{"its perm is no permutation of its " + std::to_string(rank) + " axes"};
}

slice_range clamp_slice(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
  if (step == 0) throw refusal{"a step of 0"};
  const auto from_front = [&](std::int64_t i, std::int64_t low, std::int64_t high) {
    return std::clamp(i < 0 ? (i < -size ? low : i + size) : i, low, high);
  };
  if (step > 0) {
    const std::int64_t a = from_front(start, 0, size), b = from_front(end, 0, size);
    return {a, b > a ? (b - a - 1) / step + 1 : 0, step};
  }
  const std::int64_t a = from_front(start, -1, size - 1), b = from_front(end, -1, size - 1);
  return {a, a > b ? (step < -size ? 1 : (a - b - 1) / -step + 1) : 0, step};
}

dimensions reshape_target(const dimensions& from, dimensions to, bool allow_zero) {
  std::int64_t rest = count_of(from);
  std::ptrdiff_t open = -1;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && !allow_zero) {
      if (i >= from.size())
        throw refusal{"the shape " + text_of(to) + " copies a dimension that is not there"};
      to[i] = from[i];
    }
    if (to[i] == -1 && open < 0)
      open = static_cast<std::ptrdiff_t>(i);
    else if (to[i] <= 0 || rest % to[i] != 0)
      throw refusal{"a tensor of " + text_of(from) + " cannot be reshaped to " + text_of(to)};
    else
      rest /= to[i];
  }
  if (open >= 0)
    to[static_cast<std::size_t>(open)] = rest;
  else if (rest != 1)
    throw refusal{"a tensor of " + text_of(from) + " cannot be reshaped to " + text_of(to)};
  return to;
}

namespace {

using namespace detail;

/// `same_sign`: a remainder has the sign of what is divided.
double apply(const std::string& op, double a, double b, bool whole, bool same_sign) {
  if (op == "Add") return a + b;
  if (op == "Sub") return a - b;
  if (op == "Mul") return a * b;
  if (op == "Div" && whole && b == 0) throw refusal{"a division by 0"};
  if (op == "Div") return whole ? std::trunc(a / b) : a / b;
  if (op == "Mod") {
    if (b == 0) throw refusal{"a division by 0"};
    return same_sign ? std::fmod(a, b) : a - b * std::floor(a / b);
  }
  if (op == "Min") return std::min(a, b);
  if (op == "Max") return std::max(a, b);
  if (op == "Pow") return std::pow(a, b);
  if (op == "Equal") return a == b;
  if (op == "Greater") return a > b;
  return a < b;  // Less
}

constant of_two(const known_node& n, const constant& a, const constant& b) {
  const dimensions extent = broadcast(a.extent, b.extent);
  std::vector<double> z(static_cast<std::size_t>(bounded_count(extent)));
  const std::vector<double> x = a.numbers(), y = b.numbers();
  const bool whole = a.integers && b.integers, same_sign = n.integer("fmod", 0) != 0;
  for_each_index(extent, [&](std::size_t at, const std::vector<std::int64_t>& index) {
    z[at] = apply(n.node.op, x[flat(a.extent, index)], y[flat(b.extent, index)], whole, same_sign);
  });
  static const constant truth = integers_of({}, {0});
  const bool compares = n.node.op == "Equal" || n.node.op == "Greater" || n.node.op == "Less";
  return like(compares ? truth : a, extent, z);
}

constant of_two(const known_node& n) {
  const std::size_t count = n.node.inputs.size();
  const bool any_number = n.node.op == "Min" || n.node.op == "Max";
  if (count < 1 || (count != 2 && !any_number))
    throw refusal{"it has " + std::to_string(count) + " inputs where 2 are expected"};
  constant result = n.in(0);
  for (std::size_t i = 1; i < count; ++i) result = of_two(n, result, n.in(i));
  return result;
}

constant of_one(const known_node& n) {
  static const std::map<std::string, double (*)(double)> functions{
      {"Floor", [](double x) { return std::floor(x); }},
      {"Ceil", [](double x) { return std::ceil(x); }},
      {"Neg", [](double x) { return -x; }},
      {"Sqrt", [](double x) { return std::sqrt(x); }},
      {"Abs", [](double x) { return std::abs(x); }},
      {"Reciprocal", [](double x) { return 1 / x; }},
      {"Exp", [](double x) { return std::exp(x); }},
      {"Not", [](double x) { return double(x == 0); }}};
  bound(n.in(0).count());
  std::vector<double> all = n.in(0).numbers();
  for (double& x : all) x = functions.at(n.node.op)(x);
  return like(n.in(0), n.in(0).extent, all);
}

constant range(const known_node& n) {
  const double start = n.in(0).number(), end = n.in(1).number(), step = n.in(2).number();
  if (step == 0 || !(std::abs((end - start) / step) < 1e6)) throw refusal{"a range is too long"};
  std::vector<double> all;
  const double count = std::ceil((end - start) / step);
  for (double i = 0; i < count; ++i) all.push_back(start + i * step);
  return like(n.in(0), {static_cast<std::int64_t>(all.size())}, all);
}

constant constant_of_shape(const known_node& n) {
  dimensions extent = n.in(0).whole();
  const auto count = static_cast<std::size_t>(bounded_count(extent));
  const auto at = n.node.attributes.find("value");
  if (at == n.node.attributes.end() || !at->second.value) return floats_of(extent, std::vector<float>(count));
  const constant value = constant_of(*at->second.value, {});
  return like(value, extent, std::vector<double>(count, value.number()));
}

constant flatten(const known_node& n) {
  const dimensions& from = n.in(0).extent;
  const std::int64_t rank = static_cast<std::int64_t>(from.size()), given = n.integer("axis", 1);
  if (given < -rank || given > rank)
    throw refusal{"axis " + std::to_string(given) + " is not one of " + std::to_string(rank)};
  const auto middle = from.begin() + (given < 0 ? given + rank : given);
  return reshaped(n.in(0), {count_of({from.begin(), middle}), count_of({middle, from.end()})});
}

constant reduce_prod(const known_node& n) {
  const constant& data = n.in(0);
  bound(data.count());
  const auto axes = n.integers("axes", 1).value_or(std::vector<std::int64_t>());
  if (axes.empty() && n.integer("noop_with_empty_axes", 0) != 0) return data;
  dimensions reduced = data.extent, left;
  if (axes.empty()) std::ranges::fill(reduced, 1);
  for (const std::int64_t a : axes)
    if (const std::size_t axis = axis_from_front(a, reduced.size()); axis < reduced.size()) reduced[axis] = 1;
  for (std::size_t i = 0; i < reduced.size(); ++i) {
    const bool named =
        std::ranges::any_of(axes, [&](std::int64_t a) { return axis_from_front(a, reduced.size()) == i; });
    if (n.integer("keepdims", 1) != 0 || !(axes.empty() || named)) left.push_back(reduced[i]);
  }
  std::vector<double> products(static_cast<std::size_t>(bounded_count(reduced)), 1.0);
  const std::vector<double> from = data.numbers();
  for_each_index(data.extent, [&](std::size_t at, const std::vector<std::int64_t>& index) {
    products[flat(reduced, index)] *= from[at];
  });
  return like(data, left, products);
}

constant cast(const known_node& n) {
  const constant& data = n.in(0);
  const std::int64_t to = n.integer("to", 1);
  constexpr std::int64_t boolean = 9;
  const bool real = to == 1 || to == 10 || to == 11 || to == 16;
  if (real == !data.integers && to != boolean) return data;
  if (real) return computed_from(data, data.extent, data.reals());
  bound(data.count());
  std::vector<double> all = data.numbers();
  if (to == boolean) std::ranges::transform(all, all.begin(), [](double x) { return double(x != 0); });
  static const constant whole = integers_of({}, {0});
  return like(whole, data.extent, all);
}

constant dequantised(const known_node& n) {
  const constant &data = n.in(0), &scale = n.in(1);
  const std::size_t axis = scale.count() == 1 ? 0 : axis_from_front(n.integer("axis", 1), data.extent.size());
  if (scale.count() != 1 && (axis >= data.extent.size() || scale.count() != data.extent[axis]))
    throw refusal{"it has neither one scale nor one for each channel"};
  const auto scales = scale.numbers();
  const auto zeros = n.has(2) ? n.in(2).numbers() : std::vector<double>(scales.size(), 0.0);
  if (zeros.size() != scales.size()) throw refusal{"it has not as many zero points as scales"};
  if (!data.integers) throw refusal{"what it reads holds no integers"};
  std::int64_t inner = 1;
  for (std::size_t i = axis + 1; i < data.extent.size(); ++i) inner *= data.extent[i];
  const std::int64_t channels = scale.count();
  const auto read = [q = data.integers, scales, zeros, inner, channels](places at, std::span<float> to) {
    std::vector<std::int64_t> whole(at.size());
    q.read(at, whole);
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto c = static_cast<std::size_t>(at[i] / inner % channels);
      to[i] = static_cast<float>((static_cast<double>(whole[i]) - zeros[c]) * scales[c]);
    }
  };
  return computed_from(data, data.extent, {data.count(), read});
}

}  // namespace

constant fold(const known_node& n) {
  using function = constant (*)(const known_node&);
  static const std::map<std::string, function> functions{
      {"Add", of_two},
      {"Sub", of_two},
      {"Mul", of_two},
      {"Div", of_two},
      {"Mod", of_two},
      {"Min", of_two},
      {"Max", of_two},
      {"Pow", of_two},
      {"Equal", of_two},
      {"Greater", of_two},
      {"Less", of_two},
      {"Floor", of_one},
      {"Ceil", of_one},
      {"Neg", of_one},
      {"Sqrt", of_one},
      {"Abs", of_one},
      {"Reciprocal", of_one},
      {"Exp", of_one},
      {"Not", of_one},
      {"Gather", gather},
      {"Slice", slice},
      {"Concat", concat},
      {"Expand", expand},
      {"Where", where},
      {"Range", range},
      {"ConstantOfShape", constant_of_shape},
      {"ReduceProd", reduce_prod},
      {"Squeeze", squeeze},
      {"Unsqueeze", unsqueeze},
      {"Transpose", transpose},
      {"Cast", cast},
      {"DequantizeLinear", dequantised},
      {"Flatten", flatten},
      {"Identity", [](const known_node& k) { return k.in(0); }},
      {"Shape",
       [](const known_node& k) {
         return integers_of({static_cast<std::int64_t>(k.in(0).extent.size())}, k.in(0).extent);
       }},
      {"Size", [](const known_node& k) { return integers_of({}, {k.in(0).count()}); }},
      {"Reshape", [](const known_node& k) {
         const auto to = k.integers("shape", 1);
         if (!to) throw refusal{"it has no shape"};
         return reshaped(k.in(0), reshape_target(k.in(0).extent, *to, k.integer("allowzero", 0) != 0));
       }}};
  const auto at = functions.find(n.node.op);
  if (at == functions.end()) throw refusal{"this operator on constants is not known"};
  return at->second(n);
}

}  // namespace importer
