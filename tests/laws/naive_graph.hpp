// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/graph/model.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::laws {

/// Runs a model's rows one by one, each with its own buffers: no shared storage, no fused rows; signals are
/// added separately. It is the reference for a plan and its runner.
template <class Network>
class naive_graph {
 public:
  explicit naive_graph(const model<Network, cpu, double>& m) : model_(m), rows_(Network::graph.rows.size()) {}

  void forward(const basic_tensor<double>& images) {
    batch_ = images.batch;
    values_.assign(1, images.values);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const shape out = graph.extent(static_cast<int>(row) + 1);
      records& r = rows_[row];
      const auto outputs = static_cast<std::size_t>(batch_ * out.elements());
      r.switches.assign(outputs, 0);
      r.mask.assign(static_cast<std::size_t>(batch_ * kernel::mask_bytes(out)), 0);
      r.derivative.assign(outputs, 0);
      values_.emplace_back(outputs);
      if (graph.facts(static_cast<int>(row)).joins == join::concat) {
        concatenate(static_cast<int>(row));
        continue;
      }
      const io<double> t = arguments(static_cast<int>(row));
      operations[row]->forward(model_.device(), t);
    }
  }

  /// Propagates a signal at `from` to all activations; those that `from` does not depend on get zero.
  void backward(int from, const std::vector<double>& signal, std::size_t rule) {
    signals_.clear();
    for (const auto& v : values_) signals_.emplace_back(v.size());
    signals_[at(from)] = signal;
    for (int row = from - 1; row >= 0; --row) {
      if (graph.facts(row).joins == join::concat) {
        split(row);
        continue;
      }
      io<double> t = arguments(row);
      t.dy = {signals_[at(row + 1)].data(), batch_, graph.extent(row + 1)};
      std::vector<double> dx, dx2;
      t.dx = whole(dx, graph.inputs(row)[0]);
      if (graph.inputs(row).size() > 1) t.dx2 = whole(dx2, graph.inputs(row)[1]);
      operations[at(row)]->backward[rule](model_.device(), t);
      add(dx, graph.inputs(row)[0]);
      if (graph.inputs(row).size() > 1) add(dx2, graph.inputs(row)[1]);
    }
  }

  const std::vector<double>& value(int activation) const { return values_[at(activation)]; }
  const std::vector<double>& signal(int activation) const { return signals_[at(activation)]; }

 private:
  struct records {
    std::vector<std::uint16_t> switches;
    std::vector<std::uint8_t> mask;
    std::vector<double> derivative;
  };
  static constexpr const graph_view& graph = Network::graph;
  static constexpr auto& operations = salient::detail::operations_of<cpu, double, Network>::value;
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  io<double> arguments(int row) {
    io<double> t;
    const auto inputs = graph.inputs(row);
    t.x = view<double>(values_[at(inputs[0])].data(), batch_, graph.extent(inputs[0]));
    if (inputs.size() > 1)
      t.x2 = view<double>(values_[at(inputs[1])].data(), batch_, graph.extent(inputs[1]));
    t.y = {values_[at(row + 1)].data(), batch_, graph.extent(row + 1)};
    const parameter_place& p = Network::parameter_layout.places[at(row)];
    for (std::size_t k = 0; k < p.list.count; ++k) t.parameters[k] = model_.parameters().tensor(p, k);
    t.derived = model_.parameters().derived(p);
    records& r = rows_[at(row)];
    t.switches = r.switches.data();
    t.mask = r.mask.data();
    t.derivative = r.derivative.data();
    scratch_.resize(static_cast<std::size_t>(graph.facts(row).scratch(graph.in(row), batch_)));
    t.scratch = scratch_.data();
    return t;
  }
  view<double> whole(std::vector<double>& to, int activation) {
    to.resize(values_[at(activation)].size());
    return {to.data(), batch_, graph.extent(activation)};
  }
  void add(const std::vector<double>& more, int activation) {
    for (std::size_t i = 0; i < more.size(); ++i) signals_[at(activation)][i] += more[i];
  }

  template <class F>
  void for_each_part(int row, const F& f) {
    const shape all = graph.extent(row + 1);
    long first = 0;
    for (const int a : graph.inputs(row)) {
      const long channels = graph.extent(a).channels;
      for (long p = 0; p < batch_ * all.positions(); ++p)
        for (long c = 0; c < channels; ++c)
          f(a, static_cast<std::size_t>(p * channels + c),
            static_cast<std::size_t>(p * all.channels + first + c));
      first += channels;
    }
  }
  void concatenate(int row) {
    for_each_part(row, [&](int a, std::size_t part, std::size_t all) {
      values_[at(row + 1)][all] = values_[at(a)][part];
    });
  }
  void split(int row) {
    for_each_part(row, [&](int a, std::size_t part, std::size_t all) {
      signals_[at(a)][part] += signals_[at(row + 1)][all];
    });
  }

  const model<Network, cpu, double>& model_;
  long batch_ = 0;
  std::vector<records> rows_;
  std::vector<std::vector<double>> values_, signals_;
  std::vector<double> scratch_;
};

}  // namespace salient::laws
