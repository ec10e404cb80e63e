// SPDX-License-Identifier: MIT

// Every method on a selection of real digits, as one picture and one HTML page.

#include <filesystem>
#include <iostream>

#include "common/settings.hpp"
#include "gallery/collect.hpp"
#include "gallery/page.hpp"
#include "gallery/sheets.hpp"
#include "paths.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/file.hpp"
#include "salient/io/png.hpp"

namespace {

/// Creates the folder if needed and checks that files can be written there, before any work is done.
void prepare(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!std::filesystem::is_directory(folder, failure))
    throw salient::error(folder.string() + ": cannot be created as a folder; name another with --out");
  for (const char* file : {"gallery.png", "gallery.html"}) salient::check_writable(folder / file);
}

}  // namespace

int main(int argc, char** argv) {
  apps::command_line line("salient-gallery",
                          "Explains real test digits by every method, and one digit for every "
                          "class. Writes gallery.png and gallery.html, a page that needs no other file.");
  gallery::request asked;
  apps::settings& where = asked.where;
  where.network = "pooled_cnn";  // supports every method
  where.device = apps::device_kind::cpu_pool;
  std::string folder = "gallery";

  line.option("--out FOLDER", "Folder for both files", folder);
  apps::add_digits_option(
      line,
      "; the first one is explained for every class (default: one of each class and three "
      "that the classifier gets wrong)",
      asked.digits);
  line.option("--images N", "Number of test digits to measure accuracy on, and to choose from", asked.images,
              apps::between(1, apps::test_digits_count));
  apps::add_network_option(line, "The classifier; methods that it does not support use pooled_cnn",
                           where.network);
  apps::add_device_options(line, where);
  line.parse(argc, argv);
  if (folder.empty()) line.wrong_usage("--out needs the name of a folder");
  apps::check_device_options(line, where);

  return apps::guarded(line.program(), [&] {
    prepare(folder);
    const gallery::results r = gallery::collect(asked);
    const salient::picture by_digit = gallery::digit_sheet(r), by_target = gallery::target_sheet(r);
    const auto picture = std::filesystem::path(folder) / "gallery.png",
               page = std::filesystem::path(folder) / "gallery.html";
    salient::write_png(picture, gallery::stack(by_digit, by_target));
    salient::write_file(page, gallery::page(r, by_digit, by_target));
    std::cout << "picture  " << picture.string() << "\npage     " << page.string() << "\n";
  });
}
