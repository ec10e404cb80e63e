// SPDX-License-Identifier: MIT
#include "evidence/page.hpp"

#include <cstdio>

#include "evidence/claims.hpp"
#include "evidence/tables.hpp"
#include "gallery/pictures.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/io/png.hpp"
#include "salient/view/report.hpp"
#include "salient/view/sheet.hpp"

namespace evidence {
namespace {

std::string title_of(std::size_t method) { return std::string(salient::all_method_words[method].title); }

std::string names_of(const results& r) {
  std::string names;
  for (std::size_t i = 0; i < r.networks.size(); ++i)
    names += (i == 0 ? "" : i + 1 < r.networks.size() ? ", " : " and ") + r.networks[i].name;
  return names;
}

/// The two examples side by side: the digit, then a map by each method.
salient::picture sheet_of(const results& r, const network_results& n) {
  salient::sheet sheet{
      .title = n.name, .caption = {}, .columns = {}, .rows = {}, .magnify = 1, .text_scale = 2};
  salient::sheet_row inputs{"Input", {}};
  for (const example& e : n.examples) {
    const int label = r.of.labels[e.image];
    sheet.columns.push_back(e.title + "\n" +
                            (label == e.predicted
                                 ? std::to_string(label)
                                 : std::to_string(label) + " read as " + std::to_string(e.predicted)) +
                            "\nno. " + std::to_string(r.of.numbers[e.image]));
    inputs.cells.push_back(gallery::input_picture(r.of.images, static_cast<long>(e.image)));
  }
  sheet.rows.push_back(std::move(inputs));
  for (const std::size_t m : r.methods) {
    if (!n.methods[m]) continue;
    salient::sheet_row row{title_of(m), {}};
    for (const example& e : n.examples)
      row.cells.push_back(gallery::map_picture(salient::all_method_words[m], e.maps[m], 0, r.of.images,
                                               static_cast<long>(e.image)));
    sheet.rows.push_back(std::move(row));
  }
  return salient::draw(sheet);
}

void add_claims(salient::report& to, const results& r) {
  to.section("The claims")
      .paragraph(
          "Each claim is decided by one figure. \"Yes\": the whole 95 % interval of its mean lies where "
          "the claim holds. \"No\": the whole interval lies where it does not. \"Open\": it lies on both "
          "sides. Then come the mean, the half width of the interval, and the method's place among those "
          "of the network: #1 is the best, where one direction is better. [12]: the figure is undefined "
          "for 12 images, most often because a map is empty. A dash: the method has no such figure, or "
          "does not run on the network.");
  for (const claim& c : all_claims)
    to.subsection(c.title)
        .paragraph(c.sentence)
        .facts(
            {{"Figure", std::string(words_of(c.stands).title) + ". " + std::string(words_of(c.stands).does)},
             {"Rule", "It " + rule_of(c) + ". " + std::string(c.why)}})
        .add(claim_table(r, c));
}

void add_differences(salient::report& to, const results& r) {
  to.section("Where words and figures differ");
  const auto all = differences(r);
  if (all.empty()) {
    to.paragraph("Nowhere: no figure contradicts what the library says of these methods.");
    return;
  }
  to.paragraph(
      "What the library says of a method is about methods in general and about photographs too. On these "
      "networks the figures contradict it here:");
  std::vector<salient::fact> facts;
  for (const difference& d : all) {
    std::string where;
    for (const network_results* n : d.networks)
      where += (where.empty() ? "" : ", ") + n->name + " (" +
               cell_text(estimate_of(*n->methods[d.method], d.claim->stands)) + ")";
    const std::string claim = "\"" + std::string(d.claim->title) + "\"";
    facts.push_back({title_of(d.method), d.said ? claim + " is said, and does not hold on " + where + "."
                                                : claim + " is denied, and holds on " + where + "."});
  }
  to.facts(facts);
}

void add_limits(salient::report& to, const results& r) {
  to.section("What the figures cannot tell")
      .paragraph(
          "Whether a map is right. Nobody knows which pixels a network really used; each figure is a "
          "substitute, and a method can be good by one and bad by another.")
      .paragraph(
          "Anything about photographs. The images are digits of 28 by 28 pixels on a black background. "
          "Removing a pixel makes it black, which is what most pixels are already, and images with removed "
          "pixels are not digits: the network never saw their like. Maps of layers are at most four times "
          "coarser than the image; in networks for photographs they are up to 32 times coarser.")
      .paragraph(
          "Which sign is meant. Deletion, insertion and the drop read a map with its signs, the most "
          "positive pixel first, also for methods such as Gradients whose sign says how a pixel should "
          "change rather than what it did.")
      .paragraph(
          "How tightly an object is found. Pairs of digits are squeezed to half of the image each, such as "
          "these networks were not trained on. So only those pairs are asked about that the network "
          "recognises: both digits are its two most probable classes. Where these are less than a quarter "
          "of all, the network has no such figures. The mask is a half of the image, so that a coin scores "
          "a half.")
      .paragraph(
          "How a map changes with tiny changes. Infidelity removes whole squares, so that maps of gradients, "
          "which speak of small changes, are asked for more than they say; it takes every map at the scale, "
          "and the sign, that suits it best.")
      .paragraph(
          "More than the sample. Intervals are over images alone: " + std::to_string(r.of.numbers.size()) +
          " test digits, one set of trained weights per network, and for ROAD and the redrawn parameters the "
          "first 50 of the digits, and five drawings, which the images share. One in twenty intervals misses "
          "its "
          "mean even so; with this many cells some verdicts are wrong by chance. A threshold is a choice: "
          "the figure beside the verdict says how near it was.");
}

void add_words(salient::report& to) {
  std::vector<salient::fact> facts;
  for (const figure_words& f : all_figures)
    facts.push_back(
        {std::string(f.title), std::string(f.does) + (f.direction == better::smaller  ? " Smaller is better."
                                                      : f.direction == better::larger ? " Larger is better."
                                                                                      : "")});
  to.section("What the figures measure").facts(facts);
}

}  // namespace

std::string page_of(const results& r) {
  salient::report page("What saliency methods are said to do, and what they do");
  page.lead("Each method was asked about the same " + std::to_string(r.of.numbers.size()) + " digits by " +
            names_of(r) + ". Every claim that is made of it is held against a figure.");
  page.section("At a glance")
      .paragraph(
          "Does the claim hold? \"Mixed\": on some networks, and not or perhaps on others. A dash: the "
          "method has no figure for the claim, or runs on none of these networks. The next section has the "
          "figures.")
      .add(summary_table(r));
  add_claims(page, r);
  add_differences(page, r);

  std::vector<salient::figure> sheets;
  for (const network_results& n : r.networks)
    sheets.push_back({salient::encode_png(sheet_of(r, n)),
                      "The most typical and the most different digit for " + n.name +
                          ", with a map of each by every method",
                      "", 1, true});
  page.section("The most typical and the most different image")
      .paragraph(
          "The image whose figures are nearest to the means, and the one whose figures are farthest from "
          "them, for each network. Red: positive. Blue: negative. White: zero (of RISE and FullGrad: the "
          "least value). Each map is scaled by "
          "itself; maps of a layer are enlarged and laid over the digit.")
      .figures(sheets);

  page.section("All figures")
      .paragraph(
          "Mean, half width of the 95 % interval over the images, and place among the methods. The row "
          "\"Random values\" is what values that know nothing reach; it takes no place. Figures are "
          "undefined for an image whose map is constant: a number in brackets says how many images were "
          "left out.");
  for (const network_results& n : r.networks)
    page.subsection(n.name)
        .paragraph(std::to_string(n.parameters) + " parameters in " + std::to_string(n.layers) +
                   " layers; reads " + apps::percent(n.accuracy) + " of the sample rightly. Of " +
                   std::to_string(n.pairs) + " pairs of digits side by side it recognises " +
                   std::to_string(n.recognised) +
                   (4 * n.recognised >= n.pairs
                        ? ", which the figures of pairs are of."
                        : ": too few to ask about, for chance would name both of one in 45."))
        .add(figures_table(r, n));
  add_words(page);
  add_limits(page, r);

  page.section("Time")
      .paragraph(
          "Milliseconds for one map of one image, forward pass included: the median of nine. Slow is " +
          std::string(
              "what takes ten times as long as the fastest method of the network, or more. Times differ "
              "from run to run and machine to machine, so they stand apart: all else on this page is the "
              "same, to the last digit, for the same options. Measured on ") +
          r.device + ".")
      .add(times_table(r));
  return page.html();
}

}  // namespace evidence
