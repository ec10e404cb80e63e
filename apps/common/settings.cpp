// SPDX-License-Identifier: MIT
#include "common/settings.hpp"

#include <charconv>
#include <filesystem>
#include <limits>

#include "networks.hpp"
#include "paths.hpp"
#include "salient/core/error.hpp"
#include "salient/io/file.hpp"

namespace apps {

namespace {

constexpr std::size_t most_digits = 100;  // memory grows with the number, and nobody reads a longer sheet

bool same_file(const std::string& one, const std::string& other) {
  namespace fs = std::filesystem;
  if (one.empty() || other.empty()) return false;
  std::error_code ignored;
  if (fs::is_character_file(one, ignored)) return false;  // such as /dev/null and /dev/stdout
  return fs::equivalent(one, other, ignored) ||
         fs::absolute(one).lexically_normal() == fs::absolute(other).lexically_normal();
}

/// Parses "0,3,5" as {0, 3, 5}; empty if `text` is not a comma-separated list of non-negative numbers. A
/// number too large for a long becomes the largest long, which every range check rejects.
std::vector<long> digit_list(const std::string& text) {
  std::vector<long> digits;
  for (const char* at = text.c_str();; ++at) {
    long value = 0;
    const char* const end = text.c_str() + text.size();
    if (at == end || *at == '-') return {};
    const auto [rest, failure] = std::from_chars(at, end, value);
    if (failure == std::errc::invalid_argument || (rest != end && *rest != ',')) return {};
    digits.push_back(failure == std::errc() ? value : std::numeric_limits<long>::max());
    if (rest == end) return digits;
    at = rest;
  }
}

}  // namespace

void add_digits_option(command_line& line, const std::string& meaning, std::vector<long>& digits) {
  line.option("--digits N[,N...]", "Which of the 10,000 test digits, from 0" + meaning,
              [&line, &digits](const std::string& text) {
                digits = digit_list(text);
                if (digits.empty())
                  line.wrong_usage("--digits '" + text + "' is not a list of digits such as 7 or 0,3,5");
                if (digits.size() > most_digits)
                  line.wrong_usage("--digits names " + std::to_string(digits.size()) +
                                   " digits; a sheet holds at most " + std::to_string(most_digits));
                for (const long digit : digits)
                  if (digit >= test_digits_count)
                    line.wrong_usage("--digits: the test digits are 0 to " +
                                     std::to_string(test_digits_count - 1) + ", got " + text);
              });
}

void add_network_option(command_line& line, const std::string& help, std::string& network) {
  std::vector<std::string> networks;
  boost::hana::for_each(salient::digits::networks, [&](const auto& e) { networks.emplace_back(e.name); });
  line.choice("--network", help, network, networks);
}

void check_preprocessing_options(const command_line& line, const preprocessing_options& p) {
  check_preprocessing_options(line, p, salient::digits::image::applied,
                              salient::digits::image::extent.channels, "the networks have");
}

void add_common_options(command_line& line, settings& s) {
  add_network_option(line, "The classifier", s.network);
  line.option("--weights FILE.safetensors", "Its weights (default: those that come with salient)", s.weights);
  add_digits_option(line, "; up to 100, one row each (default 0)", s.digits);
  line.option("--image FILE.png|FILE.npy", "An image of your own instead, 28x28; colour is read as grey",
              s.image);
  add_preprocessing_options(line, s.preprocessing);
  constexpr int classes = salient::digits::cnn::classes;
  line.option("--target K", "The class to explain (default: the predicted one)", s.target,
              between(0, classes - 1));
  add_score_option(line, s.score);
  add_device_options(line, s);
  line.option("--out FILE.png", "Where to write the picture", s.out);
  line.option("--raw FILE.npy", "Also write the raw map, in float32", s.raw);
}

void check_common_options(const command_line& line, const settings& s) {
  for (const auto& [flag, file] :
       {std::pair("--weights", &s.weights), {"--image", &s.image}, {"--out", &s.out}, {"--raw", &s.raw}})
    if (line.given(flag) && file->empty()) line.wrong_usage(std::string(flag) + " needs the name of a file");
  if (line.given("--image")) line.refuse({"--digits"}, "and --image exclude each other");
  check_preprocessing_options(line, s.preprocessing);
  check_device_options(line, s);
  for (const std::string& written : {s.out, s.raw})
    for (const std::string& read : {s.image, s.weights})
      if (same_file(written, read)) line.wrong_usage("the output would overwrite the input " + read);
  if (same_file(s.out, s.raw)) line.wrong_usage("--out and --raw are the same file");
}

void check_outputs(const settings& s) {
  std::string failures;
  for (const std::string& file : {s.raw, s.out}) {
    if (file.empty()) continue;
    try {
      salient::check_writable(file);
    } catch (const salient::error& e) {
      failures += (failures.empty() ? "" : "; ") + std::string(e.what());
    }
  }
  if (!failures.empty()) throw salient::error(failures);
}

}  // namespace apps
