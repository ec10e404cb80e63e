// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "explainer/request.hpp"
#include "explainer/results.hpp"
#include "salient/view/report.hpp"

namespace salient::explainer {

/// The page that shows all maps. It names their files, which stand beside it, and holds only the input
/// pictures.
class page {
 public:
  page(const introduction& setup, const request& asked);

  /// A section for one picture: its image as an encoded PNG, and for each of its maps the encoded file.
  void add(const explained_picture& p, std::vector<std::uint8_t> image,
           const std::vector<std::vector<std::uint8_t>>& maps);

  /// The whole page, with what failed and how it was made.
  std::string html(const results& found);

 private:
  const introduction& setup_;
  const request& asked_;
  report page_;
};

}  // namespace salient::explainer
