// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "salient/graph/session.hpp"
#include "salient/method/requirements.hpp"
#include "salient/method/target.hpp"

namespace salient {

/// What every method returns: the raw map, signed and not normalised, and what it explains.
template <class T>
struct explanation {
  basic_tensor<T> map;       ///< N x H x W x C of the input, or N x h x w x 1 of a feature map
  std::vector<int> classes;  ///< the class explained, for each image
  std::vector<T> values;     ///< the target's value, for each image: z_c for `logit`
  basic_tensor<T> scores;    ///< all class scores before any softmax: N x 1 x 1 x classes
};

/// A batch that has been through its forward pass, and the question asked of it. Methods are functions of it.
template <class Session, target Target>
class query {
 public:
  using network = typename Session::network;
  using model_type = typename Session::model_type;
  using device_type = typename Session::device_type;
  using scalar = typename Session::scalar;
  using target_type = Target;

  /// Runs the forward pass. Throws salient::error for bad images or a target out of range.
  query(Session& session, const basic_tensor<scalar>& images, const Target& target)
      : session_(session), images_(images) {
    session.forward(images);
    salient::detail::check_scores(std::span<const scalar>(session.scores().values));
    about(target);
  }

  /// Asks another question of the same forward pass. Throws salient::error if the target is out of range.
  void about(const Target& target) { classes_ = target.resolve(session_.scores()); }

  Session& session() const { return session_; }
  const basic_tensor<scalar>& images() const { return images_; }
  int target_class(long n) const { return classes_[static_cast<std::size_t>(n)]; }
  long batch() const { return images_.batch; }

  /// The target's value for image n of a session's batch, if it is about class c.
  template <class Other>
  static scalar value(const Other& session, long n, int c) {
    return Target::value(session.scores().image(n), c);
  }

  /// Starts a backward pass of a session at the target's derivative, image n being about class c(n), and runs
  /// it down to activation `to`.
  template <rule Rule, class Other, class F>
  static void backward(Other& session, int to, const F& c) {
    basic_tensor<scalar> signal(session.scores().extent, session.batch());
    for (long n = 0; n < session.batch(); ++n)
      Target::derivative(session.scores().image(n), c(n), signal.image(n));
    session.write(session.signal(network::scores), signal.values);
    session.template backward<Rule>(network::scores, to);
  }

  /// The same for this query's own session and classes.
  template <rule Rule = gradient>
  void backward(int to = 0) const {
    backward<Rule>(session_, to, [&](long n) { return target_class(n); });
  }

  /// The signal at an activation, in host memory.
  basic_tensor<scalar> signal(int activation) const { return read(session_.signal(activation), activation); }
  basic_tensor<scalar> activation(int i) const { return read(session_.activation(i), i); }

  explanation<scalar> result(basic_tensor<scalar> map) const {
    explanation<scalar> e{std::move(map), classes_, {}, session_.scores()};
    for (long n = 0; n < batch(); ++n) e.values.push_back(value(session_, n, target_class(n)));
    return e;
  }

 private:
  basic_tensor<scalar> read(const scalar* from, int activation) const {
    basic_tensor<scalar> t(network::inferred.shapes[static_cast<std::size_t>(activation)], batch());
    session_.read(from, t.values);
    return t;
  }

  Session& session_;
  const basic_tensor<scalar>& images_;
  std::vector<int> classes_;
};

/// A saliency method over Network: an aggregate of its options with
/// - `demand<Network>()`, which does not compile, in words, unless the network has what the method needs;
/// - `applies<Network>`, the same as a constant;
/// - `tap<Network>`, the activation it reads besides those that backward passes keep (0, the input, if none);
/// - `operator()(query)`, which returns an explanation, or something that has its members.
template <class M, class Network>
concept method = requires {
  { M::template applies<Network> } -> std::convertible_to<bool>;
  { M::template tap<Network> } -> std::convertible_to<int>;
  M::template demand<Network>();
};

/// What a session must keep for these methods over Network.
template <class Network, class... Methods>
using pass_for = pass::saliency<Methods::template tap<Network>...>;

namespace detail {
template <class Pass>
constexpr bool keeps(int activation) {
  return activation == 0 || std::ranges::find(Pass::taps, activation) != Pass::taps.end();
}

template <class Network, class Pass, class... Methods>
constexpr void check() {
  (Methods::template demand<Network>(), ...);
  static_assert((keeps<Pass>(Methods::template tap<Network>) && ...),
                "salient: this session does not keep what the method reads; make it a session<model, "
                "pass_for<network, methods...>>");
}
}  // namespace detail

/// Runs several methods on the same images about several targets in turn, such as every class, after one
/// forward pass. For each target there is a tuple of the methods' results, in order. At least one target.
///
/// The session is one for `pass_for<network, Methods...>`, and may be used again and again.
template <class Model, class Pass, target Target, method<typename Model::network>... Methods>
auto explain_each(session<Model, Pass>& session, const basic_tensor<typename Model::scalar>& images,
                  std::span<const Target> targets, const Methods&... methods) {
  assert(!targets.empty());
  detail::check<typename Model::network, Pass, Methods...>();
  query asked(session, images, targets.front());
  std::vector<decltype(std::tuple{methods(asked)...})> results;
  for (const Target& target : targets) {
    asked.about(target);
    results.push_back(std::tuple{methods(asked)...});  // braces: evaluated from left to right
  }
  return results;
}

/// The same about one target: the tuple of the methods' results.
template <class Model, class Pass, target Target, method<typename Model::network>... Methods>
auto explain(session<Model, Pass>& session, const basic_tensor<typename Model::scalar>& images,
             const Target& target, const Methods&... methods) {
  detail::check<typename Model::network, Pass, Methods...>();
  const query asked(session, images, target);
  return std::tuple{methods(asked)...};
}

/// The same with a session made for the occasion.
///
/// model: parameters; images: N x H x W x C, or one image; target: logit, probability or cross_entropy.
template <class Network, class Device, class Scalar, target Target, class... Methods>
auto explain(const model<Network, Device, Scalar>& model, const basic_tensor<Scalar>& images,
             const Target& target, const Methods&... methods) {
  (Methods::template demand<Network>(), ...);
  session<salient::model<Network, Device, Scalar>, pass_for<Network, Methods...>> session(
      model, std::max(images.batch, 1L));
  return explain(session, images, target, methods...);
}

}  // namespace salient
