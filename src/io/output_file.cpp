// SPDX-License-Identifier: MIT
#include <atomic>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <system_error>
#include <unistd.h>

#include <sys/stat.h>

#include "io/message.hpp"
#include "salient/io/file.hpp"

namespace salient {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_writing(const fs::path& target, int code) {
  const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      detail::fail(target, "there is no folder " + detail::in_quotes(parent.string()) +
                               "; create it or choose another output");
    case EACCES:
    case EPERM:
      detail::fail(target, "permission to write it is denied; choose another output");
    case EROFS:
      detail::fail(target, "the file system is read-only; choose another output");
    case ENOSPC:
    case EDQUOT:
      detail::fail(target, "no space is left on the device; free some or choose another output");
    case EISDIR:
      detail::fail(target, "is a folder, expected the name of a file; add a file name");
    default:
      detail::fail(
          target, "cannot be written (" + std::generic_category().message(code) + "); choose another output");
  }
}

/// Resolves a chain of symbolic links, except links in /proc: they stand for open files, such as the one
/// behind /dev/stdout, which a rename would not reach.
fs::path resolve(const fs::path& target) {
  fs::path at = target;
  std::error_code code;
  for (int hop = 0; hop < 40; ++hop) {
    const fs::path folder = fs::canonical(at.has_parent_path() ? at.parent_path() : fs::path("."), code);
    if (code) fail_writing(target, code.value());
    at = folder / at.filename();
    if (at.native().starts_with("/proc/") || !fs::is_symlink(at, code)) return at;
    const fs::path next = fs::read_symlink(at, code);
    if (code) fail_writing(target, code.value());
    at = folder / next;
  }
  fail_writing(target, ELOOP);
}

/// Appends the lowest `digits` digits of `value` in base 36, without leading zeros.
void append(std::string& text, unsigned long value, int digits) {
  constexpr unsigned base = 36;
  unsigned long limit = 1;
  for (int i = 0; i < digits; ++i) limit *= base;
  char buffer[16];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value % limit, base).ptr;
  text.append(buffer, end);
}

/// A name that another writer is unlikely to choose, of at most 14 bytes, which POSIX requires every file
/// system to accept. It does not contain the target's name, which may have the maximum length.
std::string temporary_name() {
  static constinit std::atomic<unsigned long> serial{0};
  std::string name = ".tmp-";
  append(name, static_cast<unsigned long>(::getpid()), 5);
  append(name, serial++, 4);
  return name;
}

/// Where the bytes for a target are written.
struct destination {
  fs::path file;               // after resolving symbolic links
  bool direct = false;         // a device, pipe or open file, which a rename cannot replace
  std::optional<mode_t> mode;  // of the existing file
};

/// Throws salient::error if the target is not writable.
destination find(const fs::path& target) {
  if (!target.has_filename()) fail_writing(target, EISDIR);
  destination found{resolve(target), false, {}};
  struct stat status{};
  if (::stat(found.file.c_str(), &status) != 0) {
    if (errno != ENOENT) fail_writing(target, errno);
    return found;
  }
  if (S_ISDIR(status.st_mode)) fail_writing(target, EISDIR);
  // A rename needs no permission on the file that it replaces, so check explicitly.
  if (::faccessat(AT_FDCWD, found.file.c_str(), W_OK, AT_EACCESS) != 0) fail_writing(target, errno);
  found.mode = status.st_mode;
  found.direct = !S_ISREG(status.st_mode) || found.file.native().starts_with("/proc/");
  return found;
}

}  // namespace

output_file::output_file(fs::path target) : target_(std::move(target)) {
  const destination found = find(target_);
  resolved_ = found.file;
  if (found.direct) {
    file_ = descriptor(::open(resolved_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (file_.number() < 0) fail_writing(target_, errno);
    return;
  }
  do {
    temporary_ = resolved_;
    temporary_.replace_filename(temporary_name());
    file_ = descriptor(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  } while (file_.number() < 0 && errno == EEXIST);
  if (file_.number() < 0) fail_writing(target_, errno);
  if (found.mode) static_cast<void>(::fchmod(file_.number(), *found.mode & 07777));
}

output_file::~output_file() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void output_file::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_.number(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_writing(target_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void output_file::commit() {
  if (!file_.close()) fail_writing(target_, errno);
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), resolved_.c_str()) != 0) fail_writing(target_, errno);
  temporary_.clear();
}

void sync_to_disk(const fs::path& path) {
  descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) fail_writing(path, errno);
  while (::fsync(file.number()) != 0) {
    if (errno == EINVAL) return;  // a file system that does not keep folders this way
    if (errno != EINTR) fail_writing(path, errno);
  }
}

void check_writable(const fs::path& target) {
  if (!find(target).direct) const output_file trial(target);
}

void write_file(const fs::path& target, std::span<const std::uint8_t> bytes) {
  output_file out(target);
  out.write(bytes);
  out.commit();
}

void write_file(const fs::path& target, std::string_view text) {
  write_file(target, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace salient
