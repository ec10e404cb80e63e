// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace salient::explainer {

/// Whether a file's name is that of a picture: PNG, JPEG or NPY.
bool is_picture(const std::filesystem::path& file);

/// The files that these names stand for: a file for itself, a folder for its PNG, JPEG and NPY files in the
/// order of their names, and a .txt file for the names in it, one on each line, relative to its own folder.
/// Empty lines and lines that begin with # are skipped. Throws salient::error for a folder without pictures,
/// and for a list that names a list or cannot be read; a picture that does not exist is left to its reader.
std::vector<std::filesystem::path> picture_files(const std::vector<std::string>& names);

}  // namespace salient::explainer
