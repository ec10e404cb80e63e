// SPDX-License-Identifier: MIT
#include "io/onnx/mapped_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <system_error>

#include <sys/mman.h>
#include <sys/stat.h>

#include "io/message.hpp"

namespace salient::onnx {
namespace {

constexpr std::size_t longest = std::numeric_limits<std::int32_t>::max();  // protobuf's own limit

[[noreturn]] void too_long(const std::filesystem::path& path) {
  detail::fail(path,
               "is longer than the 2 GB that an ONNX file can have; store its weights as external data");
}

/// Nothing if the file cannot be mapped. `errno` says why.
std::span<const std::uint8_t> map(const descriptor& file, std::size_t size) {
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (address == MAP_FAILED) return {};
  return {static_cast<const std::uint8_t*>(address), size};
}

}  // namespace

mapped_file::mapped_file(const std::filesystem::path& path) {
  input_file in(path);
  if (in.remaining() && *in.remaining() > longest) too_long(path);
  const descriptor file(in.remaining() ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1);
  struct stat status{};
  if (file.number() >= 0 && ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) &&
      status.st_size > 0 && static_cast<std::uintmax_t>(status.st_size) <= longest)
    mapped_ = map(file, static_cast<std::size_t>(status.st_size));
  if (mapped_.empty()) read_ = in.read_up_to(longest + 1);
  if (read_.size() > longest) too_long(path);
}

mapped_file::mapped_file(const std::filesystem::path& path, const descriptor& file, std::uintmax_t size) {
  if (size == 0) return;
  errno = EFBIG;
  if (size <= std::numeric_limits<std::size_t>::max()) mapped_ = map(file, static_cast<std::size_t>(size));
  if (mapped_.empty())
    detail::fail(path,
                 "cannot be mapped (" + std::generic_category().message(errno) + "); free memory or copy it");
}

mapped_file::~mapped_file() {
  // munmap takes a pointer to mutable memory, but does not write to it.
  if (!mapped_.empty()) ::munmap(const_cast<std::uint8_t*>(mapped_.data()), mapped_.size());
}

}  // namespace salient::onnx
