// SPDX-License-Identifier: MIT
// label: fast-math
#include "salient/core/finite.hpp"

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "laws/message_of.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"
#include "salient/salient.hpp"
#include "salient/train/fit.hpp"
#include "salient/train/initialise.hpp"

// Compiled with -ffast-math, where the compiler may take std::isfinite as always true.

namespace salient {
namespace {

/// Numbers in memory, of bits that the compiler cannot see as constants. It may take a number that is passed
/// or returned by value for finite.
template <class T, class Bits>
std::vector<T> of_bits(std::initializer_list<Bits> all) {
  std::vector<T> numbers(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    volatile Bits hidden = all.begin()[i];
    const Bits bits = hidden;
    std::memcpy(&numbers[i], &bits, sizeof bits);
  }
  return numbers;
}
const auto odd = of_bits<float>({0x7fc00000u, 0x7f800000u, 0xff800000u});  // NaN and both infinities

static_assert(is_finite(std::numeric_limits<float>::max()) && is_finite(0.0F) && is_finite(-0.0));
static_assert(is_finite(std::numeric_limits<float>::denorm_min()) && is_finite(-1e308));
static_assert(!is_finite(std::numeric_limits<double>::infinity()) && !is_nan(1e308) && !is_nan(-0.0F));

TEST(finite, is_told_by_bits) {
  for (const float& v : of_bits<float>({0x7f800000u, 0xff800000u})) EXPECT_TRUE(!is_finite(v) && !is_nan(v));
  for (const float& v : of_bits<float>({0x7f800001u, 0x7fc00000u, 0xffffffffu}))
    EXPECT_TRUE(!is_finite(v) && is_nan(v));
  for (const float& v : of_bits<float>({0u, 0x80000000u, 1u, 0x7f7fffffu, 0xff7fffffu, 0x3f800000u}))
    EXPECT_TRUE(is_finite(v) && !is_nan(v));
  constexpr std::uint64_t infinity = 0x7ff0000000000000u, nan = 0x7ff8000000000000u,
                          sign = std::uint64_t{1} << 63;
  for (const double& v : of_bits<double>({infinity, infinity | sign}))
    EXPECT_TRUE(!is_finite(v) && !is_nan(v));
  for (const double& v : of_bits<double>({nan, nan | sign})) EXPECT_TRUE(!is_finite(v) && is_nan(v));

  std::vector<double> values(100, 1e300);
  EXPECT_TRUE(all_finite(std::span<const double>(values)));
  values[99] = of_bits<double>({nan})[0];
  EXPECT_FALSE(all_finite(std::span<const double>(values)));
  EXPECT_TRUE(all_finite(std::span<const float>()));
}

using laws::message_of;

using net = laws::convolutional;

TEST(finite, is_asked_of_a_users_input_whatever_flags_the_user_has) {
  const cpu device;
  const auto model = laws::random_model<net>(device);
  const tensor image = laws::random_images(net::input_shape);
  const auto refused = [&](const char* words, const auto& f) {
    const std::string said = message_of(f);
    EXPECT_NE(said.find(words), std::string::npos) << said;
  };
  for (const float& v : odd) {
    tensor poisoned = image;
    poisoned.values[3] = v;
    refused("not finite at element 3", [&] { gradients(model, poisoned); });
    refused("not finite at element 3", [&] { predict(model, poisoned); });
    refused("baseline image has a value that is not finite",
            [&] { integrated_gradients(model, image, logit(), {.baseline_image = poisoned}); });
    refused("baseline must be a finite number",
            [&] { integrated_gradients(model, image, logit(), {.baseline = v}); });
    refused("tolerance must be above zero",
            [&] { integrated_gradients(model, image, logit(), {.tolerance = v}); });
    auto weights = laws::random_weights<net>();
    weights[0].values[1] = v;
    refused("not finite at element 1", [&] { salient::model<net>(device, weights); });
    refused("deviation must be above 0 and finite",
            [&] { salient::model<net>(device, laws::random_weights<net>(), preprocessing{.deviation = v}); });
    refused("mean must be finite",
            [&] { salient::model<net>(device, laws::random_weights<net>(), preprocessing{.mean = v}); });
    refused("rate must be above zero", [&] {
      auto trained = laws::random_model<net>(device);
      fit(trained, image, std::vector{0}, {.rate = v}, [](const fit_progress&) {});
    });
    refused("momentum must be", [&] {
      auto trained = laws::random_model<net>(device);
      fit(trained, image, std::vector{0}, {.momentum = v}, [](const fit_progress&) {});
    });
  }
  tensor huge = image;
  for (float& v : huge.values) v *= 3e38F;
  refused("class scores at the image are not finite", [&] { gradients(model, huge); });
}

TEST(finite, is_asked_of_a_map_before_relu_could_make_zero_of_nan) {
  using net = network<input<2, 2>, conv2d<2, 1>, relu, flatten, dense<2>>;
  std::vector<float> weights(16);
  for (const std::size_t c : {0u, 8u})
    for (const std::size_t position : {1u, 2u, 3u}) {
      weights[c + position] = 1e20F;
      weights[c + 4 + position] = -1e20F;
    }
  const cpu device;
  const model<net> m(device, {{"0.weight", {2, 1, 1, 1}, {1e30F, 1e30F}},
                              {"0.bias", {2}, {0, 0}},
                              {"3.weight", {2, 8}, weights},
                              {"3.bias", {2}, {0, 0}}});
  tensor image(net::input_shape);
  image.values[0] = 1;
  for (const bool relu : {true, false}) {
    const std::string said = message_of([&] { grad_cam(m, image, logit(0), {.relu = relu}); });
    EXPECT_NE(said.find("the map is not finite"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace salient
