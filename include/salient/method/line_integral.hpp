// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/device/buffer.hpp"
#include "salient/kernel/attribution.hpp"
#include "salient/kernel/elementwise.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/quadrature.hpp"
#include "salient/method/side_session.hpp"

namespace salient::methods::detail {

/// The start of the lines. At most one member may be given; without one, lines start at 0.
struct baseline_choice {
  const std::optional<double>& value;                ///< for every element of the network's input
  const std::optional<basic_tensor<double>>& image;  ///< pixels, preprocessed like the images
  std::string_view method = "integrated gradients";  ///< in messages
};

/// What an option `baseline` says of itself.
inline constexpr std::string_view baseline_help =
    "Start of the path: this value in the whole network input; 0 if not given";

/// Throws salient::error unless `steps`, the value of an option, is between 1 and `most`.
SALIENT_EXPORT void check_steps(std::string_view method, std::string_view option, int steps,
                                int most = most_quadrature_steps);

/// Throws salient::error if both are given, for a wrong shape or number of images, or a value that
/// is not finite.
SALIENT_EXPORT void check_baseline(const baseline_choice&, shape extent, long batch);

/// Adds the indices of images whose baseline image is out of range to `images`.
SALIENT_EXPORT void add_out_of_range(const baseline_choice&, long batch, std::vector<int>& images);

/// Image n's baseline image: of one for all, or of one for each.
inline basic_tensor<double> baseline_of(const basic_tensor<double>& image, long n) {
  return image.slice(image.batch == 1 ? 0 : n, 1);
}

/// One baseline for each image, as network input. For float and double. Throws salient::error as
/// check_baseline does, and if a value is not finite in T.
template <class T>
SALIENT_EXPORT basic_tensor<T> baselines(const baseline_choice&, shape extent, long batch,
                                         const preprocessing&);

/// How many points run together, of which each needs `bytes` of workspace: on a CPU as many as keep their
/// activations in a core's cache, on a GPU as many as fill it.
template <class D>
constexpr long points_at_once(long bytes) {
  if constexpr (runs_ahead<D>) return std::clamp((256L << 20) / bytes, 1L, 4096L);
  return std::clamp(768L * 1024 / bytes, 1L, 16L);
}

/// Integrals of the target's gradient along straight lines from baselines to the query's images.
///
/// The linear layers at the start of the network map a line to a line. They run forward only for its two
/// ends, and backward once for the sum of all gradients. The rest runs for a few points at a time in a
/// session of its own, so that memory does not grow with the number of points.
///
/// The host waits in `read` alone, and for targets that are not differentiated on the device.
template <class Query>
class line_integral {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using device_type = typename Query::device_type;
  static constexpr int bend = network::linear_until;
  static constexpr long size = network::extent(bend).elements();

 public:
  static constexpr long at_once =
      points_at_once<device_type>(network::template plan<pass_with<bend>, scalar>.bytes);

  /// `baselines`: N x H x W x C, the starts of the lines to the query's images. `points` is the number that
  /// integrate will mostly receive.
  line_integral(const Query& q, const basic_tensor<scalar>& baselines, long points)
      : query_(q),
        session_(q, std::min(at_once, points)),
        baselines_(device(), baselines.values.size()),
        ends_(device(), static_cast<std::size_t>(2 * size)),
        sum_(device(), static_cast<std::size_t>(size)),
        maps_(device(), baselines.values.size()),
        scores_(device(), static_cast<std::size_t>(q.batch() * network::classes)),
        not_finite_(device(), 1),
        scores_here_(device(), scores_.size()),
        not_finite_here_(device(), 1) {
    baselines_.upload(baselines.values);
    clear(device(), not_finite_.data(), sizeof(int));
  }

  /// Selects image n's line and computes the scores at its baseline.
  void aim(long n) {
    image_ = n;
    to_ = end_at(query_.session().activation(0) + n * pixels, ends_.data() + size);
    from_ = end_at(baseline(), ends_.data());
    session_->begin(1);
    if constexpr (bend == 0) copy(from_, session_->activation(0), network::input_shape);
    session_->forward(bend, network::scores);
    if constexpr (!Query::starts_on_device) read_scores("at the baseline");
    copy(session_->activation(network::scores), scores_.data() + n * network::classes,
         {1, 1, network::classes});
  }

  /// Computes image n's map: (x - x') times the weighted sum of gradients at points of the line.
  void integrate(const nodes& points) {
    const long capacity = session_.capacity(), count = static_cast<long>(points.positions.size());
    place(points);
    const scalar *const positions = places_.data(), *const weights = positions + count;
    clear(device(), sum_.data(), sum_.size() * sizeof(double));
    for (long first = 0; first < count; first += capacity) {
      const long some = std::min(capacity, count - first);
      session_->begin(some);
      kernel::line(device(), some, size, from_, to_, positions + first, session_->activation(bend));
      session_->forward(bend, network::scores);
      if constexpr (!Query::starts_on_device) read_scores("between baseline and image");
      query_.template backward<gradient>(*session_, bend, {image_, 0}, not_finite_.data());
      kernel::accumulate<device_type, scalar>(device(), some, size, session_->signal(bend), weights + first,
                                              sum_.data());
    }
    session_->begin(1);
    kernel::narrow(device(), size, sum_.data(), session_->signal(bend));
    session_->template backward<gradient>(bend, 0);
    kernel::multiply_by_way<device_type, scalar>(device(), pixels, session_->signal(0), baseline(),
                                                 query_.session().activation(0) + image_ * pixels,
                                                 maps_.data() + image_ * pixels);
  }

  /// Waits for the maps of images first, ..., first + count - 1 and writes them to `maps`. Throws
  /// salient::error if the scores at a baseline or at a point are not finite.
  void read(long first, long count, std::span<scalar> maps) {
    scores_here_.receive(scores_.data(), scores_.size());
    not_finite_here_.receive(not_finite_.data(), 1);
    query_.session().read(maps_.data() + first * pixels, maps);
    for (long n = first; n < first + count; ++n)
      salient::detail::check_scores(baseline_scores(n), "at the baseline");
    if (not_finite_here_.values()[0] != 0) salient::detail::refuse_scores("between baseline and image");
  }

  /// The target's value at image n's baseline, once its map has been read.
  scalar baseline_value(long n) const { return query_.value(baseline_scores(n), n); }

 private:
  static constexpr long pixels = network::input_shape.elements();

  const scalar* baseline() const { return baselines_.data() + image_ * pixels; }
  std::span<const scalar> baseline_scores(long n) const {
    return scores_here_.values().subspan(static_cast<std::size_t>(n * network::classes),
                                         static_cast<std::size_t>(network::classes));
  }

  /// An end of the line behind the linear layers: in `kept` if there are any.
  const scalar* end_at(const scalar* end, scalar* kept) {
    if constexpr (bend == 0) return end;
    session_->begin(1);
    copy(end, session_->activation(0), network::input_shape);
    session_->forward(0, bend);
    copy(session_->activation(bend), kept, network::extent(bend));
    return kept;
  }

  /// Copies positions and then weights of all points to the device.
  void place(const nodes& points) {
    std::vector<scalar> all(points.positions.begin(), points.positions.end());
    all.insert(all.end(), points.weights.begin(), points.weights.end());
    if (places_.size() < all.size()) places_ = buffer<scalar, device_type>(device(), all.size());
    places_.upload(all);
  }

  void copy(const scalar* from, scalar* to, shape extent) {
    kernel::apply<device_type, scalar>(device(), {from, 1, extent}, {}, {to, 1, extent});
  }

  void read_scores(std::string_view where) {
    session_->read_scores();
    salient::detail::check_scores(std::span<const scalar>(session_->scores().values), where);
  }

  const device_type& device() const { return query_.session().model().device(); }

  const Query& query_;
  side_session<session<typename Query::model_type, pass_with<bend>>> session_;
  buffer<scalar, device_type> baselines_, ends_, places_;
  buffer<double, device_type> sum_;
  buffer<scalar, device_type> maps_, scores_;  ///< of all images; the scores are those at the baselines
  buffer<int, device_type> not_finite_;
  host_buffer<scalar, device_type> scores_here_;
  host_buffer<int, device_type> not_finite_here_;
  const scalar *from_ = nullptr, *to_ = nullptr;
  long image_ = 0;
};

}  // namespace salient::methods::detail
