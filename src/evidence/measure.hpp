// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "evidence/figures.hpp"
#include "evidence/pairs.hpp"
#include "salient/evidence/sample.hpp"
#include "salient/evidence/subject.hpp"

namespace salient::evidence {

/// What is known of the images before any method is asked.
struct questions {
  tensor images;
  tensor partners;              ///< another image for each
  std::vector<int> predicted;   ///< the class that the maps are about
  std::vector<int> runners_up;  ///< the second most probable class
  /// For each image, what each square of its cell_grid adds to the score of the class: the score minus that
  /// of the image without this square. 0 where it is without it already.
  std::vector<std::vector<double>> adds;
  metrics::value_falls<float> falls;  ///< when squares are removed
  image_pairs pairs;
  std::uint64_t seed = 0;
};

/// Asks the network for its scores. Image n + 1 is the partner of image n, and the first that of the last.
/// `adds` and `falls` stay empty.
questions look(const subject& network, const sample& of, std::uint64_t seed);

/// The same with `adds` and `falls`, which take hundreds of scores of each image. Calls `step(done, all)` for
/// each image.
questions prepare(const subject& network, const sample& of, std::uint64_t seed,
                  const std::function<void(long, long)>& step);

/// All figures of one method but those of compare_with_control(). Calls `step(done, all)` now and then.
measured measure(subject& network, std::size_t method, const questions& about,
                 const std::function<void(long, long)>& step);

/// The figures of a method that say how much better than random values it is.
void compare_with_control(measured& method, const measured& control);

/// The same figures, as far as they exist, of random values in place of a map.
measured measure_control(const subject& network, const questions& about);

/// Random sets of parameters for the figures that redraw them. Image n is asked with set n modulo this.
inline constexpr long redrawings = 5;
/// These figures are of the first so many images: they ask for three more maps of each, and their intervals
/// are narrow.
inline constexpr long redrawn_images = 50;
/// Filling in pixels solves a linear system each time.
inline constexpr long road_images = 50;
/// The largest move asks for eleven maps of an image.
inline constexpr long moved_images = 10;

}  // namespace salient::evidence
