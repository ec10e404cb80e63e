// SPDX-License-Identifier: MIT
#include "salient/graph/parameters.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>

#include "graph/match_tensors.hpp"

namespace salient {
namespace {

using dimensions = std::vector<long>;

/// Elements that are read, reordered and handed over at a time.
constexpr long most_at_once = 1 << 16;

/// Calls visit(ours, theirs) with the index of every weight of `filters` patches in our order and in
/// PyTorch's: for each patch a transposition, in blocks that fit the nearest cache with either side.
template <class F>
void for_each_weight(long filters, shape order, const F& visit) {
  constexpr long block = 16;  // a cache line of floats
  const long positions = order.positions(), channels = order.channels;
  for (long o = 0; o < filters; ++o)
    for (long first = 0; first < channels; first += block)
      for (long at = 0; at < positions; ++at)
        for (long c = first; c < std::min(first + block, channels); ++c)
          visit(static_cast<std::size_t>((o * positions + at) * channels + c),
                static_cast<std::size_t>((o * channels + c) * positions + at));
}

/// The shape by which PyTorch orders a filter's patch or a vector's elements: channels first.
shape order_of(const parameter_place& p, const parameter_tensor& t) {
  const bool hidden = t.patch.positions() == 1 && p.order.elements() == t.patch.elements();
  return hidden ? p.order : t.patch;
}

/// Where a tensor goes: to a row's parameter, or nowhere.
struct destination {
  const parameter_place* place = nullptr;
  std::size_t tensor = 0;
};

/// Name prefixes of tensors that are skipped: "AuxLogits.".
std::vector<std::string> unused_modules(const graph_view& graph) {
  std::vector<std::string> result;
  for (std::size_t m = 0; m < graph.modules.size(); ++m)
    if (graph.modules[m].unused) result.push_back(path_of(graph, static_cast<int>(m)) + ".");
  return result;
}

/// The destination of each tensor of the stream; nowhere for those that are skipped.
std::vector<destination> destinations(const tensor_stream& tensors, const parameter_table& table) {
  std::vector<destination> all;
  std::vector<detail::wanted_tensor> wanted;
  for (const parameter_place& p : table.places) {
    const std::string owner = "layer " + path_of(table.graph, table.graph.row(p.row).module) + " (" +
                              std::string(table.graph.facts(p.row).name) + ")";
    for (std::size_t t = 0; t < p.list.count; ++t) {
      all.push_back({&p, t});
      wanted.push_back({parameter_name(table.graph, p, t), dimensions_of(p.list.tensors[t]), owner});
    }
  }
  std::vector<destination> result;
  for (const std::optional<std::size_t> w :
       detail::match_tensors(wanted, tensors, unused_modules(table.graph)))
    result.push_back(w ? all[*w] : destination{});
  return result;
}

/// A tensor of a stream, as rows of values: a vector is one row, weights have one for each filter.
struct tensor_rows {
  const parameter_place* place;
  std::size_t tensor;
  bool vector;
  long rows, length;  ///< and values of a row
  shape order;        ///< of a row's values in PyTorch

  tensor_rows(const parameter_place& p, std::size_t t) : place(&p), tensor(t) {
    const parameter_tensor& facts = p.list.tensors[t];
    vector = facts.rank == 1;
    rows = vector ? 1 : facts.filters;
    length = vector ? facts.filters : facts.patch.elements();
    order = vector ? (p.ordered ? p.order : shape{1, 1, facts.filters}) : order_of(p, facts);
  }

  long at_once() const { return std::clamp(most_at_once / std::max(length, 1L), 1L, rows); }
  parameter_part part(long first, long count) const {
    return {*place, tensor, vector ? 0 : first, vector ? length : count};
  }
};

#ifdef SALIENT_ONE_THREAD
/// Where the standard library has no threads.
struct turns {
  void lock() {}
  void unlock() {}
};
#else
using turns = std::mutex;
#endif

/// The parts of a stream's tensors, which threads take one after the other: the stream is read in turn, and
/// what is read is converted and handed over by all at the same time.
class parts_in_turn {
 public:
  parts_in_turn(const tensor_stream& tensors, const parameter_table& table)
      : tensors_(tensors), to_(destinations(tensors, table)) {}

  /// Takes parts until none is left, or another thread has failed.
  void take_all(const parameter_sink& sink) {
    std::vector<float> theirs, ours;
    while (const auto taken = read_next(theirs)) {
      const auto& [from, first, count] = *taken;
      if (from.order.positions() == 1) {  // both orders are the same
        sink(from.part(first, count), theirs);
        continue;
      }
      ours.resize(theirs.size());
      for_each_weight(count, from.order,
                      [&](std::size_t our, std::size_t their) { ours[our] = theirs[their]; });
      sink(from.part(first, count), ours);
    }
  }

 private:
  struct rows_read {
    tensor_rows from;
    long first, count;
  };

  /// Reads the next part; nothing after the last one, or after an error.
  std::optional<rows_read> read_next(std::vector<float>& values) {
    const std::lock_guard lock(turns_);
    try {
      for (; at_ < to_.size(); ++at_, row_ = 0) {
        if (!to_[at_].place) {
          tensors_.skip(at_);
          continue;
        }
        const tensor_rows from(*to_[at_].place, to_[at_].tensor);
        if (row_ == from.rows) continue;
        const long first = row_, count = std::min(from.at_once(), from.rows - first);
        values.resize(static_cast<std::size_t>(count * from.length));
        tensors_.read(values);
        row_ += count;
        return rows_read{from, first, count};
      }
    } catch (...) {
      at_ = to_.size();  // ends the others
      throw;
    }
    return {};
  }

  const tensor_stream& tensors_;
  const std::vector<destination> to_;
  turns turns_;
  std::size_t at_ = 0;  // tensor
  long row_ = 0;        // its next row
};

}  // namespace

std::vector<long> dimensions_of(const parameter_tensor& t) {
  switch (t.rank) {
    case 1:
      return {t.filters};
    case 2:
      return {t.filters, t.patch.elements()};
    case 3:
      return {t.filters, t.patch.height, t.patch.width};
    default:
      return {t.filters, t.patch.channels, t.patch.height, t.patch.width};
  }
}

std::string parameter_name(const graph_view& graph, const parameter_place& p, std::size_t tensor) {
  const std::string path = path_of(graph, graph.row(p.row).module);
  const std::string name(p.list.tensors[tensor].name);
  return path.empty() || name.empty() ? path + name : path + "." + name;
}

void parameters_from(const tensor_stream& tensors, const parameter_table& table, const parameter_sink& sink,
                     [[maybe_unused]] const cpu_pool* helpers) {
  parts_in_turn parts(tensors, table);
#ifndef SALIENT_ONE_THREAD
  if (helpers) {
    auto work = [&] { parts.take_all(sink); };
    return helpers->run(
        helpers->threads(), [](void* f, int) { (*static_cast<decltype(work)*>(f))(); }, &work);
  }
#endif
  parts.take_all(sink);
}

state_dict parameters_to(std::span<const float> values, const parameter_table& table) {
  state_dict result;
  for (const parameter_place& p : table.places)
    for (std::size_t k = 0; k < p.list.count; ++k) {
      const parameter_tensor& t = p.list.tensors[k];
      const bool vector = t.rank == 1;
      const shape order = vector ? (p.ordered ? p.order : shape{1, 1, t.filters}) : order_of(p, t);
      named_tensor tensor{parameter_name(table.graph, p, k), dimensions_of(t), {}};
      tensor.values.resize(static_cast<std::size_t>(t.elements()));
      const float* const from = values.data() + p.tensor[k];
      for_each_weight(vector ? 1 : t.filters, order,
                      [&](std::size_t ours, std::size_t theirs) { tensor.values[theirs] = from[ours]; });
      result.push_back(std::move(tensor));
    }
  return result;
}

}  // namespace salient
