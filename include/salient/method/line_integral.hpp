// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/quadrature.hpp"

namespace salient::methods::detail {

/// One baseline for each image: a constant, or an image for all, or one for each.
/// Throws salient::error for another shape or count, or a value that is not finite.
template <class T>
basic_tensor<T> baselines(float constant, const std::optional<tensor>& image, shape extent, long batch) {
  if (!std::isfinite(constant)) throw error("integrated gradients: the baseline must be a finite number");
  basic_tensor<T> result(extent, batch, static_cast<T>(constant));
  if (!image) return result;
  if (!(image->extent == extent) || (image->batch != 1 && image->batch != batch))
    throw error(
        "integrated gradients: the baseline image must have the input's shape, and there must be one, or one "
        "an image");
  if (image->values.size() != static_cast<std::size_t>(image->batch * extent.elements()))
    throw error("integrated gradients: the baseline image's values do not fill its extent");
  for (const float v : image->values)
    if (!std::isfinite(v))
      throw error("integrated gradients: the baseline image has a value that is not finite");
  for (long n = 0; n < batch; ++n)
    std::ranges::copy(image->image(image->batch == 1 ? 0 : n), result.image(n).begin());
  return result;
}

/// Integrals of the target's gradient along straight lines from baselines to the query's images.
///
/// Points run a few at a time in a session of their own, so that memory does not grow with their number.
template <class Query>
class line_integral {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using device_type = typename Query::device_type;
  static constexpr long size = network::input_shape.elements();

 public:
  static constexpr long at_once = 16;

  /// `points` is the most that integrate will be asked for.
  line_integral(const Query& q, const basic_tensor<scalar>& baselines, long points)
      : query_(q),
        baselines_(baselines),
        session_(q.session().model(), std::min(at_once, points)),
        memory_(device(), static_cast<std::size_t>(size + 2 * session_.capacity())),
        sum_(device(), static_cast<std::size_t>(size)) {}

  /// The target's value at image n's baseline.
  scalar start(long n) {
    session_.begin(1);
    session_.write(session_.activation(0), baselines_.image(n));
    session_.forward(0, network::scores);
    session_.read_scores();
    return Query::value(session_, 0, query_.target_class(n));
  }

  /// Writes (x - x') times the weighted sum of gradients at the points to `map`, for image n.
  void integrate(long n, const nodes& points, std::span<scalar> map) {
    const std::span<const scalar> image = query_.images().image(n), baseline = baselines_.image(n);
    const long capacity = session_.capacity();
    scalar *from = memory_.data(), *positions = from + size, *weights = positions + capacity;
    const scalar* to = query_.session().activation(0) + n * size;
    std::vector<double> sum(static_cast<std::size_t>(size));

    session_.write(from, baseline);
    sum_.upload(sum);
    const long count = static_cast<long>(points.positions.size());
    for (long first = 0; first < count; first += capacity) {
      const long some = std::min(capacity, count - first);
      session_.begin(some);
      session_.write(positions, slice(points.positions, first, some));
      session_.write(weights, slice(points.weights, first, some));
      kernel::line(device(), some, size, from, to, positions, session_.activation(0));
      session_.forward(0, network::scores);
      session_.read_scores();
      Query::template backward<gradient>(session_, 0, [&](long) { return query_.target_class(n); });
      kernel::accumulate(device(), some, size, session_.signal(0), weights, sum_.data());
    }
    sum_.download(sum);
    for (std::size_t i = 0; i < map.size(); ++i)
      map[i] =
          static_cast<scalar>(sum[i] * (static_cast<double>(image[i]) - static_cast<double>(baseline[i])));
  }

 private:
  const auto& device() const { return query_.session().model().device(); }
  static std::vector<scalar> slice(const std::vector<double>& all, long first, long count) {
    return {all.begin() + first, all.begin() + first + count};
  }

  const Query& query_;
  const basic_tensor<scalar>& baselines_;
  session<typename Query::model_type> session_;
  buffer<scalar, device_type> memory_;
  buffer<double, device_type> sum_;
};

}  // namespace salient::methods::detail
