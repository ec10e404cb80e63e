// SPDX-License-Identifier: MIT
#include "io/exif.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace salient::detail {
namespace {

/// A TIFF structure, of either byte order. Whatever lies outside of it reads as nothing.
class tiff {
 public:
  explicit tiff(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    if (bytes.size() < 8) return;
    const bool intel = bytes[0] == 'I' && bytes[1] == 'I', motorola = bytes[0] == 'M' && bytes[1] == 'M';
    little_ = intel;
    valid_ = (intel || motorola) && number(2, 2) == 42U;
  }

  bool valid() const { return valid_; }

  std::optional<std::uint32_t> number(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) return {};
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes_[at + (little_ ? count - 1 - i : i)];
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool little_ = false, valid_ = false;
};

constexpr std::uint32_t orientation_tag = 0x0112, type_short = 3;

}  // namespace

int exif_orientation(std::span<const std::uint8_t> segment) {
  constexpr std::string_view start("Exif\0\0", 6);
  if (segment.size() < start.size() || !std::equal(start.begin(), start.end(), segment.begin())) return 1;
  const tiff t(segment.subspan(start.size()));
  const auto folder = t.valid() ? t.number(4, 4) : std::nullopt;
  const auto entries = folder ? t.number(*folder, 2) : std::nullopt;
  if (!entries) return 1;
  for (std::size_t i = 0; i < *entries; ++i) {
    const std::size_t entry = std::size_t{*folder} + 2 + 12 * i;
    const auto tag = t.number(entry, 2);
    if (!tag) return 1;
    if (*tag != orientation_tag) continue;
    const auto value = t.number(entry + 8, 2);
    const bool sound = t.number(entry + 2, 2) == type_short && t.number(entry + 4, 4) == 1U && value;
    return sound && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

picture upright(picture in, int orientation) {
  if (orientation <= 1 || orientation > 8) return in;
  // Orientations 5 to 8 exchange rows and columns; then 3 mirrors both, 2 columns and 4 rows of the source.
  const bool exchanged = turns(orientation);
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  picture out{exchanged ? in.width : in.height, exchanged ? in.height : in.width, in.channels, {}};
  out.bytes.resize(in.bytes.size());
  const auto channels = static_cast<std::size_t>(in.channels);
  std::uint8_t* to = out.bytes.data();
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x, to += channels) {
      const int row = exchanged ? x : y, column = exchanged ? y : x;
      const auto source_y = static_cast<std::size_t>(from_below ? in.height - 1 - row : row);
      const auto source_x = static_cast<std::size_t>(from_right ? in.width - 1 - column : column);
      std::copy_n(&in.bytes[(source_y * static_cast<std::size_t>(in.width) + source_x) * channels], channels,
                  to);
    }
  return out;
}

}  // namespace salient::detail
