// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "gallery/results.hpp"
#include "salient/core/picture.hpp"

namespace gallery {

/// The whole gallery as one self-contained HTML page, around the two pictures of sheets.hpp.
std::string page(const results& r, const salient::picture& digits, const salient::picture& targets);

}  // namespace gallery
