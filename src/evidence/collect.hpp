// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evidence/options.hpp"
#include "evidence/results.hpp"
#include "evidence/store.hpp"
#include "salient/explainer/crew.hpp"

namespace salient::evidence {

/// A network to be measured.
struct opened_network {
  std::string name;
  std::filesystem::path weights;
  int classes = 0;
  std::function<std::unique_ptr<subject>()> open;  ///< throws salient::error
};

/// Measures everything that was asked for: a part, which is one method on one network, in one process of the
/// crew, which keeps it. `to` has the sample and the methods, and in rank 0 gets the rest. Throws
/// salient::error.
void collect(const std::vector<opened_network>& networks, explainer::crew& all, store& parts, results& to);

/// What the figures of a run depend on.
run_key key_of(const request& asked, const sample& of);

}  // namespace salient::evidence
