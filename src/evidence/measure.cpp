// SPDX-License-Identifier: MIT
#include "evidence/measure.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/shape_figures.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/median_time.hpp"
#include "salient/metric/complexity.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/effective_resolution.hpp"
#include "salient/metric/pointing_game.hpp"
#include "salient/metric/relevance_accuracy.hpp"
#include "salient/metric/sparseness.hpp"
#include "salient/metric/total_variation.hpp"
#include "salient/train/random.hpp"
#include "salient/view/reduce.hpp"

namespace salient::evidence {
namespace {

using metrics::values;

constexpr long parts_of_a_method = 9;

tensor gather(const tensor& from, const std::vector<long>& which) {
  tensor to(from.extent, static_cast<long>(which.size()));
  for (std::size_t k = 0; k < which.size(); ++k)
    std::ranges::copy(from.image(which[k]), to.image(static_cast<long>(k)).begin());
  return to;
}

/// a - b for each place; none if one of the two is.
values differences(const values& a, const values& b) {
  values result;
  for (std::size_t n = 0; n < a.size(); ++n)
    result.push_back(a[n] && b[n] ? std::optional(*a[n] - *b[n]) : std::nullopt);
  return result;
}

/// A pixel that is zero in the network's input: black, or the mean colour where one is subtracted. Deletion
/// and infidelity remove pixels in the same way.
std::vector<float> removed_pixel(const preprocessing& images, int channels) {
  std::vector<float> pixel;
  for (int c = 0; c < channels; ++c) {
    const int of = images.order == channel_order::bgr ? channels - 1 - c : c;
    pixel.push_back(static_cast<float>(images.mean.of(of, 0) / images.range));
  }
  return pixel;
}

std::vector<double> cells_add(const subject& network, const tensor& image, int c) {
  const shape extent = image.extent;
  const cell_grid grid(extent);
  const std::vector<float> removed = removed_pixel(network.images(), extent.channels);
  const auto is_there = [&](int y, int x) {
    for (int k = 0; k < extent.channels; ++k)
      if (image(0, y, x, k) != removed[static_cast<std::size_t>(k)]) return true;
    return false;
  };
  std::vector<bool> there(grid.count());
  for (int y = 0; y < extent.height; ++y)
    for (int x = 0; x < extent.width; ++x)
      if (is_there(y, x)) there[grid.of(y, x)] = true;

  const auto of = [&](const tensor& scores, long k) {
    return static_cast<double>(scores.image(k)[static_cast<std::size_t>(c)]);
  };
  const double whole = of(network.scores(image), 0);
  std::vector<double> adds(grid.count());
  constexpr std::size_t most = 64;  // images at a time
  std::vector<std::size_t> some;
  const auto take = [&] {
    tensor changed(extent, static_cast<long>(some.size()));
    for (long k = 0; k < changed.batch; ++k) {
      std::ranges::copy(image.image(0), changed.image(k).begin());
      for (int y = 0; y < extent.height; ++y)
        for (int x = 0; x < extent.width; ++x)
          if (grid.of(y, x) == some[static_cast<std::size_t>(k)])
            for (int i = 0; i < extent.channels; ++i)
              changed(k, y, x, i) = removed[static_cast<std::size_t>(i)];
    }
    const tensor scores = network.scores(changed);
    for (std::size_t k = 0; k < some.size(); ++k) adds[some[k]] = whole - of(scores, static_cast<long>(k));
    some.clear();
  };
  for (std::size_t i = 0; i < adds.size(); ++i) {
    if (there[i]) some.push_back(i);
    if (some.size() == most || (i + 1 == adds.size() && !some.empty())) take();
  }
  return adds;
}

std::vector<int> first_of(const std::vector<int>& classes, long count) {
  return {classes.begin(), classes.begin() + count};
}

void measure_road(const subject& network, const questions& about, const tensor& maps, measured& to) {
  const long count = std::min(road_images, about.images.batch);
  const auto areas = [&](metrics::removal_order order) {
    return network.road(about.images.slice(0, count), maps.slice(0, count), first_of(about.predicted, count),
                        order, about.seed);
  };
  to[figure::road_most] = areas(metrics::removal_order::most_relevant_first);
  to[figure::road_least] = areas(metrics::removal_order::least_relevant_first);
  to[figure::road_gain] = differences(to[figure::road_least], to[figure::road_most]);
}

/// The figures of maps, whoever made them.
void measure_maps(const subject& network, const questions& about, const tensor& maps, measured& to) {
  to[figure::deletion] = network.deletion(about.images, maps, about.predicted);
  to[figure::insertion] = network.insertion(about.images, maps, about.predicted);
  measure_road(network, about, maps, to);
  const auto confidence = network.confidence(about.images, maps, about.predicted);
  to[figure::average_drop] = metrics::average_drop(confidence);
  to[figure::increase] = metrics::increase_in_confidence(confidence);
  to[figure::sparseness] = metrics::sparseness(maps);
  to[figure::complexity] = metrics::complexity(maps);
  to[figure::total_variation] = metrics::total_variation(maps);
  to[figure::roughness] = roughness(maps, about.images.extent, about.seed);
  to[figure::resolution] = metrics::effective_resolution(maps);
  const double side = static_cast<double>(about.images.extent.height) / maps.extent.height;
  for (auto& v : to[figure::resolution])
    if (v) *v *= side;
  to[figure::negative_share] = negative_share(maps);
  to[figure::against] = sees_against(maps, about.images.extent, about.adds);
  to[figure::blind] = blind_spots(maps, about.images.extent, about.adds);
  to[figure::infidelity] = metrics::infidelity(about.falls, maps).unexplained;
}

/// The figures of maps of pairs about the left ones and about the right ones.
void measure_pairs(shape image, const tensor& of_left, const tensor& of_right, measured& to) {
  const tensor left = half_mask(image, of_left.batch, true), right = half_mask(image, of_left.batch, false);
  to[figure::pointing] =
      means(metrics::pointing_game(of_left, left), metrics::pointing_game(of_right, right));
  to[figure::relevance_mass] = means(metrics::relevance_mass_accuracy(of_left, left),
                                     metrics::relevance_mass_accuracy(of_right, right));
  to[figure::relevance_rank] = means(metrics::relevance_rank_accuracy(of_left, left),
                                     metrics::relevance_rank_accuracy(of_right, right));
}

/// Values between -1 and 1.
tensor random_maps(shape extent, long count, std::uint64_t seed) {
  tensor maps(extent, count);
  for (long n = 0; n < count; ++n) {
    random generator(seed + static_cast<std::uint64_t>(n));
    for (float& v : maps.image(n)) v = static_cast<float>(2 * generator.uniform() - 1);
  }
  return maps;
}

/// Correlations with the maps after the last `layers` layers were redrawn.
struct redrawn {
  values signed_maps, magnitudes;
};

redrawn compare_redrawn(subject& network, std::size_t method, const questions& about, const tensor& maps,
                        int layers) {
  const long images = std::min(redrawn_images, about.images.batch);
  const auto count = static_cast<std::size_t>(images);
  redrawn to{values(count), values(count)};
  for (long set = 0; set < std::min(redrawings, images); ++set) {
    std::vector<long> which;
    std::vector<int> classes;
    for (long n = set; n < images; n += redrawings) {
      which.push_back(n);
      classes.push_back(about.predicted[static_cast<std::size_t>(n)]);
    }
    network.redraw(layers, about.seed + static_cast<std::uint64_t>(set));
    const tensor then = network.ask(method, gather(about.images, which), classes).maps;
    const tensor now = gather(maps, which);
    const values alike = metrics::spearman(now, then);
    const values magnitudes = metrics::spearman(absolute(now), absolute(then));
    for (std::size_t k = 0; k < which.size(); ++k) {
      to.signed_maps[static_cast<std::size_t>(which[k])] = alike[k];
      to.magnitudes[static_cast<std::size_t>(which[k])] = magnitudes[k];
    }
  }
  network.redraw(0, about.seed);
  return to;
}

}  // namespace

questions prepare(const subject& network, const sample& of, std::uint64_t seed,
                  const std::function<void(long, long)>& step) {
  const tensor& images = of.images;
  questions q{images, tensor(images.extent, images.batch), {}, {}, {}, {}, {}, seed};
  const tensor scores = network.scores(images);
  for (long n = 0; n < images.batch; ++n) {
    step(n, images.batch);
    const auto z = scores.image(n);
    const int best = predicted_class(std::span<const float>(z));
    std::vector<float> others(z.begin(), z.end());
    others[static_cast<std::size_t>(best)] = -std::numeric_limits<float>::infinity();
    q.predicted.push_back(best);
    q.runners_up.push_back(predicted_class(std::span<const float>(others)));
    q.adds.push_back(cells_add(network, images.slice(n, 1), best));
    std::ranges::copy(images.image((n + 1) % images.batch), q.partners.image(n).begin());
  }
  q.falls = network.falls(images, q.predicted, seed);
  q.pairs = find_pairs(network, of, q.predicted);
  return q;
}

measured measure(subject& network, std::size_t method, const questions& about, const measured& control,
                 const std::function<void(long, long)>& step) {
  measured to;
  const auto count = static_cast<std::size_t>(about.images.batch);
  answer asked = network.ask(method, about.images, about.predicted);
  step(1, parts_of_a_method);
  to[figure::gap] = std::move(asked.gaps);
  to[figure::passes] = values(count, asked.passes);
  to[figure::positions] = values(count, static_cast<double>(asked.maps.extent.positions()) /
                                            static_cast<double>(about.images.extent.positions()));
  measure_maps(network, about, asked.maps, to);
  step(2, parts_of_a_method);
  to[figure::deletion_gain] = differences(control[figure::deletion], to[figure::deletion]);
  to[figure::class_correlation] =
      metrics::pearson(asked.maps, network.ask(method, about.images, about.runners_up).maps);
  step(3, parts_of_a_method);
  to[figure::image_correlation] =
      metrics::pearson(asked.maps, network.ask(method, about.partners, about.predicted).maps);
  step(4, parts_of_a_method);
  const long moved = std::min(moved_images, about.images.batch);
  to[figure::max_sensitivity] = network.max_sensitivity(method, about.images.slice(0, moved),
                                                        first_of(about.predicted, moved), about.seed);
  step(5, parts_of_a_method);
  if (about.pairs.enough())
    measure_pairs(about.images.extent, network.ask(method, about.pairs.images, about.pairs.left).maps,
                  network.ask(method, about.pairs.images, about.pairs.right).maps, to);
  step(6, parts_of_a_method);
  to[figure::parameters_top] = compare_redrawn(network, method, about, asked.maps, 1).signed_maps;
  step(7, parts_of_a_method);
  to[figure::parameters_half] =
      compare_redrawn(network, method, about, asked.maps, (network.layers() + 1) / 2).signed_maps;
  step(8, parts_of_a_method);
  redrawn all = compare_redrawn(network, method, about, asked.maps, network.layers());
  to[figure::parameters_all] = std::move(all.signed_maps);
  to[figure::magnitudes_all] = std::move(all.magnitudes);
  to.milliseconds = explainer::median_milliseconds(
      [&] { network.ask(method, about.images.slice(0, 1), {about.predicted[0]}); });
  step(9, parts_of_a_method);
  return to;
}

measured measure_control(const subject& network, const questions& about) {
  measured to;
  measure_maps(network, about, random_maps(about.images.extent, about.images.batch, about.seed), to);
  if (about.pairs.enough()) {
    const long count = about.pairs.images.batch;
    const auto maps = random_maps(about.images.extent, 2 * count, about.seed);
    measure_pairs(about.images.extent, maps.slice(0, count), maps.slice(count, count), to);
  }
  return to;
}

}  // namespace salient::evidence
