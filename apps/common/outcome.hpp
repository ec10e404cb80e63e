// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/inputs.hpp"
#include "salient/method/explain.hpp"
#include "salient/view/colour.hpp"

namespace apps {

/// A value that a method reports besides its map: one for all images, or one per image.
struct figure {
  std::string title;
  std::vector<std::string> values;
};

/// All results of a demo, to be printed, drawn and written.
struct outcome {
  std::string title;  ///< the method's, "Grad-CAM"
  settings asked;
  inputs in;
  salient::explanation<float> explained;
  double milliseconds = 0;
  std::string device;  ///< where it ran, "cpu_pool, 4 threads"
  std::vector<figure> figures;
  bool by_target = true;         ///< the map depends on a class
  bool of_feature_maps = false;  ///< the map is h x w, of a layer, not H x W x C, of the input
  salient::colour_map colours = salient::colour_map::diverging;

  long count() const { return explained.map.batch; }
  int predicted(long n) const { return salient::predicted_class(explained.scores.image(n)); }
  /// Probability of the predicted class of image n.
  float probability(long n) const {
    return salient::probabilities(explained.scores.image(n))[static_cast<std::size_t>(predicted(n))];
  }
  int target(long n) const { return explained.classes[static_cast<std::size_t>(n)]; }
};

/// A line "time          0.4 ms"; all titles are padded to the same width.
std::string fact(const std::string& title, const std::string& value);

/// The results in aligned plain text: a list for one image, a table for several.
std::string report(const outcome& o);

/// One row per image: the input, the map in colours, and the map over the input.
salient::picture draw(const outcome& o);

/// Writes the requested files and prints their names. A file is written completely or not at all, and a
/// failure of one does not prevent the other. Throws salient::error if any failed.
void write(const outcome& o);

}  // namespace apps
