// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/quadrature.hpp"

namespace salient::methods::detail {

/// The start of the lines. At most one member may be given; without one, lines start at 0.
struct baseline_choice {
  const std::optional<double>& value;                ///< for every element of the network's input
  const std::optional<basic_tensor<double>>& image;  ///< pixels, preprocessed like the images
  std::string_view method = "integrated gradients";  ///< in messages
};

/// Throws salient::error unless `steps`, the value of an option, is between 1 and `most`.
void check_steps(std::string_view method, std::string_view option, int steps,
                 int most = most_quadrature_steps);

/// Throws salient::error if both are given, for a wrong shape or number of images, or a value that
/// is not finite.
void check_baseline(const baseline_choice&, shape extent, long batch);

/// Adds the indices of images whose baseline image is out of range to `images`.
void add_out_of_range(const baseline_choice&, long batch, std::vector<int>& images);

/// Image n's baseline image: of one for all, or of one for each.
inline basic_tensor<double> baseline_of(const basic_tensor<double>& image, long n) {
  return image.slice(image.batch == 1 ? 0 : n, 1);
}

/// One baseline for each image, as network input. For float and double. Throws salient::error as
/// check_baseline does, and if a value is not finite in T.
template <class T>
basic_tensor<T> baselines(const baseline_choice&, shape extent, long batch, const preprocessing&);

/// Integrals of the target's gradient along straight lines from baselines to the query's images.
///
/// The linear layers at the start of the network map a line to a line. They run forward only for its two
/// ends, and backward once for the sum of all gradients. The rest runs for a few points at a time in a
/// session of its own, so that memory does not grow with the number of points.
template <class Query>
class line_integral {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using device_type = typename Query::device_type;
  static constexpr int bend = network::linear_until;
  static constexpr long size = network::extent(bend).elements();

 public:
  /// Points that run together: as many as keep their activations in a core's cache.
  static constexpr long at_once =
      std::clamp(768L * 1024 / network::template plan<pass_with<bend>, scalar>.bytes, 1L, 16L);

  /// `baselines` and `inputs`: N x H x W x C, the ends of the lines. `points` is the maximum number that
  /// integrate will receive.
  line_integral(const Query& q, const basic_tensor<scalar>& baselines, const basic_tensor<scalar>& inputs,
                long points)
      : query_(q),
        baselines_(baselines),
        inputs_(inputs),
        session_(q.session().model(), std::min(at_once, points)),
        memory_(device(), static_cast<std::size_t>(2 * size + 2 * session_.capacity())),
        sum_(device(), static_cast<std::size_t>(size)),
        host_(static_cast<std::size_t>(size)),
        total_(static_cast<std::size_t>(size)) {}

  /// Selects image n's line; returns the target's value at its baseline. Throws salient::error if the scores
  /// there are not finite.
  scalar aim(long n) {
    image_ = n;
    end_at(inputs_.image(n), to());
    end_at(baselines_.image(n), from());
    session_.forward(bend, network::scores);
    read_scores("at the baseline");
    return query_.value(session_.scores().image(0), n);
  }

  /// Writes (x - x') times the weighted sum of gradients at points of the line to `map`. Throws
  /// salient::error if the scores at a point are not finite.
  void integrate(const nodes& points, std::span<scalar> map) {
    const long capacity = session_.capacity();
    scalar *positions = to() + size, *weights = positions + capacity;
    std::ranges::fill(total_, 0.0);
    sum_.upload(total_);
    const long count = static_cast<long>(points.positions.size());
    for (long first = 0; first < count; first += capacity) {
      const long some = std::min(capacity, count - first);
      session_.begin(some);
      session_.write(positions, slice(points.positions, first, some));
      session_.write(weights, slice(points.weights, first, some));
      kernel::line(device(), some, size, from(), to(), positions, session_.activation(bend));
      session_.forward(bend, network::scores);
      read_scores("between baseline and image");
      query_.template backward<gradient>(session_, bend, [&](long) { return image_; });
      kernel::accumulate(device(), some, size, session_.signal(bend), weights, sum_.data());
    }
    sum_.download(total_);
    std::ranges::transform(total_, host_.begin(), [](double x) { return static_cast<scalar>(x); });
    session_.begin(1);
    session_.write(session_.signal(bend), host_);
    session_.template backward<gradient>(bend, 0);
    session_.read(session_.signal(0), map);
    const std::span<const scalar> image = inputs_.image(image_), baseline = baselines_.image(image_);
    for (std::size_t i = 0; i < map.size(); ++i)
      map[i] = static_cast<scalar>(static_cast<double>(map[i]) *
                                   (static_cast<double>(image[i]) - static_cast<double>(baseline[i])));
  }

 private:
  scalar* from() { return memory_.data(); }
  scalar* to() { return memory_.data() + size; }

  /// Runs one end of the line through the linear layers and stores the result.
  void end_at(std::span<const scalar> end, scalar* kept) {
    session_.begin(1);
    session_.write(session_.activation(0), end);
    session_.forward(0, bend);
    session_.read(session_.activation(bend), host_);
    session_.write(kept, host_);
  }

  void read_scores(std::string_view where) {
    session_.read_scores();
    salient::detail::check_scores(std::span<const scalar>(session_.scores().values), where);
  }

  const auto& device() const { return query_.session().model().device(); }
  static std::vector<scalar> slice(const std::vector<double>& all, long first, long count) {
    return {all.begin() + first, all.begin() + first + count};
  }

  const Query& query_;
  const basic_tensor<scalar>&baselines_, &inputs_;
  session<typename Query::model_type, pass_with<bend>> session_;
  buffer<scalar, device_type> memory_;
  buffer<double, device_type> sum_;
  std::vector<scalar> host_;
  std::vector<double> total_;
  long image_ = 0;
};

}  // namespace salient::methods::detail
