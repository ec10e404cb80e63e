// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace salient::explainer {

/// The lines of a text file, without spaces at their ends and without a byte order mark. Throws
/// salient::error for a file that cannot be read, has above 256 MiB, or holds control characters, which no
/// text does.
std::vector<std::string> text_lines(const std::filesystem::path& file);

}  // namespace salient::explainer
