// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "salient/device/buffer.hpp"
#include "salient/kernel/map.hpp"
#include "salient/method/line_integral.hpp"

namespace salient::methods::detail {

/// A layer's activations, and the target's gradients there, at points of straight lines from baselines to the
/// query's images. Session must keep the layer. Some points run together in a session of their own, so that
/// memory does not grow with their number.
template <class Session, class Query>
class layer_path {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  static constexpr long size = network::input_shape.elements();
  /// As many as keep their activations in a core's cache.
  static constexpr long at_once =
      std::clamp(768L * 1024 / network::template plan<typename Session::pass_type, scalar>.bytes, 1L, 16L);

 public:
  /// `baselines` and `inputs`: N x H x W x C, the ends of the lines. `points` is the maximum number that
  /// `walk` will receive.
  layer_path(const Query& q, int layer, const basic_tensor<scalar>& baselines,
             const basic_tensor<scalar>& inputs, long points)
      : query_(q),
        layer_(layer),
        baselines_(baselines),
        inputs_(inputs),
        session_(q.session().model(), std::min(at_once, points)),
        memory_(device(), static_cast<std::size_t>(2 * size + session_.capacity())),
        activations_(network::extent(layer), session_.capacity()),
        gradients_(activations_) {}

  /// Selects image n's line; returns the target's value at its baseline. Throws salient::error if the scores
  /// there are not finite.
  scalar aim(long n) {
    image_ = n;
    session_.write(from(), baselines_.image(n));
    session_.write(to(), inputs_.image(n));
    session_.begin(1);
    session_.write(session_.activation(0), baselines_.image(n));
    session_.forward_inputs("at the baseline");
    return query_.value(session_.scores().image(0), n);
  }

  /// Calls f(activations, gradients) for each of the positions, in their order. Throws salient::error if the
  /// scores at a point are not finite.
  template <class F>
  void walk(const std::vector<double>& positions, const F& f) {
    const long count = static_cast<long>(positions.size());
    for (long first = 0; first < count; first += session_.capacity()) {
      const long some = std::min(session_.capacity(), count - first);
      session_.begin(some);
      session_.write(where(),
                     std::vector<scalar>(positions.begin() + first, positions.begin() + first + some));
      kernel::line(device(), some, size, from(), to(), where(), session_.activation(0));
      session_.forward_inputs("between baseline and image");
      query_.template backward<gradient>(session_, layer_, [&](long) { return image_; });
      session_.read(session_.activation(layer_), first_of(activations_, some));
      session_.read(session_.signal(layer_), first_of(gradients_, some));
      for (long k = 0; k < some; ++k) f(activations_.image(k), gradients_.image(k));
    }
  }

 private:
  scalar* from() { return memory_.data(); }
  scalar* to() { return memory_.data() + size; }
  scalar* where() { return memory_.data() + 2 * size; }

  static std::span<scalar> first_of(basic_tensor<scalar>& all, long some) {
    return std::span(all.values).first(static_cast<std::size_t>(some * all.extent.elements()));
  }
  const auto& device() const { return query_.session().model().device(); }

  const Query& query_;
  int layer_;
  const basic_tensor<scalar>&baselines_, &inputs_;
  Session session_;
  buffer<scalar, typename Query::device_type> memory_;
  basic_tensor<scalar> activations_, gradients_;
  long image_ = 0;
};

}  // namespace salient::methods::detail
