// SPDX-License-Identifier: MIT
#include "salient/explainer/command_line.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>

#include "explainer/launch.hpp"
#include "salient/explainer/guard.hpp"

namespace salient::explainer {

namespace {

/// Wraps the text so that it fits beside the flags on a screen of 100 columns.
std::string wrapped(const std::string& text) {
  constexpr std::size_t width = 62;
  std::istringstream words(text);
  std::string result, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      result += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return result + line;
}

/// CLI11 separates groups by two empty lines; this leaves one.
std::string single_spaced(std::string text) {
  for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n")) text.erase(at, 1);
  return text;
}

/// Checks the range of a number. Text that is no number is left to CLI11's conversion, which reports it.
CLI::Validator within(const limits& in) {
  const auto check = [in](const std::string& text) {
    double value = 0;
    if (!CLI::detail::lexical_cast(text, value) || in.hold(value)) return std::string();
    return "must be " + in.text() + ", got " + text;
  };
  return CLI::Validator(check, "");
}

}  // namespace

struct command_line::parser {
  CLI::App app;
  std::string heading = "Options";

  /// "--steps N" declares the flag "--steps", whose value the help calls "N".
  template <class... Target>
  CLI::Option* add(const std::string& flag, const std::string& help, Target&&... target) {
    const auto space = flag.find(' ');
    return app.add_option(flag.substr(0, space), std::forward<Target>(target)..., wrapped(help))
        ->type_name(flag.substr(space + 1))
        ->group(heading);
  }
};

command_line::command_line(const std::string& program, const std::string& about)
    : program_(program), parser_(new parser{CLI::App(about, program)}) {
  parser_->app.set_help_flag("--help", "Print this and do nothing else")->group("Options");
  parser_->app.get_formatter()->column_width(38);
}
command_line::command_line(command_line&&) noexcept = default;
command_line::~command_line() = default;

void command_line::heading(const std::string& title) { parser_->heading = title; }

void command_line::option(const std::string& flag, const std::string& help, std::string& value) {
  parser_->add(flag, help, value)->capture_default_str();
}

void command_line::option(const std::string& flag, const std::string& help, int& value, const limits& in) {
  parser_->add(flag, help, value)->capture_default_str()->check(within(in));
}

void command_line::option(const std::string& flag, const std::string& help, long& value, const limits& in) {
  parser_->add(flag, help, value)->capture_default_str()->check(within(in));
}

void command_line::option(const std::string& flag, const std::string& help, double& value, const limits& in) {
  parser_->add(flag, help, value)->capture_default_str()->check(within(in));
}

void command_line::option(const std::string& flag, const std::string& help, std::optional<int>& value,
                          const limits& in) {
  parser_->add(flag, help, value)->check(within(in));
}

void command_line::option(const std::string& flag, const std::string& help, std::optional<double>& value,
                          const limits& in) {
  parser_->add(flag, help, value)->check(within(in));
}

void command_line::option(const std::string& flag, const std::string& help,
                          std::function<void(const std::string&)> set) {
  parser_->add(flag, help, CLI::callback_t([set = std::move(set)](const CLI::results_t& values) {
                 set(values.at(0));
                 return true;
               }));
}

void command_line::list(const std::string& flag, const std::string& help, std::vector<std::string>& values) {
  const bool named = flag.starts_with('-');
  parser_
      ->add(named ? flag : flag + " ", help, CLI::callback_t([&values](const CLI::results_t& found) {
              values.insert(values.end(), found.begin(), found.end());
              return true;
            }))
      ->expected(CLI::detail::expected_max_vector_size);
}

void command_line::flag(const std::string& flag, const std::string& help, bool& value) {
  parser_->app.add_flag(flag, value, wrapped(help))->group(parser_->heading)->disable_flag_override();
}

void command_line::choice(const std::string& flag, const std::string& help, std::string& value,
                          const std::vector<std::string>& words) {
  choose(flag, help, words, value, [&value, words](std::size_t chosen) { value = words[chosen]; });
}

void command_line::choose(const std::string& flag, const std::string& help,
                          const std::vector<std::string>& words, const std::string& preset,
                          std::function<void(std::size_t)> set) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : "|") + word;
  const auto check = [=](const std::string& word) {
    const bool known = std::find(words.begin(), words.end(), word) != words.end();
    return known ? std::string() : "'" + word + "' is not one of " + all;
  };
  parser_
      ->add(flag + " " + all, help,
            CLI::callback_t([words, set = std::move(set)](const CLI::results_t& values) {
              set(static_cast<std::size_t>(std::ranges::find(words, values.at(0)) - words.begin()));
              return true;
            }))
      ->check(CLI::Validator(check, ""))
      ->default_str(preset);
}

bool command_line::given(const std::string& flag) const { return parser_->app.count(flag) > 0; }

void command_line::refuse(const std::vector<std::string>& flags, const std::string& why) const {
  for (const std::string& flag : flags)
    if (given(flag)) wrong_usage(flag + " " + why);
}

void command_line::parse(int count, const char* const* arguments) {
  const int failure = guarded(program_, [&] {
    try {
      parser_->app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
      if (launched().rank == 0) std::cout << single_spaced(parser_->app.help());
      std::exit(finish_output(program_));
    } catch (const CLI::ParseError& e) {
      wrong_usage(e.what());
    }
  });
  if (failure != 0) std::exit(failure);
}

void command_line::wrong_usage(const std::string& why) const {
  // Processes that were started together have the same command line.
  if (launched().rank == 0)
    std::cerr << one_line(program_ + ": " + why + "; see " + program_ + " --help") << std::endl;
  let_rank_0_speak();
  std::exit(2);
}

}  // namespace salient::explainer
