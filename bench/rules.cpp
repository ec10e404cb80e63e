// SPDX-License-Identifier: MIT

// Prints the error of each quadrature rule of integrated gradients as Markdown tables: the completeness gap
// over test digits, and the distance of a map of 50 steps from the exact one.

#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "common/settings.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/progress.hpp"

namespace {

using namespace salient;

struct named_rule {
  std::string name;
  quadrature value;
};
const std::vector<named_rule> all_rules{{"Gauss-Legendre", quadrature::gauss_legendre},
                                        {"midpoint", quadrature::midpoint},
                                        {"trapezoid", quadrature::trapezoid},
                                        {"left", quadrature::left},
                                        {"right", quadrature::right}};
const std::vector<int> all_steps{10, 20, 50, 100, 300};

/// In percent, with two significant digits.
std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", 100 * share);
  return text;
}

/// A row of a Markdown table.
std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}
std::string rule_below(std::size_t columns) { return row(std::vector<std::string>(columns, "---")); }

template <class T>
double sum_of_magnitudes(const std::vector<T>& values) {
  double sum = 0;
  for (const T v : values) sum += std::abs(static_cast<double>(v));
  return sum;
}

/// Sum of a batch's absolute gaps, relative to that of its score differences.
template <class T>
double gap_share(const integrated<T>& result) {
  double change = 0;
  for (std::size_t n = 0; n < result.values.size(); ++n)
    change +=
        std::abs(static_cast<double>(result.values[n]) - static_cast<double>(result.baseline_values[n]));
  return sum_of_magnitudes(result.gaps) / change;
}

/// Largest difference of two maps relative to the exact one's largest magnitude, averaged over a batch.
double distance(const tensor& map, const tensor& exact_map) {
  double sum = 0;
  for (long n = 0; n < map.batch; ++n) {
    double difference = 0, magnitude = 0;
    for (long i = 0; i < map.extent.elements(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      difference =
          std::max(difference, std::abs(static_cast<double>(map.image(n)[at]) - exact_map.image(n)[at]));
      magnitude = std::max(magnitude, std::abs(static_cast<double>(exact_map.image(n)[at])));
    }
    sum += difference / magnitude;
  }
  return sum / static_cast<double>(map.batch);
}

/// One cell per rule, with the gaps for all numbers of steps.
template <class Network>
std::vector<std::string> gaps(const cpu& device, const std::string& name, const tensor& digits,
                              apps::progress& progress) {
  const auto model = load<Network>(apps::weights_file(name), device);
  std::vector<std::string> cells;
  for (const named_rule& r : all_rules) {
    std::string cell;
    for (const int steps : all_steps) {
      progress.show(name + ", " + r.name, steps, all_steps.back());
      const auto result = integrated_gradients(model, digits, logit(), {.steps = steps, .rule = r.value});
      cell += (cell.empty() ? "" : ", ") + percent(gap_share(result));
    }
    cells.push_back(cell);
  }
  progress.clear();
  return cells;
}

template <class Network>
std::string distances(const cpu& device, const std::string& name, const tensor& digits,
                      apps::progress& progress) {
  const auto model = load<Network>(apps::weights_file(name), device);
  tensor maps(digits.extent, digits.batch);
  double pieces = 0, gap = 0, change = 0;
  for (long n = 0; n < digits.batch; ++n) {
    progress.show(name + ", exact", n, digits.batch);
    const auto result = integrated_gradients(model, digits.slice(n, 1), logit(), exact{});
    std::ranges::copy(result.map.values, maps.image(n).begin());
    pieces += result.points[0];
    gap += std::abs(static_cast<double>(result.gaps[0]));
    change +=
        std::abs(static_cast<double>(result.values[0]) - static_cast<double>(result.baseline_values[0]));
  }
  std::vector<std::string> cells{
      name, std::to_string(std::lround(pieces / static_cast<double>(digits.batch))), percent(gap / change)};
  for (const named_rule& r : all_rules) {
    const auto result = integrated_gradients(model, digits, logit(), {.steps = 50, .rule = r.value});
    cells.push_back(percent(distance(result.map, maps)));
  }
  progress.clear();
  return row(cells);
}

}  // namespace

int main(int argc, char** argv) {
  int count = 200, exact_count = 10;
  std::string only;
  apps::command_line line("bench.rules",
                          "Measures the quadrature rules of integrated gradients on test digits.");
  constexpr auto digits_limits = apps::between(1, apps::test_digits_count);
  line.option("--images N", "Test digits, from the first, over which gaps are averaged", count,
              digits_limits);
  line.option("--exact-images N", "Test digits whose maps are compared with the exact integral", exact_count,
              digits_limits);
  apps::add_network_option(line, "One network instead of all four", only);
  line.parse(argc, argv);

  return apps::guarded("bench.rules", [&] {
    const tensor all = apps::test_digits().images;
    const cpu device;
    apps::progress progress;
    const auto for_each_network = [&](const auto& body) {
      if (!only.empty())
        return digits::with_network(only, [&]<class Network> { body.template operator()<Network>(only); });
      boost::hana::for_each(digits::networks, [&](const auto& e) {
        body.template operator()<typename std::remove_cvref_t<decltype(e)>::network>(std::string(e.name));
      });
    };

    std::vector<std::vector<std::string>> columns;
    std::vector<std::string> header{"rule"};
    for_each_network([&]<class Network>(const std::string& name) {
      header.push_back(name);
      columns.push_back(gaps<Network>(device, name, all.slice(0, count), progress));
    });
    std::cout << "Mean |gap| in % of the mean |score change|, " << count << " test digits, n =";
    for (const int steps : all_steps) std::cout << " " << steps;
    std::cout << "\n\n" << row(header) << rule_below(header.size());
    for (std::size_t r = 0; r < all_rules.size(); ++r) {
      std::vector<std::string> cells{all_rules[r].name};
      for (const auto& column : columns) cells.push_back(column[r]);
      std::cout << row(cells);
    }

    std::cout << "\nThe exact integral, and the largest difference of a map of 50 steps from it, in % of its "
                 "largest magnitude, mean of "
              << exact_count << " test digits\n\n";
    header = {"network", "pieces", "gap, %"};
    for (const named_rule& r : all_rules) header.push_back(r.name);
    std::cout << row(header) << rule_below(header.size());
    for_each_network([&]<class Network>(const std::string& name) {
      std::cout << distances<Network>(device, name, all.slice(0, exact_count), progress) << std::flush;
    });
  });
}
