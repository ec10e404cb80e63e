// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/graph/infer.hpp"
#include "salient/graph/program.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/layer/layer.hpp"

namespace salient::laws {

/// A layer's facts and passes as values, so that laws are compiled once and not for every layer.
template <device D, class T>
struct subject {
  layer_facts facts;
  operation<D, T> passes;
};

template <layer L, device D, class T>
constexpr subject<D, T> subject_of() {
  return {facts_of<L>(), operation_of<L, D, T>()};
}

/// One layer with buffers of its own, every one of them poisoned with NaN before a kernel writes it.
template <device D, class T>
class layer_run {
 public:
  using values = std::vector<T>;

  layer_run(const D& device, const subject<D, T>& layer, shape in, long batch)
      : device_(device),
        layer_(layer),
        in_(in),
        out_(layer.facts.output(in)),
        parameters_(layer.facts.parameters(in)),
        batch_(batch) {}

  void parameters(const values& weight, const values& bias) {
    weight_ = to_device(weight);
    bias_ = to_device(bias);
    if (!layer_.passes.pack || !kernel::reads_packed<T>(device_)) return;
    packed_ = poisoned(layer_.facts.packed(in_));
    layer_.passes.pack(device_, in_, 0, parameters_.filters, weight_.data(), packed_.data());
    weight_ = {};  // nobody is to read them
  }

  /// y = L(x); what backward needs of it is remembered.
  values forward(const values& x, bool in_place = false) {
    x_ = to_device(x);
    y_ = in_place ? to_device(x) : poisoned(outputs());
    switches_ = buffer<int, D>(device_, static_cast<std::size_t>(switches() ? outputs() : 0));
    signs_ = buffer<bool, D>(device_, static_cast<std::size_t>(signs() ? outputs() : 0));
    scratch_ = poisoned(layer_.facts.scratch(in_, batch_));
    io<T> t = arguments();
    if (in_place) t.x = t.y;
    layer_.passes.forward(device_, t);
    return to_host(y_);
  }

  /// dx under a rule, after forward. A layer sees no more than what it said it retains.
  template <rule Rule>
  values backward(Rule, const values& dy, bool in_place = false) {
    return backward(rules::index<Rule>, dy, in_place);
  }

  struct gradients {
    values weight, bias;
  };
  /// Empty for a layer that has no parameters.
  gradients parameter_gradient(const values& dy) {
    if (!layer_.passes.parameter_gradient) return {};
    buffer<T, D> signal = to_device(dy), dweight = poisoned(parameters_.weights()),
                 dbias = poisoned(parameters_.biases());
    scratch_ = poisoned(layer_.facts.training_scratch(in_, batch_));
    io<T> t = arguments();
    t.dy = signal.data();
    t.dweight = dweight.data();
    t.dbias = parameters_.bias ? dbias.data() : nullptr;
    layer_.passes.parameter_gradient(device_, t);
    return {to_host(dweight), to_host(dbias)};
  }

 private:
  long inputs() const { return batch_ * in_.elements(); }
  long outputs() const { return batch_ * out_.elements(); }
  bool switches() const { return layer_.facts.retains.switches; }
  bool signs() const { return layer_.facts.retains.signs; }

  values backward(std::size_t rule, const values& dy, bool in_place) {
    buffer<T, D> signal = to_device(dy), result = poisoned(inputs()), unseen = poisoned(outputs());
    scratch_ = poisoned(layer_.facts.scratch(in_, batch_));
    io<T> t = arguments();
    t.x = nullptr;
    if (!layer_.facts.retains.output) t.y = unseen.data();
    t.dy = signal.data();
    t.dx = in_place ? signal.data() : result.data();
    layer_.passes.backward[rule](device_, t);
    return to_host(in_place ? signal : result);
  }

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
            .packed = packed_.data(),
            .dweight = nullptr,
            .dbias = nullptr,
            .switches = switches() ? switches_.data() : nullptr,
            .signs = signs() ? signs_.data() : nullptr,
            .scratch = scratch_.data(),
            .after = {}};
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
  subject<D, T> layer_;
  shape in_, out_;
  parameter_shapes parameters_;
  long batch_;
  buffer<T, D> x_, y_, weight_, bias_, packed_, scratch_;
  buffer<int, D> switches_;
  buffer<bool, D> signs_;
};

/// The same for a layer named by its type.
template <layer L, device D, class T>
struct single_layer : layer_run<D, T> {
  single_layer(const D& device, shape in, long batch)
      : layer_run<D, T>(device, subject_of<L, D, T>(), in, batch) {}
};

}  // namespace salient::laws
