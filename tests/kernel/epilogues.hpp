// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "kernel/maps.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

enum class addition { no, apart, in_place };

/// The operations of a test's epilogue.
struct epilogue_kind {
  std::string_view name;
  bool scale = false, shift = false;
  addition addend = addition::no;
  function f = function::none;
  bool positive_only = false;
  enum { open, bits, slopes_by_bits, slope_by_channel, derivative } gate = open;
  bool outer_scale = false;
  addition outer_addend = addition::no;
};

inline constexpr auto no = addition::no, apart = addition::apart, in_place = addition::in_place;

/// Common and unusual epilogues of forward and backward kernels. Each part of an epilogue is in at least one.
constexpr epilogue_kind epilogue_kinds[] = {
    {.name = "plain"},
    {.name = "relu", .f = function::relu},
    {.name = "norm_clip", .scale = true, .shift = true, .f = function::clip},
    {.name = "norm_sum_relu", .scale = true, .shift = true, .addend = apart, .f = function::relu},
    {.name = "sum_in_place_relu", .scale = true, .shift = true, .addend = in_place, .f = function::relu},
    {.name = "gated", .gate = epilogue_kind::bits},
    {.name = "sum_in_place_gated", .addend = in_place, .gate = epilogue_kind::bits},
    {.name = "guided_norm_sum_in_place",
     .positive_only = true,
     .gate = epilogue_kind::bits,
     .outer_scale = true,
     .outer_addend = in_place},
    {.name = "deconvnet_sum", .positive_only = true, .outer_addend = apart},
    {.name = "silu", .scale = true, .f = function::silu},
    {.name = "smooth_gate", .gate = epilogue_kind::derivative, .outer_scale = true, .outer_addend = apart},
    {.name = "leaky", .f = function::leaky_relu, .gate = epilogue_kind::slopes_by_bits},
    {.name = "prelu", .f = function::prelu, .gate = epilogue_kind::slope_by_channel},
    {.name = "hard_sigmoid", .f = function::hard_sigmoid, .outer_addend = in_place},
    {.name = "all",
     .scale = true,
     .shift = true,
     .addend = apart,
     .f = function::clip,
     .positive_only = true,
     .gate = epilogue_kind::bits,
     .outer_scale = true,
     .outer_addend = apart},
};

/// A third of them; `turn` selects which.
inline std::vector<epilogue_kind> some_epilogues(std::size_t turn) {
  std::vector<epilogue_kind> some;
  for (std::size_t i = turn % 3; i < std::size(epilogue_kinds); i += 3) some.push_back(epilogue_kinds[i]);
  return some;
}

/// One element of a mask.
inline bool bit(const std::vector<std::uint8_t>& mask, long position, long channels, long c) {
  return mask[static_cast<std::size_t>(position * mask_pitch(channels) + c / 8)] >> c % 8 & 1;
}

/// An epilogue with all its arrays, for one output.
template <class T>
struct test_epilogue {
  epilogue_kind kind{};
  long batch = 0;
  shape extent{};
  std::vector<T> scale{}, shift{}, slopes{}, outer_scale{}, derivative{}, recorded_derivative{};
  std::vector<std::uint8_t> mask{}, recorded_mask{};
  maps<T> addend{}, outer_addend{};
  // Parameters of the functions and gates that have any.
  T a = T(-0.5), b = T(0.75), open = T(0.5), closed = T(-0.25);

  test_epilogue(const epilogue_kind& kind, long batch, shape extent, unsigned seed)
      : kind(kind),
        batch(batch),
        extent(extent),
        scale(laws::noise<T>(extent.channels, seed)),
        shift(laws::noise<T>(extent.channels, seed + 1)),
        slopes(laws::noise<T>(extent.channels, seed + 2)),
        outer_scale(laws::noise<T>(extent.channels, seed + 3)),
        derivative(laws::noise<T>(batch * extent.elements(), seed + 4)),
        recorded_derivative(derivative.size(), std::numeric_limits<T>::quiet_NaN()),
        mask(static_cast<std::size_t>(batch * mask_bytes(extent))),
        recorded_mask(mask.size()),
        addend(batch, extent, 2, seed + 5),
        outer_addend(batch, extent, 1, seed + 6) {
    if (kind.gate == epilogue_kind::bits) {
      open = 1;
      closed = 0;
    }
    const auto noise = laws::noise<float>(static_cast<long>(mask.size()), seed + 7);
    for (std::size_t i = 0; i < mask.size(); ++i)
      mask[i] = static_cast<std::uint8_t>(127.5F * (noise[i] + 1));
  }

  bool reads_output() const { return kind.addend == in_place || kind.outer_addend == in_place; }

  /// The epilogue for a kernel that writes y. An addend in place is stored in y first.
  epilogue<T> prepare(maps<T>& y) {
    epilogue<T> e;
    if (kind.scale) e.scale = scale.data();
    if (kind.shift) e.shift = shift.data();
    e.addend = choose(kind.addend, addend, y);
    e.activate = {kind.f, a, b, slopes.data(), nullptr, nullptr};
    if (records_mask(kind.f)) e.activate.mask = recorded_mask.data();
    if (records_derivative(kind.f)) e.activate.derivative = recorded_derivative.data();
    e.through.positive_only = kind.positive_only;
    if (kind.gate == epilogue_kind::derivative) e.through.derivative = derivative.data();
    if (kind.gate != epilogue_kind::open && kind.gate != epilogue_kind::derivative) {
      e.through.mask = mask.data();
      e.through.open = open;
      e.through.closed = closed;
      if (kind.gate == epilogue_kind::slope_by_channel) e.through.slopes = slopes.data();
    }
    if (kind.outer_scale) e.outer_scale = outer_scale.data();
    e.outer_addend = choose(kind.outer_addend, outer_addend, y);
    return e;
  }

  /// The part for images [first, first + count).
  test_epilogue some(long first, long count) const {
    test_epilogue part = *this;
    part.batch = count;
    const auto cut = [&](auto& all, long one) {
      const std::vector own(all.begin() + first * one, all.begin() + (first + count) * one);
      all = own;
    };
    cut(part.derivative, extent.elements());
    cut(part.recorded_derivative, extent.elements());
    cut(part.mask, mask_bytes(extent));
    cut(part.recorded_mask, mask_bytes(extent));
    part.addend = addend.some(first, count);
    part.outer_addend = outer_addend.some(first, count);
    return part;
  }

  /// The recorded bits without the padding of rows.
  std::vector<bool> bits() const {
    std::vector<bool> all;
    if (!records_mask(kind.f)) return all;
    for (long p = 0; p < batch * extent.positions(); ++p)
      for (long c = 0; c < extent.channels; ++c) all.push_back(bit(recorded_mask, p, extent.channels, c));
    return all;
  }

 private:
  view<const T> choose(addition where, const maps<T>& from, maps<T>& y) const {
    if (where == addition::no) return {};
    if (where == addition::apart) return from.get();
    y.set(from.read());
    return std::as_const(y).get();
  }
};

/// The expected results of an epilogue in double, computed step by step as documented.
struct expected_results {
  std::vector<double> values{}, derivative{};
  std::vector<double> distance{};  ///< from the value that decides a bit to the threshold
  std::vector<bool> bits{};
  double largest = 1;  ///< largest magnitude of all intermediate values

  expected_results(const test_epilogue<double>& e, const std::vector<double>& results) {
    const auto add = e.addend.read(), outer = e.outer_addend.read();
    for (std::size_t i = 0; i < results.size(); ++i) {
      const long channels = e.extent.channels, position = static_cast<long>(i) / channels;
      const auto c = static_cast<std::size_t>(static_cast<long>(i) % channels);
      double v = results[i];
      largest = std::max(largest, std::abs(v));
      if (e.kind.scale) v = e.scale[c] * v + (e.kind.shift ? e.shift[c] : 0);
      if (e.kind.addend != addition::no) v += add[i];
      v = activate(e, v, e.slopes[c]);
      if (e.kind.positive_only) v = std::max(v, 0.0);
      const bool passes = bit(e.mask, position, channels, static_cast<long>(c));
      switch (e.kind.gate) {
        case epilogue_kind::open:
          break;
        case epilogue_kind::derivative:
          v *= e.derivative[i];
          break;
        case epilogue_kind::slope_by_channel:
          v *= passes ? e.open : e.slopes[c];
          break;
        default:
          v *= passes ? e.open : e.closed;
      }
      if (e.kind.outer_scale) v *= e.outer_scale[c];
      if (e.kind.outer_addend != addition::no) v += outer[i];
      values.push_back(v);
    }
  }

 private:
  void record(double v, double low, double high) {
    bits.push_back(low < v && v < high);
    distance.push_back(std::min(std::abs(v - low), std::abs(v - high)));
  }

  double activate(const test_epilogue<double>& e, double v, double slope) {
    constexpr double far = std::numeric_limits<double>::infinity();
    switch (e.kind.f) {
      case function::relu:
        record(v, 0, far);
        return v > 0 ? v : 0;
      case function::clip:
        record(v, e.a, e.b);
        return v < e.a ? e.a : v > e.b ? e.b : v;
      case function::leaky_relu:
        record(v, 0, far);
        return v > 0 ? v : e.a * v;
      case function::prelu:
        record(v, 0, far);
        return v > 0 ? v : slope * v;
      case function::hard_sigmoid: {
        const double line = e.a * v + e.b;
        record(line, 0, 1);
        return line < 0 ? 0 : line > 1 ? 1 : line;
      }
      case function::silu: {
        const double s = 1 / (1 + std::exp(-v));
        derivative.push_back(s + v * s * (1 - s));
        return v * s;
      }
      default:
        return v;
    }
  }
};

/// Compares a kernel's output and records with the expected ones.
template <class T>
void expect_results(const std::vector<T>& got, const test_epilogue<T>& e, const expected_results& expected,
                    long terms) {
  const std::string name(e.kind.name);
  expect_close(got, expected.values, terms, name, expected.largest);
  if (records_derivative(e.kind.f))
    expect_close(e.recorded_derivative, expected.derivative, terms, name + "'s derivative", expected.largest);
  const auto bits = e.bits();
  ASSERT_EQ(bits.size(), expected.bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (expected.distance[i] > 1e-3) {
      ASSERT_EQ(bits[i], expected.bits[i]) << name << "'s bit " << i;
    }
}

}  // namespace salient::kernel
