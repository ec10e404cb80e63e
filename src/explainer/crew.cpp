// SPDX-License-Identifier: MIT
#include "salient/explainer/crew.hpp"

namespace salient::explainer {
namespace {

class crew_of_one final : public crew {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int threads() const override { return 0; }

  void share(std::span<const long> units, const std::function<void(long)>& work,
             const std::function<void(long)>& progress) override {
    long done = 0;
    for (const long unit : units) {
      work(unit);
      progress(++done);
    }
  }
};

}  // namespace

std::unique_ptr<crew> alone() { return std::make_unique<crew_of_one>(); }

}  // namespace salient::explainer
