// SPDX-License-Identifier: MIT
// label: unsanitized

// Every call that writes a file fails in turn, and every read and write transfers less than requested.

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/syscall.h>

#include "faults/folder.hpp"
#include "laws/random_model.hpp"
#include "salient/io/file.hpp"
#include "salient/salient.hpp"

namespace {

long until_failure = -1;
int reason = ENOSPC;
bool only_half = false;  // a failing write first transfers half and reports that
// A write transfers at most half, a read one byte, and every third call fails with EINTR.
bool interrupted = false;
long calls = 0;

bool fails() {
  if (until_failure < 0 || until_failure-- > 0) return false;
  errno = reason;
  return true;
}

}  // namespace

// Replacements of the system calls that write files.
extern "C" {
int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  if ((flags & O_ACCMODE) != O_RDONLY && fails()) return -1;
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
ssize_t read(int file, void* bytes, size_t count) {
  if (interrupted && ++calls % 3 == 0) {
    errno = EINTR;
    return -1;
  }
  return syscall(SYS_read, file, bytes, interrupted ? std::min(count, size_t{1}) : count);
}
ssize_t write(int file, const void* bytes, size_t count) {
  if (interrupted && ++calls % 3 == 0) {
    errno = EINTR;
    return -1;
  }
  if (interrupted && count > 1) return syscall(SYS_write, file, bytes, count / 2);
  if (until_failure == 0 && only_half && count > 1) {
    only_half = false;
    return syscall(SYS_write, file, bytes, count / 2);
  }
  if (fails()) return -1;
  return syscall(SYS_write, file, bytes, count);
}
int close(int file) {
  const int result = static_cast<int>(syscall(SYS_close, file));
  return fails() ? -1 : result;
}
int fsync(int file) {
  if (interrupted && ++calls % 3 == 0) {
    errno = EINTR;
    return -1;
  }
  if (fails()) return -1;
  return static_cast<int>(syscall(SYS_fsync, file));
}
int rename(const char* from, const char* to) noexcept {
  if (fails()) return -1;
  return static_cast<int>(syscall(SYS_rename, from, to));
}
}

namespace salient {
namespace {

struct format {
  std::string name;
  void (*write)(const std::filesystem::path&);
};

/// The name that CTest shows.
std::ostream& operator<<(std::ostream& out, const format& f) { return out << f.name; }

const std::pair<int, std::string> reasons[] = {
    {ENOSPC, "no space"}, {EDQUOT, "no space"}, {EIO, "Input/output error"}, {EROFS, "read-only"}};

struct disk : ::testing::TestWithParam<format> {};

TEST_P(disk, leaves_the_earlier_file_or_none) {
  const faults::folder here;
  for (const bool earlier : {false, true})
    for (const auto& [code, words] : reasons)
      for (const bool half : {false, true}) {
        long k = 0;
        for (;; ++k) {
          ASSERT_LT(k, 100);
          SCOPED_TRACE("call " + std::to_string(k) + ", code " + std::to_string(code));
          const auto target = here / "target";
          std::filesystem::remove(target);
          if (earlier) write_file(target, std::string_view("as it was"));
          until_failure = k;
          reason = code;
          only_half = half;
          std::string said;
          bool refused = false;
          try {
            GetParam().write(target);
          } catch (const error& e) {
            refused = true;
            said = e.what();
          }
          const bool met = until_failure < 0;
          until_failure = -1;
          if (!met) break;
          ASSERT_TRUE(refused);
          EXPECT_NE(said.find("target"), std::string::npos) << said;
          EXPECT_NE(said.find(words), std::string::npos) << said;
          EXPECT_EQ(here.names(), earlier ? std::vector<std::string>{"target"} : std::vector<std::string>{});
          if (earlier) {
            EXPECT_EQ(faults::content(target), "as it was");
          }
        }
        EXPECT_GE(k, 4) << "open, write, close and rename";
      }
}

TEST_P(disk, writes_all_however_little_the_system_takes_at_a_time) {
  const faults::folder here;
  GetParam().write(here / "straight");
  interrupted = true;
  calls = 0;
  GetParam().write(here / "in pieces");
  interrupted = false;
  EXPECT_GT(calls, 3);
  EXPECT_EQ(faults::content(here / "in pieces"), faults::content(here / "straight"));
}

TEST_P(disk, reads_all_however_little_the_system_gives_at_a_time) {
  const faults::folder here;
  GetParam().write(here / "file");
  const auto read = [&] { return input_file(here / "file").read_up_to(1 << 20); };
  const auto whole = read();
  interrupted = true;
  calls = 0;
  const auto in_pieces = read();
  interrupted = false;
  EXPECT_GT(calls, 3);
  EXPECT_EQ(in_pieces, whole);
}

TEST(disk_sync, says_what_fails) {
  const faults::folder here;
  write_file(here / "target", std::string_view("text"));
  for (const auto& [code, words] : reasons) {
    until_failure = 0;
    reason = code;
    std::string said;
    try {
      sync_to_disk(here / "target");
    } catch (const error& e) {
      said = e.what();
    }
    until_failure = -1;
    EXPECT_NE(said.find("target"), std::string::npos) << said;
    EXPECT_NE(said.find(words), std::string::npos) << said;
  }
  until_failure = 0;
  reason = EINVAL;  // of a file system that does not sync folders
  EXPECT_NO_THROW(sync_to_disk(here / ""));
  until_failure = -1;
  interrupted = true;
  calls = 2;
  EXPECT_NO_THROW(sync_to_disk(here / "target"));
  interrupted = false;
  EXPECT_GE(calls, 4) << "interrupted, and then done";
}

const format formats[] = {
    {"text", [](const std::filesystem::path& path) { write_file(path, std::string_view("new")); }},
    {"npy", [](const std::filesystem::path& path) { write_npy(path, std::vector<float>(6, 1.0F), {3, 2}); }},
    {"png", [](const std::filesystem::path& path) { write_png(path, show(laws::random_images({6, 5, 3}))); }},
    {"safetensors",
     [](const std::filesystem::path& path) {
       write_safetensors(path, laws::random_weights<network<input<3, 3>, conv2d<2, 2>, flatten, dense<2>>>());
     }},
};
INSTANTIATE_TEST_SUITE_P(formats, disk, ::testing::ValuesIn(formats));

}  // namespace
}  // namespace salient
