// SPDX-License-Identifier: MIT
#include "gallery/page.hpp"

#include <algorithm>

#include "common/namespace.hpp"
#include "gallery/figures.hpp"
#include "gallery/pictures.hpp"
#include "salient/explainer/asked.hpp"
#include "salient/io/png.hpp"

namespace gallery {
namespace {

std::string asked_text(const results& r) {
  std::string others;
  for (std::size_t m = 0; m < salient::methods_count; ++m)
    if (r.methods[m].network != r.network)
      others += (others.empty() ? "" : ", ") + std::string(salient::all_method_words[m].title);
  std::string text = "The classifier is " + r.network + ". ";
  if (!others.empty())
    text += "It does not have what " + others + " needs, so there " +
            r.methods[place<salient::methods::cam<>>].network + " is asked instead, about the same class. ";
  return text;
}

std::string mistakes_text(const results& r) {
  const auto wrong = std::ranges::count_if(r.digits, [](const shown_digit& d) { return !d.correct(); });
  if (wrong == 0) return "";
  return wrong == 1 ? " One of the digits is read wrongly."
                    : " " + std::to_string(wrong) + " of the digits are read wrongly.";
}

void add_method(salient::report& to, const results& r, std::size_t method) {
  const salient::method_words& words = salient::all_method_words[method];
  std::vector<salient::fact> facts{{"Needs", std::string(salient::all_method_needs[method])},
                                   {"Good at", std::string(words.good)},
                                   {"Bad at", std::string(words.bad)}};
  for (const salient::fact& f : measured(r, method)) facts.push_back(f);
  const bool fewer = words.name == salient::methods::rise::words.name;
  facts.push_back({"Program", "salient-explain --method " + std::string(words.name) +
                                  (fewer ? " --masks " + std::to_string(apps::fewer_masks) : "")});
  facts.push_back({"Paper", std::string(words.paper), std::string(words.link)});
  to.section(words.title).paragraph(words.does).figures(maps_of(r, method)).facts(facts);
}

}  // namespace

std::vector<salient::figure> maps_of(const results& r, std::size_t method) {
  const salient::method_words& words = salient::all_method_words[method];
  std::vector<salient::figure> all;
  for (long n = 0; n < r.images.batch; ++n) {
    const shown_digit& d = r.digits[static_cast<std::size_t>(n)];
    const std::string name = d.correct()
                                 ? std::to_string(d.label)
                                 : std::to_string(d.label) + " read as " + std::to_string(d.predicted);
    all.push_back({salient::encode_png(map_picture(words, r.methods[method].rows, n, r.images, n)),
                   std::string(words.title) + " of test image " + std::to_string(d.index), name});
  }
  return all;
}

std::string page(const results& r, const salient::picture& digits, const salient::picture& targets) {
  const shown_digit& focus = r.digits[static_cast<std::size_t>(r.focus)];
  salient::report page(std::to_string(salient::methods_count) + " ways to ask a classifier why");
  page.lead(
      "A neural network reads a handwritten digit and is right nearly every time. Which pixels made it say "
      "so? The methods below answer, and they do not agree.");

  page.section("All at a glance")
      .paragraph(
          asked_text(r) +
          "Each column is an image of the MNIST test set, which no network saw in training; above it stand "
          "the class that was read, its probability, and the number of the image. Each row is one "
          "method, asked why that class." +
          mistakes_text(r))
      .figures({{salient::encode_png(digits), "Test digits and a saliency map of each by every method", "", 1,
                 true}})
      .paragraph(
          "Red stands for positive values, blue for negative ones, white for zero. Each "
          "map is scaled by itself: colours compare parts of one map, not maps with each other. The maps of "
          "a layer are small; they are enlarged and laid over the digit.");

  for (std::size_t m = 0; m < salient::methods_count; ++m) add_method(page, r, m);

  page.section("Does the class matter?")
      .paragraph(
          "The same image can be asked about any class, not only the one that was read. A method that "
          "explains the decision should answer \"why 0?\" and \"why 9?\" differently. Here is a " +
          std::to_string(focus.label) + ", asked all ten questions.")
      .figures(
          {{salient::encode_png(input_picture(r.images, r.focus)), "The digit asked about",
            "Test image " + std::to_string(focus.index) + ", read as " + std::to_string(focus.predicted)}})
      .figures(
          {{salient::encode_png(targets), "The maps of every method about each of ten classes", "", 1, true}})
      .paragraph(dependence_verdict(r))
      .add(dependence_table(r));

  page.section("The networks")
      .paragraph("All were trained by salient-train on MNIST's 60,000 training images.")
      .facts(network_layers(r))
      .add(network_table(r));
  page.note("Made by salient-gallery on the device " + r.device +
            ". A time is the median of nine runs of one map of one image.");
  return page.html();
}

}  // namespace gallery
