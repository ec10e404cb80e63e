// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient::test {

using bytes = std::vector<std::uint8_t>;
using words = std::vector<std::string>;

inline bytes operator+(bytes left, const bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

/// The lowest `count` bytes of `value`, least significant first.
inline bytes little_endian(std::uint64_t value, int count) {
  bytes result;
  for (int i = 0; i < count; ++i) result.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  return result;
}

inline bytes big_endian(std::uint64_t value, int count) {
  bytes result = little_endian(value, count);
  std::ranges::reverse(result);
  return result;
}

template <class T>
bytes raw(std::initializer_list<T> values) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(values.begin());
  return {first, first + values.size() * sizeof(T)};
}

/// A test with its own folder.
class in_folder : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto& info = *::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("salient.") + info.test_suite_name() + "." + info.name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  std::filesystem::path save(const std::string& name, const bytes& content) const {
    std::filesystem::remove(path(name));  // some file systems are slow to truncate
    std::ofstream out(path(name), std::ios::binary);
    out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    EXPECT_TRUE(out.good());
    return path(name);
  }

  std::vector<std::string> listing() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

 private:
  std::filesystem::path folder_;
};

inline bytes content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <class Action>
std::optional<std::string> message_of(Action action) {
  try {
    action();
    return {};
  } catch (const error& e) {
    return e.what();
  }
}

/// The law of all errors: one line that starts with the file, contains the words, and ends with a remedy.
template <class Action>
void expect_error(const std::filesystem::path& path, const words& expected, Action action) {
  const auto message = message_of(action);
  ASSERT_TRUE(message) << "no error, expected one with \"" << expected.front() << '"';
  EXPECT_TRUE(message->starts_with(path.string() + ": ")) << *message;
  EXPECT_EQ(message->find('\n'), std::string::npos) << *message;
  EXPECT_NE(message->find("; "), std::string::npos) << *message;
  for (const auto& word : expected)
    EXPECT_NE(message->find(word), std::string::npos) << *message << " | " << word;
}

/// A law of all readers: every proper prefix of a valid file is rejected.
template <class Save, class Read>
void every_prefix_throws(const bytes& sound, Save save, Read read) {
  for (std::size_t length = 0; length < sound.size(); ++length) {
    const auto path = save(bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_TRUE(message_of([&] { read(path); })) << "a prefix of " << length << " bytes was read";
  }
}

/// A law of all readers: a damaged file throws salient::error or gives finite values, which `read` returns.
template <class Save, class Read>
void every_flip_is_survived(const bytes& sound, Save save, Read read) {
  for (std::size_t at = 0; at < sound.size(); ++at)
    for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      bytes damaged = sound;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ mask);
      const auto path = save(damaged);
      const auto message = message_of([&] {
        for (const auto value : read(path))
          ASSERT_TRUE(std::isfinite(static_cast<double>(value))) << "byte " << at << " mask " << mask;
      });
      if (message) {
        EXPECT_TRUE(message->starts_with(path.string() + ": ")) << *message;
      }
    }
}

}  // namespace salient::test
