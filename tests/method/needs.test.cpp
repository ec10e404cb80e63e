// SPDX-License-Identifier: MIT
#include "salient/method/needs.hpp"

#include <gtest/gtest.h>

#include "laws/method_laws.hpp"
#include "salient/method/cam.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/guided_grad_cam.hpp"

namespace salient {
namespace {

using namespace laws;

using linear_map = network<input<5, 5>, conv2d<2, 3>>;  // no scores and no activation

TEST(requirements, say_what_they_are) {
  using need::class_scores, need::convolution, need::activation;
  EXPECT_EQ((requirements<class_scores>::words), "a vector of class scores");
  EXPECT_EQ((requirements<class_scores, convolution>::words), "a vector of class scores and a convolution");
  EXPECT_EQ((requirements<class_scores, convolution, activation>::words),
            "a vector of class scores, a convolution and an activation such as a ReLU");
}

TEST(requirements, say_only_what_a_network_lacks) {
  using guided = methods::guided_grad_cam<>::needs;
  EXPECT_EQ(guided::missing<conv_net>, "");
  EXPECT_EQ(guided::missing<dense_net>, "a layer with a spatial output");
  EXPECT_EQ(guided::missing<linear_map>, "a vector of class scores and an activation such as a ReLU");
  EXPECT_EQ(methods::cam<>::needs::missing<conv_net>, methods::cam<>::needs::words);
}

TEST(requirements, are_met_by_networks_that_lack_nothing) {
  const auto agree = []<class Network, class... Methods>() {
    return ((applies<Methods, Network> == Methods::needs::template missing<Network>.empty()) && ...);
  };
  using some = methods::deconvolution<>;
  EXPECT_TRUE((agree.operator()<conv_net, methods::cam<>, methods::guided_grad_cam<>, some>()));
  EXPECT_TRUE((agree.operator()<dense_net, methods::cam<>, methods::guided_grad_cam<>, some>()));
  EXPECT_TRUE((agree.operator()<linear_map, methods::cam<>, methods::guided_grad_cam<>, some>()));
}

}  // namespace
}  // namespace salient
