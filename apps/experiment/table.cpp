// SPDX-License-Identifier: MIT
#include "experiment/table.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "salient/io/file.hpp"
#include "salient/view/report.hpp"

namespace experiment {
namespace {

using cells = std::vector<std::string>;

std::string decimals(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// Empty if no pair of maps could be compared.
std::string agreement(const apps::mean& m) { return m.count() > 0 ? decimals(m.value(), 3) : ""; }

/// Names with underscores and units, which serve as CSV columns too.
cells header(const cells& varied) {
  cells all = varied;
  for (const char* name : {"parameters", "memory_bytes", "accuracy", "grad_cam_ms", "integrated_gradients_ms",
                           "grad_cam_agreement", "integrated_gradients_agreement"})
    all.emplace_back(name);
  return all;
}

cells row(const finding& f) {
  cells all;
  for (const int choice : f.choices) all.push_back(std::to_string(choice));
  for (std::string cell : {std::to_string(f.parameters), std::to_string(f.bytes), decimals(f.accuracy, 4),
                           decimals(f.grad_cam.milliseconds, 3), decimals(f.integrated.milliseconds, 3),
                           agreement(f.grad_cam.agreement), agreement(f.integrated.agreement)})
    all.push_back(std::move(cell));
  return all;
}

std::vector<cells> rows(const std::vector<finding>& findings) {
  std::vector<cells> all;
  for (const finding& f : findings) all.push_back(row(f));
  return all;
}

std::string as_csv(const cells& varied, const std::vector<finding>& findings) {
  std::vector<cells> lines = rows(findings);
  lines.insert(lines.begin(), header(varied));
  std::string text;
  for (const cells& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) text += line[i] + (i + 1 < line.size() ? "," : "\n");
  return text;
}

constexpr std::string_view explanation =
    "Memory is the workspace for the maps of one image, known when the program was compiled. Grad-CAM is "
    "without its final ReLU, so that evidence against a class is compared as well; Integrated Gradients "
    "takes 20 steps. A time is that of one map, forward pass included. Agreement is the mean correlation "
    "of a network's maps with those of all the other networks for the same images: 1 if all networks look "
    "at the same pixels, 0 if they have nothing in common.";

/// A table of the parameters and some of the results, narrow enough for the page.
salient::table part(const std::string& caption, const cells& varied, const std::vector<finding>& findings,
                    const cells& titles, std::size_t first) {
  salient::table t{caption, varied, {}};
  t.header.insert(t.header.end(), titles.begin(), titles.end());
  for (const finding& f : findings) {
    const cells all = row(f);
    const auto choices = static_cast<long>(varied.size()), from = choices + static_cast<long>(first);
    t.rows.emplace_back(all.begin(), all.begin() + choices);
    t.rows.back().insert(t.rows.back().end(), all.begin() + from,
                         all.begin() + from + static_cast<long>(titles.size()));
  }
  return t;
}

std::string as_html(const std::string& origin, const cells& varied, const std::vector<finding>& findings) {
  salient::report page("A compile-time experiment");
  page.lead("The same digits, " + std::to_string(findings.size()) +
            " networks that differ in a few numbers: do they look at the same pixels?");
  page.paragraph(origin);
  page.add(part("The networks.", varied, findings, {"parameters", "memory (bytes)", "accuracy"}, 0));
  const cells methods{"Grad-CAM", "Integrated Gradients"};
  page.add(part("Milliseconds for one map.", varied, findings, methods, 3));
  page.add(part("Agreement with the maps of the other networks.", varied, findings, methods, 5));
  page.paragraph(explanation);
  return page.html();
}

}  // namespace

std::string as_text(const cells& varied, const std::vector<finding>& findings) {
  // Two header lines, so that a row fits on a screen.
  std::vector<cells> lines{varied, cells(varied.size())};
  for (const char* title : {"parameters", "memory", "accuracy", "Grad-CAM", "IG", "Grad-CAM", "IG"})
    lines[0].emplace_back(title);
  for (const char* title : {"", "bytes", "", "ms", "ms", "agreement", "agreement"})
    lines[1].emplace_back(title);
  for (cells& line : rows(findings)) lines.push_back(std::move(line));

  std::string text;
  std::vector<std::size_t> widths(lines[0].size());
  for (const cells& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  for (const cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      text += (i > 0 ? "  " : "") + std::string(widths[i] - line[i].size(), ' ') + line[i];
    text += "\n";
  }
  return text + "\n" + std::string(explanation) + "\n";
}

void write(const std::string& file, const std::string& origin, const cells& varied,
           const std::vector<finding>& findings) {
  const bool page = file.ends_with(".html");
  salient::write_file(file,
                      std::string_view(page ? as_html(origin, varied, findings) : as_csv(varied, findings)));
}

}  // namespace experiment
