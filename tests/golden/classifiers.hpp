// SPDX-License-Identifier: MIT
#pragma once

#include "../apps/networks.hpp"
#include "golden/networks.hpp"

namespace salient::golden {

// separate from networks.hpp, because this needs the whole library

using classifiers =
    twins<twin<"perceptron", digits::perceptron>, twin<"cnn", digits::cnn, 1, 2>,
          twin<"deep_cnn", digits::deep_cnn, 4, 7>, twin<"pooled_cnn", digits::pooled_cnn, 4, 6>>;

}  // namespace salient::golden
