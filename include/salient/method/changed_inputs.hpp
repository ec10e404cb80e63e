// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/query.hpp"
#include "salient/method/side_session.hpp"

namespace salient::methods::detail {

/// Throws salient::error unless the budget is at least 1 byte.
SALIENT_EXPORT void check_budget(std::string_view method, long budget);

/// The target's values at changed inputs of a query's images, by forward passes in a session of its own.
template <class Query>
class changed_inputs {
  using network = typename Query::network;
  using scalar = typename Query::scalar;
  using session_type = session<typename Query::model_type, pass::forward>;
  static constexpr long bytes = network::template plan<pass::forward, scalar>.bytes;

 public:
  /// As many inputs run together as fit in `budget` bytes of device memory, at least one and at most `count`.
  changed_inputs(const Query& q, long count, long budget)
      : query_(q),
        session_(q, std::clamp(budget / bytes, 1L, count)),
        inputs_(network::input_shape, session_.capacity()) {}

  /// How many run together, but for the last ones.
  long capacity() const { return session_.capacity(); }

  /// For k = 0, ..., count - 1, in this order: write(k, input) fills the network's input, and read(k, value)
  /// receives the value of image n's target there. Throws salient::error, which says `where`, for scores that
  /// are not finite.
  template <class Write, class Read>
  void run(long n, long count, std::string_view where, const Write& write, const Read& read) {
    for (long first = 0; first < count; first += session_.capacity()) {
      const long some = std::min(session_.capacity(), count - first);
      for (long k = 0; k < some; ++k) write(first + k, inputs_.image(k));
      session_->begin(some);
      session_->write(session_->activation(0),
                      std::span<const scalar>(inputs_.values)
                          .first(static_cast<std::size_t>(some * network::input_shape.elements())));
      session_->forward_inputs(where);
      for (long k = 0; k < some; ++k) read(first + k, query_.value(session_->scores().image(k), n));
    }
  }

 private:
  const Query& query_;
  side_session<session_type> session_;
  basic_tensor<scalar> inputs_;
};

}  // namespace salient::methods::detail
