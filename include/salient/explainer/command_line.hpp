// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/explainer/limits.hpp"

namespace salient::explainer {

/// The options of a program. An option is declared as the help shows it, "--steps N" or "--no-relu", and
/// fills a variable; the variable's initial value is the default.
class command_line {
 public:
  /// `program` is the name in messages and help; `about` is the first paragraph of the help.
  command_line(const std::string& program, const std::string& about);
  command_line(command_line&&) noexcept;
  ~command_line();

  /// Options declared after this call appear under this heading in the help.
  void heading(const std::string& title);

  void option(const std::string& flag, const std::string& help, std::string& value);
  /// A number. A value outside the limits is wrong usage (exit code 2).
  void option(const std::string& flag, const std::string& help, int& value, const limits& in);
  void option(const std::string& flag, const std::string& help, long& value, const limits& in);
  void option(const std::string& flag, const std::string& help, double& value, const limits& in);
  void option(const std::string& flag, const std::string& help, std::optional<int>& value, const limits& in);
  void option(const std::string& flag, const std::string& help, std::optional<double>& value,
              const limits& in);
  /// Calls `set` with the text. It may throw salient::error for a file that cannot be used.
  void option(const std::string& flag, const std::string& help, std::function<void(const std::string&)> set);
  /// Any number of values, "--image FILE". A flag without dashes, "FILE", names what stands on the command
  /// line without one. Values are appended.
  void list(const std::string& flag, const std::string& help, std::vector<std::string>& values);
  /// `value` becomes true if the flag is given.
  void flag(const std::string& flag, const std::string& help, bool& value);

  /// A choice among a few words, each of which stands for a value.
  template <class Value, class Meaning = Value>
  void choice(const std::string& flag, const std::string& help, Value& value,
              std::initializer_list<std::pair<const char*, Meaning>> meanings) {
    // Every type of value instantiates this, so it is short.
    std::vector<std::string> words;
    std::vector<Value> values;
    std::string preset;
    for (const auto& [word, meaning] : meanings) {
      if (meaning == value) preset = word;
      words.emplace_back(word);
      values.push_back(meaning);
    }
    choose(flag, help, words, preset, [&value, values](std::size_t chosen) { value = values[chosen]; });
  }
  /// A choice among words that stand for themselves.
  void choice(const std::string& flag, const std::string& help, std::string& value,
              const std::vector<std::string>& words);

  /// Whether the flag, written without its value ("--steps"), was on the command line.
  bool given(const std::string& flag) const;
  /// Wrong usage if any of `flags` was given; the message is the flag followed by `why`.
  void refuse(const std::vector<std::string>& flags, const std::string& why) const;

  /// Parses the arguments. --help prints the help and exits with 0. A wrong option or value prints one line
  /// on stderr and exits with 2; a file that cannot be used prints one line and exits with 1.
  void parse(int count, const char* const* arguments);

  /// Prints one line on stderr and exits with 2.
  [[noreturn]] void wrong_usage(const std::string& why) const;

  const std::string& program() const { return program_; }

 private:
  void choose(const std::string& flag, const std::string& help, const std::vector<std::string>& words,
              const std::string& preset, std::function<void(std::size_t)> set);

  struct parser;
  std::string program_;
  std::unique_ptr<parser> parser_;
};

}  // namespace salient::explainer
