// SPDX-License-Identifier: MIT
#include "import/tree.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "salient/core/error.hpp"

namespace importer {
namespace {

class nester {
 public:
  explicit nester(const network& n)
      : net_(n),
        dominator_(n.rows.size() + 1, 0),
        depth_(n.rows.size() + 1, 0),
        written_(n.rows.size() + 1, false) {
    // The nearest activation that every path from the input crosses.
    for (std::size_t a = 1; a < dominator_.size(); ++a) {
      const auto& inputs = n.rows[a - 1].inputs;
      int d = inputs[0];
      for (const int other : inputs) d = common(d, other);
      dominator_[a] = d;
      depth_[a] = depth_[static_cast<std::size_t>(d)] + 1;
    }
  }

  /// Items that compute activation `to` from `start`.
  std::vector<item> between(int start, int to, int level) {
    if (level > 200) throw salient::error("the network nests more than 200 joins in each other");
    std::vector<item> backwards;
    while (to != start) {
      const auto at = static_cast<std::size_t>(to);
      if (to == 0 || written_[at]) {
        backwards.push_back({item::kind::from, to, {}});
        break;
      }
      written_[at] = true;
      const row& r = net_.rows[at - 1];
      if (r.inputs.size() == 1) {
        backwards.push_back({item::kind::layer, to, {}});
        to = r.inputs[0];
        continue;
      }
      backwards.push_back({item::kind::join, to, {}});
      to = dominator_[at];
    }
    std::ranges::reverse(backwards);
    // In the order of text, because a `from` names what stands before it.
    for (item& i : backwards)
      if (i.what == item::kind::join)
        for (const int input : net_.rows[static_cast<std::size_t>(i.activation) - 1].inputs)
          i.branches.push_back(between(dominator_[static_cast<std::size_t>(i.activation)], input, level + 1));
    return backwards;
  }

 private:
  int common(int a, int b) const {
    while (a != b) {
      const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
      if (depth_[i] >= depth_[j])
        a = dominator_[i];
      else
        b = dominator_[j];
    }
    return a;
  }

  const network& net_;
  std::vector<int> dominator_, depth_;
  std::vector<bool> written_;
};

void append_rows(const std::vector<item>& items, std::vector<int>& order) {
  for (const item& i : items) {
    for (const auto& b : i.branches) append_rows(b, order);
    if (i.what != item::kind::from) order.push_back(i.activation);
  }
}

void collect(const std::vector<item>& items, std::vector<int>& reads) {
  for (const item& i : items) {
    if (i.what == item::kind::from) reads.push_back(i.activation);
    for (const auto& b : i.branches) collect(b, reads);
  }
}

}  // namespace

std::vector<item> nest(const network& n) { return nester(n).between(0, n.output, 0); }

void order_as_nested(network& n) {
  std::vector<int> order;
  append_rows(nest(n), order);
  std::vector<int> moved(n.rows.size() + 1, 0);
  std::vector<row> rows;
  for (const int a : order) {
    rows.push_back(std::move(n.rows[static_cast<std::size_t>(a) - 1]));
    moved[static_cast<std::size_t>(a)] = static_cast<int>(rows.size());
  }
  for (row& r : rows)
    for (int& a : r.inputs) a = moved[static_cast<std::size_t>(a)];
  n.output = moved[static_cast<std::size_t>(n.output)];
  n.rows = std::move(rows);
}

std::vector<int> read_by_from(const std::vector<item>& items) {
  std::vector<int> reads;
  collect(items, reads);
  std::ranges::sort(reads);
  reads.erase(std::ranges::unique(reads).begin(), reads.end());
  return reads;
}

}  // namespace importer
