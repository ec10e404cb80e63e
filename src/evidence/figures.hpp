// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "salient/metric/interval.hpp"
#include "salient/metric/values.hpp"

namespace salient::evidence {

enum class better { none, smaller, larger };

/// What a figure is called and how it is read.
struct figure_words {
  std::string_view name;   ///< in files, "class_correlation"
  std::string_view title;  ///< "Two classes"
  std::string_view does;   ///< what it measures: whole sentences, for they are read alone too
  better direction;
  metrics::scale values;  ///< of one image, from which the interval of the mean follows
  bool of_pairs = false;  ///< a value for each recognised pair of images, and not for each image
};

/// All figures, in the order of `all_figures`.
enum class figure : std::size_t {
  deletion,
  insertion,
  deletion_gain,
  road_most,
  road_least,
  road_gain,
  average_drop,
  increase,
  sparseness,
  complexity,
  total_variation,
  roughness,
  detail,
  resolution,
  positions,
  class_correlation,
  image_correlation,
  negative_share,
  against,
  blind,
  gap,
  infidelity,
  max_sensitivity,
  pointing,
  relevance_mass,
  relevance_rank,
  parameters_top,
  parameters_half,
  parameters_all,
  magnitudes_all,
  structure_all,
  passes,
};

/// A number of the method that no image changes: the interval of its mean is a point.
inline constexpr metrics::scale counted = metrics::any_number;
inline constexpr metrics::scale of_unit = metrics::between(0, 1), of_correlation = metrics::between(-1, 1),
                                not_negative = metrics::at_least(0);

inline constexpr std::array all_figures{
    figure_words{"deletion", "Deletion",
                 "Area under the probability of the class while pixels are removed, the most relevant first.",
                 better::smaller, of_unit},
    figure_words{
        "insertion", "Insertion",
        "Area under the probability of the class while a blurred image gets its pixels back, the most "
        "relevant first.",
        better::larger, of_unit},
    figure_words{
        "deletion_gain", "Gain on chance",
        "How much smaller the deletion area is than that of random values in place of the map, image by "
        "image. Above 0: better than chance.",
        better::larger, of_unit.of_differences()},
    figure_words{
        "road_most", "ROAD, most first",
        "Area under the probability of the class while nine tenths of the pixels, the most relevant first, "
        "are filled in from their neighbours, so that no hole is drawn.",
        better::smaller, of_unit},
    figure_words{
        "road_least", "ROAD, least first",
        "Area under the probability of the class while nine tenths of the pixels, the least relevant first, "
        "are filled in from their neighbours.",
        better::larger, of_unit},
    figure_words{
        "road_gain", "ROAD, gain",
        "How much larger the area under the probability of the class is if pixels are filled in from their "
        "neighbours with the least relevant first, than with the most relevant first, image by image. 0 is "
        "what random values reach.",
        better::larger, of_unit.of_differences()},
    figure_words{"average_drop", "Average drop",
                 "Share of the probability that is lost when the image is multiplied by the map, scaled to "
                 "0 to 1.",
                 better::smaller, of_unit},
    figure_words{
        "increase_in_confidence", "Increase",
        "Share of images whose class becomes more probable when the image is multiplied by the map, scaled "
        "to 0 to 1.",
        better::larger, metrics::share},
    figure_words{"sparseness", "Sparseness",
                 "Gini coefficient of the map's magnitudes. 0: all pixels are equal; near 1: few have all. "
                 "Good only if the map is right.",
                 better::larger, of_unit},
    figure_words{
        "complexity", "Complexity",
        "Entropy of the magnitudes' shares, in nats. Small: few pixels carry the map. Small maps have "
        "small values.",
        better::smaller, not_negative},
    figure_words{"total_variation", "Variation",
                 "Differences of adjacent magnitudes over the sum of all. Depends on the number of pixels: "
                 "compare maps of one size.",
                 better::smaller, not_negative},
    figure_words{
        "roughness", "Roughness",
        "Total variation of the map at the image's size, divided by that of the same values in random "
        "order. 1: as rough as noise.",
        better::smaller, not_negative},
    figure_words{
        "pixel_detail", "Pixel detail",
        "Share of the map's variance, at the image's size, that is lost when every 2 by 2 pixels get "
        "their mean. Random values: 0.75; a map of half of the resolution, enlarged: 0.1 or less.",
        better::larger, of_unit},
    figure_words{"effective_resolution", "Finest detail",
                 "The Gaussian blur, in pixels of the image, up to which the order of the magnitudes "
                 "stays. Too small for maps with many zeros, so no claim rests on it.",
                 better::smaller, not_negative},
    figure_words{
        "positions", "Positions",
        "Values of the map, of which the channels of a position count once, per pixel of the image. 1: a "
        "value for every pixel, which may still be as coarse as a window.",
        better::none, counted},
    figure_words{"class_correlation", "Two classes",
                 "Pearson's correlation of two maps of one image, about the predicted class and about the "
                 "second most probable one. 1: the class does not matter.",
                 better::smaller, of_correlation},
    figure_words{
        "image_correlation", "Two images",
        "Pearson's correlation of the maps of two images about one class, which is predicted for the "
        "first. 1: the image does not matter.",
        better::smaller, of_correlation},
    figure_words{"negative_share", "Negative share",
                 "Share of negative values in the sum of the map's magnitudes.", better::none, of_unit},
    figure_words{
        "against", "Sees against",
        "Places that speak against the class are those whose removal raises the score: pixels, or in "
        "images larger than 32 pixels squares, at most 32 along a side. The share of them, weighed by "
        "how much, to which the map gives a negative value. Half is what a coin gives.",
        better::larger, of_unit},
    figure_words{
        "blind", "Blind spots",
        "Places that count alone are those whose removal changes the score by at least a tenth of the most "
        "that any does: pixels, or in images larger than 32 pixels squares, at most 32 along a side. The "
        "share of them to which the map gives less than a hundredth of its largest value.",
        better::smaller, of_unit},
    figure_words{
        "completeness_gap", "Gap",
        "How far the sum of the map is from the change of the score since the baseline, relative to that "
        "change; of Expected Gradients, from the change since the mean of its baselines; of FullGrad, how "
        "far the sum of the parts that its picture is made of is from the score. Only methods that promise "
        "the sum report it.",
        better::smaller, not_negative},
    figure_words{
        "infidelity", "Infidelity",
        "Squares, as wide as a quarter of the image, are removed at 50 random places. The share of the "
        "changes of the score that the sums of the map in the squares do not foretell, whatever the map's "
        "scale. 1: nothing is foretold.",
        better::smaller, of_unit},
    figure_words{
        "max_sensitivity", "Largest move",
        "How far the map moves, relative to its norm, when uniform noise of 0.02 of the image's range is "
        "added: the largest of ten times.",
        better::smaller, not_negative},
    figure_words{
        "pointing", "Pointing",
        "Two images in one, side by side, and the map about the class of each. How often the most "
        "positive pixel lies in the half of the class that was asked about. Half is what a coin gives.",
        better::larger, metrics::share, true},
    figure_words{
        "relevance_mass", "Mass in half",
        "Two images in one, side by side, and the map about the class of each. The share of the positive "
        "values that lies in the half of the class that was asked about.",
        better::larger, of_unit, true},
    figure_words{
        "relevance_rank", "Rank in half",
        "Two images in one, side by side, and the map about the class of each. Of as many most positive "
        "pixels as the half of the class that was asked about has, the share that lies in it.",
        better::larger, of_unit, true},
    figure_words{
        "parameters_top", "Top redrawn",
        "Spearman's correlation of the map with the one after the last layer's parameters were drawn at "
        "random. 1: the parameters do not matter.",
        better::smaller, of_correlation},
    figure_words{
        "parameters_half", "Half redrawn",
        "Spearman's correlation of the map with the one after the parameters of half of the layers, from "
        "the last one down, were drawn at random. 1: these parameters do not matter.",
        better::smaller, of_correlation},
    figure_words{
        "parameters_all", "All redrawn",
        "Spearman's correlation of the map with the one after the parameters of all layers were drawn at "
        "random. 1: the parameters do not matter.",
        better::smaller, of_correlation},
    figure_words{
        "magnitudes_all", "All, magnitudes",
        "Spearman's correlation of the map's magnitudes, without signs, with those after the parameters of "
        "all layers were drawn at random. Pixels that are zero in the network's input, and so in both maps, "
        "raise it.",
        better::smaller, of_correlation},
    figure_words{
        "structure_all", "All, SSIM",
        "The structural similarity of the map, as a picture in grey at the image's size, with that of the "
        "network whose layers were all redrawn. Smooth maps reach more than rough ones.",
        better::smaller, of_correlation},
    figure_words{
        "passes", "Passes",
        "How often one map evaluates the score, or starts a backward pass from it, whichever is more.",
        better::smaller, counted},
};
inline constexpr std::size_t figures_count = all_figures.size();
static_assert(static_cast<std::size_t>(figure::passes) + 1 == figures_count);

constexpr const figure_words& words_of(figure f) { return all_figures[static_cast<std::size_t>(f)]; }

/// A value for each image, by figure, or for the first of them, or for each pair of images; empty for a
/// figure that the method lacks.
struct measured {
  std::array<metrics::values, figures_count> of;
  metrics::values milliseconds;  ///< of several runs for one map of one image; differ from time to time
  long bytes = 0;                ///< of the device's memory for it, beside the parameters

  metrics::values& operator[](figure f) { return of[static_cast<std::size_t>(f)]; }
  const metrics::values& operator[](figure f) const { return of[static_cast<std::size_t>(f)]; }
};

}  // namespace salient::evidence
