// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "salient/core/tensor.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/side_session.hpp"

namespace salient::methods::detail {

/// The target's values and gradients at inputs that the host writes, by passes in a session of its own.
template <class Query>
class input_gradients {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using session_type = session<typename Query::model_type, pass_with<>>;
  static constexpr long bytes = network::template plan<typename session_type::pass_type, scalar>.bytes;

 public:
  /// As many inputs run together as fit in `budget` bytes of device memory, at least one and at most `count`.
  input_gradients(const Query& q, long count, long budget)
      : query_(q),
        session_(q, std::clamp(budget / bytes, 1L, count)),
        inputs_(network::input_shape, session_.capacity()),
        gradients_(inputs_) {}

  long capacity() const { return session_.capacity(); }
  /// Where input k is written: k < capacity().
  std::span<scalar> input(long k) { return inputs_.image(k); }

  /// Runs inputs 0, ..., count - 1; input k belongs to image asked(k) of the query. Throws salient::error,
  /// which says `where`, a literal, for scores that are not finite, and for gradients that are not.
  void run(long count, std::string_view where, images_asked asked) {
    session_->begin(count);
    session_->write(session_->activation(0), first<const scalar>(inputs_, count));
    session_->forward_inputs(where);
    query_.template backward<salient::gradient>(*session_, 0, asked);
    const auto gradients = first<scalar>(gradients_, count);
    session_->read(session_->signal(0), gradients);
    salient::detail::check_finite<scalar>(gradients, {});
  }

  /// The value of image n's target at input k of the last run.
  scalar value(long k, long n) const { return query_.value(session_->scores().image(k), n); }
  std::span<const scalar> gradient(long k) const { return gradients_.image(k); }

 private:
  template <class S>
  static std::span<S> first(basic_tensor<scalar>& all, long count) {
    return std::span<S>(all.values).first(static_cast<std::size_t>(count * all.extent.elements()));
  }

  const Query& query_;
  side_session<session_type> session_;
  basic_tensor<scalar> inputs_, gradients_;
};

}  // namespace salient::methods::detail
