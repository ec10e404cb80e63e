// SPDX-License-Identifier: MIT
#include "explainer/sha256.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "salient/io/file.hpp"

namespace salient::explainer {
namespace {

using word = std::uint32_t;
using bytes = std::span<const std::uint8_t>;

constexpr std::size_t block_size = 64;

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<word, 64> constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

class hash {
 public:
  /// Takes a whole number of blocks.
  void take(bytes blocks) {
    for (; blocks.size() >= block_size; blocks = blocks.subspan(block_size)) mix(blocks.first(block_size));
  }

  /// Takes what is left, less than a block, and returns the digits. `length`: of everything, in bytes.
  std::string finish(bytes rest, std::uint64_t length) {
    std::vector<std::uint8_t> last(rest.begin(), rest.end());
    last.push_back(0x80);
    while (last.size() % block_size != block_size - 8) last.push_back(0);
    for (int shift = 56; shift >= 0; shift -= 8)
      last.push_back(static_cast<std::uint8_t>(8 * length >> shift));
    take(last);
    std::string digits;
    for (const word w : state_)
      for (int shift = 28; shift >= 0; shift -= 4) digits += "0123456789abcdef"[w >> shift & 0xf];
    return digits;
  }

 private:
  void mix(bytes block) {
    std::array<word, 64> w{};
    for (std::size_t i = 0; i < block_size; ++i) w[i / 4] = w[i / 4] << 8 | block[i];
    for (std::size_t i = 16; i < 64; ++i) {
      const word a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + w[i - 7] +
             (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t i = 0; i < 64; ++i) {
      const word one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                       constants[i] + w[i];
      const word two =
          (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    const std::array<word, 8> more{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < more.size(); ++i) state_[i] += more[i];
  }

  std::array<word, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace

std::string sha256(std::string_view text) {
  const bytes all(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const std::size_t whole = all.size() / block_size * block_size;
  hash h;
  h.take(all.first(whole));
  return h.finish(all.subspan(whole), all.size());
}

std::string sha256_of_file(const std::filesystem::path& file) {
  input_file in(file);
  std::vector<std::uint8_t> some(std::size_t{1} << 16);  // a whole number of blocks
  std::uint64_t length = 0;
  for (hash h;;) {
    const bytes found(some.data(), in.read(some));
    length += found.size();
    if (found.size() < some.size()) {
      const std::size_t whole = found.size() / block_size * block_size;
      h.take(found.first(whole));
      return h.finish(found.subspan(whole), length);
    }
    h.take(found);
  }
}

}  // namespace salient::explainer
