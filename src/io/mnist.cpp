// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>

#include "io/idx_file.hpp"
#include "io/message.hpp"
#include "salient/io/idx.hpp"

namespace salient {
namespace {

using detail::fail;

std::filesystem::path existing(const std::filesystem::path& folder, const std::string& name) {
  for (const auto& candidate : {folder / name, folder / (name + ".gz")})
    if (std::error_code code; std::filesystem::exists(candidate, code)) return candidate;
  fail(folder, "holds no " + name + " or " + name + ".gz; give the folder with MNIST's files");
}

std::string prefix_of(split part) { return part == split::train ? "train-" : "t10k-"; }
std::filesystem::path images_of(const std::filesystem::path& folder, split part) {
  return existing(folder, prefix_of(part) + "images-idx3-ubyte");
}
std::filesystem::path labels_of(const std::filesystem::path& folder, split part) {
  return existing(folder, prefix_of(part) + "labels-idx1-ubyte");
}

void expect_images(const detail::idx_file& file, const std::filesystem::path& path) {
  if (file.dimensions().size() != 3 || file.count() == 0)
    fail(path, "holds " + detail::dimensions_text(file.dimensions()) +
                   " bytes, expected images x height x width; give an images-idx3 file");
}

/// Reads the labels of `images` images.
std::vector<std::uint8_t> read_labels(const std::filesystem::path& path, long images) {
  const idx classes = read_idx(path);
  if (classes.dimensions.size() != 1 || classes.dimensions[0] != images)
    fail(path, "holds " +
                   detail::dimensions_text(
                       std::vector<long>(classes.dimensions.begin(), classes.dimensions.end())) +
                   " labels, expected one for each of " + std::to_string(images) +
                   " images; give the labels-idx1 file of the same set");
  return classes.values;
}

float scaled(std::uint8_t value) { return static_cast<float>(value) / 255; }

shape extent_of(const detail::idx_file& file) {
  return {static_cast<int>(file.dimensions()[1]), static_cast<int>(file.dimensions()[2]), 1};
}

/// Reads the images with these numbers; the result is indexed by number.
std::map<long, std::vector<std::uint8_t>> read_some(detail::idx_file& file, std::vector<long> numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  const auto length = static_cast<std::size_t>(extent_of(file).elements());
  const auto from_to = [&](long first, long last) { return static_cast<std::size_t>(last - first) * length; };
  std::map<long, std::vector<std::uint8_t>> result;
  long next = 0;
  for (const long number : numbers) {
    file.skip(from_to(next, number));
    result[number] = file.read(length);
    next = number + 1;
  }
  if (!file.is_whole()) {  // otherwise only reading all of it can tell
    file.skip(from_to(next, file.dimensions()[0]));
    file.expect_end();
  }
  return result;
}

}  // namespace

labelled_images read_mnist(const std::filesystem::path& images, const std::filesystem::path& labels) {
  detail::idx_file file(images);
  expect_images(file, images);
  const std::vector<std::uint8_t> pixels = file.read(file.count());
  file.expect_end();
  const std::vector<std::uint8_t> classes = read_labels(labels, file.dimensions()[0]);

  labelled_images result;
  result.images = tensor(extent_of(file), file.dimensions()[0]);
  std::ranges::transform(pixels, result.images.values.begin(), scaled);
  result.labels.assign(classes.begin(), classes.end());
  return result;
}

labelled_images read_mnist(const std::filesystem::path& folder, split part) {
  const auto images = images_of(folder, part);
  return read_mnist(images, labels_of(folder, part));
}

labelled_images read_mnist(const std::filesystem::path& folder, split part, std::span<const long> numbers) {
  const auto images = images_of(folder, part);
  detail::idx_file file(images);
  expect_images(file, images);
  const long count = file.dimensions()[0];
  for (const long number : numbers)
    if (number < 0 || number >= count)
      fail(images,
           "has no image " + std::to_string(number) + "; choose from 0 to " + std::to_string(count - 1));
  const auto some = read_some(file, {numbers.begin(), numbers.end()});
  const std::vector<std::uint8_t> classes = read_labels(labels_of(folder, part), count);

  labelled_images result;
  result.images = tensor(extent_of(file), static_cast<long>(numbers.size()));
  long n = 0;
  for (const long number : numbers) {
    std::ranges::transform(some.at(number), result.images.image(n++).begin(), scaled);
    result.labels.push_back(classes[static_cast<std::size_t>(number)]);
  }
  return result;
}

long mnist_size(const std::filesystem::path& folder, split part) {
  const auto images = images_of(folder, part);
  const detail::idx_file file(images);
  expect_images(file, images);
  return file.dimensions()[0];
}

}  // namespace salient
