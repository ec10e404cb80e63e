// SPDX-License-Identifier: MIT
// label: optimised

// The results of the library's own convolution kernels are bit for bit independent of the batch size and of
// how the work is shared.
#include <algorithm>

#include <gtest/gtest.h>

#include "kernel/conv_problems.hpp"
#include "kernel/direct/direct.hpp"
#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {
namespace {

/// The implementations that compute a problem in different ways.
std::vector<implementation> own_kernels(const problem& p) {
  if (!suits_winograd(p.conv(), p.in)) return {implementation::direct};
  return {implementation::direct, implementation::fastest};
}

/// Like compute() on a cpu, but always in this number of parts.
void compute_in_parts(implementation kernels, const problem& p, const operands<float>& of,
                      conv_answers<float>& to, int parts) {
  const conv_problem c = p.conv();
  const shape out = p.out();
  const auto packed = packed_weights(cpu{}, p, of.weight);
  std::vector<float> padded(static_cast<std::size_t>(padded_elements(c, p.in, out, p.batch)));
  const epilogue<float> after_y = to.after_y.prepare(to.y), after_x = to.after_x.prepare(to.dx);
  const auto in_parts = [&](const auto& kernel) {
    for (int i = parts; i-- > 0;) kernel(share{i, parts});
  };
  const float *weight = of.weight.data(), *bias = of.bias.data(), *scale = of.scale.data();
  if (c.depthwise()) {
    const int multiplier = c.filters / c.channels;
    in_parts(direct::depthwise{direct::forward_sweep(p.batch, c, p.in, out), multiplier, of.x.get(), weight,
                               bias, nullptr, after_y, to.y.get()});
    direct::for_each_adjoint_sweep(p.batch, c, p.in, out, [&](const direct::sweep& s) {
      in_parts(direct::depthwise{s, multiplier, of.dy.get(), weight, nullptr, scale, after_x, to.dx.get()});
    });
  } else if (p.dense()) {
    in_parts(direct::dense{of.x.get(), weight, bias, after_y, to.y.get()});
    in_parts(direct::dense_input_gradient{of.dy.get(), weight, scale, after_x, to.dx.get()});
  } else {
    const auto convolve = [&](const direct::convolution& along) {
      if (kernels == implementation::direct)
        in_parts(along);
      else
        in_parts(direct::winograd{along});
    };
    convolve({direct::forward_sweep(p.batch, c, p.in, out), c.groups, of.x.get(), packed.data(), bias,
              nullptr, after_y, to.y.get()});
    direct::for_each_adjoint_sweep(p.batch, c, p.in, out, [&](const direct::sweep& s) {
      convolve({s, c.groups, of.dy.get(), packed.data(), nullptr, scale, after_x, to.dx.get()});
    });
  }
  direct::padded_images images{};
  in_parts([&](share s) { images = direct::pad(s, c, of.x.get(), out, padded.data()); });
  if (c.depthwise())
    in_parts(direct::depthwise_weight_gradient{c, images, of.dy.get(), to.dweight.data()});
  else
    in_parts(direct::weight_gradient{c, images, of.dy.get(), to.dweight.data()});
  in_parts(direct::bias_gradient{of.dy.get(), to.dbias.data()});
}

void expect_same(const conv_answers<float>& got, const conv_answers<float>& expected) {
  EXPECT_EQ(got.y.read(), expected.y.read());
  EXPECT_EQ(got.dx.read(), expected.dx.read());
  EXPECT_EQ(got.after_y.bits(), expected.after_y.bits());
  EXPECT_EQ(got.after_x.bits(), expected.after_x.bits());
  if (records_derivative(got.after_y.kind.f)) {
    EXPECT_EQ(got.after_y.recorded_derivative, expected.after_y.recorded_derivative);
    EXPECT_EQ(got.after_x.recorded_derivative, expected.after_x.recorded_derivative);
  }
}

struct direct_convolutions : ::testing::TestWithParam<problem> {};

TEST_P(direct_convolutions, do_not_depend_on_threads) {
  const problem& p = GetParam();
  const operands<float> of(p);
  by_each_instruction_set([&] {
    for (const implementation kernels : own_kernels(p))
      for (const epilogue_kind& kind : some_epilogues(std::string(p.name).size())) {
        SCOPED_TRACE(kind.name);
        conv_answers<float> alone(p, kind);
        compute(cpu(kernels), p, of, alone);
        for (const int parts : {2, 3, 7}) {
          SCOPED_TRACE(std::to_string(parts) + " parts");
          conv_answers<float> together(p, kind);
          compute_in_parts(kernels, p, of, together, parts);
          expect_same(together, alone);
          EXPECT_EQ(together.dweight, alone.dweight);
          EXPECT_EQ(together.dbias, alone.dbias);
        }
      }
  });
}

TEST_P(direct_convolutions, do_not_depend_on_the_batch) {
  const problem& p = GetParam();
  const operands<float> of(p);
  problem one = p;
  one.batch = 1;
  by_each_instruction_set([&] {
    for (const implementation kernels : own_kernels(p))
      for (const epilogue_kind& kind : some_epilogues(std::string(p.name).size())) {
        SCOPED_TRACE(kind.name);
        const cpu device(kernels);
        conv_answers<float> all(p, kind);
        compute(device, p, of, all);
        for (long n = 0; n < p.batch; ++n) {
          operands<float> own = of;
          own.x = of.x.some(n, 1);
          own.dy = of.dy.some(n, 1);
          const conv_answers<float> blank(p, kind);
          conv_answers<float> got(one, kind);
          got.after_y = blank.after_y.some(n, 1);
          got.after_x = blank.after_x.some(n, 1);
          compute(device, one, own, got);
          conv_answers<float> expected = all;
          expected.y = all.y.some(n, 1);
          expected.dx = all.dx.some(n, 1);
          expected.after_y = all.after_y.some(n, 1);
          expected.after_x = all.after_x.some(n, 1);
          expect_same(got, expected);
        }
      }
  });
}

INSTANTIATE_TEST_SUITE_P(problems, direct_convolutions, ::testing::ValuesIn(problems));

}  // namespace
}  // namespace salient::kernel
