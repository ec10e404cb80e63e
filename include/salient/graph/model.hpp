// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "salient/core/preprocessing.hpp"
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

  /// `images`: how images become the network's input, instead of what the type of its input says. Throws
  /// salient::error if the tensors are not those of this network, or `images` does not suit its channels.
  model(const Device& device, const state_dict& tensors,
        const preprocessing& images = Network::input_preprocessing)
      : model(device, stream_of(tensors), images) {}

  /// The same, and no more of the tensors is in memory at a time than a few filters.
  template <std::same_as<tensor_stream> Stream>  // so that `{}` can only mean the other
  model(const Device& device, const Stream& tensors,
        const preprocessing& images = Network::input_preprocessing)
      : device_(&device),
        preprocessing_(detail::suitable(images, Network::input_shape.channels)),
        packed_(kernel::reads_packed<Scalar>(device)),
        parameters_(device, static_cast<std::size_t>(packed_ ? layout.packed_elements : layout.elements)) {
    std::vector<Scalar> converted;
    parameters_from(tensors, layout.places, [&](const parameter_part& part, std::span<const float> values) {
      converted.assign(values.begin(), values.end());
      put(part, converted.data());
    });
  }

  // The device must outlive the model.
  model(const Device&& device, const state_dict& tensors,
        const preprocessing& images = Network::input_preprocessing) = delete;
  template <std::same_as<tensor_stream> Stream>
  model(const Device&& device, const Stream& tensors,
        const preprocessing& images = Network::input_preprocessing) = delete;

  const Device& device() const { return *device_; }

  /// How its sessions make the network's input from images.
  const preprocessing& input_preprocessing() const { return preprocessing_; }

  /// As passes read them.
  parameters_view<Scalar> parameters() const { return {parameters_.data(), packed_}; }

  /// In host memory, laid out by the offsets of `Network::parameter_layout`, with zeros between them.
  std::vector<Scalar> values() const {
    std::vector<Scalar> result(static_cast<std::size_t>(layout.elements));
    for (const parameter_place& p : layout.places) {
      if (!has_parameters(p)) continue;
      Scalar* const weight = result.data() + p.weight;
      if (packed_ && p.packs)
        operations[at(p)].unpack(*device_, Network::inferred.shapes[at(p)], parameters().weight(p), weight);
      else
        fetch(weight, parameters().weight(p), p.shapes.weights());
      fetch(result.data() + p.bias, parameters().bias(p), p.shapes.biases());
    }
    return result;
  }

  /// Takes in what `values` gives.
  void assign(std::span<const Scalar> values) {
    assert(values.size() == static_cast<std::size_t>(layout.elements));
    if (!packed_) return parameters_.upload(values);
    for (const parameter_place& p : layout.places) {
      if (!has_parameters(p)) continue;
      put({p, false, 0, p.shapes.filters}, values.data() + p.weight);
      if (p.shapes.bias) put({p, true}, values.data() + p.bias);
    }
  }

  state_dict to_state_dict() const {
    const std::vector<Scalar> all = values();
    return parameters_to(std::vector<float>(all.begin(), all.end()), layout.places);
  }

 private:
  static constexpr auto& layout = Network::parameter_layout;

  static constexpr auto& operations = detail::operations_of<Device, Scalar, Network>::value;

  static constexpr std::size_t at(const parameter_place& p) { return static_cast<std::size_t>(p.layer); }
  static constexpr bool packs_all() {
    for (const parameter_place& p : layout.places)
      if (p.packs && !operations[at(p)].packs) return false;
    return true;
  }
  static_assert(packs_all(),
                "salient: a layer with packed weights needs pack(device, shape in, long first, long count, "
                "const T* weight, T* packed) and unpack(device, shape in, const T* packed, T* weight)");

  void put(const parameter_part& part, const Scalar* values) {
    const parameter_place& p = part.place;
    const long patch = p.shapes.patch.elements();
    if (packed_ && p.packs && !part.bias)  // by a device that shares the host's memory
      return operations[at(p)].pack(*device_, Network::inferred.shapes[at(p)], part.first, part.count, values,
                                    parameters_.data() + p.packed_weight);
    const Scalar* const to = part.bias ? parameters().bias(p) : parameters().weight(p) + part.first * patch;
    parameters_.upload({values, static_cast<std::size_t>(part.bias ? p.shapes.biases() : part.count * patch)},
                       static_cast<std::size_t>(to - parameters_.data()));
  }
  void fetch(Scalar* to, const Scalar* from, long count) const {
    copy_out(*device_, to, from, static_cast<std::size_t>(count) * sizeof(Scalar));
  }

  const Device* device_;
  preprocessing preprocessing_;
  bool packed_;
  buffer<Scalar, Device> parameters_;
};

}  // namespace salient
