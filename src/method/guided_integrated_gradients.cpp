// SPDX-License-Identifier: MIT
#include "salient/method/guided_integrated_gradients.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/refuse.hpp"

namespace salient::methods::detail {

// As `saliency` 0.2.1 of PAIR, in exact arithmetic, with three differences:
// - A feature's place is a share of its way. The package keeps x and divides by the way.
// - A step ends when the distance is covered, to rounding, or no feature is left. The package ends it when
// the
//   distance is right to 1e-9 in the units of the input. With large values rounding alone is more, and its
//   loop does not end.
// - The path ends exactly at the input, also if it is shorter than 1e-9.

void check_guided(const guided_options& o) {
  check_steps("guided IG", "steps", o.steps);
  const auto check_share = [](const char* name, double share) {
    if (!(share >= 0 && share <= 1))
      salient::detail::refuse("guided IG", std::string("the ") + name + " must be between 0 and 1", share);
  };
  check_share("fraction", o.fraction);
  check_share("distance", o.distance);
}

void guided_path::feature::move(double to, double gradient) {
  sum += (to - place) * way * gradient;
  place = to;
}

template <class T>
void guided_path::begin(std::span<const T> from, std::span<const T> to) {
  features_.resize(from.size());
  order_.reserve(from.size());
  length_ = 0;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    features_[i] = {static_cast<double>(to[i]) - static_cast<double>(from[i]), 0, 0};
    length_ += std::abs(features_[i].way);
  }
}

template <class T>
void guided_path::point(std::span<const T> from, std::span<const T> to, std::span<T> at) const {
  for (std::size_t i = 0; i < features_.size(); ++i) {
    const feature& f = features_[i];
    at[i] = f.place == 1 ? to[i] : static_cast<T>(static_cast<double>(from[i]) + f.place * f.way);
  }
}

template <class T>
void guided_path::advance(int step, const guided_options& o, std::span<const T> gradient) {
  const auto slope = [&](std::size_t i) { return static_cast<double>(gradient[i]); };
  const double line = (step + 1.0) / o.steps;  // the place of all features on the straight line
  const double least = std::max(line - o.distance, 0.0), most = std::min(line + o.distance, 1.0);
  double covered = 0;
  order_.clear();
  for (std::size_t i = 0; i < features_.size(); ++i) {
    feature& f = features_[i];
    if (f.way == 0) continue;
    if (f.place < least) f.move(least, slope(i));
    covered += f.place * std::abs(f.way);
    if (f.place < most) order_.emplace_back(std::abs(slope(i)), i);
  }
  std::ranges::sort(order_);
  double missing = step + 1 == o.steps ? std::numeric_limits<double>::infinity() : line * length_ - covered;
  const auto together = 1 + static_cast<std::size_t>(o.fraction * static_cast<double>(features_.size() - 1));
  // At least one feature arrives at `most` in each round but the last, so the loop ends.
  for (std::size_t first = 0; first < order_.size() && missing > 0;) {
    std::size_t last = std::min(first + together, order_.size());
    while (last < order_.size() && order_[last].first == order_[last - 1].first) ++last;
    const auto moving = std::span(order_).subspan(first, last - first);
    double room = 0;
    for (const auto& [size, i] : moving) room += (most - features_[i].place) * std::abs(features_[i].way);
    const double share = missing < room ? missing / room : 1;
    for (const auto& [size, i] : moving) {
      feature& f = features_[i];
      f.move(share == 1 ? most : f.place + share * (most - f.place), slope(i));
    }
    missing -= room;
    first = last;
  }
}

template <class T>
void guided_path::write(std::span<T> map) const {
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<T>(features_[i].sum);
}

template void guided_path::begin(std::span<const float>, std::span<const float>);
template void guided_path::begin(std::span<const double>, std::span<const double>);
template void guided_path::point(std::span<const float>, std::span<const float>, std::span<float>) const;
template void guided_path::point(std::span<const double>, std::span<const double>, std::span<double>) const;
template void guided_path::advance(int, const guided_options&, std::span<const float>);
template void guided_path::advance(int, const guided_options&, std::span<const double>);
template void guided_path::write(std::span<float>) const;
template void guided_path::write(std::span<double>) const;

}  // namespace salient::methods::detail
