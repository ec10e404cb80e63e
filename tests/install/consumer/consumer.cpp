// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>

#include "salient/graph/session.hpp"
#include "salient/io/png.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/pool.hpp"
#include "salient/layer/relu.hpp"

using classifier = salient::network<salient::input<12, 10, 3>, salient::conv2d<8, 3>, salient::relu,
                                    salient::max_pool<2>, salient::flatten, salient::dense<4>>;

/// Number of images explained on a device; 0 on failure.
template <class Device>
long explained(const Device& device) {
  salient::state_dict weights = salient::parameters_to(
      std::vector<float>(static_cast<std::size_t>(classifier::parameter_layout.elements)),
      classifier::parameter_table);
  float angle = 0;
  for (auto& tensor : weights)
    for (float& value : tensor.values) value = 0.2f * std::sin(angle += 1);
  const salient::model<classifier, Device> model(device, weights);

  salient::tensor images(classifier::input_shape, 2);
  for (float& value : images.values) value = std::cos(angle += 1);
  salient::session session(model, 2);
  session.forward(images);
  session.write(session.signal(classifier::scores), std::vector<float>{1, 0, 0, 0, 0, 0, 1, 0});
  session.backward(classifier::scores, 0);
  salient::tensor map(classifier::input_shape, 2);
  session.read(session.signal(0), map.values);

  float sum = 0;
  for (const float value : map.values) sum += std::abs(value);
  return sum > 0 ? map.batch : 0;
}

int main() {
  const long images = explained(salient::cpu_pool(2));
  try {
    salient::read_png("no such file.png", 1);  // makes the linker include the PNG reader
    return 1;
  } catch (const salient::error&) {
  }
  try {
    if (explained(salient::gpu()) != images) return 1;
  } catch (const salient::error& none) {
    std::printf("%s\n", none.what());
  }
  std::printf("explained %ld images\n", images);
}
