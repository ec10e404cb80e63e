// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/limits.hpp"

namespace apps {

/// The options of a program. Each is declared as its help shows it, "--steps N" or "--no-relu", and fills a
/// variable whose value until then is the default.
class command_line {
 public:
  /// The parser for `program`; `about` opens the help.
  command_line(const std::string& program, const std::string& about);
  command_line(command_line&&) noexcept;
  ~command_line();

  /// Options declared from here on stand under this heading in the help.
  void heading(const std::string& title);

  void option(const std::string& flag, const std::string& help, std::string& value);
  /// Numbers; one outside the limits is wrong usage.
  void option(const std::string& flag, const std::string& help, int& value, const limits& in);
  void option(const std::string& flag, const std::string& help, long& value, const limits& in);
  void option(const std::string& flag, const std::string& help, double& value, const limits& in);
  void option(const std::string& flag, const std::string& help, std::optional<int>& value, const limits& in);
  void option(const std::string& flag, const std::string& help, std::optional<double>& value,
              const limits& in);
  /// `set` may throw salient::error for a file that is no good.
  void option(const std::string& flag, const std::string& help, std::function<void(const std::string&)> set);
  /// True once the flag is given.
  void flag(const std::string& flag, const std::string& help, bool& value);

  /// One of a few words, each of which stands for a value.
  template <class Value>
  void choice(const std::string& flag, const std::string& help, Value& value,
              const std::vector<std::pair<std::string, Value>>& meanings) {
    std::vector<std::string> words;
    std::string preset;
    for (const auto& [word, meaning] : meanings) {
      words.push_back(word);
      if (meaning == value) preset = word;
    }
    choose(flag, help, words, preset, [&value, meanings](const std::string& chosen) {
      for (const auto& [word, meaning] : meanings)
        if (word == chosen) value = meaning;
    });
  }

  /// Was it on the command line? `flag` without its value: "--steps".
  bool given(const std::string& flag) const;
  /// Wrong usage, because `why`, if the first flag that is given is not one of those that make sense here.
  void refuse(const std::vector<std::string>& flags, const std::string& why) const;

  /// Reads the arguments. For --help it prints and exits with 0. An option or a value that is wrong is one
  /// line on stderr and exit code 2, a file that is no good is one line and exit code 1.
  void parse(int count, const char* const* arguments);

  /// One line on stderr, exit code 2.
  [[noreturn]] void wrong_usage(const std::string& why) const;

  const std::string& program() const { return program_; }

 private:
  void choose(const std::string& flag, const std::string& help, const std::vector<std::string>& words,
              const std::string& preset, std::function<void(const std::string&)> set);

  struct parser;
  std::string program_;
  std::unique_ptr<parser> parser_;
};

}  // namespace apps
