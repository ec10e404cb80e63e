// SPDX-License-Identifier: MIT
#include "salient/io/idx.hpp"

#include <algorithm>
#include <limits>

#include "io/grow.hpp"
#include "io/idx_file.hpp"
#include "io/message.hpp"
#include "io/numbers.hpp"

namespace salient {
namespace detail {

idx_file::idx_file(const std::filesystem::path& path, std::size_t most)
    : in_(path), bytes_(in_), dimensions_(read_dimensions()) {
  const auto count = element_count(dimensions_);
  if (!count || *count > most ||
      std::ranges::any_of(dimensions_, [](long d) { return d > std::numeric_limits<int>::max(); }))
    fail(path, declared_text() + ", more than the 1 GiB that is read; split the file");
  count_ = *count;
  if (!bytes_.compressed() && in_.remaining() && *in_.remaining() != count_)
    complain(std::to_string(*in_.remaining()));
}

/// Header: bytes 0 0, the type, the number of dimensions; then each dimension as a big-endian 32-bit number.
std::vector<long> idx_file::read_dimensions() {
  const auto magic = read_growing(bytes_, 4);
  if (magic.size() < 4 || magic[0] != 0 || magic[1] != 0)
    fail(in_.path(), "is not an IDX file (raw or gzip); give one of MNIST's files");
  if (magic[2] != 0x08)
    fail(in_.path(), "holds IDX elements of type " + std::to_string(magic[2]) +
                         ", expected 8 (unsigned byte); convert it to bytes");
  const std::size_t rank = magic[3];
  const auto sizes = read_growing(bytes_, 4 * rank);
  if (rank == 0 || sizes.size() < 4 * rank)
    fail(in_.path(), "its IDX header is cut short; copy or download the file again");
  std::vector<long> dimensions(rank);
  for (std::size_t i = 0; i < sizes.size(); ++i) dimensions[i / 4] = dimensions[i / 4] << 8 | sizes[i];
  return dimensions;
}

std::string idx_file::declared_text() const {
  return "its header declares " + dimensions_text(dimensions_) + " bytes";
}

void idx_file::complain(const std::string& found) const {
  fail(in_.path(), declared_text() + ", but " + found + " follow; copy or download the file again");
}

bool idx_file::is_whole() const {
  if (!bytes_.compressed()) return in_.remaining().has_value();
  const auto size = in_.last(4);
  std::uint32_t plain = 0;
  for (std::size_t i = 0; i < size.size(); ++i) plain |= std::uint32_t{size[i]} << 8 * i;
  return size.size() == 4 && plain == 4 + 4 * dimensions_.size() + count_;
}

std::vector<std::uint8_t> idx_file::read(std::size_t count) {
  auto values = read_growing(bytes_, count);
  done_ += values.size();
  if (values.size() < count) complain(std::to_string(done_));
  return values;
}

void idx_file::skip(std::size_t count) {
  if (!bytes_.compressed() && in_.remaining() && *in_.remaining() >= count) {
    in_.skip(count);
    done_ += count;
    return;
  }
  std::vector<std::uint8_t> unused(std::min(count, std::size_t{1} << 16));
  while (count > 0) {
    const auto part = std::span(unused).first(std::min(count, unused.size()));
    const std::size_t got = bytes_.read(part);
    done_ += got;
    if (got < part.size()) complain(std::to_string(done_));
    count -= got;
  }
}

void idx_file::expect_end() {
  if (!read_growing(bytes_, 1).empty()) complain("more");
}

}  // namespace detail

idx read_idx(const std::filesystem::path& path) {
  detail::idx_file file(path);
  idx result{{file.dimensions().begin(), file.dimensions().end()}, file.read(file.count())};
  file.expect_end();
  return result;
}

}  // namespace salient
