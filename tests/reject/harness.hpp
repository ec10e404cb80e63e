// SPDX-License-Identifier: MIT
#pragma once

// Shared by the programs of this folder. Only those named control... must compile.

#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/softmax.hpp"

using namespace salient;

/// Instantiates a network.
template <class Network>
inline constexpr int checked = Network::size;
