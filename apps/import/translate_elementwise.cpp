// SPDX-License-Identifier: MIT

// Element-wise operators and joins.

#include <algorithm>
#include <cstddef>
#include <map>

#include "import/translate.hpp"

namespace importer {

using kind = pointwise::kind;
using salient::shape;

namespace {

/// The axes of `of` with empty ones in front, as broadcasting adds them.
axes of_rank(const axes& of, std::size_t rank) {
  axes result(rank > of.size() ? rank - of.size() : 0);
  result.insert(result.end(), of.begin(), of.end());
  return result;
}

enum class fit { no, equal, gate };

/// Whether b fits a element by element, or has one value for each of a's channels.
fit compare(const axes& a, const axes& b) {
  if (a.size() != b.size()) return fit::no;
  fit result = fit::equal;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const bool positions =
        std::ranges::all_of(a[i], [](const factor& f) { return f.dim == dim::row || f.dim == dim::column; });
    if (!b[i].empty() || !positions) return fit::no;
    result = fit::gate;
  }
  // One value for each row or column is neither.
  if (result == fit::gate)
    for (const axis& x : b)
      for (const factor& f : x)
        if (f.dim == dim::row || f.dim == dim::column) return fit::no;
  return result;
}

}  // namespace

int translator::with_each(int a, kind what, const values& c, bool constant_first) {
  row r;
  r.kind = row_kind::affine;
  r.inputs = {a};
  r.extent = extent(a);
  const auto changed = [&](float (*f)(float)) {
    return elementwise({c}, [f](std::span<const float> x) { return f(x[0]); });
  };
  if (what == kind::mul) {
    r.weight = c;
  } else if (what == kind::add) {
    r.bias = c;
  } else if (what == kind::sub && constant_first) {
    r.weight = values(std::vector{-1.0F});
    r.bias = c;
  } else if (what == kind::sub) {
    r.bias = changed([](float x) { return -x; });
  } else if (what == kind::div && !constant_first) {
    r.weight = changed([](float x) { return 1 / x; });
  } else {
    throw refusal{"with a constant for each channel, only sums, products and quotients by it are available"};
  }
  return put(std::move(r));
}

void translator::with_constant(const value& given, std::size_t second, kind what) {
  value v = settled(given);
  const constant& c = known(second);
  bool constant_first = second == 0;
  constexpr std::size_t most_axes = 16;
  if (c.extent.size() > most_axes) throw refusal{"a constant of " + text_of(c.extent) + " has too many axes"};
  v.view = of_rank(v.view, std::max(v.view.size(), c.extent.size()));
  if (c.count() == 1) {
    const function n = number(c.number());
    const bool either = what == kind::add || what == kind::mul || what == kind::min || what == kind::max;
    if (either) constant_first = false;
    if (what == kind::pow && !constant_first && n->a == 2) {
      v.f = make(kind::mul, v.f, v.f);
      return out(v);
    }
    v.f = constant_first ? make(what, n, v.f) : make(what, v.f, n);
    return out(v);
  }
  const std::size_t skipped = v.view.size() - c.extent.size();
  const axis* along = nullptr;
  for (std::size_t i = 0; i < c.extent.size(); ++i)
    if (c.extent[i] != 1) {
      if (along)
        throw refusal{"a constant of " + text_of(c.extent) +
                      " has a value for each position; only one for each channel is available"};
      along = &v.view[i + skipped];
    }
  if (const int channels = extent(v.activation).channels;
      v.f->mixes && along && c.count() == channels && is_whole(*along, dim::channel, channels)) {
    // It may be part of a normalisation, which is recognised as a whole.
    const function n = each(std::to_string(scope_) + " " + node_->inputs[second], c.reals());
    v.f = constant_first ? make(what, n, v.f) : make(what, v.f, n);
    return out(v);
  }
  int a = computed(v);
  const shape s = extent(a);
  if (along && size_of(*along) == s.elements() && s.spatial() && c.count() == s.elements()) {
    const value whole{.known = {}, .activation = a, .view = {*along}};
    const auto order = vector_of(whole, a);
    if (!std::ranges::is_sorted(order))
      throw refusal{"a constant for each value is in another order than channels, height and width"};
    v = map_value(a);
    v.view = {v.view[0], v.view[1]};
  } else if (!along || c.count() != s.channels || !is_whole(*along, dim::channel, s.channels)) {
    throw refusal{"a constant of " + text_of(c.extent) + " does not have one value for each of " +
                  std::to_string(s.channels) + " channels"};
  }
  v.activation = with_each(a, what, c.reals(), constant_first);
  v.f = variable();
  out(v);
}

int translator::spread_over(int map, int vector) {
  row ones;
  ones.kind = row_kind::affine;
  ones.inputs = {map};
  ones.extent = extent(map);
  ones.weight = values(std::vector{0.0F});
  ones.bias = values(std::vector{1.0F});
  row r;
  r.kind = row_kind::product;
  r.inputs = {put(std::move(ones)), vector};
  r.extent = extent(map);
  return put(std::move(r));
}

void translator::joined(row_kind what, std::vector<value> operands) {
  std::size_t rank = 0;
  for (const value& v : operands) rank = std::max(rank, v.view.size());
  for (value& v : operands) {
    v = settled(v);
    v.view = of_rank(v.view, rank);
  }
  // The gate of a product comes last.
  if (what == row_kind::product && operands.size() == 2 &&
      compare(operands[0].view, operands[1].view) == fit::no)
    std::swap(operands[0], operands[1]);
  if (what == row_kind::sum && operands.size() == 2 && compare(operands[0].view, operands[1].view) == fit::no)
    std::swap(operands[0], operands[1]);
  row r;
  r.kind = what;
  for (const value& v : operands) {
    const fit f = compare(operands[0].view, v.view);
    if (v.expanded && f != fit::gate)
      throw refusal{"it joins values that are repeated over a map with others of one size"};
    if (f == fit::gate && what == row_kind::sum) {
      r.inputs.push_back(spread_over(computed(operands[0]), computed(v)));
      continue;
    }
    if (f == fit::no)
      throw refusal{"values of " + text_of(extent_of(operands[0])) + " and " + text_of(extent_of(v)) +
                    " are joined; sums need equal shapes in one order of axes, and products a value for each "
                    "channel at least"};
    r.inputs.push_back(computed(v));
  }
  r.extent = extent(r.inputs[0]);
  value v = operands[0];
  v.activation = put(std::move(r));
  v.f = variable();
  out(v);
}

void translator::arithmetic() {
  static const std::map<std::string, kind> kinds{
      {"Add", kind::add}, {"Sub", kind::sub}, {"Mul", kind::mul}, {"Div", kind::div},
      {"Min", kind::min}, {"Max", kind::max}, {"Pow", kind::pow}, {"Greater", kind::greater}};
  const kind what = kinds.at(node_->op);
  if (node_->inputs.size() != 2)
    throw refusal{"it has " + std::to_string(node_->inputs.size()) + " inputs where 2 are expected"};
  const value &a = in(0), &b = in(1);
  if (b.known) return with_constant(a, 1, what);
  if (a.known) return with_constant(b, 0, what);
  if (a.activation == b.activation && a.view == b.view && a.zeros.empty() && b.zeros.empty()) {
    value v = a;
    v.f = make(what, a.f, b.f);
    return out(v);
  }
  if (what == kind::add) return joined(row_kind::sum, {a, b});
  if (what == kind::mul) return joined(row_kind::product, {a, b});
  if (what == kind::sub) {
    value minus = settled(b);
    minus.f = make(kind::mul, minus.f, number(-1));
    return joined(row_kind::sum, {a, minus});
  }
  throw refusal{
      "it combines two parts of the network; only sums, differences and products of two are available"};
}

void translator::where() {
  const value& c = in(0);
  const auto part = [&](std::size_t i) -> function {
    const value& v = in(i);
    if (v.known) return number(v.known->number());
    if (v.activation != c.activation || v.view != c.view || !v.zeros.empty() || !c.zeros.empty())
      throw refusal{"it chooses between two parts of the network, which is not available"};
    return v.f;
  };
  if (c.known) throw refusal{"it chooses by a constant, which is not available"};
  const function a = part(1), b = part(2);
  value v = c;
  v.f = make(kind::add, make(kind::mul, c.f, a), make(kind::mul, make(kind::sub, number(1), c.f), b));
  out(v);
}

void translator::sum() {
  if (node_->inputs.empty()) throw refusal{"it has no inputs"};
  std::vector<value> operands;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (in(i).known) throw refusal{"a sum of an image's values and a constant is written as Add"};
    operands.push_back(in(i));
  }
  if (operands.size() == 1) return out(operands[0]);
  if (operands.size() > 64)
    throw refusal{"it adds " + std::to_string(operands.size()) + " maps; at most 64 are available"};
  joined(row_kind::sum, operands);
}

void translator::activation() {
  value v = settled(in(0));
  const std::string& op = node_->op;
  const auto apply = [&](kind what, double a = 0, double b = 0) { v.f = make(what, v.f, {}, a, b); };
  const auto times = [&](const function& f, double by) { return make(kind::mul, f, number(by)); };
  if (op == "Relu")
    apply(kind::relu);
  else if (op == "Sigmoid")
    apply(kind::sigmoid);
  else if (op == "Tanh")
    apply(kind::tanh);
  else if (op == "LeakyRelu")
    apply(kind::leaky_relu, real("alpha", static_cast<double>(0.01F)));
  else if (op == "Elu")
    apply(kind::elu, real("alpha", 1));
  else if (op == "HardSigmoid")
    apply(kind::hard_sigmoid, real("alpha", static_cast<double>(0.2F)), real("beta", 0.5));
  else if (op == "HardSwish")
    apply(kind::hard_swish);
  else if (op == "Gelu")
    apply(text("approximate", "none") == "tanh" ? kind::gelu_tanh : kind::gelu);
  else if (op == "Softplus")
    apply(kind::softplus);
  else if (op == "Erf")
    apply(kind::erf);
  else if (op == "Exp")
    apply(kind::exp);
  else if (op == "Sqrt")
    apply(kind::sqrt);
  else if (op == "Reciprocal")
    apply(kind::reciprocal);
  else if (op == "Neg")
    v.f = times(v.f, -1);
  else if (op == "Selu") {
    const double gamma = real("gamma", 1.0507010221481323), alpha = real("alpha", 1.6732631921768188);
    v.f = times(make(kind::elu, v.f, {}, alpha), gamma);
  } else if (op == "Celu") {
    const double alpha = real("alpha", 1);
    v.f = alpha == 1 ? make(kind::elu, v.f, {}, 1)
                     : times(make(kind::elu, times(v.f, 1 / alpha), {}, 1), alpha);
  } else if (op == "Mish") {
    v.f = make(kind::mul, v.f, make(kind::tanh, make(kind::softplus, v.f)));
  } else {  // Swish
    v.f = make(kind::mul, v.f, make(kind::sigmoid, times(v.f, real("alpha", 1))));
  }
  out(v);
}

void translator::clip() {
  value v = settled(in(0));
  const auto bound = [&](const char* name, std::size_t i) -> std::optional<double> {
    if (has(i)) return known(i).number();
    const auto at = node_->attributes.find(name);
    if (at == node_->attributes.end() || !at->second.number) return {};
    return static_cast<double>(*at->second.number);
  };
  // The largest floats stand for no bound.
  if (const auto low = bound("min", 1); low && *low > -3.4e38) v.f = make(kind::max, v.f, number(*low));
  if (const auto high = bound("max", 2); high && *high < 3.4e38) v.f = make(kind::min, v.f, number(*high));
  out(v);
}

void translator::prelu() {
  value v = settled(in(0));
  const constant& slope = known(1);
  const int a = computed(v);
  const int channels = extent(a).channels;
  const bool shared = slope.count() == 1;
  const std::size_t rank = v.view.size();
  if (!shared) {
    const std::size_t skipped = rank < slope.extent.size() ? rank : rank - slope.extent.size();
    for (std::size_t i = 0; i < slope.extent.size(); ++i)
      if (slope.extent[i] != 1 &&
          (skipped + i >= rank || !is_whole(v.view[skipped + i], dim::channel, channels)))
        throw refusal{"slopes of " + text_of(slope.extent) + " are neither one nor one for each channel"};
    if (slope.count() != channels)
      throw refusal{"it has " + std::to_string(slope.count()) + " slopes for " + std::to_string(channels) +
                    " channels"};
  }
  row r;
  r.layer = shared ? "prelu<true>" : "prelu<>";
  r.inputs = {a};
  r.extent = extent(a);
  r.weight_extent = {slope.count()};
  r.weight = slope.floats;
  if (!r.weight) throw refusal{"its slopes are integers; export the model in float"};
  v.activation = put(std::move(r));
  v.f = variable();
  out(v);
}

}  // namespace importer
