// SPDX-License-Identifier: MIT

// Conditions on constants, as TorchScript has them where a shape tells which way is taken.

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "import/translate.hpp"

namespace importer {

void translator::branch() {
  if (!is_known(0)) throw refusal{"control flow that depends on the image has no fixed network"};
  const auto at = node_->attributes.find(known(0).number() != 0 ? "then_branch" : "else_branch");
  if (at == node_->attributes.end() || !at->second.graph) throw refusal{"a branch is missing"};
  const auto graph =
      net_.branches.emplace_back(std::make_shared<const salient::onnx::graph>(at->second.graph()));
  if (!graph->inputs.empty() || graph->outputs.size() != node_->outputs.size())
    throw refusal{"its branch does not fit it"};

  // Names of a branch are its own.
  std::vector<std::string> inner;
  const auto take = [&](const std::string& name) {
    if (values_.contains(name)) throw refusal{"its branch writes '" + name + "', which there is already"};
    inner.push_back(name);
  };
  for (const auto& [name, tensor] : graph->initialisers) {
    take(name);
    values_[name].known = constant_of(tensor, tensor.absent);
  }
  const node* const own = node_;
  const std::size_t around = std::exchange(scope_, net_.branches.size());
  const std::size_t refused = net_.refusals.size();
  std::set<std::string> wanted;
  for (const auto& output : graph->outputs) wanted.insert(output.name);
  for (const node* n : needed_nodes(*graph, std::move(wanted))) {
    for (const std::string& name : n->outputs)
      if (!name.empty()) take(name);
    translate(*n);
    node_ = own;
  }
  scope_ = around;
  std::vector<value> results;
  for (const auto& output : graph->outputs) {
    const auto result = values_.find(output.name);
    if (result == values_.end() || net_.refusals.size() > refused)
      throw refusal{"what its branch computes is not available"};
    results.push_back(result->second);
  }
  for (const std::string& name : inner) values_.erase(name);
  for (std::size_t i = 0; i < results.size(); ++i) out(std::move(results[i]), i);
}

}  // namespace importer
