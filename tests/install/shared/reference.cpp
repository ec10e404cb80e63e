// SPDX-License-Identifier: MIT

// reference FOLDER: writes weights, a picture and the maps of it there.

#include <salient/train/initialise.hpp>

#include "../consumer/tiny.hpp"

using namespace salient;

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  try {
    read_png(folder / "absent.png", 3);
    return 1;
  } catch (const error&) {  // its type information is the shared library's
  }
  write_safetensors(folder / "tiny.safetensors", random_parameters<consumed::tiny>(1));
  picture p{16, 16, 3, std::vector<std::uint8_t>(16 * 16 * 3)};
  for (std::size_t i = 0; i < p.bytes.size(); ++i) p.bytes[i] = static_cast<std::uint8_t>(i * 37 % 256);
  write_png(folder / "picture.png", p);

  const cpu_pool device(2);
  const auto model = load<consumed::tiny>(folder / "tiny.safetensors", device);
  const tensor image = read_image(folder / "picture.png", consumed::tiny::input_shape);
  const auto write = [&](const char* name, const tensor& map) {
    write_npy(folder / name, map.values, {1, map.extent.height, map.extent.width, map.extent.channels});
  };
  write("integrated_gradients.npy", integrated_gradients(model, image, logit(1), {.steps = 7}).map);
  write("grad_cam.npy", grad_cam(model, image).map);
  write("scores.npy", predict(model, image));
}
