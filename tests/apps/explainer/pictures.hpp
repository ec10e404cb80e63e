// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "golden/pictures/references.hpp"
#include "salient/io/png.hpp"

/// Writes a picture of any size.
inline void draw(const std::filesystem::path& file, int height = 40, int width = 60) {
  salient::write_png(file, salient::test::pattern(height, width, 3));
}
