// SPDX-License-Identifier: MIT
#include "experiment/options.hpp"

#include <filesystem>

#include "common/settings.hpp"
#include "paths.hpp"
#include "salient/explainer/command_line.hpp"

namespace experiment {

options parse(int count, const char* const* arguments) {
  apps::command_line line(
      program,
      "Trains every network of a list that is fixed at compile time, and compares them: size, memory, "
      "accuracy, time per map, and how well their maps agree.");
  options o;
  line.option("--images N", "Number of training images", o.images, apps::at_least(1));
  line.option("--epochs N", "Passes over the training images", o.epochs, apps::at_least(1));
  line.option("--seed N", "Seed of the initial weights and of the order of images", o.seed,
              apps::at_least(0));
  line.option("--threads N", "Number of threads; 0 for one per processor", o.threads, apps::threads_limits);
  line.option(
      "--data FOLDER",
      "Folder with MNIST's training files. Without this, networks are trained on the first 8,000 of the "
      "10,000 test images that come with this program, and tested on the last 2,000",
      o.data);
  line.option("--out FILE.csv|FILE.html", "Also write the table to this file", o.out);
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
