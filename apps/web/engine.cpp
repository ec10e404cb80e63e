// SPDX-License-Identifier: MIT

// The functions that the page calls. Numbers and addresses are of 32 bits; texts end in a zero byte. What
// they return stays valid until the next call of the same function. An error ends the module: runtime.cpp.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "salient/core/scores.hpp"
#include "salient/explainer/sheet_maps.hpp"
#include "web/about.hpp"
#include "web/classifier.hpp"
#include "web/half.hpp"

namespace {

using salient::tensor;

constexpr salient::shape digit{28, 28, 1};

/// Pixels of a layer's picture for each of the digit's.
constexpr int layer_map_magnified = 4;

struct engine {
  std::array<const web::network_facts*, 5> networks{&web::perceptron(), &web::cnn(), &web::deep_cnn(),
                                                    &web::pooled_cnn(), &web::resnet()};
  std::array<std::unique_ptr<web::classifier>, 5> open;
  std::vector<std::uint8_t> block;
  salient::state_dict weights;
  tensor image{digit};
  std::vector<float> probabilities;
  web::answer found;
  std::vector<std::uint8_t> picture;
};

engine& page() {
  static engine one;
  return one;
}

}  // namespace

namespace web {

/// What networks and methods there are, as JSON: about.hpp.
[[clang::export_name("about")]] const char* about_all() {
  static const std::string text = about(page().networks);
  return text.c_str();
}

/// Memory for what the page hands over.
[[clang::export_name("reserve")]] std::uint8_t* reserve_block(std::size_t bytes) {
  page().block.resize(bytes);
  return page().block.data();
}

/// Adds a tensor of float16 to the weights of the network that is opened next.
[[clang::export_name("tensor")]] void add_tensor(const char* name, const std::int32_t* dimensions,
                                                 std::size_t rank, const std::uint16_t* halves,
                                                 std::size_t count) {
  std::vector<float> values(count);
  std::transform(halves, halves + count, values.begin(), web::from_half);
  page().weights.push_back({name, {dimensions, dimensions + rank}, std::move(values)});
}

/// Makes a network of the tensors that were added.
[[clang::export_name("open")]] void open_network(std::size_t network) {
  page().open[network] = page().networks[network]->open(page().weights);
  page().weights.clear();
}

/// Where the page writes a digit: 28 x 28 pixels from 0 to 1.
[[clang::export_name("pixels")]] float* digit_pixels() { return page().image.values.data(); }

/// Runs a network's forward pass for the digit; returns the classes' probabilities.
[[clang::export_name("look")]] const float* look_at_digit(std::size_t network) {
  const tensor& scores = page().open[network]->look(page().image);
  page().probabilities = salient::probabilities(scores.image(0));
  return page().probabilities.data();
}

/// Explains what the network saw when it last looked; returns the map's values, row by row.
[[clang::export_name("explain")]] const float* explain_digit(std::size_t network, std::size_t method,
                                                             int about, int steps) {
  page().found = page().open[network]->explain(method, about, steps);
  return page().found.map.values.data();
}

/// The signal of a deconvolution of a class's score at an activation: the channels of a position side by
/// side.
[[clang::export_name("deconvolve")]] const float* deconvolve_score(std::size_t network, int about,
                                                                   int activation) {
  page().found = {page().open[network]->deconvolve(about, activation)};
  return page().found.map.values.data();
}

// Of the last map:
[[clang::export_name("height")]] int map_height() { return page().found.map.extent.height; }
[[clang::export_name("width")]] int map_width() { return page().found.map.extent.width; }
[[clang::export_name("channels")]] int map_channels() { return page().found.map.extent.channels; }
[[clang::export_name("value")]] float map_value() { return page().found.value; }
[[clang::export_name("baseline_value")]] float map_baseline_value() { return page().found.baseline_value; }
[[clang::export_name("gap")]] float map_gap() { return page().found.gap; }

/// Draws a map of one channel, in colours: four bytes a pixel. A layer's is enlarged and laid over the digit.
[[clang::export_name("draw")]] const std::uint8_t* draw_map(const float* values, int height, int width,
                                                            bool of_layer) {
  tensor map(salient::shape{height, width, 1});
  std::copy_n(values, map.values.size(), map.values.begin());
  salient::method_words words{};
  words.of_layer = of_layer;
  const salient::picture drawn =
      salient::explainer::map_picture(words, map, 0, page().image, 0, of_layer ? layer_map_magnified : 1);
  std::vector<std::uint8_t>& rgba = page().picture;
  rgba.clear();
  for (std::size_t i = 0; i < drawn.bytes.size(); i += 3)
    rgba.insert(rgba.end(), {drawn.bytes[i], drawn.bytes[i + 1], drawn.bytes[i + 2], 255});
  return rgba.data();
}

}  // namespace web
