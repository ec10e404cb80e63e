// SPDX-License-Identifier: MIT

// What README.md shows, with weights drawn at random. CTest runs it in a folder of its own.
// clang-format off
#include <filesystem>

#include <salient/train/initialise.hpp>

// [snippet]
#include <salient/networks/resnet.hpp>
#include <salient/salient.hpp>
using namespace salient;

void explain_photograph(const char* weights, const char* photograph) {
  const cpu_pool device;
  const auto model = load<networks::resnet50>(weights, device);              // torchvision's own state_dict
  const tensor photo = read_image(photograph, networks::resnet50::input);     // resized, cropped
  const auto where = grad_cam(model, photo);                                 // of the predicted class, at layer4
  write_png("where.png", overlay(show(photo), min_max(resample(where.map, {224, 224})).map, colour_map::sequential));
}
// [/snippet]

int main() {
  const cpu device;
  tensor grey(networks::resnet50::input_shape, 1, 0.5f);
  grey(0, 100, 100, 0) = 1;
  write_png("photo.png", show(grey));
  save(model<networks::resnet50>(device, random_parameters<networks::resnet50>(1)), "resnet50.safetensors");
  explain_photograph("resnet50.safetensors", "photo.png");
  std::filesystem::remove("resnet50.safetensors");
  return read_png("where.png", 3).extent == shape{224, 224, 3} ? 0 : 1;
}
