// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/session.hpp"
#include "salient/kernel/score_gradient.hpp"
#include "salient/method/target.hpp"

namespace salient {

/// The result of every method: the raw map, signed and not normalised, and what it explains.
template <class T>
struct explanation {
  basic_tensor<T> map;       ///< N x H x W x C as the network's input, or N x h x w x 1 as a feature map
  std::vector<int> classes;  ///< the class explained, for each image; empty if the target has no class
  std::vector<T> values;     ///< the target's value, for each image: z_c for `logit`
  basic_tensor<T> scores;    ///< all class scores before any softmax: N x 1 x 1 x classes
  /// Images of the batch that have a pixel below -1 or above 2, or whose baseline image has. Pixels lie
  /// between 0 and 1, so the maps of these images are probably meaningless.
  std::vector<int> out_of_range;
};

namespace detail {

/// The target itself, or a logit in place of a type that is not a target, so that there is only one
/// error message.
template <class Scalar, class Target>
constexpr decltype(auto) demand_target(const Target& t) {
  constexpr bool fits = target<Target, Scalar>;
  static_assert(fits,
                "salient: this is not a target: pass logit, probability or cross_entropy, or a type with "
                "value(z) and derivative(z, dz) for the model's scalar, as method/target.hpp says");
  if constexpr (fits)
    return (t);
  else
    return logit();
}

}  // namespace detail

/// The images of a query that the entries of a session's batch belong to: entry k to image first + k step.
struct images_asked {
  long first = 0, step = 1;

  long operator()(long k) const { return first + k * step; }
};

/// A batch after its forward pass, with a target. Methods are functions of a query.
///
/// On a GPU nothing here waits for the host, unless someone asks for scores or classes, or the target is of a
/// user's own: the library's targets are differentiated on the device.
template <class Session, class Target>
class query {
 public:
  using session_type = Session;
  using network = typename Session::network;
  using model_type = typename Session::model_type;
  using device_type = typename Session::device_type;
  using scalar = typename Session::scalar;
  using target_type = Target;

  /// Whether the device starts backward passes itself, without the scores on the host.
  static constexpr bool starts_on_device =
      runs_ahead<device_type> && requires(const Target& t) { detail::kernel_of<Target>::of(t); };

  /// Runs the forward pass. Throws salient::error for bad images, scores that are not finite (see `session`),
  /// or a class out of range.
  query(Session& session, const basic_tensor<scalar>& images, const Target& target)
      : session_(session), target_(target) {
    session.forward(images);
    out_of_range_ = out_of_range(images);
    about(target);
  }

  /// For inputs of the network, after preprocessing, that the caller has written to activation 0 after
  /// `session.begin`: runs the forward pass. `classes`: the class of each input, which need not be the one
  /// predicted there; empty for a target without a class. Throws salient::error, which says `where`, for
  /// scores that are not finite.
  query(Session& session, std::vector<int> classes, const Target& target, std::string_view where)
      : session_(session), target_(target), classes_(std::move(classes)) {
    session.forward_inputs(where);
  }

  /// Whether several targets can stand side by side, in `about`, if they are `alike`.
  static constexpr bool side_by_side =
      !runs_ahead<device_type> && requires(const Target& t) { detail::kernel_of<Target>::of(t); };

  /// Changes the target and keeps the forward pass. Throws salient::error for a class out of range.
  void about(const Target& target) {
    if constexpr (side_by_side) session_.repeat(1);
    target_ = target;
    on_device_ = {};
    if constexpr (class_target<Target, scalar>) {
      classes_ = detail::given_classes(target_.classes, batch(), network::classes);
      if constexpr (!starts_on_device) resolve();
    }
  }

  /// Whether the targets differ in their classes alone.
  static bool alike(const Target& a, const Target& b)
    requires side_by_side
  {
    return detail::kernel_of<Target>::of(a) == detail::kernel_of<Target>::of(b);
  }

  /// The same for several targets, all alike: the batch becomes the images once for each target, the first
  /// target's before the second's. The session must have room for them.
  void about(std::span<const Target> targets)
    requires side_by_side
  {
    about(targets[0]);
    std::vector<int> classes = classes_;
    for (const Target& t : targets.subspan(1)) {
      about(t);
      classes.insert(classes.end(), classes_.begin(), classes_.end());
    }
    session_.repeat(std::ssize(targets));
    target_.classes = classes_ = std::move(classes);
  }

  Session& session() const { return session_; }
  long batch() const { return session_.batch(); }
  const Target& target() const { return target_; }
  /// The target's class for image n. Only for a class_target.
  int target_class(long n) const {
    resolve();
    return classes_[static_cast<std::size_t>(n)];
  }

  /// The target's value for image n at scores z.
  scalar value(std::span<const scalar> z, long n) const {
    if constexpr (class_target<Target, scalar>)
      return target_.value(z, target_class(n));
    else
      return target_.value(z);
  }

  /// Starts a backward pass of a session at the target's derivative and runs it down to activation `to`.
  /// The session's scores must be those of its last forward pass; unless the query `starts_on_device`, they
  /// must have been read. If the device finds a score that is not finite, it sets *not_finite to 1, which may
  /// be null.
  template <rule Rule, class Other>
  void backward(Other& session, int to, images_asked asked,
                [[maybe_unused]] int* not_finite = nullptr) const {
    if constexpr (starts_on_device) {
      kernel::score_gradient<device_type, scalar>(device(), start(session, asked), scores_of(session),
                                                  session.signal(network::scores), not_finite);
    } else {
      constexpr auto each = static_cast<std::size_t>(network::classes);
      derivatives_.assign(static_cast<std::size_t>(session.batch()) * each, scalar(0));
      for (long k = 0; k < session.batch(); ++k)
        write_derivative(session.scores().image(k), asked(k),
                         std::span(derivatives_).subspan(static_cast<std::size_t>(k) * each, each));
      session.write(session.signal(network::scores), derivatives_);
    }
    session.template backward<Rule>(network::scores, to);
  }

  /// The same for this query's own session.
  template <rule Rule = gradient>
  void backward(int to = 0) const {
    backward<Rule>(session_, to, {});
  }

  /// A view of an activation or signal of this session.
  view<const scalar> view_of(const scalar* data, int activation) const {
    return {data, batch(), network::extent(activation)};
  }

  /// Copies the signal at an activation to host memory.
  basic_tensor<scalar> signal(int activation) const { return read(session_.signal(activation), activation); }
  /// Copies an activation to host memory; 0 is the network's input after preprocessing.
  basic_tensor<scalar> activation(int i) const { return read(session_.activation(i), i); }

  explanation<scalar> result(basic_tensor<scalar> map) const {
    resolve();
    explanation<scalar> e{std::move(map), classes_, {}, session_.scores(), out_of_range_};
    e.values.reserve(static_cast<std::size_t>(batch()));
    for (long n = 0; n < batch(); ++n) e.values.push_back(value(e.scores.image(n), n));
    return e;
  }

 private:
  const device_type& device() const { return session_.model().device(); }

  /// Makes the predicted classes the target's, if none are given.
  void resolve() const {
    if constexpr (class_target<Target, scalar>)
      if (classes_.empty()) classes_ = detail::resolve_classes(target_.classes, session_.scores());
  }

  template <class Other>
  static view<const scalar> scores_of(Other& session) {
    return {session.activation(network::scores), session.batch(), {1, 1, network::classes}};
  }

  /// How the device starts a backward pass of a session.
  template <class Other>
  kernel::score_start start([[maybe_unused]] const Other& session, images_asked asked) const {
    kernel::score_start s{.f = detail::kernel_of<Target>::of(target_)};
    if (const int one = detail::one_class(classes_, asked.first, asked.step); one >= 0) {
      s.all = one;
      return s;
    }
    if constexpr (std::is_same_v<Other, Session>)
      if (classes_.empty() && &session == &session_) return s;  // predicted there and then
    s.classes = classes_on_device() + asked.first;
    s.step = asked.step;
    return s;
  }
  const int* classes_on_device() const {
    if (on_device_.size() == 0) {
      on_device_ = buffer<int, device_type>(device(), static_cast<std::size_t>(batch()));
      if (classes_.empty())
        kernel::predict<device_type, scalar>(device(), scores_of(session_), on_device_.data());
      else
        on_device_.upload(classes_);
    }
    return on_device_.data();
  }

  void write_derivative(std::span<const scalar> z, long n, std::span<scalar> dz) const {
    if constexpr (class_target<Target, scalar>)
      target_.derivative(z, target_class(n), dz);
    else
      target_.derivative(z, dz);
  }
  basic_tensor<scalar> read(const scalar* from, int activation) const {
    basic_tensor<scalar> t(network::extent(activation), batch());
    session_.read(from, t.values);
    return t;
  }

  Session& session_;
  Target target_;
  mutable std::vector<int> classes_;  ///< empty until someone asks, where the predicted ones are the target's
  /// Empty until the device needs the classes.
  mutable std::conditional_t<starts_on_device, buffer<int, device_type>, std::monostate> on_device_;
  mutable std::vector<scalar> derivatives_;  ///< by the scores, where the host computes them
  std::vector<int> out_of_range_;
};

}  // namespace salient
