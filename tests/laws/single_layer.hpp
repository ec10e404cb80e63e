// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/graph/facts.hpp"
#include "salient/graph/program.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/layer/layer.hpp"

namespace salient::laws {

/// A layer's facts and passes as values, so that the laws are compiled once for all layers.
template <device D, class T>
struct subject {
  layer_facts facts;
  operation<D, T> passes;
};

template <layer L, device D, class T>
constexpr subject<D, T> subject_of() {
  return {facts_of<L>(), operation_of<L, D, T>()};
}

/// A layer for one input shape with its own buffers, which are filled with NaN before a kernel writes them.
template <device D, class T>
class layer_run {
 public:
  using values = std::vector<T>;

  layer_run(const D& device, const subject<D, T>& layer, shape in, long batch)
      : device_(device),
        layer_(layer),
        in_(in),
        out_(layer.facts.output({&in, 1})),
        list_(layer.facts.parameters(in)),
        batch_(batch) {}

  /// Sets the parameters: one vector for each of the layer's tensors.
  void parameters(const std::vector<values>& tensors) {
    std::array<const T*, parameter_list::most> pointers{};
    for (std::size_t t = 0; t < list_.count; ++t) {
      parameters_[t] = to_device(tensors[t]);
      pointers[t] = tensors[t].data();
    }
    if (layer_.passes.derives) {
      values derived(static_cast<std::size_t>(layer_.facts.derived(in_)));
      layer_.passes.derive(in_, pointers.data(), derived.data());
      derived_ = to_device(derived);
    }
    if (!layer_.passes.packs || layer_.facts.packed(in_) == 0 || !kernel::reads_packed<T>(device_)) return;
    packed_ = poisoned(layer_.facts.packed(in_));
    layer_.passes.pack(device_, in_, 0, list_.tensors[0].filters, parameters_[0].data(), packed_.data());
    parameters_[0] = {};  // packed weights replace them
  }

  /// Returns y = L(x) and keeps what backward needs.
  values forward(const values& x, bool in_place = false) {
    x_ = to_device(x);
    y_ = in_place ? to_device(x) : poisoned(outputs());
    const retention& r = layer_.facts.retains;
    switches_ = buffer<std::uint16_t, D>(device_, static_cast<std::size_t>(r.switches ? outputs() : 0));
    mask_ = buffer<std::uint8_t, D>(device_,
                                    static_cast<std::size_t>(r.mask ? batch_ * kernel::mask_bytes(out_) : 0));
    derivative_ = poisoned(r.derivative ? outputs() : 0);
    scratch_ = poisoned(layer_.facts.scratch(in_, batch_));
    io<T> t = arguments();
    if (in_place) t.x = view<T>(y_.data(), batch_, in_);
    layer_.passes.forward(device_, t);
    return to_host(y_);
  }

  /// Returns dx under a rule, after forward. Backward sees only what the layer declares that it retains.
  template <rule Rule>
  values backward(Rule, const values& dy, bool in_place = false) {
    buffer<T, D> signal = to_device(dy), result = poisoned(inputs()), unseen = poisoned(outputs());
    scratch_ = poisoned(layer_.facts.scratch(in_, batch_));
    io<T> t = arguments();
    if (!layer_.facts.retains.inputs) t.x.data = nullptr;
    if (!layer_.facts.retains.output) t.y.data = unseen.data();
    t.dy = {signal.data(), batch_, out_};
    t.dx = {in_place ? signal.data() : result.data(), batch_, in_};
    layer_.passes.backward[rules::index<Rule>](device_, t);
    return to_host(in_place ? signal : result);
  }

  /// One vector per trained tensor. Empty without parameters, and for gradients of batch statistics.
  std::vector<values> parameter_gradient(const values& dy) {
    std::vector<values> result;
    if (!layer_.passes.has_parameter_gradient || layer_.passes.has_training) return result;
    buffer<T, D> signal = to_device(dy);
    scratch_ = poisoned(layer_.facts.training_scratch(in_, batch_));
    io<T> t = arguments();
    t.dy = {signal.data(), batch_, out_};
    std::array<buffer<T, D>, parameter_list::most> gradients;
    for (std::size_t k = 0; k < list_.count; ++k) {
      if (!list_.tensors[k].trained) continue;
      gradients[k] = poisoned(list_.tensors[k].elements());
      t.gradients[k] = gradients[k].data();
    }
    layer_.passes.parameter_gradient(device_, t);
    for (std::size_t k = 0; k < list_.count; ++k)
      if (list_.tensors[k].trained) result.push_back(to_host(gradients[k]));
    return result;
  }

 private:
  long inputs() const { return batch_ * in_.elements(); }
  long outputs() const { return batch_ * out_.elements(); }

  io<T> arguments() {
    io<T> t;
    t.x = view<T>(x_.data(), batch_, in_);
    t.y = {y_.data(), batch_, out_};
    t.dy = {nullptr, batch_, out_};
    t.dx = {nullptr, batch_, in_};
    for (std::size_t k = 0; k < list_.count; ++k) t.parameters[k] = parameters_[k].data();
    t.packed = packed_.data();
    t.derived = derived_.data();
    t.switches = switches_.data();
    t.mask = mask_.data();
    t.derivative = derivative_.data();
    t.scratch = scratch_.data();
    return t;
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
  parameter_list list_;
  long batch_;
  buffer<T, D> x_, y_, packed_, derived_, derivative_, scratch_;
  std::array<buffer<T, D>, parameter_list::most> parameters_;
  buffer<std::uint16_t, D> switches_;
  buffer<std::uint8_t, D> mask_;
};

/// The same for a layer given as a type.
template <layer L, device D, class T>
struct single_layer : layer_run<D, T> {
  single_layer(const D& device, shape in, long batch)
      : layer_run<D, T>(device, subject_of<L, D, T>(), in, batch) {}
};

}  // namespace salient::laws
