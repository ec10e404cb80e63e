// SPDX-License-Identifier: MIT

// pack WEIGHTS.safetensors HALF.safetensors PAGE
//
// Rounds weights to float16, which halves what the page must fetch. HALF.safetensors can be read by any
// program; PAGE has the same bytes, but the low bytes of all values come before the high ones: that
// compresses better. Compiled for the machine that builds the page.

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using bytes = std::vector<char>;

bytes read(const char* file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read");
  return {std::istreambuf_iterator(in), {}};
}

void write(const char* file, const std::string& header, const bytes& data) {
  std::ofstream out(file, std::ios::binary);
  const std::uint64_t length = header.size();
  out.write(reinterpret_cast<const char*>(&length), sizeof length);
  out.write(header.data(), static_cast<std::streamsize>(length));
  out.write(data.data(), static_cast<std::streamsize>(data.size()));
  if (!out.flush()) throw std::runtime_error("cannot be written");
}

/// The nearest float with ten significant bits; of two, the even one.
float rounded(float value) {
  constexpr std::uint32_t dropped = 14, unit = 1U << dropped;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t odd = bits >> dropped & 1U;
  return std::bit_cast<float>((bits + unit / 2 - 1 + odd) & ~(unit - 1));
}

void pack(const bytes& weights, const char* half_file, const char* page_file) {
  std::uint64_t length = 0;
  if (weights.size() < sizeof length) throw std::runtime_error("is no safetensors file");
  std::memcpy(&length, weights.data(), sizeof length);
  if (length > weights.size() - sizeof length) throw std::runtime_error("is no safetensors file");
  const char* const data = weights.data() + sizeof length + length;
  auto header = nlohmann::ordered_json::parse(weights.data() + sizeof length, data);
  for (auto& [name, about] : header.items()) {
    if (name == "__metadata__") continue;
    if (about.at("dtype") != "F32") throw std::runtime_error("has other numbers than float32");
    about["dtype"] = "F16";
    for (auto& offset : about["data_offsets"]) offset = offset.get<std::uint64_t>() / 2;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');

  const std::size_t count = (weights.size() - sizeof length - length) / sizeof(float);
  bytes halves(2 * count), planes(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    float value;
    std::memcpy(&value, data + i * sizeof value, sizeof value);
    const auto half = static_cast<_Float16>(rounded(value));
    std::memcpy(&halves[2 * i], &half, sizeof half);
    planes[i] = halves[2 * i];
    planes[count + i] = halves[2 * i + 1];
  }
  write(half_file, text, halves);
  write(page_file, text, planes);
}

}  // namespace

int main(int count, char** words) try {
  if (count != 4) throw std::runtime_error("use: pack WEIGHTS.safetensors HALF.safetensors PAGE");
  pack(read(words[1]), words[2], words[3]);
} catch (const std::exception& e) {
  std::fprintf(stderr, "pack: %s %s\n", count > 1 ? words[1] : "", e.what());
  return 1;
}
