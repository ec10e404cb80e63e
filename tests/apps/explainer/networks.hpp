// SPDX-License-Identifier: MIT
#pragma once

#include "salient/salient.hpp"

/// Small networks for photographs, of which explainers are made.
namespace tested {

using namespace salient;

/// Every method applies.
struct tiny
    : network<input<32, 32, 3, preprocessing{.mean = {0.5}, .deviation = {0.25}, .fit = {.resize = 36}}>,
              named<"stem", conv2d<4, 3, with{.stride = 2, .padding = 1}>>, relu,
              named<"features", conv2d<6, 3, with{.padding = 1}>>, relu, global_avg_pool, flatten,
              named<"head", dense<4>>> {};

/// Without a map, so that half of the methods do not apply; declares no fitting.
struct plain : network<input<8, 8>, flatten, dense<5>, salient::tanh, dense<3>> {};

}  // namespace tested
