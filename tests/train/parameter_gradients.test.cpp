// SPDX-License-Identifier: MIT
// label: threads
#include <numeric>

#include "laws/method_laws.hpp"
#include "salient/train/loss.hpp"

namespace salient {
namespace {

using namespace laws;

/// Every parameter's gradient of the loss against a central difference.
template <class Network, class D>
void expect_central_differences(const D& device) {
  model<Network, D, double> m(device, random_weights<Network>());
  const auto images = random_images<double>(Network::input_shape, 3);
  const std::vector<int> labels{1, 0, 2};
  session<model<Network, D, double>, pass::training> s(m, 3);
  const auto size = static_cast<std::size_t>(Network::parameter_layout.elements);
  std::vector<double> values(size), gradient(size);
  copy_out(device, values.data(), m.parameters(), size * sizeof(double));
  const auto loss = [&] {
    m.assign(values);
    s.forward(images);
    return softmax_cross_entropy(s.scores(), std::span<const int>(labels));
  };
  buffer<double, D> device_gradient(device, size);
  s.write(device_gradient.data(), gradient);
  const auto at = loss();
  s.write(s.signal(Network::scores), at.gradient.values);
  s.parameter_gradients(Network::scores, device_gradient.data());
  device_gradient.download(gradient);

  long checked = 0;
  for (const parameter_place& p : Network::parameter_layout.places) {
    const auto check = [&](long first, long count, const char* what) {
      for (long i = first; i < first + count; ++i, ++checked) {
        const auto k = static_cast<std::size_t>(i);
        const double value = values[k], step = 1e-6;
        values[k] = value + step;
        const double up = loss().loss;
        values[k] = value - step;
        const double down = loss().loss;
        values[k] = value;
        EXPECT_NEAR(gradient[k], (up - down) / (2 * step), 1e-8)
            << "layer " << p.layer << ", " << what << " " << i - first;
      }
    };
    check(p.weight, p.shapes.weights(), "weight");
    check(p.bias, p.shapes.biases(), "bias");
  }
  EXPECT_EQ(checked, Network::parameters);
}

TEST(parameter_gradients, are_central_differences_on_every_network) {
  const cpu one;
  const cpu_pool pool(3);
  for_each_network([&]<class Network>() {
    expect_central_differences<Network>(one);
    expect_central_differences<Network>(pool);
  });
}

TEST(parameter_gradients, are_central_differences_for_strides_paddings_and_no_bias) {
  const cpu device;
  expect_central_differences<network<input<7, 8, 2>, conv2d<3, size{3, 2}, size{2, 3}, same, false>, relu,
                                     conv2d<4, 1>, avg_pool<2, 1, 1>, flatten, dense<3, false>>>(device);
  expect_central_differences<
      network<input<9, 5, 1>, conv2d<2, 5, 1, 2>, max_pool<3, 2, 1>, relu,
              conv2d<3, size{1, 3}, 2, padding{0, 1}>, global_avg_pool, dense<3>, softmax>>(device);
}

}  // namespace
}  // namespace salient
