// SPDX-License-Identifier: MIT
// Compiled with -ffast-math, where a compiler may take std::isfinite as always true: values that are not
// finite must be rejected all the same.
#include <bit>
#include <cstdint>
#include <cstdio>
#include <string>

#include "salient/graph/session.hpp"
#include "salient/layer/conv2d.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"
#include "salient/layer/relu.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/integrated_gradients.hpp"

namespace {

using namespace salient;

using classifier = network<input<6, 6>, conv2d<4, 3>, relu, flatten, dense<3>>;

int failures = 0;

/// Calls f, which must throw an error whose message contains these words.
template <class F>
void expect_refusal(const char* what, const char* words, const F& f) {
  try {
    f();
    std::printf("%s: accepted\n", what);
  } catch (const error& e) {
    if (std::string(e.what()).find(words) != std::string::npos) return;
    std::printf("%s: %s\n", what, e.what());
  }
  ++failures;
}

state_dict weights() {
  const auto& layout = classifier::parameter_layout;
  state_dict result = parameters_to(std::vector<float>(static_cast<std::size_t>(layout.elements)),
                                    classifier::parameter_table);
  int i = 0;
  for (named_tensor& t : result)
    for (float& value : t.values) value = static_cast<float>(++i % 7 - 3);
  return result;
}

void refuse(const cpu& device, const char* name, float bad) {
  const model<classifier> m(device, weights());
  const tensor image(classifier::input_shape, 1, 0.5F);
  tensor broken = image;
  broken.values[20] = bad;
  const std::string in = std::string(name) + " in ";

  expect_refusal((in + "an image").c_str(), "not finite", [&] { gradients(m, broken); });
  tensor batch(classifier::input_shape, 2, 0.5F);
  batch.values[50] = bad;
  expect_refusal((in + "a batch's second image").c_str(), "not finite", [&] { gradients(m, batch); });
  expect_refusal((in + "a baseline value").c_str(), "finite",
                 [&] { integrated_gradients(m, image, logit(0), {.baseline = bad}); });
  expect_refusal((in + "a baseline image").c_str(), "not finite",
                 [&] { integrated_gradients(m, image, logit(0), {.baseline_image = broken}); });
  state_dict wrong = weights();
  wrong[2].values[3] = bad;
  expect_refusal((in + "the weights").c_str(), "not finite", [&] { model<classifier>(device, wrong); });
}

}  // namespace

int main() {
  const cpu device;
  refuse(device, "NaN", std::bit_cast<float>(std::uint32_t{0x7fc00000}));
  refuse(device, "infinity", std::bit_cast<float>(std::uint32_t{0x7f800000}));
  refuse(device, "minus infinity", std::bit_cast<float>(std::uint32_t{0xff800000}));

  // Finite pixels for which the network computes infinite scores.
  const model<classifier> m(device, weights());
  expect_refusal("scores", "the class scores at the image are not finite",
                 [&] { gradients(m, tensor(classifier::input_shape, 1, 3e38F)); });

  if (failures == 0) std::printf("refused all that is not finite\n");
  return failures == 0 ? 0 : 1;
}
