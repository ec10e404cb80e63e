// SPDX-License-Identifier: MIT
#include "salient/explainer/guard.hpp"

#include <iostream>

#include "explainer/launch.hpp"

namespace salient::explainer {
namespace {

/// "salient-explain: ", and which process of several says it if it is not the first.
std::string speaker(const std::string& program) {
  const int rank = launched().rank;
  return program + ": " + (rank > 0 ? "rank " + std::to_string(rank) + ": " : "");
}

}  // namespace

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return text;
}

int report_error(const std::string& program, const std::string& message) {
  std::cout << std::flush;
  std::cerr << one_line(speaker(program) + message) << std::endl;
  return 1;
}

salient::warning_handler warnings_of(const std::string& program) {
  return [program](const std::string& message) {
    std::cerr << one_line(speaker(program) + "warning: " + message) << std::endl;
  };
}

int finish_output(const std::string& program) {
  std::cout << std::flush;
  return std::cout ? 0 : report_error(program, "the standard output could not be written");
}

}  // namespace salient::explainer
