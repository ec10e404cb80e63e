// SPDX-License-Identifier: MIT
#include "import/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace importer {
namespace {

row& row_of(network& n, int activation) { return n.rows[static_cast<std::size_t>(activation) - 1]; }

std::vector<int> count_readers(const network& n) {
  std::vector<int> readers(n.rows.size() + 1, 0);
  for (const row& r : n.rows)
    for (const int a : r.inputs) ++readers[static_cast<std::size_t>(a)];
  ++readers[static_cast<std::size_t>(n.output)];
  return readers;
}

bool is_product_with_weights(const row& r) {
  return r.kind == row_kind::convolution || r.kind == row_kind::dense || r.kind == row_kind::pointwise;
}

/// A batch norm's scale and shift, from its parameters.
affine affine_of(const row& r) {
  if (r.kind == row_kind::affine) return {r.weight, r.bias};
  const values scale = elementwise({r.weight, r.variance}, [e = r.epsilon](std::span<const float> x) {
    return static_cast<float>(static_cast<double>(x[0]) / std::sqrt(static_cast<double>(x[1]) + e));
  });
  const values shift = elementwise({r.bias, r.mean, scale}, [](std::span<const float> x) {
    return static_cast<float>(static_cast<double>(x[0]) -
                              static_cast<double>(x[1]) * static_cast<double>(x[2]));
  });
  return {scale, shift};
}

values combined(values a, values b, float (*f)(float, float), float otherwise) {
  if (!a && !b) return {};
  const values absent(std::vector{otherwise});
  return elementwise({a ? a : absent, b ? b : absent},
                     [f](std::span<const float> x) { return f(x[0], x[1]); });
}

/// First a, then b.
affine composed(const affine& a, const affine& b) {
  const auto times = [](float x, float y) { return x * y; };
  const auto plus = [](float x, float y) { return x + y; };
  const values shifted = a.shift && b.scale ? combined(a.shift, b.scale, times, 1) : a.shift;
  return {combined(a.scale, b.scale, times, 1), combined(shifted, b.shift, plus, 0)};
}

/// Lets readers of row `from` read what it reads.
void bypass(network& n, int from) {
  const int to = row_of(n, from).inputs[0];
  for (row& r : n.rows)
    for (int& a : r.inputs)
      if (a == from) a = to;
  if (n.output == from) n.output = to;
  auto& names = row_of(n, from).outputs;
  auto& onto = row_of(n, to).outputs;
  // The activation is what it was after the folded step, so names of earlier values no longer hold.
  onto = std::move(names);
  row_of(n, from).inputs.clear();
}

void fold(network& n) {
  for (std::size_t i = 0; i < n.rows.size(); ++i) {
    row& r = n.rows[i];
    const bool affine_step = r.kind == row_kind::affine || r.kind == row_kind::batch_norm;
    if (!affine_step || r.inputs.empty() || r.inputs[0] == 0) continue;
    row& before = row_of(n, r.inputs[0]);
    if (count_readers(n)[static_cast<std::size_t>(r.inputs[0])] != 1) continue;
    if (is_product_with_weights(before)) {
      before.folded.push_back(affine_of(r));
      bypass(n, static_cast<int>(i) + 1);
    } else if (r.kind == row_kind::affine && before.kind == row_kind::affine) {
      const affine all = composed({before.weight, before.bias}, {r.weight, r.bias});
      before.weight = all.scale;
      before.bias = all.shift;
      bypass(n, static_cast<int>(i) + 1);
    } else if (r.kind == row_kind::affine &&
               (before.kind == row_kind::batch_norm || before.kind == row_kind::layer_norm)) {
      const affine all = composed({before.weight, before.bias}, {r.weight, r.bias});
      before.weight = all.scale;
      before.bias = all.shift;
      bypass(n, static_cast<int>(i) + 1);
    }
  }
}

/// DenseNet joins all earlier maps before each layer: joins one more to what the last join made.
void chain_concats(network& n) {
  for (std::size_t i = 0; i < n.rows.size(); ++i) {
    if (n.rows[i].kind != row_kind::concat) continue;
    std::size_t longest = 1;
    int best = -1;
    for (std::size_t j = 0; j < i; ++j) {
      const auto &earlier = n.rows[j].inputs, &own = n.rows[i].inputs;
      if (n.rows[j].kind != row_kind::concat || earlier.size() >= own.size() || earlier.size() <= longest)
        continue;
      if (!std::equal(earlier.begin(), earlier.end(), own.begin())) continue;
      longest = earlier.size();
      best = static_cast<int>(j);
    }
    if (best < 0) continue;
    // The earlier join keeps its inputs for this comparison, so the shortened list is set aside.
    std::vector<int> shorter{best + 1};
    const auto& own = n.rows[i].inputs;
    shorter.insert(shorter.end(), own.begin() + static_cast<std::ptrdiff_t>(longest), own.end());
    n.rows[i].weight_extent.assign(shorter.begin(), shorter.end());
  }
  for (row& r : n.rows)
    if (r.kind == row_kind::concat && !r.weight_extent.empty()) {
      r.inputs.assign(r.weight_extent.begin(), r.weight_extent.end());
      r.weight_extent.clear();
    }
}

void remove_unread(network& n) {
  std::vector<bool> needed(n.rows.size() + 1, false);
  needed[static_cast<std::size_t>(n.output)] = true;
  for (std::size_t i = n.rows.size(); i-- > 0;)
    if (needed[i + 1])
      for (const int a : n.rows[i].inputs) needed[static_cast<std::size_t>(a)] = true;
  std::vector<int> moved(n.rows.size() + 1, 0);
  std::vector<row> kept;
  for (std::size_t i = 0; i < n.rows.size(); ++i) {
    if (!needed[i + 1]) continue;
    for (int& a : n.rows[i].inputs) a = moved[static_cast<std::size_t>(a)];
    kept.push_back(std::move(n.rows[i]));
    moved[i + 1] = static_cast<int>(kept.size());
  }
  n.output = moved[static_cast<std::size_t>(n.output)];
  n.rows = std::move(kept);
}

}  // namespace

void simplify(network& n) {
  remove_unread(n);
  fold(n);
  chain_concats(n);
  remove_unread(n);
}

}  // namespace importer
