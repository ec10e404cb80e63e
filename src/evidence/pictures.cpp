// SPDX-License-Identifier: MIT
#include "evidence/pictures.hpp"

#include <algorithm>

#include "explainer/picture_files.hpp"
#include "salient/core/error.hpp"
#include "salient/io/image.hpp"

namespace salient::evidence {
namespace {

namespace fs = std::filesystem;

/// The folders in a folder, in the order of their names; none in what is no folder. Hidden ones, such as
/// .thumbnails, do not count. Throws salient::error if pictures lie beside them, whose class is unknown.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return found;
  bool pictures = false;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    std::error_code ignored;
    if (!at->is_directory(ignored))
      pictures = pictures || explainer::is_picture(at->path());
    else if (at->path().filename().string().front() != '.')
      found.push_back(at->path());
  }
  if (failure)
    throw error(folder.string() + ": cannot be listed (" + failure.message() + "); check its permissions");
  if (pictures && !found.empty())
    throw error(folder.string() +
                ": holds pictures beside folders of pictures; move them into the folder of "
                "their class");
  std::ranges::sort(found);
  return found;
}

int class_of(const fs::path& folder, const explainer::class_labels& classes) {
  try {
    return classes.find(folder.filename().string());
  } catch (const error& e) {
    throw error(folder.string() +
                ": the folders in a folder are named by the classes of their pictures: " + e.what());
  }
}

}  // namespace

std::vector<labelled_picture> find_pictures(const std::vector<std::string>& names,
                                            const explainer::class_labels& classes) {
  std::vector<labelled_picture> pictures;
  for (const std::string& name : names) {
    const std::vector<fs::path> folders = folders_in(name);
    for (const fs::path& folder : folders) {
      const int label = class_of(folder, classes);
      for (const fs::path& file : explainer::picture_files({folder.string()}))
        pictures.push_back({file, label});
    }
    if (folders.empty())
      for (const fs::path& file : explainer::picture_files({name})) pictures.push_back({file, -1});
  }
  return pictures;
}

sample read_pictures(const std::vector<labelled_picture>& pictures, shape input, const fitting& fit,
                     const warning_handler& warn) {
  sample s{"pictures",
           "pictures of " + std::to_string(input.height) + " by " + std::to_string(input.width) +
               " pixels, as the network is shown them",
           {},
           {},
           {}};
  s.images.extent = input;
  s.images.batch = 0;
  for (const auto& [file, label] : pictures) {
    const tensor image = read_image(file, input, fit, warn);
    s.names.push_back(file.filename().string());
    s.labels.push_back(label);
    s.images.values.insert(s.images.values.end(), image.values.begin(), image.values.end());
    ++s.images.batch;
  }
  return s;
}

}  // namespace salient::evidence
