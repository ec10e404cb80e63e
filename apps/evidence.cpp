// SPDX-License-Identifier: MIT

// What is said of each method, held against figures measured on the digit networks: a page and a JSON.

#include "common/namespace.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/evidence/run.hpp"
#include "salient/explainer/guard.hpp"

namespace {

namespace evidence = salient::evidence;

evidence::sample read_digits(const std::vector<long>& numbers) {
  salient::labelled_images digits = apps::test_digits(numbers);
  evidence::sample s{"digits",
                     "digits of 28 by 28 pixels on a black background",
                     {},
                     std::move(digits.labels),
                     std::move(digits.images)};
  for (const long n : numbers) s.names.push_back("no. " + std::to_string(n));
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  int code = 0;
  const int failed = apps::guarded("salient-evidence", [&] {
    evidence::introduction setup{.name = "salient-evidence",
                                 .preset = {"cnn", "pooled_cnn", "resnet"},
                                 .known = {"test digits", apps::test_digits_count, &read_digits}};
    boost::hana::for_each(salient::digits::networks, [&](const auto& e) {
      using network = typename std::remove_cvref_t<decltype(e)>::network;
      const std::string name(e.name);
      setup.networks.push_back(evidence::candidate_of<network>(name, apps::weights_file(name)));
    });
    code = evidence::run(setup, argc, argv);
  });
  return failed != 0 ? failed : code;
}
