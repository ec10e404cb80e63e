// SPDX-License-Identifier: MIT
#include "import/pointwise.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

namespace importer {

using kind = pointwise::kind;

function variable() {
  static const function x = std::make_shared<pointwise>();
  return x;
}
function number(double value) { return make(kind::number, {}, {}, value); }
function make(kind what, function first, function second, double a, double b) {
  const int size = 1 + (first ? first->size : 0) + (second ? second->size : 0);
  const bool averages = what == kind::mean || what == kind::neighbours || (first && first->averages) ||
                        (second && second->averages);
  const bool mixes = averages || (first && first->mixes) || (second && second->mixes);
  return std::make_shared<pointwise>(
      pointwise{what, a, b, std::move(first), std::move(second), size, mixes, averages});
}
function each(std::string name, values v) {
  return std::make_shared<pointwise>(
      pointwise{.what = kind::each,
                .mixes = true,
                .channels = std::make_shared<channelwise>(std::move(name), std::move(v))});
}
bool is_variable(const function& f) { return f->what == kind::x; }

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double elementary(const pointwise& f, double u) {
  switch (f.what) {
    case kind::relu:
      return std::max(u, 0.0);
    case kind::leaky_relu:
      return u > 0 ? u : f.a * u;
    case kind::elu:
      return u > 0 ? u : f.a * std::expm1(u);
    case kind::hard_sigmoid:
      return std::clamp(f.a * u + f.b, 0.0, 1.0);
    case kind::sigmoid:
      return sigmoid(u);
    case kind::tanh:
      return std::tanh(u);
    case kind::softplus:
      return u > 20 ? u : std::log1p(std::exp(u));
    case kind::erf:
      return std::erf(u);
    case kind::exp:
      return std::exp(u);
    case kind::sqrt:
      return std::sqrt(u);
    case kind::gelu:
      return u * 0.5 * (1 + std::erf(u / std::sqrt(2.0)));
    case kind::gelu_tanh:
      return 0.5 * u * (1 + std::tanh(0.7978845608028654 * (u + 0.044715 * u * u * u)));
    case kind::hard_swish:
      return u * std::clamp(u + 3, 0.0, 6.0) / 6;
    case kind::reciprocal:
      return 1 / u;
    default:
      return NAN;
  }
}

}  // namespace

double pointwise::at(double x) const {
  if (what == kind::x) return x;
  if (what == kind::number) return a;
  if (!first) return NAN;
  return applied(first->at(x), second ? second->at(x) : 0);
}

double pointwise::applied(double u, double v) const {
  if (!second) return elementary(*this, u);
  switch (what) {
    case kind::add:
      return u + v;
    case kind::sub:
      return u - v;
    case kind::mul:
      return u * v;
    case kind::div:
      return u / v;
    case kind::min:
      return std::min(u, v);
    case kind::max:
      return std::max(u, v);
    case kind::pow:
      return std::pow(u, v);
    case kind::greater:
      return u > v;
    default:
      return NAN;
  }
}

bool pointwise::is_shared() const {
  if (!first) return what == kind::number;
  return what == kind::mean || (first->is_shared() && (!second || second->is_shared()));
}

namespace {

/// Constants in files are floats, so a chain of them differs from the function that it stands for by their
/// rounding.
template <class F>
bool agree(const function& f, const F& other) {
  double largest = 0;
  for (int i = -20; i <= 20; ++i)
    if (const double y = std::abs(f->at(i + 1e-4)); y > largest) largest = y;
  const double floor = std::min(largest, 1.0);
  const auto same = [&](double x) {
    const double y = f->at(x), z = other(x);
    return y == z || std::abs(y - z) <= 1e-6 * std::max({floor, std::abs(y), std::abs(z)});
  };
  for (int i = -2000; i <= 2000; ++i)
    if (!same(i / 100.0 + 1e-4)) return false;
  // Bounds may lie far outside, as those of a Clip to 255.
  for (double x = 20; x < 1e8; x *= 1.25)
    if (!same(x) || !same(-x)) return false;
  return true;
}

std::string fitted_hard_sigmoid(const function& f) {
  if (f->what == kind::hard_sigmoid && is_variable(f->first) && f->a > 0)
    return f->a == static_cast<double>(static_cast<float>(1.0 / 6)) && f->b == 0.5
               ? "hard_sigmoid<>"
               : "hard_sigmoid<" + text_of(f->a) + ", " + text_of(f->b) + ">";
  // Between its ends the function is a line; where, is not known.
  for (const double step : {1e-2, 1e-1}) {
    const double slope = (f->at(step) - f->at(-step)) / (2 * step), middle = f->at(0);
    if (!(slope > 0)) continue;
    const auto candidate = [&](double a, double b) {
      return agree(f, [&](double x) { return std::clamp(a * x + b, 0.0, 1.0); });
    };
    if (candidate(1.0 / 6, 0.5)) return "hard_sigmoid<>";
    const double a = static_cast<float>(slope), b = static_cast<float>(middle);
    if (candidate(a, b)) return "hard_sigmoid<" + text_of(a) + ", " + text_of(b) + ">";
  }
  return {};
}

std::string clip_of(const function& f) {
  const double low = f->at(-1e9), high = f->at(1e9);
  if (!(low < high) || !agree(f, [&](double x) { return std::clamp(x, low, high); })) return {};
  if (std::abs(low) >= 1e9 || std::abs(high) >= 1e9) return {};
  if (low == 0 && high == 6) return "relu6";
  return "clip<" + text_of(low) + ", " + text_of(high) + ">";
}

std::string parametric(const function& f) {
  const bool direct = f->first && is_variable(f->first);
  if (direct && f->what == kind::elu) return f->a == 1 ? "elu<>" : "elu<" + text_of(f->a) + ">";
  // softplus(0) is log(2) / beta.
  if (const double beta = 0.6931471805599453 / f->at(0); beta > 0 && std::isfinite(beta)) {
    const double b = static_cast<float>(beta);
    if (agree(f, [&](double x) { return b * x > 20 ? x : std::log1p(std::exp(b * x)) / b; }))
      return "softplus<" + text_of(b) + ">";
  }
  const double slope = -f->at(-1);
  if (std::isfinite(slope) && slope != 1 && slope != 0 &&
      agree(f, [&](double x) { return x > 0 ? x : slope * x; }))
    return "leaky_relu<" + text_of(slope) + ">";
  return {};
}

}  // namespace

std::string layer_of(const function& f) {
  if (f->mixes) return {};
  static const std::pair<const char*, kind> named[] = {
      {"relu", kind::relu},          {"sigmoid", kind::sigmoid},
      {"salient::tanh", kind::tanh}, {"hard_swish", kind::hard_swish},
      {"gelu", kind::gelu},          {"gelu_tanh", kind::gelu_tanh},
      {"softplus<>", kind::softplus}};
  for (const auto& [layer, what] : named)
    if (const pointwise g{what, 0, 0, variable(), {}, 2}; agree(f, [&](double x) { return g.at(x); }))
      return layer;
  if (agree(f, [](double x) { return x * sigmoid(x); })) return "silu";
  if (std::string s = clip_of(f); !s.empty()) return s;
  if (std::string s = fitted_hard_sigmoid(f); !s.empty()) return s;
  return parametric(f);
}

std::optional<line> line_of(const function& f) {
  if (f->mixes) return {};
  const double shift = f->at(0), scale = f->at(1) - shift;
  if (!std::isfinite(shift) || !std::isfinite(scale)) return {};
  if (!agree(f, [&](double x) { return scale * x + shift; })) return {};
  return line{scale, shift};
}

function without(const function& f, const function& part) {
  // What occurs several times stays one, so that it can be found again.
  std::map<const pointwise*, function> known{{part.get(), variable()}};
  const auto replaced = [&](const auto& self, const function& g) -> function {
    if (!g || !g->first) return g == part ? variable() : g;
    function& to = known[g.get()];
    if (!to) {
      const function first = self(self, g->first), second = self(self, g->second);
      to = make(g->what, first, second, g->a, g->b);
    }
    return to;
  };
  return replaced(replaced, f);
}

function line_within(const function& f) {
  const auto is_number = [](const function& g) { return g->what == kind::number; };
  for (function g = f; g->first;) {
    if (g->second && !is_number(g->first) && !is_number(g->second)) return {};
    g = g->second && is_number(g->first) ? g->second : g->first;
    if (!is_variable(g) && line_of(g) && !layer_of(without(f, g)).empty()) return g;
  }
  return {};
}

namespace {

bool has_variable(const function& f) {
  return f && (is_variable(f) || has_variable(f->first) || has_variable(f->second));
}
/// Whether f depends on the variable otherwise than by the part.
bool has_variable_outside(const function& f, const function& part) {
  if (!f || f == part) return false;
  return is_variable(f) || has_variable_outside(f->first, part) || has_variable_outside(f->second, part);
}

}  // namespace

function part_of(const function& f, const std::function<bool(const function&)>& wanted) {
  const auto find = [&](const auto& self, const function& g) -> function {
    if (!g || is_variable(g) || !has_variable(g)) return {};
    if (g != f && !has_variable_outside(f, g) && wanted(g)) return g;
    const function first = self(self, g->first);
    return first ? first : self(self, g->second);
  };
  return find(find, f);
}

std::string text_of(double value) {
  char text[64];
  const auto end = static_cast<float>(value) == value
                       ? std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr
                       : std::to_chars(text, text + sizeof text, value).ptr;
  std::string s(text, end);
  // A float constant such as 0.1f is written as 0.1; it becomes the same float again where the kernels use
  // it.
  if (s.find_first_of(".e") == std::string::npos) s += ".0";
  return s;
}

}  // namespace importer
