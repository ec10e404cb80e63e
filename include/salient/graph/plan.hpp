// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "salient/graph/plan/signals.hpp"

namespace salient {

/// A place in a workspace: the offset in bytes for one image; for a slice also its first channel and the
/// channels of the whole. Offsets are multiplied by the number of images.
struct workspace_place {
  long bytes = -1;  ///< -1: no place
  int channel = 0, pitch = 0;
};

/// A plan without its template parameter.
struct plan_view {
  std::span<const workspace_place> activations, signals;
  std::span<const long> switches, masks, derivatives, statistics, extra;
  std::span<const int> absorbs, chain, folder, reads, shares_signal;
  std::span<const bool> shares_value, rescaled, blocked;
  long kept;
};

/// The memory plan of a pass: where everything is stored, and which rows are fused into which epilogues.
///
/// What a backward pass reads has memory of its own, because backward passes may be repeated. Everything
/// else has a lifetime in steps of the forward and backward pass; values whose lifetimes do not overlap
/// share memory.
template <std::size_t R>
struct memory_plan {
  std::array<workspace_place, R + 1> activations{}, signals{};
  std::array<long, R> switches{}, masks{}, derivatives{};  ///< bytes for one image; -1: none
  std::array<long, R> statistics{};                        ///< scalars for the whole batch; -1: none
  std::array<long, R> extra{};   ///< bytes for one image: a row's result before it is added to a signal
  std::array<int, R> absorbs{};  ///< number of following rows that are fused into the row's epilogue
  std::array<int, R + 1> chain{}, folder{};  ///< see plan/chains.hpp
  std::array<int, R> reads{};                ///< the activation whose signal a row's backward pass reads
  std::array<int, R + 1> shares_signal{};  ///< the row whose two signals share memory, so need no copy; or -1
  std::array<bool, R + 1> shares_value{};  ///< a concat need not copy it: it was written in place
  std::array<bool, R> rescaled{};          ///< a batch norm fused into the adjoint of the layer before it
  std::array<bool, R> blocked{};           ///< runs alternately with the pointwise row after it, in blocks
  long bytes = 0;                          ///< for one image
  long kept = 0;            ///< bytes for one image of what backward passes read, which has the first places
  long all_statistics = 0;  ///< scalars

  constexpr operator plan_view() const {
    return {activations, signals, switches, masks,         derivatives,  statistics, extra,   absorbs,
            chain,       folder,  reads,    shares_signal, shares_value, rescaled,   blocked, kept};
  }
};

namespace plan_detail {

template <std::size_t R>
class planner {
 public:
  constexpr planner(const problem& p, long scalar) : p_(p), scalar_(scalar) {}

  constexpr memory_plan<R> plan(const value_storage<R>& values, const chain_plan<R>& chains,
                                const signal_storage<R>& signals) {
    plan_.absorbs = values.absorbs;
    plan_.shares_value = values.shares;
    plan_.rescaled = values.rescaled;
    plan_.blocked = values.blocked;
    plan_.chain = chains.chain;
    plan_.folder = chains.folder;
    plan_.shares_signal = signals.shares;
    plan_.reads = chains.reads;
    keep(values);
    record();
    plan_.kept = plan_.bytes;
    list(values);
    list(signals);
    plan_.bytes = placement<2 * R + 1>{}.place(lives_, count_, plan_.bytes, [&](int id, long place) {
      const auto i = static_cast<std::size_t>(id);
      if (i <= R)
        plan_.activations[i].bytes = place;
      else if (i <= 2 * R + 1)
        plan_.signals[i - R - 1].bytes = place;
      else
        plan_.extra[i - 2 * R - 2] = place;
    });
    for (int a = 0; a <= p_.rows(); ++a) {
      const auto i = at(a);
      plan_.activations[i] = {plan_.activations[at(values.root[i])].bytes, values.channel[i],
                              values.pitch[i]};
      if (signals.root[i] >= 0)
        plan_.signals[i] = {plan_.signals[at(signals.root[i])].bytes, signals.channel[i], signals.pitch[i]};
    }
    return plan_;
  }

 private:
  constexpr long size(int activation) const {
    return aligned_bytes(p_.graph.extent(activation).elements() * scalar_);
  }
  constexpr long take(long bytes) { return std::exchange(plan_.bytes, plan_.bytes + aligned_bytes(bytes)); }

  /// Places the storage that is needed after the forward pass, as a whole or in part.
  constexpr void keep(const value_storage<R>& values) {
    for (std::size_t a = 0; a <= R; ++a)
      if (values.kept[a]) keeps_[at(values.root[a])] = true;
    for (int a = 0; a <= p_.rows(); ++a)
      if (keeps_[at(a)]) plan_.activations[at(a)].bytes = take(p_.graph.extent(a).elements() * scalar_);
  }

  constexpr void record() {
    for (int row = 0; row < p_.rows(); ++row) {
      const shape out = p_.graph.extent(row + 1);
      const retention& r = p_.facts(row).retains;
      const bool records = p_.pass.records;
      const auto i = at(row);
      plan_.switches[i] = records && r.switches ? take(out.elements() * long{sizeof(std::uint16_t)}) : -1;
      plan_.masks[i] = records && r.mask ? take(kernel::mask_bytes(out)) : -1;
      plan_.derivatives[i] = records && r.derivative ? take(out.elements() * scalar_) : -1;
      const long statistics = p_.pass.parameters ? p_.facts(row).statistics(p_.graph.in(row)) : 0;
      plan_.statistics[i] =
          statistics > 0 ? std::exchange(plan_.all_statistics,
                                         plan_.all_statistics + aligned_bytes(statistics * scalar_) / scalar_)
                         : -1;
      plan_.extra[i] = -1;
    }
  }

  constexpr void list(const value_storage<R>& values) {
    std::array<int, R + 1> first{}, last{};
    for (int a = p_.rows(); a >= 0; --a) {
      const auto root = at(values.root[at(a)]);
      if (values.root[at(a)] == a) first[root] = never;
      first[root] = std::min(first[root], std::max(a - 1, 0));
      last[root] = std::max({last[root], p_.last_reader(a), a - 1});
    }
    for (int a = 0; a <= p_.rows(); ++a)
      if (values.root[at(a)] == a && !keeps_[at(a)] && !values.fleeting[at(a)])
        lives_[count_++] = {first[at(a)], last[at(a)], size(a), a};
  }
  constexpr void list(const signal_storage<R>& signals) {
    for (int a = 0; a <= p_.rows(); ++a)
      if (signals.root[at(a)] == a)
        lives_[count_++] = {signals.first[at(a)], signals.last[at(a)], size(a), p_.rows() + 1 + a};
    for (int row = 0; row < p_.rows(); ++row)
      if (signals.adds[at(row)]) {
        const int step = 2 * p_.rows() - 1 - row;
        lives_[count_++] = {step, step, size(p_.graph.inputs(row)[0]), 2 * p_.rows() + 2 + row};
      }
  }

  const problem& p_;
  long scalar_;
  memory_plan<R> plan_{};
  std::array<bool, R + 1> keeps_{};
  std::array<lifetime, 3 * R + 2> lives_{};
  std::size_t count_ = 0;
};

}  // namespace plan_detail

/// `scalar` is the size of a scalar in bytes.
template <std::size_t R>
constexpr memory_plan<R> make_plan(const plan_detail::problem& p, const plan_detail::value_storage<R>& values,
                                   const plan_detail::chain_plan<R>& chains,
                                   const plan_detail::signal_storage<R>& signals, long scalar) {
  return plan_detail::planner<R>(p, scalar).plan(values, chains, signals);
}

/// Positions that a blocked row and the pointwise row after it process at a time, so that the intermediate
/// values stay in a core's cache.
constexpr long block_positions(int channels) { return std::max(32'768L / channels, 64L); }

/// The most scratch, in scalars, that any row of a pass needs.
constexpr long scratch_elements(const graph_view& graph, const pass::facts& pass, long batch) {
  long most = 0;
  for (int row = 0; row < graph.size(); ++row) {
    const layer_facts& f = graph.facts(row);
    most = std::max(most, f.scratch(graph.in(row), batch) +
                              (f.per_position ? std::min(block_positions(graph.in(row).channels),
                                                         batch * graph.in(row).positions()) *
                                                    graph.in(row).channels
                                              : 0));
    if (pass.parameters) most = std::max(most, f.training_scratch(graph.in(row), batch));
  }
  return most;
}

}  // namespace salient
