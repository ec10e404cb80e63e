// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <span>
#include <vector>

#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/network.hpp"
#include "salient/graph/program.hpp"
#include "salient/kernel/conv.hpp"

namespace salient {

/// A network with its parameters in a device's memory. Passes only read it, so any number of threads may
/// share one. The device must outlive it.
template <class Network, device Device = cpu, class Scalar = float>
class model {
  static_assert(computes_in<Device, Scalar>,
                "salient: a GPU computes in float32; use model<Network, gpu, float>");

 public:
  using network = Network;
  using device_type = Device;
  using scalar = Scalar;

  /// Throws salient::error if the tensors are not those of this network.
  model(const Device& device, const state_dict& tensors) : model(device, stream_of(tensors)) {}

  /// The same, and no more of the tensors is in memory at a time than a few filters.
  template <std::same_as<tensor_stream> Stream>  // so that `{}` can only mean the other
  model(const Device& device, const Stream& tensors)
      : device_(&device),
        parameters_(device, static_cast<std::size_t>(layout.elements)),
        packed_(device,
                kernel::reads_packed<Scalar>(device) ? static_cast<std::size_t>(layout.packed_elements) : 0) {
    std::vector<Scalar> converted;
    parameters_from(tensors, layout.places, layout.elements, [&](std::span<const float> values, long at) {
      converted.assign(values.begin(), values.end());
      parameters_.upload(converted, static_cast<std::size_t>(at));
    });
    pack();
  }

  // The device must outlive the model.
  model(const Device&& device, const state_dict& tensors) = delete;
  template <std::same_as<tensor_stream> Stream>
  model(const Device&& device, const Stream& tensors) = delete;

  const Device& device() const { return *device_; }

  /// In the order of `Network::parameter_layout`.
  const Scalar* parameters() const { return parameters_.data(); }
  /// What kernels read instead where they can, or null.
  const Scalar* packed() const { return packed_.data(); }

  /// Takes parameters in, laid out as `parameters` has them, and packs them.
  void assign(std::span<const Scalar> values) {
    parameters_.upload(values);
    pack();
  }

  state_dict to_state_dict() const {
    std::vector<Scalar> values(static_cast<std::size_t>(layout.elements));
    parameters_.download(values);
    return parameters_to(std::vector<float>(values.begin(), values.end()), layout.places);
  }

 private:
  static constexpr auto& layout = Network::parameter_layout;

  static constexpr auto& operations = detail::operations_of<Device, Scalar, Network>::value;

  static constexpr bool packs_all() {
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (layout.places[i].packed >= 0 && !operations[i].pack) return false;
    return true;
  }
  static_assert(
      packs_all(),
      "salient: a layer with packed weights needs pack(device, shape in, const T* weight, T* packed)");

  void pack() {
    if (!packed()) return;
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (const parameter_place& p = layout.places[i]; p.packed >= 0)
        operations[i].pack(*device_, Network::inferred.shapes[i], parameters() + p.weight,
                           packed_.data() + p.packed);
  }

  const Device* device_;
  buffer<Scalar, Device> parameters_, packed_;
};

}  // namespace salient
