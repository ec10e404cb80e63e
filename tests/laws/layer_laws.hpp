// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "laws/noise.hpp"
#include "laws/single_layer.hpp"
#include "salient/device/cpu.hpp"

namespace salient::laws {

using numbers = std::vector<double>;

inline double dot(const numbers& a, const numbers& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Compares within rounding in T; `terms` is the number of products in the longest sum. NaN never passes.
template <class T, class U>
void expect_close(const std::vector<U>& got, const numbers& expected, long terms, const char* what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  double largest = 1;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  const double allowed = 4 * std::numeric_limits<T>::epsilon() * largest * (std::sqrt(terms) + 4);
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_LE(std::abs(got[i] - expected[i]), allowed)
        << what << " at " << i << " of " << got.size() << ": " << got[i] << " for " << expected[i];
}

/// All results of a layer for one random batch.
template <class D, class T>
struct outcome {
  using values = std::vector<T>;

  layer_run<D, T> run;
  values x, dy;
  std::vector<values> tensors;  ///< parameters; variances are positive
  values y, dx, guided_dx, deconv_dx;
  std::vector<values> dtensors;  ///< gradients of the trained tensors

  /// The images from `first` on, of a batch whose first image is 0.
  outcome(const D& device, const subject<D, T>& layer, shape in, long batch, long first = 0)
      : run(device, layer, in, batch) {
    const auto part = [&](long one, unsigned seed) {
      const values all = noise<T>((first + batch) * one, seed);
      return values(all.begin() + first * one, all.end());
    };
    x = part(in.elements(), 1);
    dy = part(layer.facts.output({&in, 1}).elements(), 2);
    unsigned seed = 3;
    const parameter_list list = layer.facts.parameters(in);
    for (const parameter_tensor& t : list.all()) {
      tensors.push_back(noise<T>(t.elements(), seed++));
      if (!t.trained)
        for (T& v : tensors.back()) v = std::abs(v) + T(0.25);
    }
    run.parameters(tensors);
    y = run.forward(x);
    dx = run.backward(gradient{}, dy);
    guided_dx = run.backward(guided{}, dy);
    deconv_dx = run.backward(deconv{}, dy);
    dtensors = run.parameter_gradient(dy);
  }
};

/// The reference for other devices and scalars; it is itself checked by central differences.
using reference = outcome<cpu, double>;

/// Compares up to 60 elements of an analytic gradient of <dy, L> by v with central differences.
inline void differentiates(reference& r, numbers& v, const numbers& analytic, const std::string& what) {
  ASSERT_EQ(v.size(), analytic.size()) << what;
  const double step = 1e-6;
  for (std::size_t i = 0; i < v.size(); i += std::max<std::size_t>(1, v.size() / 60)) {
    const double at = v[i];
    const auto value = [&](double moved) {
      v[i] = moved;
      r.run.parameters(r.tensors);
      return dot(r.dy, r.run.forward(r.x));
    };
    const double slope = (value(at + step) - value(at - step)) / (2 * step);
    v[i] = at;
    ASSERT_NEAR(analytic[i], slope, 1e-6 * (std::abs(slope) + std::sqrt(r.y.size()))) << what << " at " << i;
  }
  r.run.parameters(r.tensors);
  r.run.forward(r.x);
}

/// Results that every device and scalar must agree on.
template <class T, class D>
void same_on(const D& device, const subject<D, T>& layer, const reference& r, shape in, long batch) {
  SCOPED_TRACE(std::string(D::name) + (sizeof(T) == 4 ? ", float" : ", double"));
  outcome<D, T> o(device, layer, in, batch);
  const shape out = layer.facts.output({&in, 1});
  const long forward = layer.facts.parameters(in).tensors[0].patch.elements() + 64,
             back = out.channels * 81L + 64, all = batch * out.positions();
  expect_close<T>(o.y, r.y, forward, "forward");
  expect_close<T>(o.dx, r.dx, back, "gradient");
  expect_close<T>(o.guided_dx, r.guided_dx, back, "guided");
  expect_close<T>(o.deconv_dx, r.deconv_dx, back, "deconv");
  ASSERT_EQ(o.dtensors.size(), r.dtensors.size());
  for (std::size_t t = 0; t < r.dtensors.size(); ++t)
    expect_close<T>(o.dtensors[t], r.dtensors[t], all, "a parameter's gradient");

  for (long n = 0; n < batch; ++n) {
    outcome<D, T> one(device, layer, in, 1, n);
    const auto slice = [&](const numbers& v) {
      const auto length = static_cast<std::ptrdiff_t>(v.size()) / batch;
      return numbers(v.begin() + n * length, v.begin() + (n + 1) * length);
    };
    expect_close<T>(one.y, slice(r.y), forward, "forward, image by image");
    expect_close<T>(one.dx, slice(r.dx), back, "gradient, image by image");
  }

  if (layer.facts.in_place) {
    EXPECT_EQ(o.run.forward(o.x, true), o.y) << "forward in place";
    EXPECT_EQ(o.run.backward(gradient{}, o.dy, true), o.dx) << "gradient in place";
    EXPECT_EQ(o.run.backward(guided{}, o.dy, true), o.guided_dx) << "guided in place";
    EXPECT_EQ(o.run.backward(deconv{}, o.dy, true), o.deconv_dx) << "deconv in place";
  }
}

/// A layer on every device and in both scalars.
struct subjects {
  subject<cpu, double> exact;
  subject<cpu, float> single;
  subject<cpu_pool, double> pooled_exact;
  subject<cpu_pool, float> pooled_single;
  subject<gpu, float> on_gpu;
};

inline void layer_laws(const subjects& layer, shape in, shape out, long batch) {
  const layer_facts& facts = layer.exact.facts;
  SCOPED_TRACE(std::string(facts.name) + " on " + std::to_string(in.height) + "x" + std::to_string(in.width) +
               "x" + std::to_string(in.channels));
  ASSERT_TRUE(facts.accepts({&in, 1}));
  ASSERT_EQ(facts.output({&in, 1}), out);

  const cpu device;
  reference r(device, layer.exact, in, batch);
  if (const gpu* card = tested_gpu()) return same_on(*card, layer.on_gpu, r, in, batch);
  differentiates(r, r.x, r.dx, "input's gradient");
  const parameter_list list = facts.parameters(in);
  for (std::size_t t = 0, trained = 0; t < list.count && !r.dtensors.empty(); ++t)
    if (list.tensors[t].trained)
      differentiates(r, r.tensors[t], r.dtensors[trained++],
                     std::string(list.tensors[t].name) + "'s gradient");

  if (facts.stage == stage::activation) {
    numbers positive = r.dy;
    for (double& v : positive) v = std::max(v, 0.0);
    EXPECT_EQ(r.deconv_dx, positive) << "the deconvnet passes positive signals as they are";
    EXPECT_EQ(r.guided_dx, r.run.backward(gradient{}, positive))
        << "guided: positive signals times the derivative";
  } else {
    EXPECT_EQ(r.guided_dx, r.dx) << "the rules differ at activations only";
    EXPECT_EQ(r.deconv_dx, r.dx) << "the rules differ at activations only";
  }
  if (facts.linear) {
    numbers linear = r.y;
    const numbers offset = r.run.forward(numbers(r.x.size(), 0.0));
    for (std::size_t i = 0; i < linear.size(); ++i) linear[i] -= offset[i];
    for (const numbers* dx : {&r.dx, &r.guided_dx, &r.deconv_dx})
      EXPECT_NEAR(dot(linear, r.dy), dot(r.x, *dx), 1e-10 * std::sqrt(r.x.size() + 1.0)) << "adjoint";
  }

  same_on(device, layer.exact, r, in, batch);
  same_on(device, layer.single, r, in, batch);
  const cpu_pool pool(3);
  same_on(pool, layer.pooled_exact, r, in, batch);
  same_on(pool, layer.pooled_single, r, in, batch);
}

/// The laws that every layer obeys, on every device and in both scalars, for TEST_ON_EVERY_DEVICE. `out` is
/// the expected shape, computed by hand.
template <layer L>
void layer_laws(shape in, shape out, long batch = 2) {
  layer_laws(
      subjects{subject_of<L, cpu, double>(), subject_of<L, cpu, float>(), subject_of<L, cpu_pool, double>(),
               subject_of<L, cpu_pool, float>(), subject_of<L, gpu, float>()},
      in, out, batch);
}

}  // namespace salient::laws
