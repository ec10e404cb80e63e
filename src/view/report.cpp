// SPDX-License-Identifier: MIT
#include "salient/view/report.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "salient/core/error.hpp"
#include "salient/view/html.hpp"
#include "view/report_style.hpp"

namespace salient {
namespace {

std::string join(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const auto part : parts) result += part;
  return result;
}

std::string element(std::string_view name, std::string_view text) {
  return join({"<", name, ">", escape_html(text), "</", name, ">"});
}

struct extent {
  std::uint32_t width;
  std::uint32_t height;
};

/// Reads the size from a PNG's first chunk, IHDR: 8 bytes of signature, 8 bytes of chunk header,
/// width, height.
extent png_size(const std::vector<std::uint8_t>& png, const std::string& alt) {
  constexpr std::array<std::uint8_t, 16> start{0x89, 'P', 'N', 'G',  '\r', '\n', 0x1A, '\n',
                                               0,    0,   0,   0x0D, 'I',  'H',  'D',  'R'};
  const auto number = [&png](std::size_t at) {
    return static_cast<std::uint32_t>(png[at]) << 24U | static_cast<std::uint32_t>(png[at + 1]) << 16U |
           static_cast<std::uint32_t>(png[at + 2]) << 8U | static_cast<std::uint32_t>(png[at + 3]);
  };
  constexpr std::uint32_t most = 1U << 24U;
  if (png.size() < 24 || !std::equal(start.begin(), start.end(), png.begin()) || number(16) == 0 ||
      number(20) == 0 || number(16) > most || number(20) > most)
    throw error("report: the picture \"" + alt + "\" is not a PNG file; encode it before adding it");
  return {number(16), number(20)};
}

/// The address of a file beside the page; what an address cannot hold is written as %XX.
std::string address_of(const std::string& file) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string address = "./";  // so that a colon in the name does not end a scheme
  for (const char c : file) {
    const auto code = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos)
      address += c;
    else
      address += {'%', digits[code >> 4], digits[code & 15]};
  }
  return address;
}

std::string figure_html(const figure& f) {
  if (f.alt.empty()) throw error("report: a picture lacks its alt text; say what it shows");
  if (f.magnify < 1 || f.magnify > 64)
    throw error("report: magnify lies between 1 and 64, got " + std::to_string(f.magnify));
  const extent size = png_size(f.png, f.alt);
  const auto factor = static_cast<std::uint32_t>(f.magnify);
  const std::string width = std::to_string(size.width * factor),
                    height = std::to_string(size.height * factor);
  std::string out = "<figure style=\"width: max(" + width + "px, 6rem)\">\n<img";
  if (factor > 1) out += " class=\"crisp\"";
  out += " width=\"" + width + "\" height=\"" + height + "\" alt=\"" + escape_html(f.alt) + "\" src=\"" +
         (f.file.empty() ? "data:image/png;base64," + base64(f.png) : address_of(f.file)) + "\">\n";
  if (!f.caption.empty()) out += element("figcaption", f.caption) + "\n";
  return out + "</figure>\n";
}

void check_link(const std::string& link) {
  const auto starts = [&link](std::string_view with) { return link.rfind(with, 0) == 0; };
  if (!starts("https://") && !starts("http://") && !starts("#") && !starts("./"))
    throw error("report: the link \"" + link +
                "\" has an unsupported scheme; begin it with https://, http://, # or ./");
}

/// Whether a cell is a number, perhaps with a unit: "12", "-0.5", "98.7 %", "1.2 ms",
/// "1,024"; not "1 apple a day".
bool numeric(const std::string& cell) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t first = cell.find_first_not_of("+-.");
  return first != std::string::npos && first < 3 && digit(cell[first]) &&
         std::count(cell.begin(), cell.end(), ' ') <= 1;
}

/// Whether every cell of a column is a number, a dash or empty.
bool numeric_column(const table& t, std::size_t column) {
  bool any = false;
  for (const auto& row : t.rows) {
    if (row[column].empty()) continue;
    if (!numeric(row[column]) && row[column] != "\u2013") return false;
    any = true;
  }
  return any;
}

std::string row_html(const std::vector<std::string>& cells, std::string_view name,
                     const std::vector<bool>& right) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i)
    out += join({"<", name, name == "th" ? " scope=\"col\"" : "", right[i] ? " class=\"number\"" : "", ">",
                 escape_html(cells[i]), "</", name, ">"});
  return out + "</tr>\n";
}

}  // namespace

report::report(std::string title, std::string language)
    : title_(std::move(title)), language_(std::move(language)) {}

report& report::lead(std::string_view text) {
  out() += "<p class=\"lead\">" + escape_html(text) + "</p>\n";
  return *this;
}

report& report::section(std::string_view heading) {
  if (!headings_.empty()) body_ += "</section>\n";
  headings_.emplace_back(heading);
  body_ +=
      "<section id=\"section-" + std::to_string(headings_.size()) + "\">\n" + element("h2", heading) + "\n";
  return *this;
}

report& report::subsection(std::string_view heading) {
  out() += element("h3", heading) + "\n";
  return *this;
}

report& report::paragraph(std::string_view text) {
  for (std::size_t end; !text.empty(); text.remove_prefix(end)) {
    end = std::min(text.find("\n\n"), text.size());
    if (text.find_first_not_of(" \n") < end) out() += element("p", text.substr(0, end)) + "\n";
    if (end < text.size()) end += 2;
  }
  return *this;
}

report& report::code(std::string_view lines) {
  out() += "<pre><code>" + escape_html(lines) + "</code></pre>\n";
  return *this;
}

report& report::facts(const std::vector<fact>& facts) {
  std::string list;
  for (const auto& f : facts) {
    if (!f.link.empty()) check_link(f.link);
    list += element("dt", f.term) + "\n<dd>" +
            (f.link.empty() ? escape_html(f.text)
                            : "<a href=\"" + escape_html(f.link) + "\">" + escape_html(f.text) + "</a>") +
            "</dd>\n";
  }
  if (!list.empty()) out() += "<dl>\n" + list + "</dl>\n";
  return *this;
}

report& report::figures(const std::vector<figure>& figures) {
  std::string all;
  bool wide = false;
  for (const auto& f : figures) {
    all += figure_html(f);
    wide = wide || f.wide;
  }
  if (!all.empty())
    out() += "<div class=\"figures" + std::string(wide ? " wide" : "") + "\">\n" + all + "</div>\n";
  return *this;
}

report& report::add(const table& table) {
  for (const auto& row : table.rows)
    if (row.size() != table.header.size())
      throw error("report: a row of the table \"" + table.caption + "\" has " + std::to_string(row.size()) +
                  " cells, its header " + std::to_string(table.header.size()) + "; make them equal");
  std::vector<bool> right;
  for (std::size_t i = 0; i < table.header.size(); ++i) right.push_back(numeric_column(table, i));
  std::string html = std::string("<div class=\"scroll") + (table.wide ? " wide" : "") + "\">\n<table>\n";
  if (!table.caption.empty()) html += element("caption", table.caption) + "\n";
  html += "<thead>\n" + row_html(table.header, "th", right) + "</thead>\n<tbody>\n";
  for (const auto& row : table.rows) html += row_html(row, "td", right);
  out() += html + "</tbody>\n</table>\n</div>\n";
  return *this;
}

report& report::note(std::string_view text) {
  out() += "<p class=\"note\">" + escape_html(text) + "</p>\n";
  return *this;
}

std::string report::html() const {
  std::string contents;
  if (headings_.size() > 1) {
    contents = "<nav aria-label=\"Contents\">\n<ul>\n";
    for (std::size_t i = 0; i < headings_.size(); ++i)
      contents += "<li><a href=\"#section-" + std::to_string(i + 1) + "\">" + escape_html(headings_[i]) +
                  "</a></li>\n";
    contents += "</ul>\n</nav>\n";
  }
  return "<!DOCTYPE html>\n<html lang=\"" + escape_html(language_) +
         "\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n" +
         element("title", title_) + "\n<style>\n" + std::string(report_style) +
         "</style>\n</head>\n<body>\n<main>\n<header>\n" + element("h1", title_) + "\n" + top_ +
         "</header>\n" + contents + body_ + (headings_.empty() ? "" : "</section>\n") +
         "</main>\n</body>\n</html>\n";
}

}  // namespace salient
