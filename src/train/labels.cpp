// SPDX-License-Identifier: MIT
#include "salient/train/labels.hpp"

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"

namespace salient {

void check_labels(std::span<const int> labels, long images, int classes, const char* who) {
  if (static_cast<long>(labels.size()) != images)
    throw error(std::string(who) + ": " + std::to_string(images) + " images have " +
                std::to_string(labels.size()) + " labels; there must be one for each");
  const auto bad = std::ranges::find_if(labels, [&](int label) { return label < 0 || label >= classes; });
  if (bad != labels.end())
    throw error(std::string(who) + ": label " + std::to_string(*bad) + " of image " +
                std::to_string(bad - labels.begin()) + " is out of range: the network has classes 0 to " +
                std::to_string(classes - 1) +
                "; count labels from 0, or use a network with an output for each class");
}

}  // namespace salient
