// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "measure.hpp"
#include "salient/kernel/elementwise.hpp"
#include "salient/kernel/map.hpp"
#include "shapes.hpp"

namespace bench {

/// Operands of the size of a map, for kernels that work per element or per channel.
template <class D>
struct operands {
  const D& device;
  problem p;
  long size = p.batch * p.in.elements();
  salient::buffer<float, D> a = filled(device, size), b = filled(device, size, 0.25f),
                            c = filled(device, size), by_channel = filled(device, p.batch* p.in.channels),
                            by_position = filled(device, p.batch* p.in.positions()),
                            few = filled(device, p.batch, 1.0f);
  salient::buffer<std::uint8_t, D> mask{device,
                                        static_cast<std::size_t>(p.batch* salient::kernel::mask_bytes(p.in))};
  salient::buffer<double, D> sum = filled<D, double>(device, size, 0.0);

  operands(const D& device, const problem& p) : device(device), p(p) {
    apply({.activate = {.f = salient::kernel::function::relu, .mask = mask.data()}});
  }
  salient::view<float> view_of(salient::buffer<float, D>& of) { return {of.data(), p.batch, p.in}; }
  void apply(const salient::kernel::epilogue<float>& e) {
    salient::kernel::apply<D, float>(device, view_of(a), e, view_of(c));
  }
  /// Memory traffic, given how many float32 values a kernel moves per element.
  work per_element(double numbers) const { return {.bytes = 4.0 * numbers * static_cast<double>(size)}; }
};

/// Calls each(name, run) for every kernel of kernel/elementwise.hpp and kernel/map.hpp.
template <class D, class F>
void for_each_elementwise(const F& each) {
  namespace k = salient::kernel;
  const auto add = [&](const char* name, double numbers, auto result, auto kernel) {
    each(name, [=](benchmark::State& s, const subject<D>& on, const problem& p) {
      operands<D> t(on.device, p);
      measure(s, on, t.*result, t.per_element(numbers), [&] { kernel(t); });
    });
  };
  using o = operands<D>;
  const auto add_apply = [&](const char* name, double numbers, auto epilogue) {
    add(name, numbers, &o::c, [=](o& t) { t.apply(epilogue(t)); });
  };
  using epilogue = k::epilogue<float>;
  add_apply("copy", 2, [](o&) { return epilogue{}; });
  add_apply("relu", 2 + 1.0 / 32,
            [](o& t) { return epilogue{.activate = {.f = k::function::relu, .mask = t.mask.data()}}; });
  add_apply("relu_gradient", 2 + 1.0 / 32, [](o& t) { return epilogue{.through = {.mask = t.mask.data()}}; });
  add_apply("relu_guided", 2 + 1.0 / 32,
            [](o& t) { return epilogue{.through = {.positive_only = true, .mask = t.mask.data()}}; });
  add_apply("silu", 3,
            [](o& t) { return epilogue{.activate = {.f = k::function::silu, .derivative = t.b.data()}}; });
  add_apply("gelu", 3,
            [](o& t) { return epilogue{.activate = {.f = k::function::gelu, .derivative = t.b.data()}}; });
  add("bend_reach", 2, &o::few,
      [](o& t) { k::bend_reach<D, float>(t.device, t.view_of(t.a), t.view_of(t.b), 0, t.few.data()); });
  add("softmax", 2, &o::c, [](o& t) { k::softmax<D, float>(t.device, t.view_of(t.a), t.view_of(t.c)); });
  add("softmax_gradient", 3, &o::c,
      [](o& t) { k::softmax_gradient<D, float>(t.device, t.view_of(t.a), t.view_of(t.b), t.view_of(t.c)); });
  add("multiply_elements", 3, &o::c,
      [](o& t) { k::multiply_elements(t.device, t.size, t.a.data(), t.b.data(), t.c.data()); });
  add("line", 3, &o::c,
      [](o& t) { k::line(t.device, 1, t.size, t.a.data(), t.b.data(), t.few.data(), t.c.data()); });
  add("accumulate", 5, &o::sum,
      [](o& t) { k::accumulate(t.device, 1, t.size, t.a.data(), t.few.data(), t.sum.data()); });
  add("weighted_channels", 1, &o::by_position, [](o& t) {
    k::weighted_channels<D, float>(t.device, t.view_of(t.a), t.by_channel.data(), t.by_position.data());
  });
  add("channel_mean", 1, &o::by_channel,
      [](o& t) { k::channel_mean<D, float>(t.device, t.view_of(t.a), t.by_channel.data()); });
}

}  // namespace bench
