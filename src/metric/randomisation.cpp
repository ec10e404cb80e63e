// SPDX-License-Identifier: MIT
#include "salient/metric/randomisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "salient/core/resample.hpp"
#include "salient/core/scores.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/structural_similarity.hpp"

namespace salient::metrics {
namespace {

constexpr int window = 11;  // of the structural similarity

template <class T>
basic_tensor<T> magnitudes_of(basic_tensor<T> maps) {
  for (T& v : maps.values) v = std::abs(v);
  return maps;
}

/// Maps at the image's size as pictures in grey, from 0 to 1: zero is the middle. (With values on both sides
/// of zero, a map would be similar to its negative: two factors of the similarity would turn their sign.)
template <class T>
basic_tensor<T> shown(const basic_tensor<T>& maps, shape image) {
  basic_tensor<T> flat({maps.extent.height, maps.extent.width, 1}, maps.batch);
  const auto channels = static_cast<std::size_t>(maps.extent.channels);
  for (std::size_t i = 0; i < maps.values.size(); ++i) flat.values[i / channels] += maps.values[i];
  flat = resample(flat, {image.height, image.width});
  for (long n = 0; n < flat.batch; ++n) {
    T largest = 0;
    for (const T v : flat.image(n)) largest = std::max(largest, std::abs(v));
    for (T& v : flat.image(n)) v = (largest > 0 ? v / largest + 1 : T{1}) / 2;
  }
  return flat;
}

template <class T>
basic_tensor<T> gather(const basic_tensor<T>& from, const std::vector<long>& which) {
  basic_tensor<T> to(from.extent, static_cast<long>(which.size()));
  for (std::size_t k = 0; k < which.size(); ++k)
    std::ranges::copy(from.image(which[k]), to.image(static_cast<long>(k)).begin());
  return to;
}

}  // namespace

template <class T>
likeness compare_maps(const basic_tensor<T>& before, const basic_tensor<T>& after, shape image) {
  likeness found{spearman(before, after), spearman(magnitudes_of(before), magnitudes_of(after)),
                 values(static_cast<std::size_t>(before.batch))};
  if (std::min(image.height, image.width) < window) return found;
  constexpr double range = 1;
  found.structure = structural_similarity(shown(before, image), shown(after, image), range);
  for (std::size_t n = 0; n < found.ranks.size(); ++n)  // of constant maps SSIM says how alike they are
    if (!found.ranks[n]) found.structure[n].reset();
  return found;
}
template likeness compare_maps(const basic_tensor<float>&, const basic_tensor<float>&, shape);
template likeness compare_maps(const basic_tensor<double>&, const basic_tensor<double>&, shape);

namespace detail {

template <class T>
share_of_set<T> share(long set, long sets, const basic_tensor<T>& images, const basic_tensor<T>& maps,
                      const std::vector<int>& classes) {
  share_of_set<T> own;
  for (long n = set; n < images.batch; n += sets) {
    own.which.push_back(n);
    own.classes.push_back(classes[static_cast<std::size_t>(n)]);
  }
  own.images = gather(images, own.which);
  own.maps = gather(maps, own.which);
  return own;
}
template share_of_set<float> share(long, long, const basic_tensor<float>&, const basic_tensor<float>&,
                                   const std::vector<int>&);
template share_of_set<double> share(long, long, const basic_tensor<double>&, const basic_tensor<double>&,
                                    const std::vector<int>&);

void put(const likeness& from, const std::vector<long>& which, likeness& to) {
  for (std::size_t k = 0; k < which.size(); ++k) {
    const auto n = static_cast<std::size_t>(which[k]);
    to.ranks[n] = from.ranks[k];
    to.magnitudes[n] = from.magnitudes[k];
    to.structure[n] = from.structure[k];
  }
}

template <class T>
best_classes two_best(const basic_tensor<T>& scores) {
  best_classes found;
  for (long n = 0; n < scores.batch; ++n) {
    const auto z = scores.image(n);
    const int best = predicted_class(std::span<const T>(z));
    std::vector<T> others(z.begin(), z.end());
    others[static_cast<std::size_t>(best)] = -std::numeric_limits<T>::infinity();
    found.first.push_back(best);
    found.second.push_back(predicted_class(std::span<const T>(others)));
  }
  return found;
}
template best_classes two_best(const basic_tensor<float>&);
template best_classes two_best(const basic_tensor<double>&);

}  // namespace detail
}  // namespace salient::metrics
