// SPDX-License-Identifier: MIT

// Measures the GPU's products in all tiles and in 1 to 64 parts, for the layers of VGG-16, ResNet-50 and
// digit classifiers: one line each, for fit_tiles.py, from which the constants of src/kernel/cuda/tiling.cpp
// come.

#include <cstdio>
#include <exception>
#include <random>
#include <span>
#include <vector>

#include "device_timer.hpp"
#include "kernel/cuda/product.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/gpu.hpp"
#include "salient/device/recorder.hpp"
#include "shapes.hpp"

namespace {

using namespace salient;
using kernel::cuda::product_problem;
using kernel::cuda::tiling;

using floats = buffer<float, gpu>;

/// Values as of activations; zeros would let a GPU run faster than it does.
floats noise(const gpu& device, long size) {
  std::vector<float> values(static_cast<std::size_t>(size));
  std::mt19937 draws;
  for (float& v : values) v = std::normal_distribution<float>()(draws);
  floats made(device, values.size());
  made.upload(values);
  return made;
}

/// Microseconds of one of ten launches that are replayed as one graph.
template <class F>
double microseconds(const gpu& device, const F& enqueue) {
  recorder<gpu> record(device);
  bench::device_timer timer(device);
  constexpr int launches = 10, before = 3;  // runs until there is a graph
  const pass_key key{pass_key::kind::forward, 0, 1, 0, 1, nullptr, nullptr};
  const auto run = [&] {
    record.run(key, [&] {
      for (int i = 0; i < launches; ++i) enqueue();
    });
  };
  for (int i = 0; i < before; ++i) run();
  timer.start();
  run();
  timer.stop();
  return 1e6 * timer.seconds() / launches;
}

void measure(const gpu& device, const char* name, const product_problem& p) {
  const kernel::cuda::group_range all{0, p.groups};
  const auto size = extent_of(device, p, all);
  for (const tiling tile : kernel::cuda::all_tilings) {
    if (!kernel::cuda::compiled(size, tile)) continue;
    const bool cores = kernel::cuda::on_tensor_cores(size, tile);
    if (size.tensor_cores && !cores) continue;  // the same as in float32
    const long steps = kernel::cuda::steps_of(size, tile);
    for (const int wanted : kernel::cuda::numbers_of_parts) {
      const auto parts =
          kernel::cuda::parts_of(size, steps, wanted, kernel::cuda::multiprocessors_of(device).partial_sums);
      if (parts.count == 0) break;
      const kernel::cuda::tiling_choice choice{tile, cores, static_cast<int>(parts.count),
                                               static_cast<int>(parts.steps)};
      const double time = microseconds(device, [&] { enqueue_tiles(device, p, all, choice); });
      std::printf("%s %ld %s %s %ld %ld %ld %ld %s %ld %.2f\n", name, p.y.batch,
                  p.adjoint ? "backward" : "forward", cores ? "tf32" : "float32", size.rows, size.columns,
                  size.depth, size.copies, kernel::cuda::name_of(tile), parts.count, time);
    }
  }
}

void measure(const gpu& device, const bench::problem& layer, long batch) {
  const kernel::conv_problem c = layer.conv();
  const floats x = noise(device, batch * layer.in.elements()),
               y = noise(device, batch * layer.out().elements()), w = noise(device, c.weights());
  const view<float> in(const_cast<float*>(x.data()), batch, layer.in),
      out(const_cast<float*>(y.data()), batch, layer.out());
  const kernel::conv_weights<float> weights{.weight = w.data()};
  measure(device, layer.name, kernel::cuda::forward_product(c, in, weights, {}, out));
  measure(device, layer.name, kernel::cuda::adjoint_product(c, out, weights, {}, in));
}

}  // namespace

int main() try {
  std::puts("# layer images direction arithmetic rows columns depth copies tile parts microseconds");
  for (const precision arithmetic : {precision::float32, precision::tf32}) {
    const gpu device(0, arithmetic);
    std::fprintf(stderr, "%s\n", device.product().c_str());
    for (const std::span<const bench::problem> layers :
         {std::span<const bench::problem>(bench::vgg_convolutions),
          std::span<const bench::problem>(bench::resnet_convolutions),
          std::span<const bench::problem>(bench::mnist_convolutions)})
      for (const bench::problem& layer : layers)
        for (const long batch : {1L, 8L}) measure(device, layer, batch);
  }
} catch (const std::exception& e) {
  std::fprintf(stderr, "bench.tiles: %s\n", e.what());
  return 1;
}
