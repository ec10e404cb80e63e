// SPDX-License-Identifier: MIT

// All eight methods over a choice of real digits, as one picture and one page.

#include <filesystem>
#include <iostream>

#include "common/command_line.hpp"
#include "common/guard.hpp"
#include "common/settings.hpp"
#include "gallery/collect.hpp"
#include "gallery/page.hpp"
#include "gallery/sheets.hpp"
#include "paths.hpp"
#include "salient/core/error.hpp"
#include "salient/io/file.hpp"
#include "salient/io/png.hpp"

namespace {

/// Makes the folder if it is not there, and finds out before any work is done whether files can go there.
void prepare(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!std::filesystem::is_directory(folder, failure))
    throw salient::error(folder.string() + ": cannot be made a folder; name another with --out");
  for (const char* file : {"gallery.png", "gallery.html"}) salient::check_writable(folder / file);
}

}  // namespace

int main(int argc, char** argv) {
  apps::command_line line("salient-gallery",
                          "Explains real test digits by all eight methods, and one digit about every "
                          "class. Writes gallery.png and gallery.html, a page that needs no other file.");
  gallery::request asked;
  apps::settings& where = asked.where;
  where.network = "pooled_cnn";  // has what all eight need
  where.device = apps::device_kind::cpu_pool;
  std::string folder = "gallery";

  line.option("--out FOLDER", "Where both files go", folder);
  apps::add_digits_option(
      line,
      ", the first one about every class; without this, one of each class and three that the "
      "classifier gets wrong",
      asked.digits);
  line.option("--images N", "How many test digits to measure accuracy on, and to choose from", asked.images,
              apps::between(1, apps::test_digits_count));
  apps::add_network_option(line, "The classifier; pooled_cnn stands in for methods that it does not allow",
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
