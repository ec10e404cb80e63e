// SPDX-License-Identifier: MIT
#include "explainer/picture_list.hpp"

#include <algorithm>
#include <utility>

#include "explainer/picture_files.hpp"
#include "io/sha256.hpp"
#include "salient/io/image.hpp"

namespace salient::explainer {
namespace {

namespace fs = std::filesystem;

/// A set's file and what stands behind it, "17".
std::pair<std::string, std::string> parts_of(const std::string& name) {
  std::error_code ignored;
  const std::size_t mark = name.rfind('#');
  if (mark == std::string::npos || fs::exists(name, ignored)) return {name, ""};
  return {name.substr(0, mark), name.substr(mark + 1)};
}

}  // namespace

void picture_list::add(std::string file) { entries_.push_back({std::move(file), size_++, -1}); }

void picture_list::add(std::string set, image_range images, std::string called) {
  entries_.push_back({std::move(set), size_, static_cast<int>(sets_.size())});
  sets_.push_back({images.first, std::move(called)});
  size_ += images.count;
}

picture_list::place picture_list::operator[](long n) const {
  const entry& e = *std::prev(std::ranges::upper_bound(entries_, n, {}, &entry::start));
  const std::string stem = fs::path(e.file).stem().string();
  if (e.set < 0) return {&e.file, -1, e.file, stem};
  const images& of = sets_[static_cast<std::size_t>(e.set)];
  const long image = of.first + (n - e.start);
  const std::string digits = std::to_string(image);
  const bool of_file = of.called.ends_with('#');
  return {&e.file, image, of.called + digits, of_file ? stem + "-" + digits : of.called + digits};
}

std::string picture_list::hash() const {
  std::string all;
  for (const entry& e : entries_) {
    std::error_code absent;
    const auto bytes = fs::file_size(e.file, absent);
    all += e.set < 0 ? e.file : (*this)[e.start].name;
    all += '\n' + std::to_string(e.start) + ' ' + (absent ? "-" : std::to_string(bytes)) + '\n';
  }
  return salient::detail::sha256(all + std::to_string(size_));
}

picture_reader::picture_reader(const picture_list& pictures, shape input, fitting fit, warning_handler warn)
    : pictures_(pictures), input_(input), fit_(fit), warn_(std::move(warn)) {}

tensor picture_reader::read(long n) {
  const picture_list::place at = pictures_[n];
  if (at.image < 0) return read_image(*at.file, input_, fit_, warn_);
  if (opened_ == nullptr || *opened_ != *at.file) open_.emplace(*at.file);
  opened_ = at.file;
  return open_->read(at.image, input_, warn_);
}

void add_pictures(const std::string& word, shape input, picture_list& to) {
  for (const fs::path& found : picture_files({word})) {
    const std::string name = found.string();
    const auto [file, range] = parts_of(name);
    if (is_picture(name) || !is_image_set(file)) {
      to.add(name);
      continue;
    }
    const image_set set(file);
    set.check(input);
    const auto images = range_of(range.empty() ? ":" : range, set.size(), file + ": has images");
    if (images)
      to.add(file, *images, file + "#");
    else
      to.add(name);  // which is no file: its reader says so
  }
}

}  // namespace salient::explainer
