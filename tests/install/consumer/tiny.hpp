// SPDX-License-Identifier: MIT
#pragma once

#include <salient/salient.hpp>

/// The network of the explainer.
namespace consumed {
struct tiny : salient::network<salient::input<16, 16, 3>, salient::conv2d<4, 3>, salient::relu,
                               salient::global_avg_pool, salient::flatten, salient::dense<2>> {};
}  // namespace consumed
