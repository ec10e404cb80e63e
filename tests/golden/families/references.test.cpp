// SPDX-License-Identifier: MIT
#include "golden/families/references.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace salient::golden {
namespace {

const std::filesystem::path folder_of_families = SALIENT_SOURCE_DIR "/tests/golden/families";

std::string sources_of_tests() {
  std::string text;
  for (const auto& file : std::filesystem::directory_iterator(folder_of_families))
    if (file.path().string().ends_with(".test.cpp")) {
      std::ifstream in(file.path());
      text.append(std::istreambuf_iterator<char>(in), {});
    }
  return text;
}

TEST(references, are_of_every_network_and_all_are_compared) {
  const std::string sources = sources_of_tests();
  for (const auto& [name, reference] : networks::references()) {
    if (name.ends_with("_of_7_classes")) continue;
    EXPECT_TRUE(family_references().contains(name)) << name << " has no references; run generate.py";
  }
  for (const auto& [name, reference] : family_references().items())
    EXPECT_NE(sources.find("(\"" + name + "\")"), std::string::npos) << name << " is not compared";
}

TEST(references, are_small) {
  EXPECT_LT(std::filesystem::file_size(folder_of_families / "references.json.gz"), 1'000'000u);
}

TEST(distance, sees_a_change_of_any_value) {
  std::vector<double> map(1000);
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = uniform(fnv1a("map"), static_cast<long>(i));
  const double norm = std::sqrt(std::inner_product(map.begin(), map.end(), map.begin(), 0.0));
  nlohmann::json digest{{"largest", 1.0}, {"norm", norm}, {"projections", project(map)}};
  for (int i = 0; i < 24; ++i) digest["samples"].push_back(map[bits(fnv1a("samples"), i) % map.size()]);
  const distance none = distance_from(digest, map);
  EXPECT_EQ(none.samples, 0);
  EXPECT_EQ(none.projections, 0);
  EXPECT_EQ(none.norm, 0);

  for (double& value : map) {
    const double before = value;
    value += 1e-6 * norm;
    EXPECT_NEAR(distance_from(digest, map).projections, 1e-6, 1e-9);
    value = before;
  }
  map[7] = std::nan("");
  EXPECT_FALSE(distance_from(digest, map).projections <= 1);
  std::swap(map[7], map[bits(fnv1a("samples"), 0) % map.size()]);
  EXPECT_FALSE(distance_from(digest, map).samples <= 1);
}

}  // namespace
}  // namespace salient::golden
