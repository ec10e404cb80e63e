// SPDX-License-Identifier: MIT
#pragma once

#include "salient/evidence/subject.hpp"

/// A network that can be asked for its scores alone.
class fake_subject : public salient::evidence::subject {
 public:
  using tensor = salient::tensor;
  using values = salient::metrics::values;

  bool applies(std::size_t) const override { return false; }
  int layers() const override { return 0; }
  long parameters() const override { return 0; }
  salient::graph_view graph() const override { return {}; }
  const salient::preprocessing& images() const override { return reads; }
  salient::evidence::answer ask(std::size_t, const tensor&, const std::vector<int>&) override { return {}; }
  values deletion(const tensor&, const tensor&, const std::vector<int>&) const override { return {}; }
  values insertion(const tensor&, const tensor&, const std::vector<int>&) const override { return {}; }
  values road(const tensor&, const tensor&, const std::vector<int>&, salient::metrics::removal_order,
              std::uint64_t) const override {
    return {};
  }
  salient::metrics::confidences confidence(const tensor&, const tensor&,
                                           const std::vector<int>&) const override {
    return {};
  }
  salient::metrics::value_falls<float> falls(const tensor&, const std::vector<int>&,
                                             std::uint64_t) const override {
    return {};
  }
  values max_sensitivity(std::size_t, const tensor&, const std::vector<int>&, std::uint64_t) override {
    return {};
  }
  salient::metrics::map_cost cost(std::size_t, const tensor&, int) override { return {}; }
  void redraw(int, std::uint64_t) override {}

  salient::preprocessing reads;
};
