// SPDX-License-Identifier: MIT
#include "kernel/cuda/product.hpp"

namespace salient::kernel::cuda {
namespace {

product_problem problem(const conv_problem& p, const shape& source, const epilogue<float>& e,
                        const view<float>& y, bool adjoint) {
  const window& w = p.w;
  product_problem made{};
  made.y_axis = {y.extent.height, source.height, w.height, w.stride_y, w.top, w.dilation_y, adjoint};
  made.x_axis = {y.extent.width, source.width, w.width, w.stride_x, w.left, w.dilation_x, adjoint};
  made.batch = static_cast<int>(y.batch);
  made.groups = p.groups;
  made.adjoint = adjoint;
  made.after = e;
  made.y = y;
  return made;
}

}  // namespace

product_problem forward_product(const conv_problem& p, const view<const float>& x,
                                const conv_weights<float>& w, const epilogue<float>& e,
                                const view<float>& y) {
  product_problem made = problem(p, x.extent, e, y, false);
  made.depth = p.depth();
  made.filters = p.filters / p.groups;
  made.source = x.data;
  made.pitch = x.pitch;
  made.weight = w.weight;
  made.bias = w.bias;
  return made;
}

product_problem adjoint_product(const conv_problem& p, const view<const float>& dy,
                                const conv_weights<float>& w, const epilogue<float>& e,
                                const view<float>& dx) {
  product_problem made = problem(p, dy.extent, e, dx, true);
  made.depth = p.filters / p.groups;
  made.filters = p.depth();
  made.source = dy.data;
  made.pitch = dy.pitch;
  made.weight = w.weight;
  made.scale = w.scale;
  return made;
}

}  // namespace salient::kernel::cuda
