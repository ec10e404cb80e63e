// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>
#include <unordered_set>

#include "io/message.hpp"
#include "io/onnx/reader.hpp"

namespace salient::onnx {
namespace {

/// A dimension that is not stated, or named, or stated as negative, is free.
std::int64_t read_dimension(fields f) {
  std::int64_t value = -1;
  while (f.next()) {
    if (f.number() == 1)
      value = std::max<std::int64_t>(-1, f.integer());
    else
      f.skip();
  }
  return value;
}

void read_type(fields f, value_info& to) {
  while (f.next()) {
    if (f.number() != 1) {
      f.skip();
      continue;
    }
    for (fields tensor = f.message("a tensor's type"); tensor.next();) {
      if (tensor.number() == 1) {
        const std::int64_t type = tensor.integer();
        to.type = type > 0 && type <= std::numeric_limits<int>::max() ? static_cast<int>(type) : 0;
      } else if (tensor.number() == 2) {
        to.dimensions.emplace();
        for (fields shape = tensor.message("a tensor's shape"); shape.next();) {
          if (shape.number() == 1)
            to.dimensions->push_back(read_dimension(shape.message("a dimension")));
          else
            shape.skip();
        }
      } else {
        tensor.skip();
      }
    }
  }
}

/// Each name may be given once: to an input, an initialiser or a node's output.
void check_names(const graph& read, const context& with) {
  std::unordered_set<std::string_view> taken;
  const auto take = [&](const std::string& name, const char* what) {
    if (!taken.insert(name).second)
      detail::fail(with.path, std::string(what) + " has the name " + detail::in_quotes(name) +
                                  ", which another value has too; export the model again");
  };
  for (const auto& [name, ignored] : read.initialisers) take(name, "an initialiser");
  for (const value_info& input : read.inputs) take(input.name, "an input");
  for (const node& n : read.nodes)
    for (const std::string& output : n.outputs)
      if (!output.empty()) take(output, "a node's output");
}

void add_initialiser(tensor read, graph& to, const context& with) {
  if (read.name.empty()) detail::fail(with.path, "an initialiser has no name; export the model again");
  std::string name = read.name;
  if (to.initialisers.contains(name))
    detail::fail(with.path, "there are two initialisers with the name " + detail::in_quotes(name) +
                                "; export the model again");
  to.initialisers.emplace(std::move(name), std::move(read));
}

}  // namespace

value_info read_value_info(fields f) {
  value_info result;
  while (f.next()) {
    if (f.number() == 1)
      result.name = f.text();
    else if (f.number() == 2)
      read_type(f.message("a type"), result);
    else
      f.skip();
  }
  return result;
}

graph read_graph(fields f, context& with) {
  graph result;
  while (f.next()) {
    switch (f.number()) {
      case 1:
        result.nodes.push_back(read_node(f.message("a node"), with));
        break;
      case 5:
        add_initialiser(read_tensor(f.message("an initialiser"), with), result, with);
        break;
      case 11:
        result.inputs.push_back(read_value_info(f.message("an input")));
        break;
      case 12:
        result.outputs.push_back(read_value_info(f.message("an output")));
        break;
      case 13: {
        value_info info = read_value_info(f.message("a value's description"));
        std::string name = info.name;
        result.values.emplace(std::move(name), std::move(info));
        break;
      }
      case 15:
        detail::fail(with.path,
                     "has sparse initialisers, which are not read here; export it with dense ones");
      default:
        f.skip();
    }
  }
  // IR 3 lists initialisers as inputs too.
  std::erase_if(result.inputs, [&](const value_info& v) { return result.initialisers.contains(v.name); });
  check_names(result, with);
  return result;
}

}  // namespace salient::onnx
