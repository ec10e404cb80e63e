// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "salient/graph/network.hpp"

namespace salient::laws {

/// Simulates a pass over a plan with tokens in place of numbers. Each byte of the workspace holds the name of
/// the value last written to it. A reader must find the name of the value that it expects; otherwise the plan
/// allowed a live value to be overwritten.
///
/// It follows the specification in plan.hpp and shares no code with the runner.
template <class Network, class Pass>
class rehearsal {
 public:
  rehearsal() : memory_(static_cast<std::size_t>(plan.bytes)) {}

  void play() {
    expect_apart();
    write_value(0);
    forward(0);
    expect_kept();
    for (const int tap : Pass::taps) {
      if (!Network::every_path_crosses(tap)) continue;
      forward(tap);
      expect_kept();
    }
    if constexpr (Pass::backward)
      for (int round = 0; round < 2; ++round) {
        backward(Network::scores, 0);
        for (const int tap : Pass::taps) {
          if (!Network::topology.leads[tap]) continue;
          backward(Network::scores, tap);
          backward(tap, 0);
        }
      }
  }

 private:
  using token = std::string;
  static constexpr const graph_view& graph = Network::graph;
  static constexpr auto& plan = Network::template plan<Pass>;
  static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

  /// Reshaped activations share one name, because they hold the same values.
  static token value_name(int a) {
    while (a > 0 && graph.facts(a - 1).reshapes) a = graph.inputs(a - 1)[0];
    return "value " + std::to_string(a);
  }
  static token signal_name(int a) { return "signal " + std::to_string(a); }

  /// Calls visit(byte, element) for each element of a place; `element` is the index in a contiguous tensor.
  template <class F>
  static void for_each(const workspace_place& place, shape extent, const F& visit) {
    ASSERT_GE(place.bytes, 0);
    for (long p = 0; p < extent.positions(); ++p)
      for (long c = 0; c < extent.channels; ++c) {
        const long byte = place.bytes + 4 * (p * place.pitch + place.channel + c);
        ASSERT_LE(byte + 4, plan.bytes);
        visit(static_cast<std::size_t>(byte), p * extent.channels + c);
      }
  }
  /// The name of an activation's element. Elements of a concat keep the names they have in its inputs.
  static token element_name(int a, long element, bool signal) {
    if (!signal && a > 0 && graph.facts(a - 1).reshapes)
      return element_name(graph.inputs(a - 1)[0], element, signal);
    if (!signal && a > 0 && graph.facts(a - 1).joins == join::concat) {
      const int all = graph.extent(a).channels;
      long channel = element % all;
      for (const int input : graph.inputs(a - 1)) {
        const int channels = graph.extent(input).channels;
        if (channel < channels) return element_name(input, element / all * channels + channel, signal);
        channel -= channels;
      }
    }
    return (signal ? signal_name(a) : value_name(a)) + " [" + std::to_string(element) + "]";
  }

  void write_value(int a) {
    if (!there(plan.activations[at(a)])) return;
    for_each(plan.activations[at(a)], graph.extent(a),
             [&](std::size_t byte, long e) { memory_[byte] = element_name(a, e, false); });
  }
  void expect_value(int a, const std::string& reader) {
    if (!there(plan.activations[at(a)])) return;  // not stored as a whole
    for_each(plan.activations[at(a)], graph.extent(a), [&](std::size_t byte, long e) {
      ASSERT_EQ(memory_[byte], element_name(a, e, false)) << reader;
    });
  }
  static bool there(const workspace_place& p) { return p.bytes >= 0; }

  void forward(int from) {
    for (int row = from; row < Network::output && !::testing::Test::HasFatalFailure(); ++row) {
      const layer_facts& facts = graph.facts(row);
      const int last = row + plan.absorbs[at(row)];
      std::set<int> reads;
      for (int r = row; r <= last; ++r)
        for (const int a : graph.inputs(r))
          if (a <= row) reads.insert(a);
      for (const int a : reads)
        expect_value(a, "row " + std::to_string(last) + " (" + std::string(facts.name) + ")");
      write_value(last + 1);
      for (int r = row; r <= last; ++r) record(r);
      row = last;
    }
  }

  void record(int row) {
    const shape out = graph.extent(row + 1);
    const auto fill = [&](long place, long bytes, const char* what) {
      for (long i = 0; place >= 0 && i < bytes; ++i)
        memory_[static_cast<std::size_t>(place + i)] = what + std::to_string(row);
    };
    fill(plan.switches[at(row)], 2 * out.elements(), "switches ");
    fill(plan.masks[at(row)], kernel::mask_bytes(out), "mask ");
    fill(plan.derivatives[at(row)], 4 * out.elements(), "derivative ");
  }
  void expect_records(int row) {
    const shape out = graph.extent(row + 1);
    const auto expect = [&](long place, long bytes, const char* what) {
      for (long i = 0; place >= 0 && i < bytes; ++i)
        ASSERT_EQ(memory_[static_cast<std::size_t>(place + i)], what + std::to_string(row));
    };
    expect(plan.switches[at(row)], 2 * out.elements(), "switches ");
    expect(plan.masks[at(row)], kernel::mask_bytes(out), "mask ");
    expect(plan.derivatives[at(row)], 4 * out.elements(), "derivative ");
  }

  void expect_kept() {
    expect_value(Network::scores, "scores");
    expect_value(Network::output, "output");
    for (const int tap : Pass::taps) expect_value(tap, "tap " + std::to_string(tap));
    for (int row = 0; row < Network::size; ++row) {
      expect_records(row);
      if (!Pass::backward) continue;
      if (graph.facts(row).retains.output) expect_value(row + 1, "retained by row " + std::to_string(row));
      const bool trains = Pass::parameters && graph.facts(row).has_parameters;
      if (graph.facts(row).retains.inputs || trains)
        for (const int a : graph.inputs(row)) expect_value(a, "retained by row " + std::to_string(row));
    }
  }

  /// The signal at `a` after these of its readers have added their parts.
  static token partial(int a, long element, const std::set<int>& writers) {
    token name = signal_name(a) + " [" + std::to_string(element) + "] of";
    for (const int w : writers) name += " " + std::to_string(w);
    return name;
  }

  void backward(int from, int to) {
    written_.clear();
    if (!there(plan.signals[at(from)])) return;
    alias_.clear();
    write_signal(from, {-1});
    for (int row = from - 1; row >= to && !::testing::Test::HasFatalFailure(); --row) step(row, from, to);
    ASSERT_FALSE(written_[to].empty()) << "nothing reached " << to;
    expect_signal(to, "result");
    if (Pass::bias_signals && from == Network::scores && to == 0)
      for (int a = 1; a <= from; ++a)
        if (graph.facts(a - 1).constant_part != constant_part::none && between(a, from, to))
          expect_signal(a, "kept for its bias");
    expect_kept();
  }

  static bool between(int a, int from, int to) {
    // `a` lies on a path if it depends on `to`, and `from` depends on it.
    return depends(a, to) && depends(from, a);
  }
  static bool depends(int a, int on) {
    static std::map<std::pair<int, int>, bool> known;
    if (a == on) return true;
    if (a < on) return false;
    const auto key = std::pair(a, on);
    if (const auto found = known.find(key); found != known.end()) return found->second;
    bool any = false;
    for (const int input : graph.inputs(a - 1)) any = any || depends(input, on);
    return known[key] = any;
  }

  void write_signal(int a, const std::set<int>& writers) {
    written_[a] = writers;
    for_each(plan.signals[at(a)], graph.extent(a),
             [&](std::size_t byte, long e) { memory_[byte] = partial(a, e, writers); });
    // Signals that shared this storage are overwritten, which is an error only if they are read again.
    alias_.erase(a);
  }
  void expect_signal(int a, const std::string& reader) {
    for_each(plan.signals[at(a)], graph.extent(a),
             [&](std::size_t byte, long e) { ASSERT_EQ(memory_[byte], signal_element(a, e)) << reader; });
  }
  /// The expected element of a signal. If the signal shares a row's output signal, it is an element of that.
  token signal_element(int a, long e) const {
    const auto found = alias_.find(a);
    if (found == alias_.end()) return partial(a, e, written_.at(a));
    const int row = found->second, out = row + 1;
    long element = e;
    if (graph.facts(row).joins == join::concat) {
      long first = 0;
      for (const int input : graph.inputs(row)) {
        if (input == a) break;
        first += graph.extent(input).channels;
      }
      const int own = graph.extent(a).channels, all = graph.extent(out).channels;
      element = e / own * all + first + e % own;
    }
    return alias_writers_.contains(out) && !alias_.contains(out)
               ? partial(out, element, alias_writers_.at(out))
               : signal_element(out, element);
  }

  void step(int row, int from, int to) {
    if (!between(row + 1, from, to) || plan.rescaled[at(row)] || done_.contains(row)) {
      done_.erase(row);
      return;
    }
    const int read = plan.chain[at(row + 1)] > 0 ? row + 1 : plan.reads[at(row)];
    expect_signal(read, "backward of row " + std::to_string(row));
    expect_records(row);
    if (plan.chain[at(row + 1)] > 0) return add(row, chain_end(row + 1), row, true);
    for (const int a : graph.inputs(row)) {
      if (!between(a, from, to)) continue;
      int end = a;
      if (plan.folder[at(a)] == row) {
        if (!written_[a].empty()) expect_signal(a, "added by row " + std::to_string(row));
        end = chain_end(a);
        for (int head = a; head != end; head = graph.inputs(head - 1)[0]) {
          expect_records(head - 1);
          done_.insert(head - 1);
        }
      }
      add(row, end, end == a ? row : last_row(a), false);
    }
  }
  int chain_end(int head) const {
    int end = head;
    for (int i = 0; i < plan.chain[at(head)]; ++i) end = graph.inputs(end - 1)[0];
    return end;
  }
  int last_row(int head) const {
    int row = head - 1;
    for (int i = 1; i < plan.chain[at(head)]; ++i) row = graph.inputs(row)[0] - 1;
    return row;
  }
  /// Adds to the signal at `a` the part of row `writer`, which `row` computes.
  void add(int row, int a, int writer, bool chain) {
    if (chain) {
      writer = last_row(row + 1);
      for (int head = row + 1; head != a; head = graph.inputs(head - 1)[0])
        if (head - 1 != row) done_.insert(head - 1);
    }
    std::set<int>& writers = written_[a];
    const bool silent = writers.empty() && plan.shares_signal[at(a)] == row &&
                        (graph.facts(row).joins != join::none || graph.facts(row).reshapes) && !chain;
    if (!writers.empty()) expect_signal(a, "added to by row " + std::to_string(row));
    writers.insert(writer);
    if (silent) {
      alias_[a] = row;
      alias_writers_[row + 1] = written_[row + 1];
      return;
    }
    write_signal(a, writers);
  }

  void expect_apart() {
    std::vector<std::pair<long, long>> places;
    const auto list = [&](long place, long bytes) {
      if (place >= 0) places.emplace_back(place, place + bytes);
    };
    for (int row = 0; row < Network::size; ++row) {
      const shape out = graph.extent(row + 1);
      list(plan.switches[at(row)], 2 * out.elements());
      list(plan.masks[at(row)], kernel::mask_bytes(out));
      list(plan.derivatives[at(row)], 4 * out.elements());
    }
    std::ranges::sort(places);
    for (std::size_t i = 1; i < places.size(); ++i) ASSERT_LE(places[i - 1].second, places[i].first);
  }

  std::vector<token> memory_;
  std::map<int, std::set<int>> written_, alias_writers_;
  std::map<int, int> alias_;
  std::set<int> done_;
};

}  // namespace salient::laws
