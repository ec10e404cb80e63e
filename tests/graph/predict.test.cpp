// SPDX-License-Identifier: MIT
#include "salient/graph/predict.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "laws/message_of.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

using laws::message_of;

TEST(predict, gives_the_scores_of_a_session_however_many_images_run_at_once) {
  laws::for_each_network([]<class Network>() {
    const cpu device;
    const auto m = laws::random_model<Network>(device);
    const auto images = laws::random_images(Network::input_shape, 5);
    session<model<Network>, pass::forward> s(m, 5);
    s.forward(images);
    for (const long at_once : {1L, 2L, 5L, 64L}) {
      const tensor scores = predict(m, images, at_once);
      EXPECT_EQ(scores.values, s.scores().values) << at_once;
      EXPECT_TRUE(scores.extent == s.scores().extent && scores.batch == 5);
    }
    EXPECT_EQ(predict(m, images).values, s.scores().values);
  });
}

TEST(predict, refuses_bad_images_in_words) {
  const cpu device;
  const auto m = laws::random_model<laws::perceptron>(device);
  EXPECT_NE(message_of([&] { predict(m, tensor({4, 5, 1})); }).find("images of 5x4x1"), std::string::npos);
  EXPECT_NE(message_of([&] { predict(m, tensor({5, 4, 1}, 0)); }).find("got 0"), std::string::npos);
  EXPECT_NE(message_of([&] { predict(m, tensor({5, 4, 1}), 0); }).find("got 0"), std::string::npos);
  tensor lying({5, 4, 1}, 3);
  lying.values.resize(50);
  EXPECT_NE(message_of([&] { predict(m, lying); }).find("hold 50"), std::string::npos);
  tensor poisoned({5, 4, 1}, 70);
  poisoned.values.back() = std::nanf("");
  EXPECT_NE(message_of([&] { predict(m, poisoned); }).find("not finite at element 1399"), std::string::npos);
  tensor huge({5, 4, 1}, 2, 3e38F);
  EXPECT_NE(message_of([&] { predict(m, huge); }).find("class scores at the image are not finite"),
            std::string::npos);
}

}  // namespace
}  // namespace salient
