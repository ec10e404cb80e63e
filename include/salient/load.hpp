// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "salient/graph/model.hpp"
#include "salient/io/safetensors.hpp"

namespace salient {

/// A model from a safetensors file in the form of PyTorch's `nn.Sequential(...).state_dict()`. The device
/// must outlive the model. Throws salient::error, which names the file, if it cannot be read or holds another
/// network's weights. The file is read as it is loaded: no copy of the weights is made beside the model's
/// own. `images`: how images become the network's input, instead of what the type of its input says.
template <class Network, class Scalar = float, device Device>
model<Network, Device, Scalar> load(const std::filesystem::path& file, const Device& device,
                                    const preprocessing& images = Network::input_preprocessing) {
  return {device, stream_safetensors(file), images};
}

template <class Network, class Scalar = float, device Device>
void load(const std::filesystem::path& file, const Device&& device,
          const preprocessing& images = Network::input_preprocessing) =
    delete;  // the device must outlive the model

/// The inverse: a file that `load` reads, and PyTorch's `load_state_dict`.
template <class Network, class Device, class Scalar>
void save(const model<Network, Device, Scalar>& model, const std::filesystem::path& file,
          const std::map<std::string, std::string>& metadata = {}) {
  write_safetensors(file, model.to_state_dict(), metadata);
}

}  // namespace salient
