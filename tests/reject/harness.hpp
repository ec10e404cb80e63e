// SPDX-License-Identifier: MIT
#pragma once

// What the programs in this folder share. Those named control... compile; no other may.

#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/softmax.hpp"

using namespace salient;

/// Makes the compiler look at a network.
template <class Network>
inline constexpr int checked = Network::size;
