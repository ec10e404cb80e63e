// SPDX-License-Identifier: MIT
#include "gallery/dependence.hpp"

#include <cstdio>

#include "salient/metric/correlation.hpp"

namespace gallery {

apps::mean class_correlation(const salient::tensor& targets, long classes, long first, long count) {
  apps::mean all;
  for (long image = first; image < first + count; ++image)
    for (long a = 0; a < classes; ++a)
      for (long b = 0; b < a; ++b)
        all.add(salient::metrics::pearson<float>(targets.image(image * classes + a),
                                                 targets.image(image * classes + b)));
  return all;
}

apps::mean image_correlation(const salient::tensor& targets, long classes, long images) {
  apps::mean all;
  for (long c = 0; c < classes; ++c)
    for (long a = 0; a < images; ++a)
      for (long b = 0; b < a; ++b)
        all.add(
            salient::metrics::pearson<float>(targets.image(a * classes + c), targets.image(b * classes + c)));
  return all;
}

std::string correlation_text(const apps::mean& alike) {
  if (alike.count() == 0) return "none";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", alike.value());
  return text;
}

}  // namespace gallery
