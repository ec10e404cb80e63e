// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <sys/stat.h>

#include "io/grow.hpp"
#include "io/message.hpp"
#include "salient/io/file.hpp"

namespace salient {
namespace {

[[noreturn]] void fail_reading(const std::filesystem::path& path, int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      detail::fail(path, "there is no such file; check the path");
    case EACCES:
    case EPERM:
      detail::fail(path, "permission to read it is denied; make the file readable");
    case EISDIR:
      detail::fail(path, "is a folder, expected a file; name a file in it");
    default:
      detail::fail(path, "cannot be read (" + std::generic_category().message(code) + "); check the path");
  }
}

}  // namespace

descriptor::~descriptor() { close(); }

bool descriptor::close() {
  if (number_ < 0) return true;
  return ::close(std::exchange(number_, -1)) == 0;
}

input_file::input_file(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status{};
  if (file_.number() < 0 || ::fstat(file_.number(), &status) != 0) fail_reading(path_, errno);
  if (S_ISDIR(status.st_mode)) fail_reading(path_, EISDIR);
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uintmax_t>(status.st_size);
}

std::optional<std::uintmax_t> input_file::remaining() const {
  if (!size_) return {};
  return *size_ - std::min(*size_, consumed_);
}

std::size_t input_file::read(std::span<std::uint8_t> to) {
  std::size_t got = std::min(to.size(), ahead_.size());
  std::copy_n(ahead_.begin(), got, to.begin());
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(got));
  while (got < to.size()) {
    const ssize_t n = ::read(file_.number(), to.data() + got, to.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_reading(path_, errno);
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  consumed_ += got;
  return got;
}

void input_file::skip(std::uintmax_t count) {
  if (size_) {
    count = std::min(count, *remaining());
    const std::uintmax_t known = std::min<std::uintmax_t>(count, ahead_.size());
    ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(known));
    if (count > known && ::lseek(file_.number(), static_cast<off_t>(count - known), SEEK_CUR) < 0)
      fail_reading(path_, errno);
    consumed_ += count;
    return;
  }
  std::vector<std::uint8_t> unused(std::min<std::uintmax_t>(count, 1 << 16));
  while (count > 0) {
    const std::size_t got = read(std::span(unused).first(std::min<std::uintmax_t>(count, unused.size())));
    if (got == 0) break;
    count -= got;
  }
}

std::vector<std::uint8_t> input_file::read_up_to(std::size_t limit) {
  return detail::read_growing(*this, limit);
}

std::vector<std::uint8_t> input_file::last(std::size_t count) const {
  if (!size_ || *size_ < count) return {};
  std::vector<std::uint8_t> bytes(count);
  const ssize_t n =
      ::pread(file_.number(), bytes.data(), count, static_cast<off_t>(*size_) - static_cast<off_t>(count));
  if (n < 0) fail_reading(path_, errno);
  bytes.resize(static_cast<std::size_t>(n));  // fewer if the file has shrunk meanwhile
  return bytes;
}

std::span<const std::uint8_t> input_file::peek(std::size_t count) {
  if (ahead_.size() < count) {
    std::vector<std::uint8_t> wanted(count);
    const std::size_t got = read(wanted);
    consumed_ -= got;
    wanted.resize(got);
    ahead_ = std::move(wanted);
  }
  return std::span(ahead_).first(std::min(count, ahead_.size()));
}

}  // namespace salient
