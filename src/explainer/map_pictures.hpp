// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explainer/explained.hpp"
#include "explainer/page.hpp"
#include "explainer/request.hpp"
#include "salient/core/resample.hpp"

namespace salient::explainer {

/// Draws maps.
class map_pictures {
 public:
  map_pictures(const network_facts& network, const request& asked);

  /// Writes the PNGs of picture n of a batch, and its arrays if asked, into a folder: "stem.grad_cam.7.png".
  /// Names them in `p`, whose facts are of this picture, and shows it on the page.
  void write(const std::filesystem::path& folder, const std::string& stem, const explained_batch& b,
             std::size_t n, explained_picture& p, page& on) const;

 private:
  const request& asked_;
  std::vector<std::optional<cell_centres>> centres_;  // of each method's maps
};

}  // namespace salient::explainer
