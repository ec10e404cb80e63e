// SPDX-License-Identifier: MIT
#include "evidence/measure.hpp"

#include <algorithm>
#include <cmath>

#include "evidence/shape_figures.hpp"
#include "salient/metric/complexity.hpp"
#include "salient/metric/dependence.hpp"
#include "salient/metric/effective_resolution.hpp"
#include "salient/metric/pointing_game.hpp"
#include "salient/metric/randomisation.hpp"
#include "salient/metric/relevance_accuracy.hpp"
#include "salient/metric/sparseness.hpp"
#include "salient/metric/total_variation.hpp"
#include "salient/train/random.hpp"
#include "salient/view/reduce.hpp"

namespace salient::evidence {
namespace {

using metrics::values;

constexpr long parts_of_a_method = 9;

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
  to[figure::detail] = pixel_detail(maps, about.images.extent);
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

}  // namespace

questions look(const subject& network, const sample& of, std::uint64_t seed) {
  const tensor& images = of.images;
  auto best = metrics::detail::two_best(network.scores(images));
  questions q{
      images, tensor(images.extent, images.batch), std::move(best.first), std::move(best.second), {}, {}, {},
      seed};
  for (long n = 0; n < images.batch; ++n)
    std::ranges::copy(images.image((n + 1) % images.batch), q.partners.image(n).begin());
  q.pairs = find_pairs(network, of, q.predicted);
  return q;
}

questions prepare(const subject& network, const sample& of, std::uint64_t seed,
                  const std::function<void(long, long)>& step) {
  questions q = look(network, of, seed);
  for (long n = 0; n < q.images.batch; ++n) {
    step(n, q.images.batch);
    q.adds.push_back(cells_add(network, q.images.slice(n, 1), q.predicted[static_cast<std::size_t>(n)]));
  }
  q.falls = network.falls(q.images, q.predicted, seed);
  return q;
}

void compare_with_control(measured& method, const measured& control) {
  method[figure::deletion_gain] = differences(control[figure::deletion], method[figure::deletion]);
}

measured measure(subject& network, std::size_t method, const questions& about,
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
  const auto explain = [&](const tensor& images, const std::vector<int>& classes) {
    return network.ask(method, images, classes).maps;
  };
  to[figure::class_correlation] =
      metrics::class_sensitivity(explain, asked.maps, about.images, about.runners_up);
  step(3, parts_of_a_method);
  to[figure::image_correlation] =
      metrics::image_sensitivity(explain, asked.maps, about.partners, about.predicted);
  step(4, parts_of_a_method);
  const long moved = std::min(moved_images, about.images.batch);
  to[figure::max_sensitivity] = network.max_sensitivity(method, about.images.slice(0, moved),
                                                        first_of(about.predicted, moved), about.seed);
  step(5, parts_of_a_method);
  if (about.pairs.enough())
    measure_pairs(about.images.extent, network.ask(method, about.pairs.images, about.pairs.left).maps,
                  network.ask(method, about.pairs.images, about.pairs.right).maps, to);
  step(6, parts_of_a_method);
  const long redrawn = std::min(redrawn_images, about.images.batch);
  const auto randomised = [&](int layers) {
    return metrics::parameter_randomisation(
        [&](int last, std::uint64_t seed) { network.redraw(last, seed); }, explain,
        asked.maps.slice(0, redrawn), about.images.slice(0, redrawn), first_of(about.predicted, redrawn),
        layers, {.sets = redrawings, .seed = about.seed});
  };
  to[figure::parameters_top] = randomised(1).ranks;
  step(7, parts_of_a_method);
  to[figure::parameters_half] = randomised((network.layers() + 1) / 2).ranks;
  step(8, parts_of_a_method);
  metrics::likeness all = randomised(network.layers());
  to[figure::parameters_all] = std::move(all.ranks);
  to[figure::magnitudes_all] = std::move(all.magnitudes);
  to[figure::structure_all] = std::move(all.structure);
  const metrics::map_cost cost = network.cost(method, about.images.slice(0, 1), about.predicted[0]);
  to.milliseconds = {cost.milliseconds.begin(), cost.milliseconds.end()};
  to.bytes = cost.bytes;
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
