// SPDX-License-Identifier: MIT
// expect: salient: a layer with packed weights needs pack(device, shape in, long first, long count, const T*
// errors: 1
#include "harness.hpp"
#include "salient/layer/batch_norm.hpp"

struct loose : scale {
  static constexpr long packed(shape in) { return in.elements(); }
};

void load(const cpu& device, const state_dict& weights) {
  model<network<input<1, 4>, flatten, loose>> m(device, weights);
}
