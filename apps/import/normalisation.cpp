// SPDX-License-Identifier: MIT
#include "import/normalisation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace importer {
namespace {

using kind = pointwise::kind;
using numbers = std::vector<double>;

/// Numbers in [-1, 1) that look random, and are the same everywhere.
class sequence {
 public:
  explicit sequence(std::uint64_t seed) : state_(seed) {}
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 11) / 0x1p52 - 1;
  }
  numbers next(std::size_t count) {
    numbers all(count);
    std::ranges::generate(all, [&] { return next(); });
    return all;
  }

 private:
  std::uint64_t state_;
};

/// In place of constants for each channel, which may be large, or in a file that is missing. Another name has
/// other numbers.
numbers stand_in(const channelwise& c, std::size_t channels) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char letter : c.name) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211U;
  numbers all = sequence(hash).next(channels);
  for (double& x : all) x = 1 + x / 2;
  return all;
}

/// The function at a position with these channels.
numbers at(const function& f, const numbers& x) {
  const std::size_t count = x.size();
  if (f->what == kind::x) return x;
  if (f->what == kind::number) return numbers(count, f->a);
  if (f->what == kind::each) return stand_in(*f->channels, count);
  const numbers u = at(f->first, x);
  if (f->what == kind::mean)
    return numbers(count, std::accumulate(u.begin(), u.end(), 0.0) / static_cast<double>(count));
  numbers y(count);
  if (f->what == kind::neighbours) {
    numbers sums(count + 1, 0.0);
    std::partial_sum(u.begin(), u.end(), sums.begin() + 1);
    const auto clamped = [&](double i) { return std::clamp(i, 0.0, static_cast<double>(count)); };
    for (std::size_t c = 0; c < count; ++c) {
      const double first = static_cast<double>(c) - f->b;
      y[c] = (sums[static_cast<std::size_t>(clamped(first + f->a))] -
              sums[static_cast<std::size_t>(clamped(first))]) /
             f->a;
    }
    return y;
  }
  const numbers v = f->second ? at(f->second, x) : numbers(count, 0.0);
  for (std::size_t c = 0; c < count; ++c) y[c] = f->applied(u[c], v[c]);
  return y;
}

bool is_near(double a, double b, double of) { return std::abs(a - b) <= 1e-6 * of; }

/// Whether both are the same function, of positions with small and large numbers, near 0 and around others.
template <class F>
bool agree(const function& f, const F& other, std::size_t channels) {
  sequence random(1);
  for (const double scale : {1e-7, 1e-4, 1e-2, 0.1, 1.0, 10.0, 1e3})
    for (const double middle : {0.0, 1.0, -3.0}) {
      numbers x = random.next(channels);
      for (double& n : x) n = scale * (n + middle);
      const numbers y = at(f, x), z = other(x);
      double largest = 0;
      for (const double n : z) largest = std::max(largest, std::abs(n));
      for (std::size_t c = 0; c < channels; ++c)
        if (!is_near(y[c], z[c], largest)) return false;
    }
  return true;
}

/// The constant for each channel whose stand-in these numbers are; null if there is none.
const channelwise* constant_in(const function& f, const numbers& n) {
  if (!f) return nullptr;
  if (f->what == kind::each) {
    const numbers s = stand_in(*f->channels, n.size());
    const bool same = std::ranges::equal(s, n, [](double a, double b) { return is_near(a, b, 1); });
    return same ? f->channels.get() : nullptr;
  }
  const channelwise* const first = constant_in(f->first, n);
  return first ? first : constant_in(f->second, n);
}

/// The numbers as a constant in f, or absent if all are `otherwise`; else nothing.
std::optional<values> found(const function& f, const numbers& n, double otherwise) {
  if (std::ranges::all_of(n, [&](double x) { return is_near(x, otherwise, 1); })) return values();
  const channelwise* const c = constant_in(f, n);
  return c ? std::optional(c->values) : std::nullopt;
}

/// Whether a normalised value is bent, as by a bound. Then the function is no normalisation, even if few
/// channels do not reach the bend. A value that all channels share may be bent: max(variance, 0).
bool bends(const function& f) {
  if (!f) return false;
  static const std::set<kind> smooth{kind::x,    kind::number,     kind::each, kind::add,
                                     kind::sub,  kind::mul,        kind::div,  kind::pow,
                                     kind::sqrt, kind::reciprocal, kind::mean, kind::neighbours};
  const auto normalised = [](const function& g) { return g && g->averages && !g->is_shared(); };
  if (!smooth.contains(f->what) && (normalised(f->first) || normalised(f->second))) return true;
  return bends(f->first) || bends(f->second);
}

double as_float(double x) { return static_cast<double>(static_cast<float>(x)); }

}  // namespace

std::optional<layer_normalisation> layer_normalisation_of(const function& f) {
  if (!f->mixes || bends(f)) return {};
  // At zeros it is the shift. Far from there epsilon vanishes, and near it all else does.
  const numbers direction{1.5, -0.5, -1, 0.75, 0.5, -1.25};
  const std::size_t channels = direction.size();
  const double deviation =
      std::sqrt(std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0) /
                static_cast<double>(channels));
  const numbers shift = at(f, numbers(channels, 0.0));
  const auto normalised = [&](double size) {
    numbers y = direction;
    for (double& x : y) x *= size / deviation;
    y = at(f, y);
    for (std::size_t c = 0; c < channels; ++c) y[c] = (y[c] - shift[c]) / (direction[c] / deviation);
    return y;
  };
  constexpr double near = 1e-6, far = 1e8;
  const numbers scale = normalised(far);
  const double slope = normalised(near)[0] / scale[0] / near;
  layer_normalisation result;
  result.epsilon = as_float(1 / (slope * slope) - near * near);
  if (!(result.epsilon >= 0) || !std::isfinite(result.epsilon)) return {};
  const auto same = [&](const numbers& x) {
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(channels);
    double variance = 0;
    for (const double n : x) variance += (n - mean) * (n - mean) / static_cast<double>(channels);
    numbers y(channels);
    for (std::size_t c = 0; c < channels; ++c)
      y[c] = (x[c] - mean) / std::sqrt(variance + result.epsilon) * scale[c] + shift[c];
    return y;
  };
  if (!agree(f, same, channels)) return {};
  const auto scales = found(f, scale, 1), shifts = found(f, shift, 0);
  if (!scales || !shifts) return {};
  result.scale = *scales;
  result.shift = *shifts;
  return result;
}

std::string text_of_local_response(std::int64_t size, double alpha, double beta, double k) {
  return "local_response_norm<" + std::to_string(size) + ", response{.alpha = " + text_of(alpha) +
         ", .beta = " + text_of(beta) + ", .k = " + text_of(k) + "}>";
}

std::string local_response_of(const function& f) {
  const auto mean_in = [](const auto& self, const function& g) -> const pointwise* {
    if (!g) return nullptr;
    if (g->what == kind::neighbours) return g.get();
    const pointwise* const first = self(self, g->first);
    return first ? first : self(self, g->second);
  };
  const pointwise* const mean = mean_in(mean_in, f);
  if (!mean || mean->b != std::floor(mean->a / 2) || bends(f)) return {};
  const double size = mean->a;
  const auto channels = static_cast<std::size_t>(size) + 5;
  // x / y = (k + alpha / size * x * x) ^ beta, where the other channels are zeros. Far from zero k vanishes,
  // and near it all else does.
  const auto divisor = [&](double x) {
    numbers one(channels, 0.0);
    one[channels / 2] = x;
    return x / at(f, one)[channels / 2];
  };
  const double beta = as_float(std::log(divisor(1e10) / divisor(1e8)) / std::log(1e4));
  const auto base = [&](double x) { return std::pow(divisor(x), 1 / beta); };
  const double k = as_float(base(1e-6)), alpha = as_float(size * (base(1e7) - k) / 1e14);
  if (!(alpha >= 0) || !(k >= 0) || !(alpha + k > 0) || !std::isfinite(alpha + beta + k)) return {};
  const auto same = [&](const numbers& x) {
    numbers y(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      double sum = 0;
      for (std::size_t n = 0; n < channels; ++n)
        if (const double distance = static_cast<double>(n) - static_cast<double>(c);
            distance >= -mean->b && distance < size - mean->b)
          sum += x[n] * x[n];
      y[c] = x[c] / std::pow(k + alpha / size * sum, beta);
    }
    return y;
  };
  if (!agree(f, same, channels)) return {};
  return text_of_local_response(static_cast<std::int64_t>(size), alpha, beta, k);
}

}  // namespace importer
