// SPDX-License-Identifier: MIT
#include "explainer/network_files.hpp"

#include <algorithm>
#include <string>

namespace salient::explainer {

namespace fs = std::filesystem;

fs::path beside(const fs::path& file, const fs::path& binary) {
  std::error_code ignored;
  if (file.empty() || fs::exists(file, ignored)) return file;
  const fs::path other = binary.parent_path() / file.filename();
  return fs::exists(other, ignored) ? other : file;
}

fs::path beside_program(const fs::path& file) {
  std::error_code ignored;
  return beside(file, fs::read_symlink("/proc/self/exe", ignored));
}

fitting fitting_of(const std::optional<fitting>& told, const preprocessing& declared, shape input) {
  fitting fit = told.value_or(declared.fit);
  if (fit == fitting{}) fit.resize = std::min(input.height, input.width);
  return fit;
}

void add_fitting_options(command_line& line, const fitting& preset, std::optional<int>& resize,
                         std::optional<filter>& by) {
  line.option("--resize N",
              "Pixels of a picture's shorter side before the middle is cropped; 0 for pictures of the "
              "network's size (default " +
                  std::to_string(preset.resize) + ")",
              resize, between(0, 65'536));
  line.choice("--filter", "How it is resized (default as the network declares)", by,
              {{"bilinear", filter::bilinear}, {"bicubic", filter::bicubic}});
}

}  // namespace salient::explainer
