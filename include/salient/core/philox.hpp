// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "salient/core/export.hpp"

namespace salient {

// Random numbers that are functions of their address, so that they do not depend on the order in which they
// are asked for. `random` of train/random.hpp is for what is one sequence anyway, such as a shuffle.

/// Philox4x32-10: 128 random bits for each counter and key. Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
  }
  return counter;
}

/// The number below which a standard normal number is with probability p, 0 < p < 1, to about 1e-16 of its
/// value. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
/// 37, 1988.
SALIENT_EXPORT double normal_quantile(double p);

/// What random numbers are for. Each use has numbers of its own, so that one seed may serve several. A new
/// use takes the next number; the others keep theirs, and with them their results.
enum class random_use : std::uint32_t {
  input_noise = 0,  ///< element: of the network's input
  // Methods count from 1, metrics from 16. Where nothing else is said, elements are those of the input.
  path_point = 1,  ///< element 0: which baseline the path starts at; 1: where on the path
  mask = 3,        ///< the cells of a mask's grid, row after row, then its vertical and horizontal offset
  infidelity_noise = 16,
  infidelity_square = 17,  ///< element 0: the row, 1: the column
  sensitivity_noise = 18,
  imputation_noise = 19,  ///< sample: the number of pixels removed; element: of the pixels
};

/// The random numbers of one sample of an image, one for each element. Numbers at different addresses are
/// independent.
///
/// They are equal to the last bit on every platform that computes in IEEE 754's double. No function of libm
/// whose last bits differ between platforms is called for them (the square root's do not), and the library is
/// compiled so that no multiplication is fused with an addition.
struct SALIENT_EXPORT random_numbers {
  std::uint64_t seed = 0;
  random_use use = random_use::input_noise;
  std::uint32_t image = 0;
  std::uint32_t sample = 0;

  /// Elements are below this.
  static constexpr std::uint64_t elements = std::uint64_t{1} << 33;

  /// Uniform in (0, 1): an odd multiple of 2^-53.
  double uniform(std::uint64_t element) const;
  /// Standard normal, between -8.3 and 8.3: normal_quantile(uniform(element)).
  double normal(std::uint64_t element) const;

  /// The numbers of the elements from `first` on, in half the time.
  void uniforms(std::span<double> values, std::uint64_t first = 0) const;
  void normals(std::span<double> values, std::uint64_t first = 0) const;
};

}  // namespace salient
