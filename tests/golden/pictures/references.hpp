// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "salient/core/picture.hpp"

namespace salient::test {

/// The cases of one kind that generate.py wrote.
inline nlohmann::json picture_references(const char* kind) {
  std::ifstream file(SALIENT_SOURCE_DIR "/tests/golden/pictures/references.json");
  return nlohmann::json::parse(file).at(kind);
}

/// generate.py's pattern.
inline picture pattern(int height, int width, int channels) {
  picture result{height, width, channels, {}};
  auto state = static_cast<std::uint32_t>(height * 7919 + width * 104729 + channels);
  for (int i = 0; i < height * width * channels; ++i) {
    state = state * 1664525U + 1013904223U;
    result.bytes.push_back(static_cast<std::uint8_t>((i / 64) % 2 != 0 ? state >> 24 : i / channels));
  }
  return result;
}

/// Expects the pixels whose facts generate.py stored.
inline void expect_pixels(const picture& found, const nlohmann::json& facts, const std::string& what) {
  const auto extent = facts.at("extent").get<std::vector<int>>();
  ASSERT_EQ(std::vector({found.height, found.width, found.channels}), extent) << what;
  const auto first = facts.at("first").get<std::vector<std::uint8_t>>();
  ASSERT_GE(found.bytes.size(), first.size()) << what;
  EXPECT_EQ(std::vector(found.bytes.begin(), found.bytes.begin() + static_cast<std::ptrdiff_t>(first.size())),
            first)
      << what;
  std::uint64_t digest = 0xcbf29ce484222325U;
  for (const std::uint8_t byte : found.bytes) digest = (digest ^ byte) * 0x100000001b3U;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(digest));
  EXPECT_EQ(text, facts.at("hash").get<std::string>()) << what;
}

}  // namespace salient::test
