// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "gallery/results.hpp"
#include "salient/view/report.hpp"

namespace gallery {

/// What was measured of one method, in words and numbers: its network, the size and time of a map, how alike
/// the maps of different classes are, and what is peculiar to it, such as how far attributions are from
/// adding up.
std::vector<salient::fact> measured(const results& r, int method);

/// The method's maps of the shown digits, one figure each.
std::vector<salient::figure> maps_of(const results& r, int method);

/// A row a method: how alike its maps of different classes are, and those of different images.
salient::table dependence_table(const results& r);

/// Which methods follow the class and the image and which do not, told by the numbers of that table.
std::string dependence_verdict(const results& r);

/// What each network is made of.
std::vector<salient::fact> network_layers(const results& r);

/// A row a network.
salient::table network_table(const results& r);

}  // namespace gallery
