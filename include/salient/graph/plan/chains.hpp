// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/plan/values.hpp"

namespace salient::plan_detail {

/// Which kernels run which rows of a backward pass.
///
/// A chain is one or two element-wise rows (a reshape, an activation, a batch norm before it) whose backward
/// pass is one epilogue. It maps the signal at the chain's head, its output, to the signal at its input. If
/// possible, it is fused into the last kernel that adds to the head's signal.
template <std::size_t R>
struct chain_plan {
  std::array<int, R + 1> chain{};      ///< number of rows of the chain with this head
  std::array<int, R + 1> folder{};     ///< the row whose kernel runs the chain, or -1: a kernel of its own
  std::array<int, R> head{};           ///< the head of a row's chain, or -1
  std::array<int, R> reads{};          ///< the activation whose signal a row reads
  std::array<int, R> when{};           ///< the step at which a row's backward pass runs
  std::array<bool, R + 1> interior{};  ///< signals that are never stored
  std::array<bool, R + 1> whole{};     ///< signals that are written in another shape, so cannot be slices
};

/// The step of a row's backward pass, unless it is fused.
constexpr int backward_step(const problem& p, int row) { return 2 * p.rows() - 1 - row; }

template <std::size_t R>
class chain_planner {
 public:
  constexpr chain_planner(const problem& p, const value_storage<R>& values) : p_(p), values_(values) {}

  constexpr chain_plan<R> plan() {
    c_.folder.fill(-1);
    c_.head.fill(-1);
    for (int row = 0; row < p_.rows(); ++row) read_by(row);
    for (int a = p_.rows(); a > 0; --a) find_chain(a);
    for (int a = p_.rows(); a > 0; --a) find_folder(a);
    return c_;
  }

 private:
  constexpr void read_by(int row) {
    c_.when[at(row)] = backward_step(p_, row);
    const bool rescales = row + 1 < p_.rows() && values_.rescaled[at(row + 1)];
    c_.reads[at(row)] = rescales ? row + 2 : row + 1;
    if (rescales) c_.interior[at(row + 1)] = true;
  }

  constexpr bool in_chain(int row) const {
    const salient::stage s = p_.stage(row);
    return (s == salient::stage::scale || s == salient::stage::activation) && !values_.rescaled[at(row)];
  }

  constexpr void find_chain(int a) {
    if (c_.interior[at(a)] || !p_.topology.leads[a]) return;
    const bool reshapes = p_.facts(a - 1).reshapes && reshapes_an_activation(a);
    if (!reshapes && !in_chain(a - 1)) return;
    c_.chain[at(a)] = 1;
    if (reshapes || continues(a - 1)) {
      const int before = p_.graph.inputs(a - 1)[0];
      c_.chain[at(a)] = 2;
      c_.interior[at(before)] = true;
      if (reshapes) c_.whole[at(p_.graph.inputs(before - 1)[0])] = true;
    }
  }
  /// Whether the input of this activation row is a batch norm's output that nothing else reads.
  constexpr bool continues(int row) const {
    const int before = p_.graph.inputs(row)[0];
    return p_.stage(row) == salient::stage::activation && only_link(before) &&
           p_.stage(before - 1) == salient::stage::scale;
  }
  /// Whether a reshape's input is an activation's output that nothing else reads, with a mask of the same
  /// layout in both shapes.
  constexpr bool reshapes_an_activation(int a) const {
    const int before = p_.graph.inputs(a - 1)[0];
    return only_link(before) && p_.stage(before - 1) == salient::stage::activation &&
           !p_.facts(before - 1).has_parameters && p_.graph.extent(before).channels % 16 == 0;
  }
  constexpr bool only_link(int a) const {
    return a > 0 && !p_.declared(a) && in_chain(a - 1) && p_.topology.readers(a).size() == 1;
  }

  constexpr int chain_row(int head, int i) const {
    return i == 0 ? head - 1 : p_.graph.inputs(head - 1)[0] - 1;
  }

  constexpr void find_folder(int a) {
    const int rows = c_.chain[at(a)];
    if (rows == 0) return;
    const int last = last_writer(a), end = p_.graph.inputs(chain_row(a, rows - 1))[0];
    if (last >= 0 && !p_.declared(a) && folds(last, a) &&
        others_come_before(end, chain_row(a, rows - 1), last))
      c_.folder[at(a)] = last;
    for (int i = 0; i < rows; ++i) {
      const int row = chain_row(a, i);
      c_.when[at(row)] = backward_step(p_, c_.folder[at(a)] >= 0 ? last : a - 1);
      c_.head[at(row)] = a;
    }
  }
  /// The row that is last, in time, to add to the signal at `a`.
  constexpr int last_writer(int a) const {
    for (const int row : p_.topology.readers(a))
      if (p_.alive(row)) return row;
    return -1;
  }
  constexpr bool folds(int row, int a) const {
    int times = 0;
    for (const int input : p_.graph.inputs(row)) times += input == a ? 1 : 0;
    return times == 1 && p_.finishes(row) && p_.facts(row).joins == join::none && !in_chain(row);
  }
  /// Whether all other writers of the signal at `a`, apart from `row`, have run before row `last`.
  constexpr bool others_come_before(int a, int row, int last) const {
    for (const int other : p_.topology.readers(a))
      if (other != row && p_.alive(other) && other < last) return false;
    return true;
  }

  const problem& p_;
  const value_storage<R>& values_;
  chain_plan<R> c_{};
};

}  // namespace salient::plan_detail
