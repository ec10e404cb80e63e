// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "measure.hpp"
#include "salient/kernel/pool.hpp"
#include "shapes.hpp"

namespace bench {

/// A pool with its operands, as its kernels expect them.
template <class D>
struct pool {
  const D& device;
  problem p;
  salient::shape in = p.in, out = p.out();
  salient::buffer<float, D> x = filled(device, p.batch* in.elements()),
                            y = filled(device, p.batch* out.elements()),
                            slope = filled(device, p.batch* in.elements(), 0.25f),
                            reach = filled(device, p.batch, 1.0f);
  salient::buffer<std::uint16_t, D> switches =
      filled<D, std::uint16_t>(device, p.batch* out.elements(), std::uint16_t{0});

  pool(const D& device, const problem& p) : device(device), p(p) {
    // Computes real switches, so that gradients are scattered as in practice.
    salient::kernel::max_pool<D, float>(device, p.w, input(), {}, output(), switches.data());
  }
  salient::view<float> input() { return {x.data(), p.batch, in}; }
  salient::view<float> output() { return {y.data(), p.batch, out}; }
  salient::view<const float> slopes() const { return {slope.data(), p.batch, in}; }
  double inputs() const { return static_cast<double>(p.batch * in.elements()); }
  double outputs() const { return static_cast<double>(p.batch * out.elements()); }
};

/// Calls each(name, run) for every kernel of kernel/pool.hpp; run(state, subject, problem) measures it.
template <class D, class F>
void for_each_pool(const F& each) {
  namespace k = salient::kernel;
  using pool = bench::pool<D>;
  constexpr double number = sizeof(float), place = sizeof(std::uint16_t);
  constexpr auto window = k::divisor::window;
  const auto add = [&](const char* name, auto result, auto bytes, auto kernel) {
    each(name, [=](benchmark::State& s, const subject<D>& on, const problem& p) {
      pool t(on.device, p);
      measure(s, on, t.*result, {.bytes = bytes(t)}, [&] { kernel(t); });
    });
  };
  const auto both = [](const pool& t) { return number * (t.inputs() + t.outputs()); };
  const auto and_switches = [=](const pool& t) { return both(t) + place * t.outputs(); };
  add("max_pool", &pool::y, both,
      [](pool& t) { k::max_pool<D, float>(t.device, t.p.w, t.input(), {}, t.output(), nullptr); });
  add("max_pool_recording", &pool::y, and_switches,
      [](pool& t) { k::max_pool<D, float>(t.device, t.p.w, t.input(), {}, t.output(), t.switches.data()); });
  add("max_pool_gradient", &pool::x, and_switches, [](pool& t) {
    k::max_pool_gradient<D, float>(t.device, t.p.w, t.output(), t.switches.data(), {}, t.input());
  });
  add(
      "max_pool_slope", &pool::y, [](const pool& t) { return (2 * number + place) * t.outputs(); },
      [](pool& t) {
        k::max_pool_slope<D, float>(t.device, t.p.w, t.slopes(), t.switches.data(), t.output());
      });
  add(
      "max_pool_reach", &pool::reach,
      [](const pool& t) { return 2 * number * t.inputs() + place * t.outputs(); },
      [](pool& t) {
        k::max_pool_reach<D, float>(t.device, t.p.w, t.input(), t.slopes(), t.output(), t.switches.data(),
                                    t.reach.data());
      });
  add("avg_pool", &pool::y, both,
      [](pool& t) { k::avg_pool<D, float>(t.device, t.p.w, window, t.input(), {}, t.output()); });
  add("avg_pool_gradient", &pool::x, both,
      [](pool& t) { k::avg_pool_gradient<D, float>(t.device, t.p.w, window, t.output(), {}, t.input()); });
}

}  // namespace bench
