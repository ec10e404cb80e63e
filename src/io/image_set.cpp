// SPDX-License-Identifier: MIT
#include "salient/io/image_set.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "io/idx_file.hpp"
#include "io/image_array.hpp"
#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/safetensors_header.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient {
namespace {

using detail::fail;
using detail::number;

/// The bytes of a set's images, one after the other.
struct image_bytes {
  virtual ~image_bytes() = default;
  virtual void skip(std::size_t count) = 0;
  virtual std::vector<std::uint8_t> read(std::size_t count) = 0;
};

struct idx_bytes final : image_bytes {
  explicit idx_bytes(const std::filesystem::path& path)
      : file(path, std::numeric_limits<std::size_t>::max()) {}
  void skip(std::size_t count) override { file.skip(count); }
  std::vector<std::uint8_t> read(std::size_t count) override { return file.read(count); }

  detail::idx_file file;
};

struct safetensors_bytes final : image_bytes {
  explicit safetensors_bytes(const std::filesystem::path& path) : in(path) {
    auto header = detail::read_safetensors_header(in);
    const auto named = std::ranges::find(header.entries, "images", &detail::safetensors_entry::name);
    if (named == header.entries.end() && header.entries.size() != 1)
      fail(path, "has " + std::to_string(header.entries.size()) +
                     " tensors, none of them called images; give the one of the images that name");
    images = named == header.entries.end() ? header.entries[0] : *named;
    if (!images.kind && images.dtype == "U8") images.kind = number::u8;
    if (!images.kind)
      fail(path, "tensor " + detail::in_quotes(images.name) + " has dtype " +
                     detail::in_quotes(images.dtype) +
                     ", expected F32, F64, F16, BF16 or U8; convert images to one of these");
    in.skip(images.begin);
  }
  void skip(std::size_t count) override { in.skip(count); }
  std::vector<std::uint8_t> read(std::size_t count) override {
    auto bytes = in.read_up_to(count);
    if (bytes.size() < count) fail(in.path(), "is cut short; copy or make the file again");
    return bytes;
  }

  input_file in;
  detail::safetensors_entry images;
};

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 1 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/// Bytes 0 0, the type of the values, and the number of dimensions, which is small.
bool is_idx(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 8 && bytes[2] <= 14 &&
         bytes[3] >= 1 && bytes[3] <= 8;
}

/// The length of a header, which begins with a brace.
bool is_safetensors(std::span<const std::uint8_t> bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; bytes.size() > 8 && i < 8; ++i) length |= std::uint64_t{bytes[i]} << 8 * i;
  return length > 0 && length <= detail::longest_safetensors_header && bytes[8] == '{';
}

bool is_safetensors_file(const std::filesystem::path& path) {
  input_file in(path);
  return is_safetensors(in.peek(9));
}

}  // namespace

bool is_image_set(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  try {
    input_file in(file);
    const auto start = in.peek(9);
    return is_gzip(start) || is_idx(start) || is_safetensors(start);
  } catch (const error&) {
    return false;
  }
}

struct image_set::reader {
  explicit reader(const std::filesystem::path& file) : path(file), safetensors(is_safetensors_file(file)) {
    std::vector<long> dimensions = open();
    if (dimensions.size() < 3 || dimensions.size() > 4 ||
        std::ranges::find(dimensions, 0) != dimensions.end())
      fail(path, "holds " + detail::dimensions_text(dimensions) +
                     " values, expected images x height x width, with or without x channels; give a file of "
                     "images");
    count = dimensions[0];
    each.dimensions.assign(dimensions.begin() + 1, dimensions.end());
    each.count = detail::element_count(each.dimensions).value();
    stride = each.count * detail::bytes_of(each.kind);
    if (!safetensors) check_length();
  }

  /// Opens the file at its first image, and returns its dimensions.
  std::vector<long> open() {
    next = 0;
    if (safetensors) {
      auto opened = std::make_unique<safetensors_bytes>(path);
      each.kind = *opened->images.kind;
      each.dtype = opened->images.dtype;
      auto dimensions = opened->images.dimensions;
      bytes = std::move(opened);
      return dimensions;
    }
    auto opened = std::make_unique<idx_bytes>(path);
    each.kind = number::u8;
    each.dtype = "u1";
    auto dimensions = opened->file.dimensions();
    bytes = std::move(opened);
    return dimensions;
  }

  void check_length() {
    detail::idx_file& file = static_cast<idx_bytes&>(*bytes).file;
    if (file.is_whole()) return;  // otherwise only reading all of it can tell
    file.skip(file.count());
    file.expect_end();
    open();
  }

  std::vector<std::uint8_t> read(long wanted) {
    if (damaged && wanted >= damaged_from) throw error(*damaged);
    if (!bytes || wanted < next) open();
    try {
      bytes->skip(static_cast<std::size_t>(wanted - next) * stride);
      auto found = bytes->read(stride);
      next = wanted + 1;
      return found;
    } catch (const error& e) {
      damaged = e.what();  // images behind it would be looked for in vain, each from the beginning
      damaged_from = wanted;
      bytes.reset();
      throw;
    }
  }

  std::filesystem::path path;
  bool safetensors;
  detail::npy_header each;  // of one image
  std::size_t stride = 0;   // bytes of an image
  long count = 0, next = 0;
  std::unique_ptr<image_bytes> bytes;
  std::optional<std::string> damaged;
  long damaged_from = 0;
};

image_set::image_set(const std::filesystem::path& file) : reader_(std::make_unique<reader>(file)) {}
image_set::image_set(image_set&&) noexcept = default;
image_set& image_set::operator=(image_set&&) noexcept = default;
image_set::~image_set() = default;

long image_set::size() const { return reader_->count; }

void image_set::check(shape expected) const { detail::check_array(reader_->path, reader_->each, expected); }

tensor image_set::read(long number, shape expected, const warning_handler& warn) {
  const auto& [path, safetensors, each, stride, count, next, bytes, damaged, from] = *reader_;
  if (number < 0 || number >= count)
    fail(path, "has images 0 to " + std::to_string(count - 1) + ", got " + std::to_string(number) +
                   "; choose one of these");
  detail::check_array(path, each, expected);
  const auto found = reader_->read(number);
  std::vector<float> values(each.count);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = detail::to_float(each.kind, found.data() + i * detail::bytes_of(each.kind));
  const auto bad = std::ranges::find_if_not(values, [](const float& v) { return is_finite(v); });
  if (bad != values.end())
    fail(path, "image " + std::to_string(number) + " is not finite: element " +
                   std::to_string(bad - values.begin()) + " is " + std::to_string(*bad) +
                   "; every value must be a finite float");
  return detail::image_of_values(path, each, std::move(values), expected, warn);
}

}  // namespace salient
