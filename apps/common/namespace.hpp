// SPDX-License-Identifier: MIT
#pragma once

namespace salient::explainer {}

/// What demos share among themselves; what they share with explainers is in salient/explainer.
namespace apps {
using namespace salient::explainer;
}
