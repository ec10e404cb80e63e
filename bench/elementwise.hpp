// SPDX-License-Identifier: MIT
#pragma once

#include "measure.hpp"
#include "salient/kernel/activation.hpp"
#include "salient/kernel/map.hpp"
#include "shapes.hpp"

namespace bench {

/// Operands of a map's size, for kernels that work element by element, and for those over its channels.
template <class D>
struct operands {
  const D& device;
  long batch, positions, channels, size;
  salient::buffer<float, D> a = filled(device, size), b = filled(device, size, 0.25f),
                            c = filled(device, size), by_channel = filled(device, batch* channels),
                            by_position = filled(device, batch* positions), few = filled(device, batch, 1.0f);
  salient::buffer<bool, D> signs{device, static_cast<std::size_t>(size)};
  salient::buffer<double, D> sum = filled<D, double>(device, size, 0.0);

  operands(const D& device, const problem& p)
      : device(device),
        batch(p.batch),
        positions(p.in.positions()),
        channels(p.in.channels),
        size(batch * positions * channels) {
    salient::kernel::apply(device, {.signs = signs.data()}, size, a.data(), c.data());
  }
  /// Bytes of so many numbers an element.
  work per_element(int numbers) const { return {.bytes = 4.0 * numbers * static_cast<double>(size)}; }
};

/// Calls each(name, run) for every kernel of kernel/activation.hpp and kernel/map.hpp.
template <class D, class F>
void for_each_elementwise(const F& each) {
  namespace k = salient::kernel;
  const auto add = [&](const char* name, int numbers, auto result, auto kernel) {
    each(name, [=](benchmark::State& s, const subject<D>& on, const problem& p) {
      operands<D> t(on.device, p);
      measure(s, on, t.*result, t.per_element(numbers), [&] { kernel(t); });
    });
  };
  using o = operands<D>;
  const auto add_apply = [&](const char* name, auto after) {
    add(name, 2, &o::c,
        [=](o& t) { k::apply(t.device, after(t.signs.data()), t.size, t.a.data(), t.c.data()); });
  };
  add_apply("relu", [](bool* signs) { return k::finish{.rectify = true, .signs = signs}; });
  add_apply("relu_gradient", [](const bool* signs) { return k::finish{.gate = signs}; });
  add_apply("relu_guided", [](const bool* signs) { return k::finish{.rectify = true, .gate = signs}; });
  add("relu_reach", 2, &o::few,
      [](o& t) { k::relu_reach(t.device, t.batch, t.size / t.batch, t.a.data(), t.b.data(), t.few.data()); });
  add("softmax", 2, &o::c,
      [](o& t) { k::softmax(t.device, t.batch * t.positions, t.channels, t.a.data(), t.c.data()); });
  add("softmax_gradient", 3, &o::c, [](o& t) {
    k::softmax_gradient(t.device, t.batch * t.positions, t.channels, t.a.data(), t.b.data(), t.c.data());
  });
  add("copy", 2, &o::c, [](o& t) { k::copy(t.device, t.size, t.a.data(), t.c.data()); });
  add("multiply_elements", 3, &o::c,
      [](o& t) { k::multiply_elements(t.device, t.size, t.a.data(), t.b.data(), t.c.data()); });
  add("line", 3, &o::c,
      [](o& t) { k::line(t.device, 1, t.size, t.a.data(), t.b.data(), t.few.data(), t.c.data()); });
  add("accumulate", 5, &o::sum,
      [](o& t) { k::accumulate(t.device, 1, t.size, t.a.data(), t.few.data(), t.sum.data()); });
  add("weighted_channels", 1, &o::by_position, [](o& t) {
    k::weighted_channels(t.device, t.batch, t.positions, t.channels, t.a.data(), t.by_channel.data(),
                         t.by_position.data());
  });
  add("channel_mean", 1, &o::by_channel, [](o& t) {
    k::channel_mean(t.device, t.batch, t.positions, t.channels, t.a.data(), t.by_channel.data());
  });
}

}  // namespace bench
