// SPDX-License-Identifier: MIT
#include "explainer/page.hpp"

#include <algorithm>

#include "explainer/captions.hpp"
#include "salient/explainer/numbers.hpp"

namespace salient::explainer {
namespace {

std::string left_out_text(const request& asked) {
  std::string text;
  for (const auto& [method, needs] : asked.left_out)
    text += " " + std::string(words_of(method).title) + " is left out: it needs " + std::string(needs) + ".";
  return text;
}

}  // namespace

page::page(const introduction& setup, const request& asked)
    : setup_(setup), asked_(asked), page_("What " + setup.network + " sees") {
  page_.lead("Each pair shows the network's input and a method's map of it.");
  page_.paragraph(
      "Maps of single pixels stand alone; those of a layer lie over the picture" +
      std::string(asked.open.asked.alignment == map_alignment::stretch
                      ? ""
                      : ", each cell at the centre of the pixels that it sees") +
      ". In maps of two "
      "colours red stands for what raises the score of the class, blue for what lowers it. In maps of one "
      "colour bright places speak for the class. Each map is scaled by the 99th percentile of its own "
      "values, so colours compare parts of one map, not maps with each other." +
      left_out_text(asked));
}

void page::add(const explained_picture& p, std::vector<std::uint8_t> image,
               const std::vector<std::vector<std::uint8_t>>& maps) {
  const std::string name = p.file.filename().string();
  page_.section(name);
  std::vector<fact> best;
  for (const prediction& b : p.best) best.push_back({percent(b.probability), asked_.labels.text(b.label)});
  page_.figures({{std::move(image), name + " as the network is shown it"}}).facts(best);
  for (std::size_t first = 0; first < p.maps.size();) {
    const int label = p.maps[first].label;
    std::vector<figure> figures;
    for (; first < p.maps.size() && p.maps[first].label == label; ++first) {
      const written_map& m = p.maps[first];
      const std::string remark = remark_on(asked_, m);
      figures.push_back({.png = maps[first],
                         .alt = m.name.title + ": " + name,
                         .caption = m.name.title + (remark.empty() ? "" : ", " + remark),
                         .wide = true,
                         .file = m.picture});
    }
    page_.subsection("Why " + asked_.labels.text(label) + "?").figures(figures);
  }
}

std::string page::html(const results& found) {
  if (!found.failures.empty()) {
    table failures{.header = {"Picture", "Reason"}, .rows = {}};
    for (const failed_picture& f : found.failures) failures.rows.push_back({f.file.string(), f.reason});
    page_.section("Pictures that could not be explained").add(failures);
  }
  page_.note("Made by " + setup_.name + " with the weights " + asked_.open.weights.filename().string() +
             " on the device " + found.device + ".");
  return page_.html();
}

}  // namespace salient::explainer
