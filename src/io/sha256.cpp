// SPDX-License-Identifier: MIT
#include "io/sha256.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "salient/io/file.hpp"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace salient::detail {
namespace {

using word = std::uint32_t;

constexpr std::array<word, 64> constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::size_t block = 64;

void mix(std::array<word, 8>& state, const std::uint8_t* bytes) {
  std::array<word, 64> w;
  for (std::size_t i = 0; i < 16; ++i)
    w[i] = word{bytes[4 * i]} << 24 | word{bytes[4 * i + 1]} << 16 | word{bytes[4 * i + 2]} << 8 |
           word{bytes[4 * i + 3]};
  for (std::size_t i = 16; i < 64; ++i) {
    const word near = w[i - 2], far = w[i - 15];
    w[i] = w[i - 16] + w[i - 7] + (std::rotr(near, 17) ^ std::rotr(near, 19) ^ near >> 10) +
           (std::rotr(far, 7) ^ std::rotr(far, 18) ^ far >> 3);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const word first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) +
                       constants[i] + w[i];
    const word second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
    h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
  }
  const std::array<word, 8> added = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += added[i];
}

#ifdef __x86_64__

/// Whether the processor has SHA's instructions, and those that move their operands.
bool has_instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned ssse3 = 1U << 9, sse4_1 = 1U << 19, sha = 1U << 29;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & ssse3) == 0 || (c & sse4_1) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & sha) != 0;
}

__m128i words_at(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }

/// `mix` of blocks by these instructions, which take the state as ABEF and CDGH.
[[gnu::target("sha,sse4.1")]] void mix_by_instructions(std::array<word, 8>& state, const std::uint8_t* bytes,
                                                       std::size_t blocks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const __m128i cdab = _mm_shuffle_epi32(words_at(&state[0]), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(words_at(&state[4]), 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  for (; blocks > 0; --blocks, bytes += block) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[16];
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = i < 4 ? _mm_shuffle_epi8(words_at(bytes + 16 * i), big_endian)
                   : _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w[i - 4], w[i - 3]),
                                                        _mm_alignr_epi8(w[i - 1], w[i - 2], 4)),
                                          w[i - 1]);
      const __m128i added = _mm_add_epi32(w[i], words_at(&constants[4 * i]));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, added);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(added, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[0]), _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[4]), _mm_alignr_epi8(dchg, feba, 8));
}

#endif

using state = std::array<word, 8>;
constexpr state start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Mixes in all whole blocks; returns the rest.
std::span<const std::uint8_t> mix_blocks(state& s, std::span<const std::uint8_t> bytes,
                                         [[maybe_unused]] bool plain = false) {
  const std::size_t whole = bytes.size() / block * block;
#ifdef __x86_64__
  static const bool instructions = has_instructions();
  if (instructions && !plain) {
    mix_by_instructions(s, bytes.data(), bytes.size() / block);
    return bytes.subspan(whole);
  }
#endif
  for (std::size_t at = 0; at < whole; at += block) mix(s, bytes.data() + at);
  return bytes.subspan(whole);
}

/// The digits, after all whole blocks. `rest`: the bytes behind them; `length`: of everything, in bytes.
std::string finish(state& s, std::span<const std::uint8_t> rest, std::uint64_t length, bool plain = false) {
  // The rest, a single one bit, zeros, and the length in bits, big-endian.
  std::array<std::uint8_t, 2 * block> end{};
  std::ranges::copy(rest, end.begin());
  end[rest.size()] = 0x80;
  const std::size_t padded = rest.size() + 9 <= block ? block : 2 * block;
  const std::uint64_t bits = length * 8;
  for (std::size_t i = 0; i < 8; ++i) end[padded - 1 - i] = static_cast<std::uint8_t>(bits >> 8 * i);
  mix_blocks(s, std::span(end).first(padded), plain);

  std::string digits;
  for (const word part : s)
    for (int shift = 28; shift >= 0; shift -= 4) digits += "0123456789abcdef"[part >> shift & 15];
  return digits;
}

}  // namespace

std::string sha256(std::span<const std::uint8_t> bytes, bool plain) {
  state s = start;
  const auto rest = mix_blocks(s, bytes, plain);
  return finish(s, rest, bytes.size(), plain);
}

std::string sha256(std::string_view text) {
  return sha256(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string sha256_of_file(const std::filesystem::path& file) {
  input_file in(file);
  std::vector<std::uint8_t> part(1024 * block);
  state s = start;
  for (std::uint64_t length = 0;;) {
    const std::size_t found = in.read(part);
    length += found;
    const auto rest = mix_blocks(s, std::span(part).first(found));
    if (found < part.size()) return finish(s, rest, length);
  }
}

}  // namespace salient::detail
