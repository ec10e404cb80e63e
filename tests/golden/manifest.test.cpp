// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "golden/answer.hpp"
#include "golden/classifiers.hpp"
#include "golden/reference.hpp"
#include "salient/method/list.hpp"

namespace salient::golden {
namespace {

template <class... Twins>
void insert_names(std::set<std::string>& names, twins<Twins...>) {
  const auto insert = [&](std::string_view name) {
    EXPECT_TRUE(names.emplace(name).second) << name << " is listed twice";
  };
  (insert(Twins::name), ...);
}

TEST(manifest, names_the_networks_that_are_compared) {
  std::set<std::string> ours, theirs;
  insert_names(ours, perceptrons());
  insert_names(ours, convolutions());
  insert_names(ours, same_padding());
  insert_names(ours, pools());
  insert_names(ours, heads());
  insert_names(ours, classifiers());
  for (const auto& entry : manifest())
    EXPECT_TRUE(theirs.insert(entry["network"]).second) << entry["network"];
  EXPECT_EQ(ours, theirs)
      << "networks.hpp and classifiers.hpp hold a twin of each network, each in a group with a test";
}

TEST(manifest, has_at_least_200_maps_and_every_method) {
  std::set<std::string> expected, methods;
  for (const method_words& m : all_method_words)
    if (std::ranges::find(elsewhere, m.name) == elsewhere.end()) expected.emplace(m.name);
  std::size_t maps = 0, by_others = 0, doubtful = 0;
  for (const auto& entry : manifest())
    for (const auto& reference : entry["maps"]) {
      methods.insert(reference["method"]);
      ++maps;
      doubtful += reference.contains("float32_doubt");
      const std::string source = reference["source"];
      if (source.starts_with("captum.attr.") || source.starts_with("pytorch_grad_cam."))
        ++by_others;
      else
        EXPECT_TRUE(source == "autograd" && reference.contains("why")) << reference["map"];
    }
  EXPECT_EQ(methods, expected);
  EXPECT_GE(maps, 200u);
  EXPECT_LE(doubtful * 50, maps) << "regenerate with images away from kinks, so that float32 can be compared";
  std::cout << maps << " reference maps, " << by_others << " of them captum's or pytorch-grad-cam's; "
            << doubtful << " in doubt in float32\n";
}

TEST(manifest, speaks_of_all_that_is_stored) {
  std::uintmax_t bytes = std::filesystem::file_size(folder / "manifest.json");
  for (const auto& file : std::filesystem::directory_iterator(folder / "data")) bytes += file.file_size();
  EXPECT_LT(bytes, 3'500'000u) << "keep the repository small";
  for (const auto& entry : manifest()) {
    std::set<std::string> stored, named{"images", "scores"};
    const std::string file = entry["network"].get<std::string>() + ".maps.safetensors";
    for (const auto& [name, values] : read_arrays(folder / "data" / file))
      if (!name.starts_with("baseline ")) stored.insert(name);
    for (const auto& reference : entry["maps"])
      EXPECT_TRUE(named.insert(reference["map"]).second) << reference["map"] << " is listed twice";
    EXPECT_EQ(named, stored) << file;
  }
}

TEST(difference, tells_what_differs_and_how_much) {
  const std::vector<double> expected{1, -4, 2};
  const auto of = [&](std::vector<double> actual, double tolerance) {
    return difference(std::span<const double>(actual), std::span<const double>(expected), tolerance);
  };
  EXPECT_EQ(of({1, -4, 2}, 0), "");
  EXPECT_EQ(of({1, -4, 2.0039}, 1e-3), "");
  EXPECT_NE(of({1, -4, 2.0041}, 1e-3).find("at 1 of 3 values, most at value 2: 2.0041 for 2"),
            std::string::npos);
  EXPECT_NE(of({1, std::nan(""), 2}, 1e-3), "");
  EXPECT_NE(of({1, -4}, 1e-3), "");
  const std::vector<double> zero{0, 0};
  EXPECT_EQ(difference(std::span<const double>(zero), std::span<const double>(zero), 0), "");
  const std::vector<double> almost{0, 1e-300};
  EXPECT_NE(difference(std::span<const double>(almost), std::span<const double>(zero), 1e-4), "");
}

}  // namespace
}  // namespace salient::golden
