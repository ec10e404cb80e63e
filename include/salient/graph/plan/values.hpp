// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/pass.hpp"
#include "salient/graph/plan/storage.hpp"
#include "salient/graph/topology.hpp"

namespace salient::plan_detail {

/// A network and a pass over it: the input of all planners.
struct problem {
  graph_view graph;
  topology_view topology;
  pass::facts pass;
  int scores, output;

  constexpr int rows() const { return graph.size(); }
  constexpr const layer_facts& facts(int row) const { return graph.facts(row); }

  /// Whether a row's output leads to the scores.
  constexpr bool alive(int row) const { return topology.leads[row + 1]; }

  /// In training, a row with parameters is not fused: its gradients need its own signal.
  constexpr bool alone(int row) const {
    return pass.parameters && (facts(row).has_parameters || facts(row).has_training);
  }
  /// A layer's stage in an epilogue, for this pass.
  constexpr salient::stage stage(int row) const {
    return alone(row) ? salient::stage::none : facts(row).stage;
  }
  /// Whether a row has an epilogue in this pass.
  constexpr bool finishes(int row) const {
    return facts(row).finishes && !(pass.parameters && facts(row).has_training);
  }

  /// Activations at which a pass may start or stop, or whose signals it keeps: contiguous, and stored
  /// separately.
  constexpr bool declared(int activation) const {
    return activation == 0 || kept(activation) || keeps_signal(activation);
  }
  /// Activations that are still stored after the pass.
  constexpr bool kept(int activation) const {
    if (activation == scores || activation == output) return true;
    for (const int tap : pass.taps)
      if (tap == activation) return true;
    return false;
  }

  /// Signals that are still stored after the pass. Their activations need not be: where a convolution runs
  /// the batch norm and the ReLU after it in its epilogue, it still does.
  constexpr bool keeps_signal(int activation) const {
    return pass.bias_signals && activation > 0 && topology.leads[activation] &&
           facts(activation - 1).constant_part != constant_part::none;
  }

  /// Whether an activation can be written directly into a concat's output: its row and all readers support
  /// slices of channels. With several readers only for a concat: others may be computed long before, and then
  /// a copy takes less memory.
  constexpr bool sliceable(int activation) const {
    if (activation == 0 || declared(activation) || !facts(activation - 1).strided) return false;
    if (topology.readers(activation).size() > 1 && facts(activation - 1).joins != join::concat) return false;
    for (const int row : topology.readers(activation))
      if (!facts(row).strided) return false;
    return true;
  }

  constexpr int last_reader(int activation) const {
    const auto all = topology.readers(activation);
    return all.empty() ? activation - 1 : all.last[-1];
  }
};

/// Storage of activations: which ones share it, and how long each is needed. Storage belongs to its `root`,
/// the last activation written to it. The others are overwritten, or are slices of its channels.
template <std::size_t R>
struct value_storage {
  std::array<int, R + 1> root{};
  std::array<int, R + 1> channel{};    ///< first channel of a slice
  std::array<int, R + 1> pitch{};      ///< channels of the whole that it is a slice of, or its own
  std::array<bool, R + 1> shares{};    ///< whether it shares the storage of the output of a row that reads it
  std::array<bool, R + 1> kept{};      ///< needed after the forward pass
  std::array<int, R> absorbs{};        ///< number of following rows that are fused into the row's epilogue
  std::array<bool, R> rescaled{};      ///< a batch norm fused into the adjoint of the layer before it
  std::array<bool, R> blocked{};       ///< runs alternately with the pointwise row after it, in blocks
  std::array<bool, R + 1> fleeting{};  ///< output of a blocked row: never stored as a whole
};

template <std::size_t R>
class value_planner {
 public:
  constexpr explicit value_planner(const problem& p) : p_(p) {}

  constexpr value_storage<R> plan() {
    find_needs();
    for (int row = p_.rows(); row-- > 0;) share(row);
    absorb();
    return s_;
  }

 private:
  constexpr void find_needs() {
    for (int a = 0; a <= p_.rows(); ++a) {
      s_.root[at(a)] = a;
      s_.pitch[at(a)] = p_.graph.extent(a).channels;
      s_.kept[at(a)] = p_.kept(a);
      last_[at(a)] = p_.last_reader(a);
    }
    for (int row = 0; row < p_.rows(); ++row) {
      const layer_facts& f = p_.facts(row);
      if (p_.pass.backward && f.retains.output) s_.kept[at(row + 1)] = true;
      if ((p_.pass.backward && f.retains.inputs) || p_.alone(row))
        for (const int a : p_.graph.inputs(row)) s_.kept[at(a)] = true;
    }
    // A reshape or concat may share memory with its inputs: if an input is kept, so is the output.
    for (int row = 0; row < p_.rows(); ++row) {
      if (!p_.facts(row).reshapes && p_.facts(row).joins != join::concat) continue;
      for (const int a : p_.graph.inputs(row)) {
        if (s_.kept[at(a)]) s_.kept[at(row + 1)] = true;
        last_[at(row + 1)] = std::max(last_[at(row + 1)], last_[at(a)]);
      }
    }
  }

  constexpr void join(int a, int row, int channel) {
    const auto out = at(row + 1);
    s_.shares[at(a)] = true;
    s_.root[at(a)] = s_.root[out];
    s_.channel[at(a)] = s_.channel[out] + channel;
    if (!p_.facts(row).reshapes) s_.pitch[at(a)] = s_.pitch[out];
  }

  /// Decides which inputs of a row share the storage of its output.
  constexpr void share(int row) {
    const auto inputs = p_.graph.inputs(row);
    if (p_.facts(row).joins == join::concat) {
      int channel = 0;
      for (const int a : inputs) {
        if (!s_.shares[at(a)] && p_.sliceable(a)) join(a, row, channel);
        channel += p_.graph.extent(a).channels;
      }
      return;
    }
    // Prefer the input that was just computed: then the row can be fused into that kernel's epilogue.
    const int first = inputs.size() == 2 && inputs[1] == row ? inputs[1] : inputs[0];
    const int second = inputs.size() == 2 ? (first == inputs[0] ? inputs[1] : inputs[0]) : first;
    for (const int a : {first, second})
      if (may_overwrite(row, a)) return join(a, row, 0);
  }

  constexpr bool may_overwrite(int row, int a) const {
    const layer_facts& f = p_.facts(row);
    if (s_.shares[at(a)]) return false;
    const bool slice = s_.pitch[at(row + 1)] != p_.graph.extent(row + 1).channels;
    if (f.reshapes) return !slice;
    if (!p_.pass.in_place || !f.in_place || s_.kept[at(a)] || last_[at(a)] != row) return false;
    const auto inputs = p_.graph.inputs(row);
    if (inputs.size() == 2 && inputs[0] == inputs[1]) return false;
    return !slice || p_.sliceable(a);
  }

  /// Fuses rows into the epilogue of the kernel before them, if they read only what exists by then and
  /// overwrite its result.
  constexpr void absorb() {
    for (int row = 0; row < p_.rows(); ++row) {
      if (!p_.finishes(row)) continue;
      salient::stage reached = p_.stage(row);
      int next = row + 1;
      for (; next < p_.rows() && follows(row, next) && p_.stage(next) > reached; ++next)
        reached = p_.stage(next);
      s_.absorbs[at(row)] = next - row - 1;
      if (next > row + 1 && p_.facts(row).rescales && p_.stage(row + 1) == salient::stage::scale &&
          !p_.keeps_signal(row + 1))
        s_.rescaled[at(row + 1)] = true;
      s_.blocked[at(row)] = s_.fleeting[at(next)] = is_blocked(row, next);
      row = next - 1;
    }
  }

  /// An element-wise row whose output is read only by a pointwise convolution, the next row. The two run
  /// alternately on blocks of positions, so that the output is never stored as a whole.
  constexpr bool is_blocked(int row, int next) const {
    if (p_.stage(row) == salient::stage::none || p_.stage(row) == salient::stage::addend) return false;
    if (next == p_.rows() || !p_.facts(next).per_position || p_.graph.inputs(next)[0] != next) return false;
    const int x = p_.graph.inputs(row)[0];
    return p_.pass.in_place && !s_.kept[at(next)] && s_.root[at(next)] == next && s_.root[at(x)] != next &&
           p_.topology.readers(next).size() == 1 && p_.graph.extent(next).spatial();
  }
  constexpr bool follows(int head, int row) const {
    const auto inputs = p_.graph.inputs(row);
    if (inputs.size() == 2) {
      const int other = inputs[0] == row ? inputs[1] : inputs[0];
      if (other > head) return false;
    } else if (inputs[0] != row) {
      return false;
    }
    // The overwritten input must be the one that was just computed.
    return s_.shares[at(row)] && s_.root[at(row)] == s_.root[at(row + 1)] &&
           s_.channel[at(row)] == s_.channel[at(row + 1)] && p_.topology.readers(row).size() == 1 &&
           p_.topology.readers(row)[0] == row;
  }

  const problem& p_;
  value_storage<R> s_{};
  std::array<int, R + 1> last_{};
};

}  // namespace salient::plan_detail
