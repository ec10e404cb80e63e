// SPDX-License-Identifier: MIT
#include "salient/graph/runner.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "salient/kernel/elementwise.hpp"

namespace salient {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

template <class T>
view<T> place_view(T* data, const workspace_place& p, long batch, shape extent) {
  return {data, batch, extent, p.pitch};
}

/// The same values viewed with another shape.
template <class T>
view<T> reshaped(const view<T>& v, shape extent) {
  if (v.extent == extent || !v.data)
    return {v.data, v.batch, extent, v.extent == extent ? v.pitch : extent.channels};
  assert(v.contiguous());
  return {v.data, v.batch, extent};
}

/// A range of a batch's positions, viewed as one image of one row.
template <class T>
view<T> positions_of(const view<T>& v, long first, long count) {
  return {v.data ? v.at(first) : nullptr, 1, {1, static_cast<int>(count), v.extent.channels}, v.pitch};
}

/// The same for everything that a forward pass reads and writes.
template <class T>
io<T> positions_of(io<T> t, long first, long count) {
  const int channels = t.y.extent.channels;
  const auto move = [&](auto*& pointer, long each) {
    if (pointer) pointer += first * each;
  };
  move(t.mask, kernel::mask_pitch(channels));
  move(t.derivative, channels);
  move(t.after.activate.mask, kernel::mask_pitch(channels));
  move(t.after.activate.derivative, channels);
  t.after.addend = positions_of(t.after.addend, first, count);
  t.x = positions_of(t.x, first, count);
  t.y = positions_of(t.y, first, count);
  return t;
}

}  // namespace

template <class D, class T>
runner<D, T>::runner(const D& device, const program<D, T>& program, const parameters_view<T>& parameters,
                     const workspace_view<T>& workspace, std::uint8_t* marks)
    : device_(device), program_(program), parameters_(parameters), workspace_(workspace) {
  const std::size_t each = size() + 1;
  marks_ = {marks, marks + each, marks + 2 * each};
}

template <class D, class T>
view<T> runner<D, T>::value(long batch, int activation) const {
  const workspace_place& p = program_.plan.activations[at(activation)];
  return place_view(workspace_.at(p), p, batch, program_.graph.extent(activation));
}

template <class D, class T>
view<T> runner<D, T>::signal(long batch, int activation) const {
  const workspace_place& p = program_.plan.signals[at(activation)];
  return place_view(workspace_.at(p), p, batch, program_.graph.extent(activation));
}

template <class D, class T>
io<T> runner<D, T>::arguments(long batch, int row) const {
  const plan_view& plan = program_.plan;
  const auto i = at(row);
  const parameter_place& p = program_.parameters[i];
  const auto inputs = program_.graph.inputs(row);
  io<T> t;
  t.x = value(batch, inputs[0]);
  if (inputs.size() > 1) t.x2 = value(batch, inputs[1]);
  t.y = value(batch, row + 1);
  t.dy = signal(batch, plan.reads[i]);
  t.dx = {nullptr, batch, t.x.extent};
  t.dx2 = {nullptr, batch, t.x2.extent};
  const bool packs = parameters_.packed && p.packs;
  for (std::size_t k = 0; k < p.list.count; ++k) t.parameters[k] = parameters_.tensor(p, k);
  if (packs) t.packed = std::exchange(t.parameters[0], nullptr);
  t.derived = parameters_.derived(p);
  t.switches = workspace_.template at<std::uint16_t>(plan.switches[i]);
  t.mask = workspace_.template at<std::uint8_t>(plan.masks[i]);
  t.derivative = workspace_.template at<T>(plan.derivatives[i]);
  if (plan.statistics[i] >= 0) t.statistics = workspace_.statistics + plan.statistics[i];
  t.scratch = workspace_.scratch;
  return t;
}

template <class D, class T>
void runner<D, T>::concatenate(long batch, int row) const {
  const view<T> out = value(batch, row + 1);
  int channel = 0;
  for (const int a : program_.graph.inputs(row)) {
    const view<T> part = value(batch, a);
    const view<T> to = out.channels(channel, part.extent.channels);
    channel += part.extent.channels;
    if (part.data != to.data) kernel::apply<D, T>(device_, part, {}, to);
  }
}

template <class D, class T>
void runner<D, T>::forward(long batch, int from, int to) const {
  const graph_view& graph = program_.graph;
  for (int row = from; row < to; ++row) {
    if (graph.facts(row).joins == join::concat) {
      concatenate(batch, row);
      continue;
    }
    if (program_.training && of(row).has_training) {
      of(row).training_forward(device_, arguments(batch, row));
      continue;
    }
    if (program_.plan.blocked[at(row)]) {
      row = run_blocks(batch, row);
      continue;
    }
    of(row).forward(device_, with_epilogue(batch, row));
    row += program_.plan.absorbs[at(row)];
    assert(row < to && "a pass ends at an activation that it was not planned for");
  }
}

/// A row's arguments, with the epilogue of the rows that it absorbs.
template <class D, class T>
io<T> runner<D, T>::with_epilogue(long batch, int row) const {
  io<T> t = arguments(batch, row);
  const int last = row + program_.plan.absorbs[at(row)];
  for (int next = row + 1; next <= last; ++next) {
    io<T> stage = arguments(batch, next);
    const auto inputs = program_.graph.inputs(next);
    if (inputs.size() > 1 && inputs[1] == next) std::swap(stage.x, stage.x2);
    of(next).join_forward(t.after, stage);
  }
  t.y = value(batch, last + 1);
  return t;
}

/// Runs an element-wise row and the pointwise row after it alternately on blocks of positions that stay in
/// cache. Returns the last row that has run.
template <class D, class T>
int runner<D, T>::run_blocks(long batch, int row) const {
  const int second = row + program_.plan.absorbs[at(row)] + 1;
  const io<T> from = with_epilogue(batch, row), to = with_epilogue(batch, second);
  const int channels = to.x.extent.channels;
  const long all = from.x.positions(), most = std::min(all, block_positions(channels));
  T* const between = workspace_.scratch;
  for (long first = 0; first < all; first += most) {
    const long count = std::min(most, all - first);
    io<T> t = positions_of(from, first, count);
    t.y = {between, 1, {1, static_cast<int>(count), channels}};
    of(row).forward(device_, t);
    t = positions_of(to, first, count);
    t.x = view<const T>(between, 1, {1, static_cast<int>(count), channels});
    t.scratch = between + most * channels;
    of(second).forward(device_, t);
  }
  return second + program_.plan.absorbs[at(second)];
}

/// Marks the activations on all paths between two activations.
template <class D, class T>
void runner<D, T>::mark_between(int from, int to) const {
  const graph_view& graph = program_.graph;
  std::fill(marks_.wanted, marks_.wanted + size() + 1, std::uint8_t{0});
  std::fill(marks_.written, marks_.written + size() + 1, std::uint8_t{0});
  std::fill(marks_.done, marks_.done + size() + 1, std::uint8_t{0});
  marks_.wanted[to] = 1;  // first: what depends on `to`
  for (int row = to; row < from; ++row)
    for (const int a : graph.inputs(row))
      if (marks_.wanted[a]) marks_.wanted[row + 1] = 1;
  marks_.written[from] = 1;  // temporarily: what leads to `from`
  for (int row = from - 1; row >= to; --row)
    if (marks_.written[row + 1])
      for (const int a : graph.inputs(row)) marks_.written[a] = 1;
  for (int a = to; a <= from; ++a) {
    marks_.wanted[a] &= marks_.written[a];
    marks_.written[a] = a == from;
  }
}

/// Marks the activations that depend on parameters.
template <class D, class T>
void runner<D, T>::mark_parameters(int from) const {
  mark_between(from, 0);
  for (int a = 0; a <= from; ++a) {
    bool influenced = false;
    if (a > 0) {
      influenced = has_parameters(program_.parameters[at(a - 1)]);
      for (const int input : program_.graph.inputs(a - 1)) influenced |= marks_.wanted[input] == 1;
    }
    marks_.wanted[a] &= influenced ? 1 : 0;
  }
}

/// Fuses a chain into an epilogue and marks its rows as done; returns the activation at its end.
template <class D, class T>
int runner<D, T>::join_chain(long batch, int head, std::size_t rule, kernel::epilogue<T>& e) const {
  int end = head;
  for (int i = 0; i < program_.plan.chain[at(head)]; ++i) {
    const int row = end - 1;
    if (!program_.graph.facts(row).reshapes)
      of(row).join_backward(rules::facts[rule], e, arguments(batch, row));
    marks_.done[end] = 1;
    end = program_.graph.inputs(row)[0];
  }
  return end;
}

/// Sets where a row writes its signal for one of its inputs, and the epilogue on the way.
template <class D, class T>
void runner<D, T>::aim(long batch, int row, int activation, std::size_t rule, view<T>& dx,
                       kernel::epilogue<T>& e) const {
  int to = activation;
  if (program_.plan.folder[at(activation)] == row) {
    if (marks_.written[activation]) e.addend = signal(batch, activation);
    to = join_chain(batch, activation, rule, e);
  }
  const shape extent = program_.graph.extent(activation);
  dx = reshaped(signal(batch, to), extent);
  if (marks_.written[to]) e.outer_addend = dx;
  marks_.written[to] = 1;
}

/// Runs a chain as a kernel of its own.
template <class D, class T>
void runner<D, T>::run_chain(long batch, int head, std::size_t rule) const {
  kernel::epilogue<T> e;
  const int end = join_chain(batch, head, rule, e);
  const view<T> to = signal(batch, end);
  if (marks_.written[end]) e.outer_addend = to;
  marks_.written[end] = 1;
  kernel::apply<D, T>(device_, reshaped(signal(batch, head), to.extent), e, to);
}

/// The adjoint of a sum or a concat: each input receives the signal, or its channels of it.
template <class D, class T>
void runner<D, T>::split(long batch, int row) const {
  const bool concat = program_.graph.facts(row).joins == join::concat;
  const view<T> all = signal(batch, row + 1);
  int channel = 0;
  for (const int a : program_.graph.inputs(row)) {
    const int first = channel;
    if (concat) channel += program_.graph.extent(a).channels;
    if (!marks_.wanted[a]) continue;
    const bool added = marks_.written[a] != 0;
    marks_.written[a] = 1;
    if (!added && program_.plan.shares_signal[at(a)] == row) continue;
    const view<T> to = signal(batch, a);
    kernel::epilogue<T> e;
    if (added) e.outer_addend = to;
    kernel::apply<D, T>(device_, all.channels(first, to.extent.channels), e, to);
  }
}

template <class D, class T>
void runner<D, T>::run_back(long batch, int row, std::size_t rule) const {
  const layer_facts& facts = program_.graph.facts(row);
  const plan_view& plan = program_.plan;
  if (facts.joins != join::none) return split(batch, row);
  if (plan.chain[at(row + 1)] > 0) return run_chain(batch, row + 1, rule);
  const auto inputs = program_.graph.inputs(row);
  if (facts.reshapes && plan.shares_signal[at(inputs[0])] == row && !marks_.written[inputs[0]]) {
    marks_.written[inputs[0]] = 1;
    return;
  }

  io<T> t = arguments(batch, row);
  const auto next = at(row + 1);
  if (facts.rescales && next < size() && plan.rescaled[next]) {
    kernel::epilogue<T> scale;
    of(row + 1).join_forward(scale, arguments(batch, row + 1));
    t.filter_scale = scale.scale;
  }
  const bool training = program_.training && of(row).has_training;
  const auto run = training ? of(row).training_backward : of(row).backward[rule];
  if (!facts.finishes || training) {  // has no epilogue
    const view<T> to = signal(batch, inputs[0]);
    const bool added = marks_.written[inputs[0]] != 0;
    marks_.written[inputs[0]] = 1;
    t.dx = to;
    if (added) t.dx = {workspace_.template at<T>(plan.extra[at(row)]), batch, to.extent};
    run(device_, t);
    if (added) kernel::apply<D, T>(device_, t.dx, {.outer_addend = to}, to);
    return;
  }
  if (marks_.wanted[inputs[0]]) aim(batch, row, inputs[0], rule, t.dx, t.after);
  if (inputs.size() > 1 && marks_.wanted[inputs[1]]) aim(batch, row, inputs[1], rule, t.dx2, t.after2);
  run(device_, t);
}

template <class D, class T>
void runner<D, T>::backward(long batch, int from, int to, std::size_t rule) const {
  mark_between(from, to);
  for (int row = from - 1; row >= to; --row) {
    const bool on_path = marks_.wanted[row + 1] && row + 1 != to;
    if (on_path && !marks_.done[row + 1] && !program_.plan.rescaled[at(row)]) run_back(batch, row, rule);
  }
}

template <class D, class T>
void runner<D, T>::repeat(long images, long from, long to) const {
  const plan_view& plan = program_.plan;
  const auto copy = [&](long place, long bytes) {
    if (place < 0 || place >= plan.kept) return;
    auto* const first = workspace_.template at<std::byte>(place);
    const auto each = static_cast<std::size_t>(images * bytes);
    for (long i = from; i < to; ++i) std::memcpy(first + static_cast<std::size_t>(i) * each, first, each);
  };
  for (std::size_t row = 0; row < size(); ++row) {
    const shape out = program_.graph.extent(static_cast<int>(row) + 1);
    copy(plan.switches[row], out.elements() * long{sizeof(std::uint16_t)});
    copy(plan.masks[row], kernel::mask_bytes(out));
    copy(plan.derivatives[row], out.elements() * long{sizeof(T)});
  }
  for (std::size_t a = 0; a <= size(); ++a) {
    const shape extent = program_.graph.extent(static_cast<int>(a));
    const workspace_place& p = plan.activations[a];
    if (p.pitch == extent.channels)
      copy(p.bytes, extent.elements() * long{sizeof(T)});  // no slice of another
  }
}

template <class D, class T>
void runner<D, T>::parameter_gradients(long batch, int from, T* gradients) const {
  mark_parameters(from);
  for (int row = from - 1; row >= 0; --row) {
    if (!marks_.wanted[row + 1] || marks_.done[row + 1]) continue;
    const parameter_place& p = program_.parameters[at(row)];
    if (has_parameters(p) && of(row).has_parameter_gradient) {
      io<T> t = arguments(batch, row);
      for (std::size_t k = 0; k < p.list.count; ++k)
        if (p.list.tensors[k].trained) t.gradients[k] = gradients + p.tensor[k];
      of(row).parameter_gradient(device_, t);
    }
    bool goes_on = false;
    for (const int a : program_.graph.inputs(row)) goes_on |= marks_.wanted[a] != 0;
    if (goes_on) run_back(batch, row, rules::index<gradient>);
  }
}

template <class D, class T>
void runner<D, T>::follow(long batch, int to, T* reach) const {
  const long half = workspace_.capacity / 2;
  const auto slope = [&](auto v) {
    if (v.data) v.data += half * v.extent.positions() * v.pitch;
    return v;
  };
  for (int row = 0; row < to; ++row) {
    const layer_facts& facts = program_.graph.facts(row);
    if (facts.joins == join::concat) {
      const view<T> out = value(batch, row + 1);
      int channel = 0;
      for (const int a : program_.graph.inputs(row)) {
        const view<T> part = value(batch, a), place = out.channels(channel, part.extent.channels);
        channel += part.extent.channels;
        if (part.data == place.data) continue;
        kernel::apply<D, T>(device_, part, {}, place);
        kernel::apply<D, T>(device_, slope(part), {}, slope(place));
      }
      continue;
    }
    io<T> t = arguments(batch, row);
    of(row).forward(device_, t);
    if (of(row).follows) {
      of(row).follow(device_, {t, slope(t.x), slope(t.y), reach});
      continue;
    }
    t.x = slope(t.x);
    t.x2 = slope(t.x2);
    t.y = slope(t.y);
    t.linear_part = true;
    of(row).forward(device_, t);
  }
}

template class runner<cpu, float>;
template class runner<cpu, double>;
template class runner<cpu_pool, float>;
template class runner<cpu_pool, double>;
template class runner<gpu, float>;

}  // namespace salient
