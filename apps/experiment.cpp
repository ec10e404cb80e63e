// SPDX-License-Identifier: MIT

// A compile-time experiment: which design choices of a network change what its saliency maps look like? For
// an experiment of your own, edit steps 1 to 3.

#include <iostream>
#include <string>
#include <vector>

#include <boost/hana.hpp>

#include "experiment/data.hpp"
#include "experiment/options.hpp"
#include "experiment/study.hpp"
#include "experiment/table.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/file.hpp"
#include "salient/salient.hpp"

namespace {

namespace hana = boost::hana;
using namespace salient;

// Step 1: the parameters to vary. The numbers are types, because they become template arguments.
constexpr auto widths = hana::tuple_c<int, 4, 8>;   // filters per convolution
constexpr auto depths = hana::tuple_c<int, 1, 2>;   // number of convolutions
constexpr auto kernels = hana::tuple_c<int, 3, 5>;  // height and width of the kernels
const std::vector<std::string> varied{"width", "depth", "kernel"};

// Step 2: all combinations: (4, 1, 3), (4, 1, 5), (4, 2, 3), ...
constexpr auto combinations = hana::cartesian_product(hana::make_tuple(widths, depths, kernels));

// Step 3: a combination as a list of layers: `depth` blocks and a head with ten scores.
constexpr auto layers_of = [](auto width, auto depth, auto kernel) {
  constexpr auto block =
      hana::tuple_t<conv2d<width.value, kernel.value, with{.padding = padding::same}>, relu, max_pool<2>>;
  constexpr auto head = hana::tuple_t<flatten, dense<10>>;
  return hana::concat(hana::cycle(block, depth), head);
};

// Step 4: a list of layers as a network type.
constexpr auto network_from = [](auto combination) {
  using layers = decltype(hana::unpack(combination, layers_of));
  return hana::type_c<network_of<input<28, 28>, layers>>;
};

// Step 5: select candidates while compiling. Shapes are checked here, and number of parameters and memory are
// known: a network too large for its device need not be trained.
constexpr auto fits = [](auto combination) {
  using network = typename decltype(network_from(combination))::type;
  constexpr bool small = network::parameters <= 20'000;
  constexpr bool frugal = network::template memory<pass::saliency<>>(1) <= 256 * 1024;
  return hana::bool_c<(small && frugal)>;
};
constexpr auto candidates = hana::filter(combinations, fits);

}  // namespace

int main(int argc, char** argv) {
  const experiment::options options = experiment::parse(argc, argv);
  return apps::guarded(experiment::program, [&] {
    if (!options.out.empty()) check_writable(options.out);
    const experiment::data data = experiment::load(options);
    std::cout << data.origin << "\n" << std::endl;

    // Step 6: train and explain each candidate. The body is instantiated once for each.
    const cpu_pool device(options.threads);
    experiment::study study(device, data, options, hana::length(candidates));
    hana::for_each(candidates, [&](auto combination) {
      using network = typename decltype(network_from(combination))::type;
      const auto numbers = hana::unpack(combination, [](auto... n) { return std::vector<int>{n.value...}; });
      study.add<network>(numbers);
    });

    const auto findings = study.compared();
    std::cout << experiment::as_text(varied, findings);
    if (!options.out.empty()) {
      experiment::write(options.out, data.origin, varied, findings);
      std::cout << "\ntable  " << options.out << "\n";
    }
  });
}
