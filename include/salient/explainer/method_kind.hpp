// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace salient::explainer {

/// The saliency methods, in the order in which programs list them.
enum class method_kind {
  gradients,
  gradients_x_input,
  integrated_gradients,
  deconvolution,
  guided_backprop,
  cam,
  grad_cam,
  guided_grad_cam
};
inline constexpr std::size_t methods_count = 8;

struct method_words {
  std::string_view name;      ///< on the command line and in file names, "grad_cam"
  std::string_view title;     ///< "Grad-CAM"
  std::string_view needs;     ///< completes "needs ..." for a network that it does not apply to
  bool of_layer = false;      ///< the map is h x w, of a layer, not H x W x C, of the input
  bool non_negative = false;  ///< the map has no negative values
};

inline constexpr std::array<method_words, methods_count> all_method_words{{
    {"gradients", "Gradients", "a network that ends in a vector of scores"},
    {"gradients_x_input", "Gradients x Input", "a network that ends in a vector of scores"},
    {"integrated_gradients", "Integrated Gradients", "a network that ends in a vector of scores"},
    {"deconvolution", "Deconvolution", "convolutions and a ReLU or another activation"},
    {"guided_backprop", "Guided Backpropagation", "a ReLU or another activation"},
    {"cam", "CAM", "a network that ends in a global average pool and one dense layer", true},
    {"grad_cam", "Grad-CAM", "a layer with a spatial output", true, true},
    {"guided_grad_cam", "Guided Grad-CAM", "a layer with a spatial output and an activation"},
}};

constexpr const method_words& words_of(method_kind m) {
  return all_method_words[static_cast<std::size_t>(m)];
}

}  // namespace salient::explainer
