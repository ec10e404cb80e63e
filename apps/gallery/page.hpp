// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "gallery/results.hpp"
#include "salient/core/picture.hpp"

namespace gallery {

/// The gallery as a self-contained HTML page with the two pictures of sheets.hpp.
std::string page(const results& r, const salient::picture& digits, const salient::picture& targets);

}  // namespace gallery
