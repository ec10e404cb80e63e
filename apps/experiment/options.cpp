// SPDX-License-Identifier: MIT
#include "experiment/options.hpp"

#include <filesystem>

#include "common/command_line.hpp"
#include "common/settings.hpp"
#include "paths.hpp"

namespace experiment {

options parse(int count, const char* const* arguments) {
  apps::command_line line(
      program,
      "Trains every network of a list made when this program was compiled, and compares them: size, "
      "memory, accuracy, time of a map, and how well their maps agree.");
  options o;
  line.option("--images N", "How many images to train on", o.images, apps::at_least(1));
  line.option("--epochs N", "How often each of them is seen", o.epochs, apps::at_least(1));
  line.option("--seed N", "Of the first weights and of the order of the images", o.seed, apps::at_least(0));
  line.option("--threads N", "How many threads; 0 for one a processor", o.threads, apps::threads_limits);
  line.option(
      "--data FOLDER",
      "With MNIST's training files. Without this, networks are trained on the first 8,000 of the 10,000 "
      "test images that come with this program, and tested on the last 2,000",
      o.data);
  line.option("--out FILE.csv|FILE.html", "The table also as a file", o.out);
  line.parse(count, arguments);

  const std::string kind = std::filesystem::path(o.out).extension().string();
  if (line.given("--data") && o.data.empty()) line.wrong_usage("--data needs the name of a folder");
  constexpr long available = apps::test_digits_count - held_back;
  if (o.data.empty() && o.images > available)
    line.wrong_usage("--images must be 1 to " + std::to_string(available) + " without --data, got " +
                     std::to_string(o.images));
  if (line.given("--out") && kind != ".csv" && kind != ".html")
    line.wrong_usage("--out '" + o.out + "' must end in .csv or .html");
  return o;
}

}  // namespace experiment
