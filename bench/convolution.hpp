// SPDX-License-Identifier: MIT
#pragma once

#include "measure.hpp"
#include "salient/kernel/conv.hpp"
#include "shapes.hpp"

namespace bench {

/// A convolution with its operands and scratch memory, as its kernels expect them.
template <class D>
class convolution {
 public:
  convolution(const D& device, const problem& p)
      : device_(device),
        p_(p),
        x_(filled(device, p.batch * p.in.elements())),
        y_(filled(device, p.batch * p.out().elements())),
        weight_(filled(device, p.conv().weights(), 0.01f)),
        bias_(filled(device, p.filters)),
        packed_(device, packs() ? static_cast<std::size_t>(salient::kernel::packed_elements(p.conv())) : 0),
        scratch_(device, static_cast<std::size_t>(std::max(
                             salient::kernel::conv_scratch(p.conv(), p.out(), p.batch),
                             salient::kernel::conv_gradient_scratch(p.conv(), p.in, p.out(), p.batch)))) {
    if (packs()) salient::kernel::pack(device, p.conv(), 0, p.filters, weight_.data(), packed_.data());
  }

  /// Forward: reads x, writes y.
  void forward() {
    salient::kernel::conv<D, float>(device_, p_.conv(), input(), weights(bias_.data()), {}, output(),
                                    scratch_.data());
  }
  /// Input gradient: reads y as the output's gradient, writes x.
  void input_gradient() {
    salient::kernel::conv_input_gradient<D, float>(device_, p_.conv(), output(), weights(nullptr), {},
                                                   input(), scratch_.data());
  }
  /// Weight gradient: reads x and y, writes weight.
  void weight_gradient() {
    salient::kernel::conv_weight_gradient<D, float>(device_, p_.conv(), input(), output(),
                                                    {weight_.data(), bias_.data()}, scratch_.data());
  }

  const auto& x() const { return x_; }
  const auto& y() const { return y_; }
  const auto& weight() const { return weight_; }

 private:
  /// Kernels of dense and depthwise layers read the weights unpacked.
  bool packs() const {
    return salient::kernel::reads_packed<float>(device_) && p_.in.positions() > 1 && !p_.conv().depthwise();
  }
  salient::kernel::conv_weights<float> weights(const float* bias) const {
    return {weight_.data(), packed_.data(), bias, nullptr};
  }
  salient::view<float> input() { return {x_.data(), p_.batch, p_.in}; }
  salient::view<float> output() { return {y_.data(), p_.batch, p_.out()}; }

  const D& device_;
  problem p_;
  salient::buffer<float, D> x_, y_, weight_, bias_, packed_, scratch_;
};

}  // namespace bench
