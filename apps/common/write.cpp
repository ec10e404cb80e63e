// SPDX-License-Identifier: MIT
#include <iostream>

#include "common/outcome.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"

namespace apps {

namespace {

std::vector<long> raw_dimensions(const outcome& o) {
  const salient::shape extent = o.explained.map.extent;
  std::vector<long> dimensions{extent.height, extent.width};
  if (!o.of_feature_maps) dimensions.push_back(extent.channels);
  if (o.asked.batch()) dimensions.insert(dimensions.begin(), o.count());
  return dimensions;
}

}  // namespace

void write(const outcome& o) {
  std::string failures;
  const auto attempt = [&](const char* what, const std::string& file, const auto& make) {
    try {
      make();
      std::cout << fact(what, one_line(file));
    } catch (const std::exception& e) {
      failures += (failures.empty() ? "" : "; ") + std::string(e.what());
    }
  };
  if (!o.asked.raw.empty())
    attempt("raw map", o.asked.raw,
            [&] { salient::write_npy(o.asked.raw, o.explained.map.values, raw_dimensions(o)); });
  attempt("picture", o.asked.out, [&] { salient::write_png(o.asked.out, draw(o)); });
  if (!failures.empty()) throw salient::error(failures);
}

}  // namespace apps
