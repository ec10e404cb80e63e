// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/network.hpp"
#include "salient/graph/program.hpp"
#include "salient/kernel/conv.hpp"

namespace salient {

/// A network with its parameters in device memory. Passes only read it, so any number of threads may share
/// one model. The device must outlive it.
template <class Network, device Device = cpu, class Scalar = float>
class model {
  static_assert(computes_in<Device, Scalar>,
                "salient: a GPU computes in float32; use model<Network, gpu, float>");

 public:
  using network = Network;
  using device_type = Device;
  using scalar = Scalar;

  /// `images` replaces the preprocessing of the network type's input. Throws salient::error if the tensors
  /// are not those of this network, or if `images` does not fit its channels.
  model(const Device& device, const state_dict& tensors,
        const preprocessing& images = Network::input_preprocessing)
      : model(device, stream_of(tensors), images) {}

  /// Streams the tensors: only a few filters of a large tensor are in memory at a time.
  template <std::same_as<tensor_stream> Stream>  // so that `{}` is not ambiguous
  model(const Device& device, const Stream& tensors,
        const preprocessing& images = Network::input_preprocessing)
      : device_(&device),
        preprocessing_(detail::suitable(images, Network::input_shape.channels)),
        packed_(kernel::reads_packed<Scalar>(device)),
        parameters_(device, static_cast<std::size_t>(packed_ ? layout.packed_elements : layout.elements)) {
    std::vector<Scalar> vectors(static_cast<std::size_t>(vectors_at.back()));
    parameters_from(tensors, Network::parameter_table,
                    [&](const parameter_part& part, std::span<const float> values) {
                      if constexpr (std::is_same_v<Scalar, float>)
                        put(part, values);
                      else
                        put(part, std::vector<Scalar>(values.begin(), values.end()));
                      if (derives(part.place))  // derive needs all tensors of the row
                        std::ranges::copy(values, vectors.data() + vectors_at[at(part.place)] + offset(part));
                    });
    for (const parameter_place& p : layout.places)
      if (derives(p)) derive(p, vectors.data() + vectors_at[at(p)]);
  }

  // The device must outlive the model.
  model(const Device&& device, const state_dict& tensors,
        const preprocessing& images = Network::input_preprocessing) = delete;
  template <std::same_as<tensor_stream> Stream>
  model(const Device&& device, const Stream& tensors,
        const preprocessing& images = Network::input_preprocessing) = delete;

  const Device& device() const { return *device_; }

  /// How sessions preprocess images.
  const preprocessing& input_preprocessing() const { return preprocessing_; }

  /// Parameters in the form that passes read.
  parameters_view<Scalar> parameters() const { return {parameters_.data(), packed_}; }

  /// A copy in host memory, laid out by the offsets of `Network::parameter_layout`, with zeros
  /// in the padding.
  std::vector<Scalar> values() const {
    std::vector<Scalar> result(static_cast<std::size_t>(layout.elements));
    for (const parameter_place& p : layout.places)
      for (std::size_t t = 0; t < p.list.count; ++t) {
        Scalar* const to = result.data() + p.tensor[t];
        const Scalar* const from = parameters().tensor(p, t);
        if (packed_ && p.packs && t == 0)
          operation_of_row(p).unpack(*device_, Network::graph.in(p.row), from, to);
        else
          copy_out(*device_, to, from,
                   static_cast<std::size_t>(p.list.tensors[t].elements()) * sizeof(Scalar));
      }
    return result;
  }

  /// Sets the parameters from what `values` returns.
  void assign(std::span<const Scalar> values) {
    assert(values.size() == static_cast<std::size_t>(layout.elements));
    std::vector<Scalar> row;
    for (const parameter_place& p : layout.places) {
      row.clear();
      for (std::size_t t = 0; t < p.list.count; ++t) {
        const parameter_tensor& facts = p.list.tensors[t];
        const auto part =
            values.subspan(static_cast<std::size_t>(p.tensor[t]), static_cast<std::size_t>(facts.elements()));
        put({p, t, 0, facts.filters}, part);
        if (derives(p)) row.insert(row.end(), part.begin(), part.end());
      }
      if (derives(p)) derive(p, row.data());
    }
  }

  state_dict to_state_dict() const {
    const std::vector<Scalar> all = values();
    return parameters_to(std::vector<float>(all.begin(), all.end()), Network::parameter_table);
  }

 private:
  static constexpr auto& layout = Network::parameter_layout;
  static constexpr auto& operations = detail::operations_of<Device, Scalar, Network>::value;

  static constexpr std::size_t at(const parameter_place& p) { return static_cast<std::size_t>(p.row); }
  static constexpr const operation<Device, Scalar>& operation_of_row(const parameter_place& p) {
    return *operations[at(p)];
  }
  static constexpr bool derives(const parameter_place& p) {
    return has_parameters(p) && operation_of_row(p).derives;
  }
  static constexpr bool packs_all() {
    for (const parameter_place& p : layout.places)
      if (p.packs && !operation_of_row(p).packs) return false;
    return true;
  }
  static_assert(packs_all(),
                "salient: a layer with packed weights needs pack(device, shape in, long first, long count, "
                "const T* weight, T* packed) and unpack(device, shape in, const T* packed, T* weight)");

  /// For rows that derive: where their tensors begin in one contiguous array, and its total size.
  static constexpr auto vectors_at = [] {
    std::array<long, layout.places.size() + 1> starts{};
    for (std::size_t i = 0; i < layout.places.size(); ++i)
      starts[i + 1] = starts[i] + (derives(layout.places[i]) ? layout.places[i].list.elements() : 0);
    return starts;
  }();
  static constexpr long offset(const parameter_part& part) {
    long sum = part.first * part.place.list.tensors[part.tensor].patch.elements();
    for (std::size_t t = 0; t < part.tensor; ++t) sum += part.place.list.tensors[t].elements();
    return sum;
  }

  void put(const parameter_part& part, std::span<const Scalar> values) {
    const parameter_place& p = part.place;
    if (packed_ && p.packs && part.tensor == 0)  // only on devices that share the host's memory
      return operation_of_row(p).pack(*device_, Network::graph.in(p.row), part.first, part.count,
                                      values.data(), parameters_.data() + p.packed_tensor[0]);
    if (values.empty()) return;
    const Scalar* const to =
        parameters().tensor(p, part.tensor) + part.first * p.list.tensors[part.tensor].patch.elements();
    parameters_.upload(values, static_cast<std::size_t>(to - parameters_.data()));
  }

  /// `row`: a row's tensors, contiguous in host memory.
  void derive(const parameter_place& p, const Scalar* row) {
    std::array<const Scalar*, parameter_list::most> tensors{};
    for (std::size_t t = 0; t < p.list.count; ++t) {
      tensors[t] = row;
      row += p.list.tensors[t].elements();
    }
    const shape in = Network::graph.in(p.row);
    std::vector<Scalar> derived(static_cast<std::size_t>(Network::graph.facts(p.row).derived(in)));
    operation_of_row(p).derive(in, tensors.data(), derived.data());
    parameters_.upload(derived, static_cast<std::size_t>(parameters().derived(p) - parameters_.data()));
  }

  const Device* device_;
  preprocessing preprocessing_;
  bool packed_;
  buffer<Scalar, Device> parameters_;
};

}  // namespace salient
