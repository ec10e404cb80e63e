// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "gallery/results.hpp"
#include "salient/view/report.hpp"

namespace gallery {

/// Measurements of one method: its network, the size and time of a map, the correlation between maps of
/// different classes, and what only this method has, such as a completeness gap.
std::vector<salient::fact> measured(const results& r, std::size_t method);

/// The method's maps of the shown digits, one figure each.
std::vector<salient::figure> maps_of(const results& r, std::size_t method);

/// One row per method: the correlation of its maps between classes, and between images.
salient::table dependence_table(const results& r);

/// Which methods depend on the class and on the image, judged by the numbers of that table.
std::string dependence_verdict(const results& r);

/// The layers of each network.
std::vector<salient::fact> network_layers(const results& r);

/// One row per network.
salient::table network_table(const results& r);

}  // namespace gallery
