// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

#include "salient/method/ablation_cam.hpp"
#include "salient/method/blur_integrated_gradients.hpp"
#include "salient/method/cam.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/eigen_cam.hpp"
#include "salient/method/expected_gradients.hpp"
#include "salient/method/full_grad.hpp"
#include "salient/method/grad_cam_plus_plus.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/guided_backprop.hpp"
#include "salient/method/guided_grad_cam.hpp"
#include "salient/method/guided_integrated_gradients.hpp"
#include "salient/method/hires_cam.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/internal_influence.hpp"
#include "salient/method/layer_cam.hpp"
#include "salient/method/layer_conductance.hpp"
#include "salient/method/layer_gradient_x_activation.hpp"
#include "salient/method/occlusion.hpp"
#include "salient/method/rise.hpp"
#include "salient/method/score_cam.hpp"
#include "salient/method/smooth.hpp"
#include "salient/method/words.hpp"
#include "salient/method/xgrad_cam.hpp"

namespace salient {

namespace methods {

/// The methods that programs offer, in the order in which they list them. Each has `words`.
inline constexpr auto all =
    boost::hana::tuple_t<gradients, gradients_x_input, integrated_gradients, expected_gradients,
                         blur_integrated_gradients, guided_integrated_gradients, smooth<>, occlusion, rise,
                         deconvolution<>, guided_backprop, full_grad, cam<>, grad_cam<>, guided_grad_cam<>,
                         layer_gradient_x_activation<>, hires_cam<>, layer_cam<>, grad_cam_plus_plus<>,
                         xgrad_cam<>, eigen_cam<>, score_cam<>, ablation_cam<>, layer_conductance<>,
                         internal_influence<>>;

}  // namespace methods

/// f.operator()<Methods...>() with all methods of the list.
template <class F>
constexpr auto with_all_methods(const F& f) {
  return boost::hana::unpack(
      methods::all, [&](auto... m) { return f.template operator()<typename decltype(m)::type...>(); });
}

inline constexpr auto all_method_words =
    with_all_methods([]<class... Methods>() { return std::array{method_words(Methods::words)...}; });
inline constexpr std::size_t methods_count = all_method_words.size();

/// What each needs; completes "needs ...".
inline constexpr auto all_method_needs =
    with_all_methods([]<class... Methods>() { return std::array{Methods::needs::words...}; });

/// A method of the list, by its place.
enum class method_kind : std::size_t {};

constexpr const method_words& words_of(method_kind m) {
  return all_method_words[static_cast<std::size_t>(m)];
}

template <class Method>
inline constexpr method_kind kind_of = with_all_methods([]<class... Methods>() {
  std::size_t place = 0;
  (void)((std::is_same_v<Methods, Method> || (++place, false)) || ...);
  return method_kind{place};
});

}  // namespace salient
