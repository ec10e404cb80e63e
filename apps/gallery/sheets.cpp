// SPDX-License-Identifier: MIT
#include "gallery/sheets.hpp"

#include <algorithm>

#include "common/namespace.hpp"
#include "gallery/dependence.hpp"
#include "gallery/pictures.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/sheet.hpp"

namespace gallery {
namespace {

constexpr const char* colours =
    "Red: positive. Blue: negative. White: zero (of RISE and FullGrad: the least value). Each map is scaled "
    "by the 99th percentile of "
    "its own absolute values; maps of a layer are enlarged and laid over the digit.";

std::string column_title(const shown_digit& d) {
  const std::string sure = "\n" + apps::percent(d.probability) + "\nno. " + std::to_string(d.index);
  if (d.correct()) return std::to_string(d.predicted) + sure;
  return std::to_string(d.label) + " read as " + std::to_string(d.predicted) + sure;
}

}  // namespace

salient::picture digit_sheet(const results& r) {
  salient::sheet sheet{.title = "Why the predicted class?",
                       .caption = colours,
                       .columns = {},
                       .rows = {},
                       .magnify = 1,
                       .text_scale = 2};
  salient::sheet_row inputs{"Input", {}};
  for (long n = 0; n < r.images.batch; ++n) {
    sheet.columns.push_back(column_title(r.digits[static_cast<std::size_t>(n)]));
    inputs.cells.push_back(input_picture(r.images, n));
  }
  sheet.rows.push_back(std::move(inputs));
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    const salient::method_words& words = salient::all_method_words[m];
    salient::sheet_row row{std::string(words.title), {}};
    for (long n = 0; n < r.images.batch; ++n)
      row.cells.push_back(map_picture(words, r.methods[m].rows, n, r.images, n));
    sheet.rows.push_back(std::move(row));
  }
  return salient::draw(sheet);
}

salient::picture target_sheet(const results& r) {
  const auto classes = static_cast<long>(r.focus_probabilities.size());
  const shown_digit& digit = r.digits[static_cast<std::size_t>(r.focus)];
  salient::sheet sheet{.title = "One " + std::to_string(digit.label) + ", asked about every class",
                       .caption =
                           "Under each method: the mean correlation of its ten maps. 1: all the same, "
                           "whatever the class.",
                       .columns = {},
                       .rows = {},
                       .magnify = 1,
                       .text_scale = 2};
  for (long c = 0; c < classes; ++c)
    sheet.columns.push_back("Why " + std::to_string(c) + "?\n" +
                            apps::percent(r.focus_probabilities[static_cast<std::size_t>(c)]));
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    const apps::mean alike = class_correlation(r.methods[m].targets, classes, r.focus, 1);
    salient::sheet_row row{std::string(salient::all_method_words[m].title) + "\n" + correlation_text(alike),
                           {}};
    for (long c = 0; c < classes; ++c)
      row.cells.push_back(map_picture(salient::all_method_words[m], r.methods[m].targets,
                                      r.focus * classes + c, r.images, r.focus));
    sheet.rows.push_back(std::move(row));
  }
  return salient::draw(sheet);
}

salient::picture stack(const salient::picture& top, const salient::picture& bottom) {
  const salient::rgb paper{top.bytes[0], top.bytes[1], top.bytes[2]};
  salient::picture both =
      salient::blank(top.height + bottom.height, std::max(top.width, bottom.width), paper);
  salient::paste(both, 0, 0, top);
  salient::paste(both, 0, top.height, bottom);
  return both;
}

}  // namespace gallery
