// SPDX-License-Identifier: MIT

// make_weights FOLDER: writes tiny.safetensors and plain.safetensors, with random weights.

#include "networks.hpp"
#include "salient/train/initialise.hpp"

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  salient::write_safetensors(folder / "tiny.safetensors", salient::random_parameters<tested::tiny>(7));
  salient::write_safetensors(folder / "plain.safetensors", salient::random_parameters<tested::plain>(7));
}
