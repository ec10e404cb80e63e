// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/plan/chains.hpp"

namespace salient::plan_detail {

/// Storage of the signals of a backward pass: which signals share it, and their lifetimes.
template <std::size_t R>
struct signal_storage {
  std::array<int, R + 1> root{};  ///< as in value_storage; -1 for a signal that is never stored
  std::array<int, R + 1> channel{}, pitch{};
  std::array<int, R + 1> shares{};  ///< the row whose two signals share storage, so need no copy; or -1
  std::array<int, R + 1> first{};   ///< the step at which a root is first written
  std::array<int, R + 1> last{};    ///< the step at which a root is last read
  std::array<bool, R> adds{};       ///< the row must add to a signal but has no epilogue
};

template <std::size_t R>
class signal_planner {
 public:
  constexpr signal_planner(const problem& p, const value_storage<R>& values, const chain_plan<R>& chains)
      : p_(p), values_(values), c_(chains) {}

  constexpr signal_storage<R> plan() {
    s_.root.fill(-1);
    s_.shares.fill(-1);
    member_.fill(-1);
    for (int a = p_.rows(); a >= 0; --a) store(a);
    for (int row = 0; row < p_.rows(); ++row) s_.adds[at(row)] = adds(row);
    return s_;
  }

 private:
  constexpr int writers(int a) const {
    int count = 0;
    for (const int row : p_.topology.readers(a)) count += p_.alive(row) ? 1 : 0;
    return count;
  }
  constexpr bool exists(int a) const {
    if (!p_.topology.leads[a] || c_.interior[at(a)]) return false;
    return c_.folder[at(a)] < 0 || writers(a) > 1;
  }
  constexpr int read_at(int a) const {
    if (a == 0 || p_.keeps_signal(a)) return 2 * p_.rows();
    return backward_step(p_, values_.rescaled[at(a - 1)] && c_.chain[at(a)] == 0 ? a - 2 : a - 1);
  }
  constexpr int first_writer(int a) const {
    int first = -1;
    for (const int row : p_.topology.readers(a))
      if (p_.alive(row) && (first < 0 || c_.when[at(row)] < c_.when[at(first)])) first = row;
    return first;
  }
  /// The first step after `now` at which a row writes the signal at `a`. If several rows write at `now`,
  /// this is `now`.
  constexpr int next_write(int a, int now) const {
    int next = never, at_once = 0;
    for (const int row : p_.topology.readers(a)) {
      if (!p_.alive(row)) continue;
      const int when = c_.when[at(row)];
      if (when == now && ++at_once > 1) return now;
      if (when > now) next = std::min(next, when);
    }
    return next;
  }

  constexpr void store(int a) {
    if (!exists(a)) return;
    s_.root[at(a)] = a;
    s_.pitch[at(a)] = p_.graph.extent(a).channels;
    read_[at(a)] = read_at(a);
    const int row = first_writer(a);
    const int now = row >= 0 ? c_.when[at(row)] : p_.rows();
    if (row >= 0) share(a, row, now);
    const int root = s_.root[at(a)];
    if (root == a) s_.first[at(a)] = a == p_.scores ? p_.rows() : now;
    s_.first[at(root)] = std::min(s_.first[at(root)], now);
    s_.last[at(root)] = std::max(s_.last[at(root)], read_[at(a)]);
    next_[at(a)] = member_[at(root)];
    member_[at(root)] = a;
  }

  /// Lets the signal at `a` share the storage of the signal that its first writer reads, if neither
  /// overwrites a signal that is still needed.
  constexpr void share(int a, int row, int now) {
    const layer_facts& f = p_.facts(row);
    const bool pure = f.joins != join::none || f.reshapes;  // values are unchanged
    if (!pure && !f.in_place) return;
    const bool alone = c_.head[at(row)] < 0;
    const int source = alone ? row + 1 : c_.head[at(row)];
    if (s_.root[at(source)] < 0) return;
    int channel = 0;
    if (f.joins == join::concat)
      for (const int input : p_.graph.inputs(row)) {
        if (input == a) break;
        channel += p_.graph.extent(input).channels;
      }
    const shape extent = p_.graph.extent(a);
    const int root = s_.root[at(source)], first = s_.channel[at(source)] + channel;
    const int pitch = f.reshapes ? extent.channels : s_.pitch[at(source)];
    const bool slice = s_.pitch[at(source)] != p_.graph.extent(source).channels || f.joins == join::concat;
    if (slice && (f.reshapes || c_.whole[at(a)] || !p_.sliceable(a))) return;
    const int end = first + extent.channels;
    const int write = next_write(a, now);
    for (int m = member_[at(root)]; m >= 0; m = next_[at(m)]) {
      if (read_[at(m)] < now) continue;  // no longer read
      const shape other = p_.graph.extent(m);
      // Channels tell slices apart only if positions and pitches are equal.
      if (other.positions() == extent.positions() && s_.pitch[at(m)] == pitch &&
          (s_.channel[at(m)] >= end || first >= s_.channel[at(m)] + other.channels))
        continue;
      if (write <= read_[at(m)] || next_write(m, now) <= read_[at(a)]) return;
      if (!(pure && alone) && (m != source || p_.keeps_signal(m))) return;
    }
    s_.root[at(a)] = root;
    s_.channel[at(a)] = first;
    s_.pitch[at(a)] = pitch;
    s_.shares[at(a)] = row;
  }

  constexpr bool adds(int row) const {
    if (p_.finishes(row) || p_.facts(row).joins != join::none || !p_.alive(row)) return false;
    return writers(p_.graph.inputs(row)[0]) > 1;
  }

  const problem& p_;
  const value_storage<R>& values_;
  const chain_plan<R>& c_;
  signal_storage<R> s_{};
  std::array<int, R + 1> read_{};             ///< the step at which a signal is read
  std::array<int, R + 1> member_{}, next_{};  ///< linked lists of the signals that share a root's storage
};

/// Empty plans for a pass without backward.
template <std::size_t R>
constexpr chain_plan<R> plan_chains(const problem& p, const value_storage<R>& values) {
  if (p.pass.backward) return chain_planner<R>(p, values).plan();
  chain_plan<R> none{};
  none.folder.fill(-1);
  return none;
}
template <std::size_t R>
constexpr signal_storage<R> plan_signals(const problem& p, const value_storage<R>& values,
                                         const chain_plan<R>& chains) {
  if (p.pass.backward) return signal_planner<R>(p, values, chains).plan();
  signal_storage<R> none{};
  none.root.fill(-1);
  none.shares.fill(-1);
  return none;
}

}  // namespace salient::plan_detail
