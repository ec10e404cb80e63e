// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"
#include "salient/io/safetensors.hpp"
#include "salient/load.hpp"

namespace salient::import_test {

/// What a network must compute: README.md says how it was made.
struct reference {
  shape extent;
  double scale = 1;
  int target = 0;
  std::vector<long> output_extent;
  std::vector<double> output, gradient;
};
const reference& reference_of(const std::string& name);

tensor image_of(const reference& r);

/// |a - b| <= relative * max |b|
void expect_near(std::span<const float> values, const std::vector<double>& expected, double relative,
                 const char* what);

std::string weights_file(const std::string& name);

/// Loads weights whose names may differ but whose order is the network's.
template <class Network, class Scalar = float, class Device>
model<Network, Device, Scalar> load_in_order(const std::string& name, const Device& device) {
  state_dict tensors = read_safetensors(weights_file(name));
  const auto& table = Network::parameter_table;
  const state_dict wanted =
      parameters_to(std::vector<float>(static_cast<std::size_t>(table.elements)), table);
  if (wanted.size() != tensors.size())
    throw salient::error(name + ": " + std::to_string(tensors.size()) + " tensors");
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].name = wanted[i].name;
  return {device, tensors};
}

}  // namespace salient::import_test
