// SPDX-License-Identifier: MIT
#include "salient/io/idx.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "io/grow.hpp"
#include "io/gzip.hpp"
#include "io/message.hpp"
#include "io/numbers.hpp"

namespace salient {
namespace {

using detail::fail;

constexpr std::size_t most_values = std::size_t{1} << 30;

std::string dimensions_text(const idx& file) {
  return detail::dimensions_text(std::vector<long>(file.dimensions.begin(), file.dimensions.end()));
}

std::string declared_text(const std::vector<long>& dimensions) {
  return "its header declares " + detail::dimensions_text(dimensions) + " bytes";
}

/// Bytes 0 0, the type, the number of dimensions; then each dimension as a big-endian 32-bit number.
std::vector<long> read_dimensions(input_file& in, detail::plain_bytes& bytes) {
  const auto magic = detail::read_growing(bytes, 4);
  if (magic.size() < 4 || magic[0] != 0 || magic[1] != 0)
    fail(in.path(), "is not an IDX file (raw or gzip); give one of MNIST's files");
  if (magic[2] != 0x08)
    fail(in.path(), "holds IDX elements of type " + std::to_string(magic[2]) +
                        ", expected 8 (unsigned byte); convert it to bytes");
  const std::size_t rank = magic[3];
  const auto sizes = detail::read_growing(bytes, 4 * rank);
  if (rank == 0 || sizes.size() < 4 * rank)
    fail(in.path(), "its IDX header is cut short; copy or download the file again");
  std::vector<long> dimensions(rank);
  for (std::size_t i = 0; i < sizes.size(); ++i) dimensions[i / 4] = dimensions[i / 4] << 8 | sizes[i];
  return dimensions;
}

std::filesystem::path existing(const std::filesystem::path& folder, const std::string& name) {
  for (const auto& candidate : {folder / name, folder / (name + ".gz")})
    if (std::error_code code; std::filesystem::exists(candidate, code)) return candidate;
  fail(folder, "holds no " + name + " or " + name + ".gz; give the folder with MNIST's files");
}

}  // namespace

idx read_idx(const std::filesystem::path& path) {
  input_file in(path);
  detail::plain_bytes bytes(in);
  const auto dimensions = read_dimensions(in, bytes);
  const auto count = detail::element_count(dimensions);
  if (!count || *count > most_values ||
      std::ranges::any_of(dimensions, [](long d) { return d > std::numeric_limits<int>::max(); }))
    fail(path, declared_text(dimensions) + ", more than the 1 GiB that is read; split the file");

  const auto complain = [&](const std::string& found) {
    fail(path, declared_text(dimensions) + ", but " + found + " follow; copy or download the file again");
  };
  if (!bytes.compressed() && in.remaining() && *in.remaining() != *count)
    complain(std::to_string(*in.remaining()));
  idx result{{dimensions.begin(), dimensions.end()}, detail::read_growing(bytes, *count)};
  if (result.values.size() < *count) complain(std::to_string(result.values.size()));
  if (!detail::read_growing(bytes, 1).empty()) complain("more");
  return result;
}

labelled_images read_mnist(const std::filesystem::path& images, const std::filesystem::path& labels) {
  const idx pixels = read_idx(images);
  if (pixels.dimensions.size() != 3 || pixels.values.empty())
    fail(images, "holds " + dimensions_text(pixels) +
                     " bytes, expected images x height x width; give an images-idx3 file");
  const idx classes = read_idx(labels);
  if (classes.dimensions.size() != 1 || classes.dimensions[0] != pixels.dimensions[0])
    fail(labels, "holds " + dimensions_text(classes) + " labels, expected one for each of " +
                     std::to_string(pixels.dimensions[0]) +
                     " images; give the labels-idx1 file of the same set");
  const auto bad = std::ranges::find_if(classes.values, [](std::uint8_t label) { return label > 9; });
  if (bad != classes.values.end())
    fail(labels, "label " + std::to_string(bad - classes.values.begin()) + " is " + std::to_string(*bad) +
                     ", expected 0 to 9; copy or download the file again");

  labelled_images result;
  result.images = tensor({pixels.dimensions[1], pixels.dimensions[2], 1}, pixels.dimensions[0]);
  std::ranges::transform(pixels.values, result.images.values.begin(),
                         [](std::uint8_t value) { return static_cast<float>(value) / 255; });
  result.labels.assign(classes.values.begin(), classes.values.end());
  return result;
}

labelled_images read_mnist(const std::filesystem::path& folder, split part) {
  const std::string prefix = part == split::train ? "train-" : "t10k-";
  const auto images = existing(folder, prefix + "images-idx3-ubyte");
  return read_mnist(images, existing(folder, prefix + "labels-idx1-ubyte"));
}

}  // namespace salient
