// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "salient/graph/model.hpp"
#include "salient/io/safetensors.hpp"

namespace salient {

template <class Network>
struct load_options {
  /// How images become the network's input, instead of what the type of its input says.
  preprocessing images = Network::input_preprocessing;
  rename_function rename{};
};

/// A model from a safetensors file in the form of PyTorch's `nn.Sequential(...).state_dict()`. The device
/// must outlive the model.
///
/// A prefix that all names in the file share, such as "module.", is taken off if they do not fit as they are.
/// Names that differ otherwise are given to `rename`, which returns the network's name for each, or an empty
/// one for a tensor to leave out:
///
///     load<net>(file, device, {.rename = [](const std::string& n) { return n == "fc.weight" ? "5.weight" :
///     n; }});
///
/// Throws salient::error, which names the file, if it cannot be read or holds another network's weights. The
/// file is read as it is loaded: no copy of the weights is made beside the model's own.
template <class Network, class Scalar = float, device Device>
model<Network, Device, Scalar> load(const std::filesystem::path& file, const Device& device,
                                    const load_options<Network>& options = {}) {
  tensor_stream tensors = stream_safetensors(file);
  if (options.rename) tensors = renamed(std::move(tensors), options.rename);
  return {device, tensors, options.images};
}

// The device must outlive the model.
template <class Network, class Scalar = float, device Device>
void load(const std::filesystem::path& file, const Device&& device,
          const load_options<Network>& options = {}) = delete;

/// The inverse: a file that `load` reads, and PyTorch's `load_state_dict`.
template <class Network, class Device, class Scalar>
void save(const model<Network, Device, Scalar>& model, const std::filesystem::path& file,
          const std::map<std::string, std::string>& metadata = {}) {
  write_safetensors(file, model.to_state_dict(), metadata);
}

}  // namespace salient
