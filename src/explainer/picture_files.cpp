// SPDX-License-Identifier: MIT
#include "explainer/picture_files.hpp"

#include <algorithm>
#include <cctype>

#include "explainer/text_lines.hpp"
#include "salient/core/error.hpp"

namespace salient::explainer {
namespace {

namespace fs = std::filesystem;

/// The name's extension in small letters, ".jpg".
std::string extension_of(const fs::path& file) {
  std::string text = file.extension().string();
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void add_folder(const fs::path& folder, std::vector<fs::path>& to) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    if (is_picture(at->path()) && !at->is_directory()) found.push_back(at->path());
  if (failure)
    throw error(folder.string() + ": cannot be listed (" + failure.message() + "); check its permissions");
  if (found.empty())
    throw error(folder.string() + ": holds no PNG, JPEG or NPY file; name a folder with pictures, or files");
  std::ranges::sort(found);
  to.insert(to.end(), found.begin(), found.end());
}

void add_list(const fs::path& list, std::vector<fs::path>& to) {
  const std::size_t before = to.size();
  for (const std::string& line : text_lines(list)) {
    if (line.empty() || line.front() == '#') continue;
    const fs::path file = list.parent_path() / line;
    if (extension_of(file) == ".txt")
      throw error(list.string() + ": names " + file.string() + ", another list; name pictures and folders");
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
      add_folder(file, to);
    else
      to.push_back(file);
  }
  if (to.size() == before) throw error(list.string() + ": names no picture; give one path on each line");
}

}  // namespace

bool is_picture(const fs::path& file) {
  const std::string extension = extension_of(file);
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".npy";
}

std::vector<fs::path> picture_files(const std::vector<std::string>& names) {
  std::vector<fs::path> files;
  for (const fs::path name : names) {
    std::error_code ignored;
    if (fs::is_directory(name, ignored))
      add_folder(name, files);
    else if (extension_of(name) == ".txt")
      add_list(name, files);
    else
      files.push_back(name);
  }
  return files;
}

}  // namespace salient::explainer
