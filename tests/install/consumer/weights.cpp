// SPDX-License-Identifier: MIT

// weights FOLDER: writes tiny.safetensors and a picture for explain-tiny.

#include <salient/train/initialise.hpp>

#include "tiny.hpp"

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  salient::write_safetensors(folder / "tiny.safetensors", salient::random_parameters<consumed::tiny>(1));
  salient::write_png(folder / "picture.png", {30, 20, 3, std::vector<std::uint8_t>(1800, 100)});
}
