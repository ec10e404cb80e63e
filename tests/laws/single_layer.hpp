// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/layer/layer.hpp"

namespace salient::laws {

/// One layer with buffers of its own, every one of them poisoned with NaN before a kernel writes it.
template <layer L, device D, class T>
class single_layer {
 public:
  using values = std::vector<T>;

  single_layer(const D& device, shape in, long batch)
      : device_(device), in_(in), out_(L::output(in)), parameters_(L::parameters(in)), batch_(batch) {}

  long inputs() const { return batch_ * in_.elements(); }
  long outputs() const { return batch_ * out_.elements(); }

  void parameters(const values& weight, const values& bias) {
    weight_ = to_device(weight);
    bias_ = to_device(bias);
  }

  /// y = L(x); what backward needs of it is remembered.
  values forward(const values& x, bool in_place = false) {
    x_ = to_device(x);
    y_ = in_place ? to_device(x) : poisoned(outputs());
    switches_ = buffer<int, D>(device_, static_cast<std::size_t>(L::retains.switches ? outputs() : 0));
    scratch_ = poisoned(L::scratch(in_, batch_));
    io<T> t = arguments();
    if (in_place) t.x = t.y;
    L::forward(device_, t);
    return to_host(y_);
  }

  /// dx under `rule`, after forward. A layer sees no more than what it said it retains.
  template <class Rule>
  values backward(Rule rule, const values& dy, bool in_place = false) {
    buffer<T, D> signal = to_device(dy);
    buffer<T, D> result = poisoned(inputs());
    buffer<T, D> unseen = poisoned(outputs());
    scratch_ = poisoned(L::scratch(in_, batch_));
    io<T> t = arguments();
    t.x = nullptr;
    if (!L::retains.output) t.y = unseen.data();
    t.dy = signal.data();
    t.dx = in_place ? signal.data() : result.data();
    L::backward(device_, rule, t);
    return to_host(in_place ? signal : result);
  }

  struct gradients {
    values weight, bias;
  };
  gradients parameter_gradient(const values& dy) requires requires(const D& d, const io<T>& t) {
    L::parameter_gradient(d, t);
  }
  {
    buffer<T, D> signal = to_device(dy), dweight = poisoned(parameters_.weights()),
                 dbias = poisoned(parameters_.biases());
    scratch_ = poisoned(L::training_scratch(in_, batch_));
    io<T> t = arguments();
    t.dy = signal.data();
    t.dweight = dweight.data();
    t.dbias = parameters_.bias ? dbias.data() : nullptr;
    L::parameter_gradient(device_, t);
    return {to_host(dweight), to_host(dbias)};
  }

 private:
  io<T> arguments() {
    return {.batch = batch_,
            .in = in_,
            .out = out_,
            .x = x_.data(),
            .y = y_.data(),
            .dy = nullptr,
            .dx = nullptr,
            .weight = weight_.data(),
            .bias = parameters_.bias ? bias_.data() : nullptr,
            .dweight = nullptr,
            .dbias = nullptr,
            .switches = L::retains.switches ? switches_.data() : nullptr,
            .scratch = scratch_.data()};
  }

  buffer<T, D> to_device(const values& host) const {
    buffer<T, D> result(device_, host.size());
    result.upload(host);
    return result;
  }
  buffer<T, D> poisoned(long size) const {
    return to_device(values(static_cast<std::size_t>(size), std::numeric_limits<T>::quiet_NaN()));
  }
  values to_host(const buffer<T, D>& from) const {
    values result(from.size());
    from.download(result);
    return result;
  }

  const D& device_;
  shape in_, out_;
  parameter_shapes parameters_;
  long batch_;
  buffer<T, D> x_, y_, weight_, bias_, scratch_;
  buffer<int, D> switches_;
};

}  // namespace salient::laws
