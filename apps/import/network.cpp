// SPDX-License-Identifier: MIT

// Finds the input and the output, and translates the nodes between them.

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "core/printable.hpp"
#include "import/names.hpp"
#include "import/translate.hpp"
#include "salient/core/error.hpp"

namespace importer {

using salient::shape;
namespace onnx = salient::onnx;

const std::map<std::string, translator::handler>& translator::handlers() {
  using t = translator;
  static const std::map<std::string, handler> all{{"Conv", &t::conv},
                                                  {"MaxPool", &t::max_pool},
                                                  {"AveragePool", &t::average_pool},
                                                  {"GlobalAveragePool", &t::global_average_pool},
                                                  {"GlobalMaxPool", &t::global_max_pool},
                                                  {"ReduceMean", &t::reduce_mean},
                                                  {"ReduceMax", &t::reduce_mean},
                                                  {"Pad", &t::pad},
                                                  {"BatchNormalization", &t::batch_normalization},
                                                  {"LayerNormalization", &t::layer_normalization},
                                                  {"LRN", &t::lrn},
                                                  {"Gemm", &t::gemm},
                                                  {"MatMul", &t::mat_mul},
                                                  {"Sum", &t::sum},
                                                  {"Add", &t::arithmetic},
                                                  {"Sub", &t::arithmetic},
                                                  {"Mul", &t::arithmetic},
                                                  {"Div", &t::arithmetic},
                                                  {"Min", &t::arithmetic},
                                                  {"Greater", &t::arithmetic},
                                                  {"Where", &t::where},
                                                  {"Expand", &t::expand},
                                                  {"Max", &t::arithmetic},
                                                  {"Pow", &t::arithmetic},
                                                  {"Relu", &t::activation},
                                                  {"Sigmoid", &t::activation},
                                                  {"Tanh", &t::activation},
                                                  {"LeakyRelu", &t::activation},
                                                  {"Elu", &t::activation},
                                                  {"HardSigmoid", &t::activation},
                                                  {"HardSwish", &t::activation},
                                                  {"Gelu", &t::activation},
                                                  {"Softplus", &t::activation},
                                                  {"Erf", &t::activation},
                                                  {"Exp", &t::activation},
                                                  {"Sqrt", &t::activation},
                                                  {"Reciprocal", &t::activation},
                                                  {"Neg", &t::activation},
                                                  {"Selu", &t::activation},
                                                  {"Celu", &t::activation},
                                                  {"Mish", &t::activation},
                                                  {"Swish", &t::activation},
                                                  {"Clip", &t::clip},
                                                  {"PRelu", &t::prelu},
                                                  {"Softmax", &t::softmax},
                                                  {"LogSoftmax", &t::softmax},
                                                  {"Concat", &t::concat},
                                                  {"Split", &t::split},
                                                  {"Slice", &t::slice},
                                                  {"Gather", &t::gather},
                                                  {"Transpose", &t::transpose},
                                                  {"Reshape", &t::reshape},
                                                  {"Flatten", &t::flatten},
                                                  {"Squeeze", &t::squeeze},
                                                  {"Unsqueeze", &t::unsqueeze},
                                                  {"Shape", &t::shape_of},
                                                  {"Size", &t::shape_of},
                                                  {"Constant", &t::constant_node},
                                                  {"If", &t::branch},
                                                  {"Identity", &t::pass_on},
                                                  {"Dropout", &t::pass_on},
                                                  {"Cast", &t::pass_on},
                                                  {"QuantizeLinear", &t::quantize},
                                                  {"DequantizeLinear", &t::dequantize}};
  return all;
}

namespace {

[[noreturn]] void fail(const std::string& why) { throw salient::error(salient::detail::one_line(why)); }

std::string names_of(const std::vector<onnx::value_info>& values) {
  std::string text;
  for (const onnx::value_info& v : values) text += (text.empty() ? "'" : ", '") + v.name + "'";
  return text;
}

const onnx::value_info& chosen_output(const onnx::model& m, const std::string& wanted) {
  const auto& outputs = m.graph.outputs;
  if (outputs.empty()) fail("the model has no output");
  if (wanted.empty()) {
    if (outputs.size() == 1) return outputs[0];
    fail("the model has " + std::to_string(outputs.size()) + " outputs (" + names_of(outputs) +
         "); choose one with --output");
  }
  for (const onnx::value_info& v : outputs)
    if (v.name == wanted) return v;
  fail("the model has no output '" + wanted + "'; it has " + names_of(outputs));
}

/// Adds what a node reads, also within its branches.
void add_inputs(const onnx::node& n, std::set<std::string>& to, int depth = 0) {
  constexpr int deepest = 8;
  if (depth > deepest) fail("conditions are nested more than " + std::to_string(deepest) + " deep");
  to.insert(n.inputs.begin(), n.inputs.end());
  if (n.op != "If") return;
  for (const auto& [name, a] : n.attributes) {
    if (!a.graph) continue;
    const onnx::graph branch = a.graph();
    for (const onnx::node& inner : branch.nodes) add_inputs(inner, to, depth + 1);
    for (const onnx::value_info& output : branch.outputs) to.insert(output.name);
  }
}

/// Inputs that no node reads are left out: Keras' export leaves such where it computed constants in advance.
const onnx::value_info& chosen_input(const onnx::model& m, const std::vector<const onnx::node*>& nodes) {
  const auto& inputs = m.graph.inputs;
  if (inputs.size() == 1) return inputs[0];
  if (inputs.empty()) fail("the model has no input");
  std::set<std::string> read;
  for (const onnx::node* n : nodes) read.insert(n->inputs.begin(), n->inputs.end());
  const auto is_read = [&](const onnx::value_info& v) { return read.contains(v.name); };
  if (std::ranges::count_if(inputs, is_read) == 1) return *std::ranges::find_if(inputs, is_read);
  fail("the model has " + std::to_string(inputs.size()) + " inputs (" + names_of(inputs) +
       "); only models with one, the image, can be imported");
}

/// Whether the image's channels are its last axis: it is transposed before the first node that ONNX defines
/// with channels first, and not from channels first; or, where no node tells, it has as many channels there
/// as images have.
bool has_channels_last(const std::vector<const onnx::node*>& nodes, const onnx::value_info& input) {
  std::set<std::string> same{input.name};
  static const std::set<std::string> keeping{
      "Identity", "Cast",  "Dropout", "QuantizeLinear", "DequantizeLinear", "Sub",     "Add",  "Mul",
      "Div",      "Slice", "Pad",     "Relu",           "LeakyRelu",        "Sigmoid", "Tanh", "Clip"};
  static const std::set<std::string> with_channels_first{
      "Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization", "LRN"};
  bool told = false;
  for (const onnx::node* n : nodes) {
    if (n->inputs.empty() ||
        !std::ranges::any_of(n->inputs, [&](const std::string& i) { return same.contains(i); }))
      continue;
    if (n->op == "Transpose") {
      using order = std::vector<std::int64_t>;
      const auto at = n->attributes.find("perm");
      const order perm = at == n->attributes.end() ? order{} : at->second.integers;
      if (perm == order{0, 3, 1, 2}) return true;
      if (perm == order{0, 2, 3, 1}) return false;
    }
    if (keeping.contains(n->op))
      same.insert(n->outputs.begin(), n->outputs.end());
    else if (with_channels_first.contains(n->op))
      told = true;
  }
  const dimensions& d = *input.dimensions;
  const auto few = [](std::int64_t n) { return n == 1 || n == 3; };
  constexpr int smallest = 8;
  return !told && few(d[3]) && !few(d[1]) && d[1] >= smallest && d[2] >= smallest;
}

/// The channels of the first convolution's weight, for files that do not state the image's.
std::int64_t channels_of_first(const onnx::graph& g) {
  for (const onnx::node& n : g.nodes) {
    if (n.op != "Conv" || n.inputs.size() < 2) continue;
    const auto w = g.initialisers.find(n.inputs[1]);
    const auto group = n.attributes.find("group");
    if (w == g.initialisers.end() || w->second.dimensions.size() != 4) continue;
    const std::int64_t each = w->second.dimensions[1],
                       groups = group == n.attributes.end() ? 1 : group->second.integer.value_or(1);
    return std::min(each, groups) < 0 || std::max(each, groups) > (1 << 16) ? -1 : each * groups;
  }
  return -1;
}

void take_input(const onnx::model& m, const onnx::value_info& in, const wishes& w, network& net) {
  static const std::set<int> real{1, 10, 11, 16}, whole{2, 3};
  if (!real.contains(in.type) && !whole.contains(in.type))
    fail("the input '" + in.name + "' holds " + onnx::name_of(in.type) + "; an image of floats is expected");
  if (!in.dimensions)
    fail("the file does not state the rank of the input '" + in.name + "'; export it with the image's shape");
  dimensions d = *in.dimensions;
  if (d.size() == 2) {
    if (d[1] < 1) fail("the file does not state how many values the input '" + in.name + "' has");
    d = {d[0], d[1], 1, 1};
  } else if (d.size() != 4) {
    fail("the input '" + in.name + "' has shape " + text_of(d) +
         "; 4 axes are expected: images, channels, height, width");
  }
  const std::size_t c = net.channels_last ? 3 : 1, y = net.channels_last ? 1 : 2, x = y + 1;
  if (w.input_size) {
    d[y] = w.input_size->height;
    d[x] = w.input_size->width;
  }
  if (d[c] < 0) d[c] = channels_of_first(m.graph);
  if (d[y] < 1 || d[x] < 1)
    fail("the file leaves the image's height and width open, " + text_of(*in.dimensions) +
         "; state them with --input-size HxW");
  if (d[c] < 1) fail("the file does not state how many channels the image has, " + text_of(*in.dimensions));
  for (const std::size_t i : {c, y, x})
    if (d[i] > (1 << 16))
      fail("the input '" + in.name + "' has shape " + text_of(d) + ", which is too large");
  if (d[c] * d[y] * d[x] > (1L << 31))
    fail("the input '" + in.name + "' has shape " + text_of(d) + ", which is too large");
  net.any_batch = d[0] < 1;
  net.batch = net.any_batch ? 1 : d[0];
  if (net.batch > (1 << 16))
    fail("the input '" + in.name + "' has shape " + text_of(d) + ", which is too large");
  net.input = {static_cast<int>(d[y]), static_cast<int>(d[x]), static_cast<int>(d[c])};
  net.input_name = in.name;
}

axes view_of_input(const network& net, std::size_t rank) {
  const axes first = channels_first(net.batch, net.input);
  if (rank == 2) return {first[0], first[1]};
  if (net.channels_last) return {first[0], first[2], first[3], first[1]};
  return first;
}

}  // namespace

std::vector<const onnx::node*> needed_nodes(const onnx::graph& g, std::set<std::string> wanted) {
  std::vector<const onnx::node*> needed;
  for (std::size_t i = g.nodes.size(); i-- > 0;) {
    const onnx::node& n = g.nodes[i];
    if (std::ranges::none_of(n.outputs,
                             [&](const std::string& name) { return !name.empty() && wanted.contains(name); }))
      continue;
    add_inputs(n, wanted);
    needed.push_back(&n);
  }
  std::ranges::reverse(needed);
  return needed;
}

std::string all_operators() {
  constexpr std::size_t line_length = 96;
  std::string text;
  std::size_t line = 0;
  for (const auto& [op, handler] : translator::handlers()) {
    const bool breaks = line + op.size() > line_length;
    text += text.empty() ? "" : breaks ? ",\n" : ", ";
    line = (breaks ? 0 : line) + op.size() + 2;
    text += op;
  }
  return text;
}

network translate(const onnx::model& m, const wishes& w) {
  network net;
  if (m.training) fail("the model has been exported for training; export it for inference");
  net.output_name = chosen_output(m, w.output).name;
  const auto nodes = needed_nodes(m.graph, {net.output_name});
  const onnx::value_info& in = chosen_input(m, nodes);
  net.channels_last = in.dimensions && in.dimensions->size() == 4 && has_channels_last(nodes, in);
  take_input(m, in, w, net);

  translator t(m, net);
  value image;
  image.view = view_of_input(net, in.dimensions->size());
  static const std::set<int> whole{2, 3};
  image.quantised = whole.contains(in.type);
  t.define(in.name, image);
  std::set<std::string> written{in.name, ""};
  for (const auto& [name, tensor] : m.graph.initialisers) {
    const auto missing = m.missing.find(name);
    value v;
    v.known = constant_of(tensor, missing == m.missing.end() ? "" : missing->second);
    t.define(name, std::move(v));
    written.insert(name);
  }
  // First what makes it another kind of network, which says more than its consequences.
  for (const onnx::node* n : nodes)
    if (const std::string why = foreign_operator(n->op); n->domain.empty() && !why.empty())
      net.refusals.push_back(salient::detail::one_line("node '" + n->name + "' (" + n->op + "): " + why));
  for (const onnx::node* n : nodes) {
    for (const std::string& i : n->inputs)
      if (!written.contains(i))
        fail("node '" + n->name + "' (" + n->op + ") reads '" + i + "', which nothing before it writes");
    written.insert(n->outputs.begin(), n->outputs.end());
    t.translate(*n);
  }
  if (!net.refusals.empty()) return net;
  if (nodes.empty()) fail("the output '" + net.output_name + "' is written by no node");
  net.output = t.finished(*nodes.back(), net.output_name);
  if (!net.refusals.empty()) return net;
  if (net.output == 0)
    net.refusals.push_back(
        salient::detail::one_line("output '" + net.output_name + "': the network has no layers"));
  return net;
}

}  // namespace importer
