// SPDX-License-Identifier: MIT

// torchvision FOLDER: scores of FOLDER/images.npy and gradients of the predicted ones, in float32 and in
// float64, by the network that salient-import wrote there last; for torchvision_check.py. Prints how many
// layers and joins it has.

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "from_torchvision.hpp"
#include "salient/salient.hpp"

namespace {

using network = from_torchvision;

/// .npy files hold float32.
template <class Scalar>
void write(const std::filesystem::path& file, const std::vector<Scalar>& values,
           const std::vector<long>& dimensions) {
  salient::write_npy(file, std::vector<float>(values.begin(), values.end()), dimensions);
}

template <class Scalar>
void explain(const std::filesystem::path& folder, const std::string& kind) {
  const salient::cpu device;
  const auto model = salient::load<network, Scalar>(folder / "from_torchvision.safetensors", device);
  const salient::npy stored = salient::read_npy(folder / "images.npy");
  const long count = stored.dimensions.at(0);
  const auto [height, width, channels] = network::input_shape;
  if (stored.dimensions != std::vector<long>{count, height, width, channels})
    throw salient::error("the network takes images of another size");
  salient::basic_tensor<Scalar> images(network::input_shape, count);
  images.values.assign(stored.values.begin(), stored.values.end());
  write(folder / ("scores_" + kind + ".npy"), salient::predict(model, images).values,
        {count, network::classes});
  write(folder / ("gradients_" + kind + ".npy"), salient::gradients(model, images).map.values,
        stored.dimensions);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw salient::error("name a folder");
  explain<float>(argv[1], "float");
  explain<double>(argv[1], "double");
  std::cout << network::size << "\n";
} catch (const std::exception& e) {
  std::cerr << e.what() << "\n";
  return 1;
}
