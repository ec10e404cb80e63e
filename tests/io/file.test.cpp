// SPDX-License-Identifier: MIT
#include "salient/io/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

#include <sys/stat.h>

#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

namespace fs = std::filesystem;

class file : public in_folder {};

TEST_F(file, reads_what_was_written) {
  write_file(path("a"), text("first"));
  write_file(path("a"), std::string_view("second"));
  EXPECT_EQ(content(path("a")), text("second"));
  EXPECT_EQ(input_file(path("a")).read_up_to(100), text("second"));
  EXPECT_EQ(listing(), words{"a"});
}

TEST_F(file, tells_what_remains_and_looks_ahead) {
  input_file in(save("a", text("abcdef")));
  EXPECT_EQ(in.remaining(), 6U);
  EXPECT_EQ(bytes(in.peek(2).begin(), in.peek(2).end()), text("ab"));
  EXPECT_EQ(in.peek(100).size(), 6U);
  EXPECT_EQ(in.remaining(), 6U);
  EXPECT_EQ(in.read_up_to(4), text("abcd"));
  EXPECT_EQ(in.remaining(), 2U);
  EXPECT_EQ(in.read_up_to(4), text("ef"));
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_TRUE(in.peek(1).empty());
}

TEST_F(file, may_grow_while_it_is_read) {
  input_file in(save("a", text("abc")));
  std::ofstream(path("a"), std::ios::app) << "def";
  EXPECT_EQ(in.remaining(), 3U);
  EXPECT_EQ(in.read_up_to(100), text("abcdef"));
  EXPECT_EQ(in.remaining(), 0U);
}

TEST_F(file, tells_its_last_bytes_and_consumes_none) {
  input_file in(save("a", text("abcdef")));
  EXPECT_EQ(in.last(2), text("ef"));
  EXPECT_EQ(in.last(6), text("abcdef"));
  EXPECT_TRUE(in.last(7).empty());
  EXPECT_EQ(in.read_up_to(10), text("abcdef"));
  EXPECT_EQ(in.last(2), text("ef"));
  EXPECT_TRUE(input_file("/dev/zero").last(1).empty());
}

TEST_F(file, without_a_commit_the_old_file_stays_and_nothing_else) {
  save("a", text("old"));
  {
    output_file out(path("a"));
    out.write(text("new"));
    EXPECT_EQ(listing().size(), 2U);
  }
  EXPECT_EQ(content(path("a")), text("old"));
  EXPECT_EQ(listing(), words{"a"});
}

TEST_F(file, two_writers_of_one_target_do_not_mix) {
  output_file first(path("a"));
  output_file second(path("a"));
  first.write(text("1"));
  second.write(text("22"));
  second.commit();
  first.commit();
  EXPECT_EQ(content(path("a")), text("1"));
  EXPECT_EQ(listing(), words{"a"});
}

TEST_F(file, any_name_that_the_file_system_takes_can_be_written) {
  const long longest = ::pathconf(path("").c_str(), _PC_NAME_MAX);
  ASSERT_GT(longest, 14);
  for (const long length : {1L, 14L, 15L, longest - 13, longest - 1, longest}) {
    const std::string name(static_cast<std::size_t>(length), 'n');
    const auto temporary = [&] {
      for (const std::string& other : listing())
        if (other != name) return other;
      return std::string();
    };
    output_file out(path(name));
    EXPECT_LE(temporary().size(), static_cast<std::size_t>(std::max(length, 14L)));
    EXPECT_TRUE(temporary().starts_with(".tmp-")) << temporary();
    out.write(text("new"));
    out.commit();
    EXPECT_EQ(content(path(name)), text("new"));
    EXPECT_EQ(listing(), words{name});
    fs::remove(path(name));
  }
}

TEST_F(file, a_name_too_long_is_refused_before_anything_is_written) {
  const auto longest = static_cast<std::size_t>(::pathconf(path("").c_str(), _PC_NAME_MAX));
  const auto target = path(std::string(longest + 1, 'n'));
  expect_error(target, {"cannot be written"}, [&] { output_file out(target); });
  EXPECT_TRUE(listing().empty());
}

TEST_F(file, many_writers_have_a_temporary_file_each) {
  std::vector<std::unique_ptr<output_file>> writers;
  for (int i = 0; i < 100; ++i) {
    writers.push_back(std::make_unique<output_file>(path("a")));
    writers.back()->write(text(std::to_string(i)));
  }
  EXPECT_EQ(listing().size(), writers.size());
  for (const auto& writer : writers) writer->commit();
  EXPECT_EQ(content(path("a")), text("99"));
  EXPECT_EQ(listing(), words{"a"});
}

TEST_F(file, keeps_the_permissions_of_the_file_it_replaces) {
  save("a", text("old"));
  fs::permissions(path("a"), fs::perms::owner_read | fs::perms::owner_write);
  write_file(path("a"), text("new"));
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(file, writes_behind_a_symbolic_link) {
  fs::create_directory(path("folder"));
  fs::create_symlink("folder/a", path("link"));
  write_file(path("link"), text("new"));  // a dangling link, so far
  write_file(path("link"), text("newer"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("folder/a")), text("newer"));
  EXPECT_EQ(listing(), (words{"folder", "link"}));
}

TEST_F(file, writes_straight_into_a_pipe) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  bytes received;
  std::thread reader([&] { received = input_file(path("pipe")).read_up_to(1 << 20); });
  const bytes sent(200'000, 7);
  write_file(path("pipe"), sent);
  reader.join();
  EXPECT_EQ(received, sent);
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
  EXPECT_EQ(listing(), words{"pipe"});
}

TEST_F(file, that_it_can_be_written_is_checked_without_a_trace) {
  save("old", text("old"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  fs::create_symlink("new", path("link"));
  const auto before = listing();
  // Opening a pipe without a reader would block.
  for (const auto& at : {path("old"), path("new"), path("link"), path("pipe"), fs::path("/dev/null")})
    check_writable(at);
  EXPECT_EQ(listing(), before);
  EXPECT_EQ(content(path("old")), text("old"));
}

TEST_F(file, writes_straight_into_an_open_file_of_proc) {
  const auto target = save("a", text("old "));
  descriptor open_file(::open(target.c_str(), O_WRONLY));
  ASSERT_GE(open_file.number(), 0);
  const auto inode = [&] {
    struct stat status{};
    EXPECT_EQ(::stat(target.c_str(), &status), 0);
    return status.st_ino;
  };
  const auto before = inode();
  write_file("/proc/self/fd/" + std::to_string(open_file.number()), text("new"));
  EXPECT_EQ(inode(), before);
  EXPECT_EQ(content(target), text("old new"));
}

TEST_F(file, memory_follows_what_arrives) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { write_file(path("pipe"), text("little")); });
  bytes received;
  EXPECT_LT(allocated_by([&] { received = input_file(path("pipe")).read_up_to(std::size_t{1} << 50); }),
            1U << 18);
  writer.join();
  EXPECT_EQ(received, text("little"));
  EXPECT_EQ(input_file("/dev/zero").read_up_to(1'000'000), bytes(1'000'000));
}

TEST_F(file, reading_says_what_is_wrong) {
  save("plain", text("x"));
  const std::vector<std::pair<fs::path, words>> cases = {
      {path("absent"), {"no such file"}},
      {path("plain") / "below", {"no such file"}},
      {path("."), {"is a folder"}},
      {path(std::string(300, 'n')), {"cannot be read"}},
  };
  for (const auto& [at, expected] : cases) expect_error(at, expected, [&] { input_file in(at); });
  const fs::path memory = "/proc/self/mem";  // can be opened, but reading from its start fails
  expect_error(memory, {"cannot be read"}, [&] {
    input_file in(memory);
    in.read_up_to(1);
  });
  EXPECT_NE(message_of([] { input_file in(""); })->find("no file name"), std::string::npos);
}

TEST_F(file, writing_says_what_is_wrong) {
  save("plain", text("x"));
  fs::create_symlink("loop", path("loop"));
  const std::vector<std::pair<fs::path, words>> cases = {
      {path("absent") / "a", {"no folder", "absent", "create it"}},
      {path("plain") / "a", {"no folder", "plain"}},
      {path("."), {"is a folder"}},
      {path(""), {"is a folder"}},
      {path(std::string(300, 'n')), {"cannot be written"}},
      {path("loop"), {"cannot be written"}},
      {"/dev/full", {"no space is left", "free some"}},
  };
  for (const auto& [at, expected] : cases) {
    expect_error(at, expected, [&] { write_file(at, text("new")); });
    if (at != "/dev/full") expect_error(at, expected, [&] { check_writable(at); });
  }
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  EXPECT_EQ(listing(), (words{"loop", "plain"}));
  EXPECT_EQ(content(path("plain")), text("x"));
}

/// Root may access everything, so a test of permissions switches to an unprivileged user.
class as_ordinary_user {
 public:
  as_ordinary_user() : stepped_down_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  ~as_ordinary_user() {
    const bool back = !stepped_down_ || ::seteuid(0) == 0;
    EXPECT_TRUE(back);
  }

 private:
  bool stepped_down_;
};

TEST_F(file, permissions_are_respected) {
  save("a", text("old"));
  fs::permissions(path("a"), fs::perms::none);
  fs::create_directory(path("folder"));
  const auto enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  fs::permissions(path("folder"), fs::perms::owner_read | enter);
  // Anyone may create and replace files in this folder; only the file's own permissions forbid writing.
  fs::permissions(path(""), fs::perms::owner_all | enter);
  fs::create_directory(path("open"));
  fs::permissions(path("open"), fs::perms::all);
  save("open/read_only", text("old"));
  fs::permissions(path("open/read_only"),
                  fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  {
    const as_ordinary_user user;
    if (::geteuid() == 0) GTEST_SKIP() << "this system has no other user to step down to";
    expect_error(path("a"), {"permission to read"}, [&] { input_file in(path("a")); });
    expect_error(path("a"), {"permission to write"}, [&] { write_file(path("a"), text("new")); });
    expect_error(path("folder/a"), {"permission to write"},
                 [&] { write_file(path("folder/a"), text("new")); });
    expect_error(path("open/read_only"), {"permission to write"},
                 [&] { write_file(path("open/read_only"), text("new")); });
    for (const auto& at : {path("a"), path("folder/a"), path("open/read_only")})
      expect_error(at, {"permission to write"}, [&] { check_writable(at); });
    check_writable(path("open/other"));
    write_file(path("open/other"), text("new"));
  }
  EXPECT_EQ(content(path("open/read_only")), text("old"));
  EXPECT_EQ(content(path("open/other")), text("new"));
  EXPECT_EQ(listing(), (words{"a", "folder", "open"}));
  EXPECT_EQ(fs::file_size(path("a")), 3U);
}

TEST_F(file, a_strange_name_still_makes_one_line) {
  const auto message = message_of([&] { input_file in(path("two\nlines\x1b\x7f")); });
  ASSERT_TRUE(message);
  EXPECT_NE(message->find("two\\x0alines\\x1b\\x7f: "), std::string::npos) << *message;
}

}  // namespace
}  // namespace salient::test
