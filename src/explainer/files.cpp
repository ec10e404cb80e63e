// SPDX-License-Identifier: MIT
#include "explainer/files.hpp"

#include <algorithm>

#include "salient/core/error.hpp"
#include "salient/explainer/map_panels.hpp"
#include "salient/io/file.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"

namespace salient::explainer {
namespace {

constexpr int gap = 8;  // pixels between an image and its map

/// How much images are enlarged, so that their longer side has some 224 pixels.
int scale_of(shape image) { return std::max(1, 224 / std::max(image.height, image.width)); }

}  // namespace

void prepare_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!std::filesystem::is_directory(folder, failure))
    throw error(folder.string() + ": cannot be created as a folder; name another with --out");
  check_writable(folder / "index.html");
}

std::string picture_names::name_of(std::string stem) {
  for (char& c : stem)  // of a name that lines and addresses hold badly
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '_';
  std::string name = stem;
  for (int n = 2; !taken_.insert(name).second; ++n) name = stem + "-" + std::to_string(n);
  return name;
}

picture beside_its_map(const tensor& images, long n, const method_words& words, const tensor& maps, long m,
                       const std::optional<cell_centres>& centres) {
  const int scale = scale_of(images.extent), smooth = words.of_layer ? scale : 1;
  // An option of the method may keep negative values.
  const bool positive = words.relative || (words.non_negative && std::ranges::min(maps.image(m)) >= 0);
  const auto colours = positive ? colour_map::sequential : colour_map::diverging;
  const map_panels panels = words.relative ? draw_map(images, n, min_max(channel_sum(maps.slice(m, 1))).map,
                                                      0, colours, smooth, centres)
                                           : draw_map(images, n, maps, m, colours, smooth, centres);
  // A layer's map is a region of the picture. The single pixels of other maps are lost on a photograph.
  const picture& shown = words.of_layer ? panels.overlay : panels.map;
  const picture left = enlarge(panels.image, scale / smooth), right = enlarge(shown, scale / smooth);
  picture both = blank(left.height, left.width + gap + right.width, rgb{255, 255, 255});
  paste(both, 0, 0, left);
  paste(both, left.width + gap, 0, right);
  return both;
}

picture alone(const tensor& images, long n) { return enlarge(show(images, n), scale_of(images.extent)); }

}  // namespace salient::explainer
