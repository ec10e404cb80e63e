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
  /// Replaces the preprocessing of the network type's input.
  preprocessing images = Network::input_preprocessing;
  rename_function rename{};
};

/// Loads a model from a safetensors file of a PyTorch module's `state_dict()`, whose names are the network's
/// module paths. Skips `num_batches_tracked` and everything below a module that is `unused`. The device must
/// outlive the model.
///
/// If names do not match, a prefix that all of them share, such as "module.", is removed. For other
/// differences `rename` maps each name in the file to the network's name, or to an empty one to leave
/// the tensor out:
///
///     load<net>(file, device,
///               {.rename = [](const std::string& n) { return n == "fc.weight" ? "5.weight" : n; }});
///
/// Throws salient::error, with the file's name, if it cannot be read or holds another network's weights. The
/// file is streamed: memory holds no second copy of the weights.
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

/// The inverse: writes a file that `load`, and PyTorch's `load_state_dict`, can read.
template <class Network, class Device, class Scalar>
void save(const model<Network, Device, Scalar>& model, const std::filesystem::path& file,
          const std::map<std::string, std::string>& metadata = {}) {
  write_safetensors(file, model.to_state_dict(), metadata);
}

}  // namespace salient
