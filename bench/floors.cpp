// SPDX-License-Identifier: MIT

// Prints gpu.md's tables: how long VGG-16's and ResNet-50's layers take at least on a card, from its
// operations and the bytes of its operands; and into how many tiles they fall. Needs no GPU.

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string>
#include <utility>

#include "salient/networks/resnet.hpp"
#include "salient/networks/vgg.hpp"
#include "shapes.hpp"

namespace {

using bench::problem;

/// NVIDIA's data sheets: multiply-adds in float32 and by tensor cores in TF32 without sparsity, two
/// operations each; memory.
struct card {
  const char* name;
  double float32_teraflops, tf32_teraflops, terabytes;
};
constexpr card cards[] = {{"H100 SXM", 67, 495, 3.35}, {"H200", 67, 495, 4.8}};

constexpr long weights_of(std::span<const problem> layers) {
  long sum = 0;
  for (const problem& p : layers) sum += p.times * p.conv().weights();
  return sum;
}
constexpr long filters_of(std::span<const problem> layers) {
  long sum = 0;
  for (const problem& p : layers) sum += p.times * p.filters;
  return sum;
}
// The lists have every layer as often as the networks: all have biases, or all but the last batch norms.
static_assert(weights_of(bench::vgg_convolutions) + filters_of(bench::vgg_convolutions) ==
              salient::networks::vgg16::parameters);
static_assert(weights_of(bench::resnet_convolutions) + 2 * filters_of(bench::resnet_convolutions) - 1000 ==
              salient::networks::resnet50::parameters);

problem of_batch(problem p, long batch) {
  p.batch = batch;
  return p;
}

double microseconds(const problem& p, double teraflops, double terabytes) {
  return std::max(1e-6 * p.operations() / teraflops, 1e-6 * p.bytes() / terabytes);
}

/// Microseconds in float32 and TF32 for 1 and 8 images on every card; "m" if memory takes the time.
void print_times(const problem& p, std::array<double, 8>& sums) {
  std::size_t column = 0;
  for (const card& c : cards)
    for (const double teraflops : {c.float32_teraflops, c.tf32_teraflops})
      for (const long batch : {1L, 8L}) {
        const problem many = of_batch(p, batch);
        const double us = microseconds(many, teraflops, c.terabytes);
        const bool memory = many.bytes() / c.terabytes > many.operations() / teraflops;
        std::printf(batch == 1 ? " %.3g%s," : " %.3g%s |", us, memory ? "m" : "");
        sums[column++] += p.times * us;
      }
}

void table(const char* title, std::span<const problem> layers) {
  std::printf("\n%s\n\n| layer | times | MFLOP an image | MB for 1, 8 images |", title);
  for (const card& c : cards) std::printf(" %s float32, us for 1, 8 | %s TF32 |", c.name, c.name);
  std::puts("\n|---|---|---|---|---|---|---|---|");
  std::array<double, 8> sums{};
  double operations = 0;
  for (const problem& p : layers) {
    const std::string name = p.name;
    std::printf("| %s | %d | %.4g | %.3g, %.3g |", name.substr(name.find('/') + 1).c_str(), p.times,
                1e-6 * p.operations(), 1e-6 * p.bytes(), 1e-6 * of_batch(p, 8).bytes());
    print_times(p, sums);
    std::puts("");
    operations += p.times * p.operations();
  }
  std::printf("| all | | %.4g | |", 1e-6 * operations);
  for (std::size_t i = 0; i < sums.size(); ++i) std::printf(i % 2 == 0 ? " %.4g," : " %.4g |", sums[i]);
  std::puts("");
}

/// Pools do next to no operations: a pass reads the map and writes its part, and what it records of each
/// winner.
void pools() {
  std::printf("\n| max-pool | MB an image |");
  for (const card& c : cards) std::printf(" %s, us for 1, 8 |", c.name);
  std::puts("\n|---|---|---|---|");
  for (const problem& p : bench::pools) {
    const std::string name = p.name;
    if (name.starts_with("mnist") || name.ends_with("whole")) continue;
    const double bytes = 4.0 * static_cast<double>(p.in.elements() + p.out().elements()) +
                         2.0 * static_cast<double>(p.out().elements());
    std::printf("| %s | %.3g |", p.name, 1e-6 * bytes);
    for (const card& c : cards)
      std::printf(" %.3g, %.3g |", 1e-6 * bytes / c.terabytes, 8e-6 * bytes / c.terabytes);
    std::puts("");
  }
}

/// Tiles of positions x filters that the 3x3 convolutions fall into, and which part of the multiprocessors is
/// busy over all rounds if each takes one tile at a time.
void tiles(std::span<const problem> layers) {
  constexpr long multiprocessors = 132;  // of both cards
  constexpr std::pair<int, int> sizes[] = {{128, 128}, {128, 64}, {64, 64}};
  for (const problem& p : layers) {
    if (p.w.height != 3) continue;
    std::printf("| %s |", p.name);
    for (const auto& [positions, filters] : sizes)
      for (const long batch : {1L, 8L}) {
        const long all = batch * p.out().positions();
        const long blocks = (all + positions - 1) / positions * ((p.filters + filters - 1) / filters);
        const long rounds = (blocks + multiprocessors - 1) / multiprocessors;
        std::printf(" %ld (%.0f %%) |", blocks,
                    100.0 * static_cast<double>(blocks) / static_cast<double>(rounds * multiprocessors));
      }
    std::puts("");
  }
}

}  // namespace

int main() {
  table("VGG-16, forward or backward:", bench::vgg_convolutions);
  table("ResNet-50, forward or backward:", bench::resnet_convolutions);
  pools();
  std::puts(
      "\n| convolution | 128x128, 1 image | 128x128, 8 | 128x64, 1 | 128x64, 8 | 64x64, 1 | 64x64, 8 |");
  std::puts("|---|---|---|---|---|---|---|");
  tiles(bench::vgg_convolutions);
  tiles(bench::resnet_convolutions);
}
