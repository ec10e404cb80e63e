// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "salient/core/picture.hpp"
#include "salient/core/resample.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/list.hpp"

namespace salient::explainer {

/// Creates the folder if there is none, and checks that files can be written there. Throws salient::error.
void prepare_folder(const std::filesystem::path& folder);

/// The names of the files of pictures: "cat", and "cat-2" for another cat.jpg of another folder.
class picture_names {
 public:
  std::string name_of(std::string stem);

 private:
  std::set<std::string> taken_;
};

/// Image n of a batch beside its map m, which lies over the image; small images are enlarged. `centres`:
/// where on the image the cells of a layer's map lie; without them it is stretched.
picture beside_its_map(const tensor& images, long n, const method_words& words, const tensor& maps, long m,
                       const std::optional<cell_centres>& centres = {});

/// Image n alone, at the same scale.
picture alone(const tensor& images, long n);

}  // namespace salient::explainer
