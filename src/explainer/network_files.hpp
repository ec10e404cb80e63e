// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>

#include "salient/core/preprocessing.hpp"
#include "salient/core/shape.hpp"
#include "salient/explainer/command_line.hpp"

namespace salient::explainer {

/// The file, or if there is none one of this name in the folder of a program or library.
std::filesystem::path beside(const std::filesystem::path& file, const std::filesystem::path& binary);
/// The same beside the program that runs.
std::filesystem::path beside_program(const std::filesystem::path& file);

/// How a program fits pictures: as it was told, else as the network declares, else the shorter side becomes
/// the network's.
fitting fitting_of(const std::optional<fitting>& told, const preprocessing& declared, shape input);

/// Declares --resize and --filter.
void add_fitting_options(command_line& line, const fitting& preset, std::optional<int>& resize,
                         std::optional<filter>& by);

}  // namespace salient::explainer
