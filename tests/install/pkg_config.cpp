// SPDX-License-Identifier: MIT
// Compiled and linked by what pkg-config says alone.
#include <cstdio>

#include <salient/device/cpu.hpp>
#include <salient/io/png.hpp>

int main() {
  const salient::cpu_pool device(2);
  const auto png = salient::encode_png({2, 2, 1, {0, 85, 170, 255}});
  std::printf("%d threads encode a PNG of %d bytes\n", device.threads(), static_cast<int>(png.size()));
}
