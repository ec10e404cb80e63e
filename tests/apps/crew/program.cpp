// SPDX-License-Identifier: MIT

// A program whose processes share units, and fail where they are told to:
//   salient-shares UNITS [MILLISECONDS [WHERE RANK]]
// Each unit leaves a file in the folder "units", which must not exist. WHERE is one of before, joined, unit,
// after.

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "explainer/launch.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/crew.hpp"

int main(int count, char** given) {
  const std::vector<std::string> arguments(given + 1, given + count);
  const auto argument = [&](std::size_t n) { return n < arguments.size() ? arguments[n] : ""; };
  return salient::explainer::guarded_in_crew("salient-shares", [&] {
    const auto fail_if = [&](const std::string& where, int rank) {
      if (argument(2) == where && argument(3) == std::to_string(rank))
        throw salient::error("asked to fail " + where);
    };
    fail_if("before", salient::explainer::launched().rank);
    const auto all = salient::explainer::join();
    fail_if("joined", all->rank());
    std::vector<long> units(static_cast<std::size_t>(std::stol(arguments.at(0))));
    for (std::size_t u = 0; u < units.size(); ++u) units[u] = 10 + static_cast<long>(u);
    std::filesystem::create_directories("units");
    long shown = 0;
    all->share(
        all->rank() == 0 ? units : std::vector<long>(),
        [&](long unit) {
          fail_if("unit", all->rank());
          std::this_thread::sleep_for(std::chrono::milliseconds(std::stol("0" + argument(1))));
          const std::string file = "units/" + std::to_string(unit);
          const int made = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
          if (made < 0) throw salient::error("unit " + std::to_string(unit) + " was done twice");
          close(made);
        },
        [&](long done) {
          if (done <= shown) throw salient::error("progress goes back");
          shown = done;
        });
    fail_if("after", all->rank());
    if (all->rank() == 0)
      std::cout << all->size() << " processes, " << all->threads() << " threads, " << shown << " units\n";
  });
}
