// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "io/bad_input.hpp"
#include "io/mutated.hpp"
#include "io/onnx/model.hpp"

namespace salient::test {

/// Numbers at which arithmetic goes wrong.
inline std::int64_t extreme(std::mt19937& random) {
  using limits = std::numeric_limits<std::int64_t>;
  static constexpr std::int64_t all[] = {0,
                                         1,
                                         2,
                                         3,
                                         -1,
                                         -2,
                                         5,
                                         17,
                                         255,
                                         4096,
                                         65536,
                                         1 << 24,
                                         (1 << 24) + 1,
                                         std::int64_t{1} << 31,
                                         -(std::int64_t{1} << 31),
                                         std::int64_t{1} << 32,
                                         std::int64_t{1} << 40,
                                         std::int64_t{1} << 62,
                                         limits::max(),
                                         limits::min(),
                                         limits::max() - 1,
                                         limits::min() + 1};
  return all[random() % std::size(all)];
}

template <class Map>
auto& any_of(Map& map, std::mt19937& random) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(random() % map.size()))->second;
}

/// Sets one of a tensor's integers, in bytes of its own.
inline void set_integer(onnx::tensor& t, std::mt19937& random, std::deque<bytes>& storage) {
  if (t.type != onnx::element::i64 || t.bytes.size() < 8) return;
  bytes& own = storage.emplace_back(t.bytes.begin(), t.bytes.end());
  const std::int64_t value = extreme(random);
  std::memcpy(own.data() + random() % (own.size() / 8) * 8, &value, 8);
  t.bytes = own;
}

/// Changes one thing in a model as the reader gives it. Returns what.
inline std::string mutate(onnx::model& m, std::mt19937& random, std::deque<bytes>& storage) {
  onnx::graph& g = m.graph;
  onnx::node& n = g.nodes[random() % g.nodes.size()];
  onnx::node& other = g.nodes[random() % g.nodes.size()];
  const std::string of = " of '" + n.name + "'";
  switch (random() % 11) {
    case 0:
      if (g.initialisers.empty()) return "nothing";
      set_integer(any_of(g.initialisers, random), random, storage);
      return "an integer of an initialiser";
    case 1:
      if (n.attributes.empty()) return "nothing";
      if (onnx::attribute& a = any_of(n.attributes, random); !a.integers.empty())
        a.integers[random() % a.integers.size()] = extreme(random);
      else if (a.integer)
        a.integer = extreme(random);
      else if (a.number)
        a.number = static_cast<float>(extreme(random)) / 7;
      else if (a.value)
        set_integer(*a.value, random, storage);
      return "an attribute" + of;
    case 2:
      if (n.attributes.empty()) return "nothing";
      n.attributes.erase(
          std::next(n.attributes.begin(), static_cast<std::ptrdiff_t>(random() % n.attributes.size())));
      return "less attributes" + of;
    case 3:
      if (!g.inputs.empty() && g.inputs[0].dimensions && !g.inputs[0].dimensions->empty())
        (*g.inputs[0].dimensions)[random() % g.inputs[0].dimensions->size()] = extreme(random);
      return "the input's shape";
    case 4:
      std::swap(n.op, other.op);
      return "the operators of '" + other.name + "' and" + of;
    case 5:
      if (!n.inputs.empty() && !other.inputs.empty())
        n.inputs[random() % n.inputs.size()] = other.inputs[random() % other.inputs.size()];
      return "an input" + of;
    case 6:
      if (!n.inputs.empty())
        n.inputs.erase(n.inputs.begin() + static_cast<std::ptrdiff_t>(random() % n.inputs.size()));
      return "less inputs" + of;
    case 7:
      if (!n.inputs.empty()) n.inputs.push_back(n.inputs[random() % n.inputs.size()]);
      return "more inputs" + of;
    case 8:
      n.name = std::string(random() % 2000, '.') + "a\nb\"/" + n.name;
      return "a name";
    case 9:
      n.attributes.insert(other.attributes.begin(), other.attributes.end());
      return "more attributes" + of;
    default: {
      static const words ops = {"Reshape", "Transpose", "Concat",          "Slice",     "Pad",
                                "Expand",  "Gather",    "Squeeze",         "Unsqueeze", "Mul",
                                "Add",     "Flatten",   "Split",           "Where",     "Cast",
                                "Clip",    "Range",     "ConstantOfShape", "MaxPool"};
      n.op = ops[random() % ops.size()];
      return "the operator" + of;
    }
  }
}

}  // namespace salient::test
