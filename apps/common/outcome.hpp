// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/inputs.hpp"
#include "salient/method/explain.hpp"
#include "salient/view/colour.hpp"

namespace apps {

/// What a method has to say besides its map: one value for all images, or one an image.
struct figure {
  std::string title;
  std::vector<std::string> values;
};

/// All that a demo found out, to be printed, drawn and written.
struct outcome {
  std::string title;  ///< of the method, "Grad-CAM"
  settings asked;
  inputs in;
  salient::explanation<float> explained;
  double milliseconds = 0;
  std::string device;  ///< where that was, "cpu_pool, 4 threads"
  std::vector<figure> figures;
  bool by_target = true;         ///< the map is about a class
  bool of_feature_maps = false;  ///< it is h x w of a layer, not H x W x C of the input
  salient::colour_map colours = salient::colour_map::diverging;

  long count() const { return explained.map.batch; }
  int predicted(long n) const { return salient::predicted_class(explained.scores.image(n)); }
  /// Of the predicted class.
  float probability(long n) const {
    return salient::probabilities(explained.scores.image(n))[static_cast<std::size_t>(predicted(n))];
  }
  int target(long n) const { return explained.classes[static_cast<std::size_t>(n)]; }
};

/// "time          0.4 ms": `title` is given the same width in every line.
std::string fact(const std::string& title, const std::string& value);

/// The facts in aligned plain text: a list for one image, a table for several.
std::string report(const outcome& o);

/// A row an image: the input, the map in colours, and the map over the input.
salient::picture draw(const outcome& o);

/// Writes what was asked for and prints where it is. Each file appears whole or not at all, and one that
/// cannot be written does not keep the other from it. Throws salient::error if any could not.
void write(const outcome& o);

}  // namespace apps
