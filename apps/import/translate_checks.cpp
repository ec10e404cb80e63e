// SPDX-License-Identifier: MIT

// Values that stand for others: integers of quantised activations, logarithms, repeated values.

#include <cstddef>
#include <set>
#include <string>

#include "import/translate.hpp"

namespace importer {

/// Throws refusal if an input is not the value that it stands for, and the operator would tell.
void translator::check_readers() const {
  static const std::set<std::string> moving{"Identity", "Reshape",   "Transpose", "Flatten",
                                            "Squeeze",  "Unsqueeze", "Dropout",   "Cast"};
  static const std::set<std::string> of_integers{
      "DequantizeLinear", "MaxPool", "Concat", "Slice", "Split", "Shape"};
  static const std::set<std::string> spreading{"Add", "Sub", "Mul", "Sum", "Expand", "Shape"};
  static const std::set<std::string> of_parts{"Identity", "Dropout", "Cast", "Flatten",
                                              "Reshape",  "Shape",   "Gemm", "MatMul"};
  const std::string& op = node_->op;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (!has(i) || in(i).known) continue;
    const value& v = in(i);
    const bool passes = moving.contains(op) && !(op == "Cast" && v.scale != 0);
    if (v.quantised && !passes && !of_integers.contains(op))
      throw refusal{
          "it computes with the integers of a quantised activation or image; only DequantizeLinear may read "
          "them"};
    if (v.logarithm && !moving.contains(op))
      throw refusal{"it reads a LogSoftmax, which is available as the last layer only"};
    if (!v.parts.empty() && !of_parts.contains(op))
      throw refusal{"it reads flattened maps of several sizes that are joined; only a dense layer may"};
    if (v.expanded && !spreading.contains(op))
      throw refusal{"it reads values that are repeated over a map by Expand; only sums and products may"};
  }
}

/// Copies what is known of quantised inputs to the outputs of operators that move integers, and notes outputs
/// that the operator has but the network has not.
void translator::mark_outputs() {
  const value* quantised = nullptr;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (!has(i) || !in(i).quantised) continue;
    if (quantised && (quantised->scale != in(i).scale || quantised->zero_point != in(i).zero_point))
      throw refusal{"it joins integers of different scales"};
    quantised = &in(i);
  }
  const std::string& op = node_->op;
  const bool moves = quantised && op != "DequantizeLinear" && op != "Cast" && op != "Shape";
  const value like = moves ? *quantised : value{};
  for (std::size_t i = 0; i < node_->outputs.size(); ++i) {
    const std::string& name = node_->outputs[i];
    if (name.empty()) continue;
    const auto at = values_.find(name);
    if (at == values_.end()) {
      undefined_[name] =
          "output " + std::to_string(i) + " of node '" + node_->name + "' (" + op + ") is not available";
    } else if (moves) {
      at->second.quantised = true;
      at->second.scale = like.scale;
      at->second.zero_point = like.zero_point;
    }
  }
}

}  // namespace importer
