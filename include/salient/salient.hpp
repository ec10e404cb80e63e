// SPDX-License-Identifier: MIT
#pragma once

// Everything a program that explains a classifier needs. The library itself never includes this.

#include "salient/graph/network.hpp"
#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/named.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"
#include "salient/layer/softmax.hpp"
#include "salient/load.hpp"
#include "salient/method/cam.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/exact_integrated_gradients.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/guided_backprop.hpp"
#include "salient/method/guided_grad_cam.hpp"
#include "salient/method/integrated_gradients.hpp"
