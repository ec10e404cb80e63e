// SPDX-License-Identifier: MIT
#include "salient/view/sheet.hpp"

#include <algorithm>

#include "salient/view/canvas.hpp"
#include "salient/view/text.hpp"
#include "view/check.hpp"

namespace salient {
namespace {

using lines = std::vector<std::string>;

constexpr rgb paper{252, 252, 250}, strong{28, 30, 36}, quiet{104, 108, 118}, rule{206, 208, 212};
constexpr int cap_height = 7;
// Distances in pixels at text scale 1.
constexpr int margin_units = 10, gutter_units = 8, title_gap_units = 10, row_title_units = 110,
              least_width_units = 120;

long long longest_word(const std::string& text, int scale) {
  long long widest = 0;
  for (std::size_t from = 0, to = 0; from < text.size(); from = to + 1) {
    to = std::min(text.find_first_of(" \n", from), text.size());
    widest = std::max<long long>(widest, text_width(text.substr(from, to - from), scale));
  }
  return widest;
}

/// Wraps into as few lines as `width` allows, of similar lengths.
lines wrap_balanced(const std::string& text, int width, int scale) {
  const lines widest = wrap(text, width, scale);
  for (int narrow = static_cast<int>(longest_word(text, scale)); narrow < width; narrow += scale)
    if (lines even = wrap(text, narrow, scale); even.size() <= widest.size()) return even;
  return widest;
}

int lines_height(std::size_t count, int scale) {
  return count == 0 ? 0 : (static_cast<int>(count - 1) * line_height + text_height) * scale;
}

/// Positions of everything, computed before drawing.
struct layout {
  int scale = 1;
  int margin = 0, gutter = 0;
  std::size_t columns = 0;
  int cell_width = 0, cell_height = 0;  // of the grid, without frames
  lines title, caption;
  std::vector<lines> column_titles, row_titles;
  int grid_x = 0, grid_y = 0, caption_y = 0;
  int width = 0, height = 0;

  int x(std::size_t column) const { return grid_x + static_cast<int>(column) * (cell_width + gutter); }
  int y(std::size_t row) const { return grid_y + static_cast<int>(row) * (cell_height + gutter); }
};

void measure_cells(const sheet& what, layout& to) {
  to.columns = what.columns.size();
  long long width = 1, height = 1;
  for (const auto& row : what.rows) {
    to.columns = std::max(to.columns, row.cells.size());
    for (const auto& cell : row.cells) {
      view_detail::check(cell, "sheet");
      width = std::max<long long>(width, static_cast<long long>(cell.width) * what.magnify);
      height = std::max<long long>(height, static_cast<long long>(cell.height) * what.magnify);
    }
  }
  // A title may extend into the gutter, but keeps a space's width from its neighbour.
  const int reach = to.gutter - 4 * to.scale;
  for (const auto& title : what.columns) width = std::max(width, longest_word(title, to.scale) - reach);
  for (const auto& row : what.rows) {
    to.row_titles.push_back(row.title.empty() ? lines{}
                                              : wrap(row.title, row_title_units * to.scale, to.scale));
    height = std::max<long long>(height, lines_height(to.row_titles.back().size(), to.scale));
  }
  const long long all = (std::max(width, height) + to.gutter) *
                        static_cast<long long>(std::max(to.columns, what.rows.size()) + 1);
  if (all > 1LL << 28)
    throw error("sheet: " + std::to_string(what.rows.size()) + " rows of " + std::to_string(to.columns) +
                " cells of " + std::to_string(width) + "x" + std::to_string(height) +
                " pixels are too large; use a smaller magnify or fewer pictures");
  to.cell_width = static_cast<int>(width);
  to.cell_height = static_cast<int>(height);
  for (const auto& title : what.columns)
    to.column_titles.push_back(title.empty() ? lines{}
                                             : wrap_balanced(title, to.cell_width + reach, to.scale));
}

layout lay_out(const sheet& what) {
  layout to;
  to.scale = what.text_scale;
  to.margin = margin_units * what.text_scale;
  to.gutter = gutter_units * what.text_scale;
  measure_cells(what, to);
  const int s = to.scale, title_gap = title_gap_units * s;

  int row_title_width = 0;
  for (const auto& title : to.row_titles)
    for (const auto& line : title) row_title_width = std::max(row_title_width, text_width(line, s));
  to.grid_x = to.margin + (row_title_width > 0 ? row_title_width + to.gutter : 0);
  const int grid_end = to.columns > 0 ? to.x(to.columns) - to.gutter : to.grid_x;
  const int inner = std::max(grid_end - to.margin, least_width_units * s);
  to.width = inner + 2 * to.margin;

  if (!what.title.empty()) to.title = wrap(what.title, inner, s + 1);
  if (!what.caption.empty()) to.caption = wrap(what.caption, inner, s);
  std::size_t header = 0;
  for (const auto& title : to.column_titles) header = std::max(header, title.size());
  to.grid_y = to.margin + (to.title.empty() ? 0 : lines_height(to.title.size(), s + 1) + title_gap) +
              (header == 0 ? 0 : lines_height(header, s) + 3 * s);
  const int grid_bottom = what.rows.empty() ? to.grid_y : to.y(what.rows.size()) - to.gutter;
  to.caption_y = grid_bottom + title_gap;
  to.height =
      (to.caption.empty() ? grid_bottom : to.caption_y + lines_height(to.caption.size(), s)) + to.margin;
  return to;
}

void draw_lines(picture& on, int x, int y, const lines& text, rgb first, rgb others, int scale) {
  for (std::size_t i = 0; i < text.size(); ++i)
    draw_text(on, x, y + static_cast<int>(i) * line_height * scale, text[i], i == 0 ? first : others, scale);
}

}  // namespace

picture draw(const sheet& what) {
  for (const int size : {what.magnify, what.text_scale})
    if (size < 1 || size > 64)
      throw error("sheet: magnify and text_scale lie between 1 and 64, got " + std::to_string(size));
  const layout at = lay_out(what);
  const int s = at.scale;
  picture on = blank(at.height, at.width, paper);
  draw_lines(on, at.margin, at.margin, at.title, strong, strong, s + 1);
  draw_lines(on, at.margin, at.caption_y, at.caption, quiet, quiet, s);

  for (std::size_t c = 0; c < at.column_titles.size(); ++c) {
    const lines& title = at.column_titles[c];
    int y = at.grid_y - 3 * s - lines_height(title.size(), s);  // align the last lines of all titles
    for (const auto& line : title) {
      draw_text(on, at.x(c) + (at.cell_width - text_width(line, s)) / 2, y, line, strong, s);
      y += line_height * s;
    }
  }
  for (std::size_t r = 0; r < what.rows.size(); ++r) {
    const lines& title = at.row_titles[r];
    const int block = (static_cast<int>(title.size()) - 1) * line_height * s + cap_height * s;
    draw_lines(on, at.margin, at.y(r) + (at.cell_height - block) / 2, title, strong, quiet, s);
    for (std::size_t c = 0; c < what.rows[r].cells.size(); ++c) {
      const picture& cell = what.rows[r].cells[c];
      if (cell.bytes.empty()) continue;
      const picture large = enlarge(cell, what.magnify);
      const int x = at.x(c) + (at.cell_width - large.width) / 2,
                y = at.y(r) + (at.cell_height - large.height) / 2;
      paste(on, x, y, large);
      frame(on, x, y, large.width, large.height, rule);
    }
  }
  return on;
}

}  // namespace salient
