// SPDX-License-Identifier: MIT
#include "import/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>

namespace importer {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

std::string joined(const std::vector<std::string>& parts, char by) {
  std::string text;
  for (const std::string& p : parts)
    if (!p.empty()) text += (text.empty() ? "" : std::string(1, by)) + p;
  return text;
}

/// Keeps letters, digits, '_', '-' and '.', and none of two dots in a row.
std::string tidy(const std::string& path) {
  std::string text;
  for (const char c : path) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
    const char kept = plain ? c : '_';
    if (kept == '.' && (text.empty() || text.back() == '.')) continue;
    text += kept;
  }
  // The longest that PyTorch's modules have is half of this.
  constexpr std::size_t longest = 200;
  if (text.size() > longest) text.resize(longest);
  while (text.ends_with('.')) text.pop_back();
  return text;
}

/// "layer1", "layer1.0", "conv1" as TorchScript writes scopes: a module in a Sequential repeats its path
/// there.
std::string collapsed(const std::vector<std::string>& scopes) {
  std::vector<std::string> kept;
  for (const std::string& s : scopes) {
    if (s.empty()) continue;
    if (!kept.empty() && s.starts_with(kept.back() + "."))
      kept.back() = s;
    else
      kept.push_back(s);
  }
  return joined(kept, '.');
}

/// The second last of ['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d'].
std::string from_scopes(const std::string& list) {
  std::vector<std::string> names;
  bool inside = false;
  for (const char c : list) {
    if (c == '\'' || c == '"') {
      inside = !inside;
      if (inside) names.emplace_back();
    } else if (inside) {
      names.back() += c;
    }
  }
  return names.size() < 2 ? "" : names[names.size() - 2];
}

/// The name of a weight without ".weight", unless an exporter made it up.
std::string from_weight(const salient::onnx::node& n, const salient::onnx::model& m) {
  if (n.inputs.size() < 2 || !m.graph.initialisers.contains(n.inputs[1])) return {};
  const std::string& name = n.inputs[1];
  for (const std::string_view end : {".weight", ".gamma", ".weight_quantized"})
    if (name.ends_with(end) && name.find_first_of("/:") == std::string::npos)
      return name.substr(0, name.size() - end.size());
  return {};
}

/// Scopes that TensorFlow puts around every node.
bool is_wrapping(const std::string& scope) {
  return scope == "StatefulPartitionedCall" || scope == "PartitionedCall" || scope == "model" ||
         scope == "functional" || scope.starts_with("StatefulPartitionedCall_");
}

/// Operators that end TensorFlow's names of nodes.
bool is_operator(const std::string& scope) {
  static constexpr std::array operators{
      "BiasAdd", "ReadVariableOp", "Conv2D",           "MatMul", "depthwise", "resource",
      "Relu",    "Relu6",          "FusedBatchNormV3", "Add",    "add",       "Resource"};
  return std::ranges::find(operators, scope) != operators.end();
}

}  // namespace

std::string module_path(const salient::onnx::node& n, const salient::onnx::model& m) {
  if (const std::string w = from_weight(n, m); !w.empty()) return tidy(w);
  if (const auto scopes = n.metadata.find("pkg.torch.onnx.name_scopes"); scopes != n.metadata.end())
    return tidy(from_scopes(scopes->second));
  if (n.name.find('/') == std::string::npos) {
    // A number of a node, as in Conv_12, is no module.
    return n.name.starts_with(n.op + "_") || n.name.starts_with("node_") || n.name.starts_with("p2o.")
               ? ""
               : tidy(n.name);
  }
  // A fused node of TensorFlow Lite lists what it is made of; the last is the layer.
  std::vector<std::string> scopes = split(n.name.substr(n.name.rfind(';') + 1), '/');
  scopes.pop_back();
  while (scopes.size() > 1 && is_operator(scopes.back())) scopes.pop_back();
  std::erase_if(scopes, [](const std::string& s) { return s.empty() || is_wrapping(s); });
  return tidy(collapsed(scopes));
}

std::string foreign_operator(const std::string& op) {
  static constexpr std::array recurrent{"LSTM", "GRU", "RNN", "Scan", "Loop"};
  static constexpr std::array detecting{"NonMaxSuppression", "RoiAlign", "TopK", "MaxRoiPool"};
  static constexpr std::array attending{"Einsum", "Attention", "ScatterND", "GatherND"};
  const auto in = [&](const auto& list) { return std::ranges::find(list, op) != list.end(); };
  if (in(recurrent))
    return "recurrent networks and control flow are not available; only feed-forward image classifiers are";
  if (in(detecting)) return "detectors are not available; only image classifiers are";
  if (in(attending)) return "attention is not available; export a convolutional classifier";
  if (op == "Resize" || op == "Upsample" || op == "ConvTranspose")
    return "enlarging maps, as networks for segmentation do, is not available";
  if (op == "ConvInteger" || op == "QLinearConv" || op == "MatMulInteger" || op == "QLinearMatMul" ||
      op == "DynamicQuantizeLinear")
    return "integer arithmetic is not available; export the model in float, or with QuantizeLinear and "
           "DequantizeLinear";
  return {};
}

std::string unknown_operator(const std::string& op) {
  if (op == "InstanceNormalization" || op == "GroupNormalization")
    return "this normalisation depends on the image; only batch, layer and local response normalisation are "
           "available";
  return "this operator is not available; salient-import --help lists those that are";
}

std::vector<std::string> parts_of(const std::string& path) {
  return path.empty() ? std::vector<std::string>{} : split(path, '.');
}

bool is_identifier(const std::string& text) {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, [&](char c) {
    return letter(c) || std::isdigit(static_cast<unsigned char>(c));
  });
}

std::string identifier_of(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "model";
  if (std::isdigit(static_cast<unsigned char>(name[0]))) name = "model_" + name;
  return name;
}

}  // namespace importer
