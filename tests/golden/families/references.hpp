// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden/families/formula.hpp"
#include "networks/names.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/tensor_stream.hpp"
#include "salient/graph/parameters.hpp"

namespace salient::golden {

/// What generate.py wrote, by network.
inline const nlohmann::json& family_references() {
  static const nlohmann::json all = nlohmann::json::parse(
      networks::text_of(SALIENT_SOURCE_DIR "/tests/golden/families/references.json.gz"));
  return all;
}

/// Parameters by the formula, under the names and in the order that PyTorch has for them. Nothing is stored.
inline tensor_stream formula_stream(const parameter_table& table, const nlohmann::json& exponents) {
  struct tensors {
    std::vector<parameter_formula> formulas;
    std::vector<long> starts{0};  // of each, in all their values; and where the last one ends
    std::size_t current = 0;
    long position = 0;
  };
  const auto all = std::make_shared<tensors>();
  tensor_stream result;
  for (const parameter_place& p : table.places)
    for (std::size_t t = 0; t < p.list.count; ++t) {
      const std::string name = parameter_name(table.graph, p, t);
      const std::vector<long> dimensions = dimensions_of(p.list.tensors[t]);
      all->formulas.emplace_back(name, dimensions, exponents.value(name, 0));
      all->starts.push_back(all->starts.back() + p.list.tensors[t].elements());
      result.headings.push_back({.name = name, .dimensions = dimensions});
    }
  result.read = [all](std::span<float> to) {
    while (all->position == all->starts[all->current + 1]) ++all->current;
    all->formulas[all->current].fill(all->position - all->starts[all->current], to);
    all->position += static_cast<long>(to.size());
  };
  result.skip = [all](std::size_t tensor) { all->position = all->starts[tensor + 1]; };
  return result;
}

template <class T>
basic_tensor<T> formula_image(shape s) {
  basic_tensor<T> image(s, 1);
  const std::uint32_t name = fnv1a("image");
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] = static_cast<T>(uniform(name, static_cast<long>(i)));
  return image;
}

/// How far a map is from PyTorch's.
struct distance {
  double samples;      ///< the largest difference of a sample, as a fraction of the largest magnitude
  double projections;  ///< of the products with vectors of signs, the root mean square of the differences as
                       ///< a fraction of the norm: about the norm of the difference of the whole maps
  double norm;         ///< the norm's, as a fraction of it
};

inline distance distance_from(const nlohmann::json& digest, std::span<const double> map) {
  const std::vector<double> samples = digest["samples"], expected = digest["projections"];
  const double largest = digest["largest"], norm = digest["norm"];
  distance result{};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t at = bits(fnv1a("samples"), static_cast<long>(i)) % map.size();
    const double off = std::abs(map[at] - samples[i]) / largest;
    if (std::isnan(off) || off > result.samples) result.samples = off;
  }
  const std::array<double, projections> sums = project(map);
  double squares = 0;
  for (std::size_t j = 0; j < projections; ++j) squares += std::pow((sums[j] - expected[j]) / norm, 2);
  result.projections = std::sqrt(squares / projections);
  result.norm = std::abs(std::sqrt(std::inner_product(map.begin(), map.end(), map.begin(), 0.0)) / norm - 1);
  return result;
}

inline void expect_close(const distance& d, double tolerance) {
  EXPECT_LE(d.samples, tolerance) << "the samples";
  EXPECT_LE(d.projections, tolerance) << "the products with vectors of signs";
  EXPECT_LE(d.norm, tolerance) << "the norm";
}

}  // namespace salient::golden
