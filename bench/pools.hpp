// SPDX-License-Identifier: MIT
#pragma once

#include "measure.hpp"
#include "salient/kernel/pool.hpp"
#include "shapes.hpp"

namespace bench {

/// A pool with all that its kernels need.
template <class D>
struct pool {
  const D& device;
  problem p;
  salient::shape in = p.in, out = p.out();
  salient::buffer<float, D> x = filled(device, p.batch* in.elements()),
                            y = filled(device, p.batch* out.elements()),
                            slope = filled(device, p.batch* in.elements(), 0.25f),
                            reach = filled(device, p.batch, 1.0f);
  salient::buffer<int, D> switches = filled<D, int>(device, p.batch* out.elements(), 0);

  pool(const D& device, const problem& p) : device(device), p(p) {
    // Real winners, so that gradients go where they would.
    salient::kernel::max_pool(device, p.batch, p.w, in, out, x.data(), {}, y.data(), switches.data());
  }
  double inputs() const { return static_cast<double>(p.batch * in.elements()); }
  double outputs() const { return static_cast<double>(p.batch * out.elements()); }
};

/// Calls each(name, run) for every kernel of kernel/pool.hpp; run(state, subject, problem) measures it.
template <class D, class F>
void for_each_pool(const F& each) {
  namespace k = salient::kernel;
  using state = benchmark::State;
  using on = subject<D>;
  constexpr double number = sizeof(float), place = sizeof(int);
  each("max_pool", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.y, {.bytes = number * (t.inputs() + t.outputs())},
            [&] { k::max_pool(t.device, p.batch, p.w, t.in, t.out, t.x.data(), {}, t.y.data(), nullptr); });
  });
  each("max_pool_recording", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.y, {.bytes = number * (t.inputs() + t.outputs()) + place * t.outputs()}, [&] {
      k::max_pool(t.device, p.batch, p.w, t.in, t.out, t.x.data(), {}, t.y.data(), t.switches.data());
    });
  });
  each("max_pool_gradient", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.x, {.bytes = number * (t.inputs() + t.outputs()) + place * t.outputs()}, [&] {
      k::max_pool_gradient(t.device, p.batch, p.w, t.in, t.out, t.y.data(), t.switches.data(), {},
                           t.x.data());
    });
  });
  each("max_pool_slope", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.y, {.bytes = (2 * number + place) * t.outputs()}, [&] {
      k::max_pool_slope(t.device, p.batch, t.in, t.out, t.slope.data(), t.switches.data(), t.y.data());
    });
  });
  each("max_pool_reach", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.reach, {.bytes = 2 * number * t.inputs() + place * t.outputs()}, [&] {
      k::max_pool_reach(t.device, p.batch, p.w, t.in, t.out, t.x.data(), t.slope.data(), t.switches.data(),
                        t.reach.data());
    });
  });
  each("avg_pool", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.y, {.bytes = number * (t.inputs() + t.outputs())},
            [&] { k::avg_pool(t.device, p.batch, p.w, t.in, t.out, t.x.data(), {}, t.y.data()); });
  });
  each("avg_pool_gradient", [](state& s, const on& o, const problem& p) {
    pool<D> t(o.device, p);
    measure(s, o, t.x, {.bytes = number * (t.inputs() + t.outputs())},
            [&] { k::avg_pool_gradient(t.device, p.batch, p.w, t.in, t.out, t.y.data(), {}, t.x.data()); });
  });
}

}  // namespace bench
