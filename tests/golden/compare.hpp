// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <numeric>
#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "golden/answer.hpp"
#include "laws/devices.hpp"

namespace salient::golden {

/// Tolerance for a map. In float32 it is larger for the few maps that the manifest names: they were taken
/// close to a jump of a gradient, so rounding can change them more.
template <class T>
double allowed(const nlohmann::json& reference, double tolerance) {
  if (std::is_same_v<T, double>) return tolerance;
  return std::max(tolerance, 2 * reference.value("float32_doubt", 0.0));
}

/// Compares all maps of a network on a device, with their scores and target values.
template <class Twin, class T, class Device>
void expect_references(const Device& device, double tolerance) {
  const nlohmann::json entry = references_of(Twin::name);
  const auto arrays = read_arrays(folder / "data" / (std::string(Twin::name) + ".maps.safetensors"));
  const auto model =
      load<typename Twin::network, T>(root / entry["weights"].template get<std::string>(), device);
  const auto images = to_tensor<T>(arrays.at("images"));
  session<std::decay_t<decltype(model)>, typename interpreter<Twin>::pass> session(model, images.batch);
  const auto expect = [&](const std::vector<T>& actual, const std::vector<double>& expected, double within,
                          const char* what) {
    const std::string text =
        difference(std::span<const T>(actual), std::span<const double>(expected), within);
    EXPECT_EQ(text, "") << what;
  };

  session.forward(images);
  expect(session.scores().values, arrays.at("scores").values, tolerance, "scores");
  std::size_t compared = 0;
  for (const nlohmann::json& reference : entry["maps"]) {
    const std::string name = reference["map"];
    SCOPED_TRACE(std::string(Twin::name) + ": " + name);
    const auto ours = interpreter<Twin>::ask(session, images, reference, arrays);
    const array& theirs = arrays.at(name);
    const std::vector<long> dimensions{ours.map.batch, ours.map.extent.height, ours.map.extent.width,
                                       ours.map.extent.channels};
    EXPECT_EQ(dimensions, theirs.dimensions);
    expect(ours.map.values, theirs.values, allowed<T>(reference, tolerance), "map");
    expect(ours.values, reference["values"], tolerance, "value of the target");
    if (reference.contains("baseline_values")) {
      expect(ours.baseline_values, reference["baseline_values"], tolerance,
             "value of the target at the baseline");
      for (std::size_t n = 0; n < ours.gaps.size(); ++n) {
        const auto map = ours.map.image(static_cast<long>(n));
        const double gap = std::accumulate(map.begin(), map.end(), 0.0) -
                           static_cast<double>(ours.values[n]) + static_cast<double>(ours.baseline_values[n]);
        EXPECT_NEAR(static_cast<double>(ours.gaps[n]), gap, tolerance) << "completeness gap";
      }
    }
    ++compared;
  }
  EXPECT_EQ(compared, entry["maps"].size());
  EXPECT_GT(compared, 0u);
}

/// One network on one device in one scalar type.
struct comparison {
  std::string name;
  void (*run)();

  /// The name that CTest shows.
  friend void PrintTo(const comparison& c, std::ostream* out) { *out << c.name; }
};

inline constexpr double double_tolerance = 1e-9;
inline constexpr double float_tolerance = 1e-4;

template <class Group>
struct comparisons;

template <class... Twins>
struct comparisons<twins<Twins...>> {
  static std::vector<comparison> all() {
    std::vector<comparison> result;
    (add<Twins>(result), ...);
    return result;
  }

 private:
  template <class Twin>
  static void add(std::vector<comparison>& to) {
    // Each scalar type and each device once: laws hold that threads change no bit, and a network takes
    // seconds to compile.
    const std::string name(Twin::name);
    to.push_back(
        {name + "_in_double_on_cpu", [] { expect_references<Twin, double>(cpu(), double_tolerance); }});
    to.push_back({name + "_in_float_on_cpu_pool",
                  [] { expect_references<Twin, float>(cpu_pool(3), float_tolerance); }});
#ifdef SALIENT_WITH_CUDA
    to.push_back({name + "_in_float_" + laws::on_gpu(), [] {
                    laws::run_on_gpu(
                        [] { expect_references<Twin, float>(*laws::tested_gpu(), float_tolerance); });
                  }});
#endif
  }
};

class golden : public testing::TestWithParam<comparison> {};

TEST_P(golden, matches_its_references) { GetParam().run(); }

}  // namespace salient::golden
