// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <new>
#include <string>

#include "salient/core/warning.hpp"

namespace salient::explainer {

/// Replaces control characters, which file names may hold, by '?', so that a message stays on one line.
std::string one_line(std::string text);

/// Prints an error of `program` as one line on stderr and returns the exit code 1. If mpirun started several
/// processes, all but the first add their rank.
int report_error(const std::string& program, const std::string& message);

/// Prints each warning of `program` as one line on stderr.
salient::warning_handler warnings_of(const std::string& program);

/// Flushes stdout. Returns 0, or prints a line on stderr and returns 1 if some output could not be written.
int finish_output(const std::string& program);

/// Runs `body` and returns main's exit code: 0, or 1 after one line on stderr if it threw.
template <class Body>
int guarded(const std::string& program, const Body& body) {
  try {
    body();
    return finish_output(program);
  } catch (const std::bad_alloc&) {
    return report_error(program, "not enough memory");
  } catch (const std::exception& e) {
    return report_error(program, e.what());
  }
}

}  // namespace salient::explainer
