// SPDX-License-Identifier: MIT

// Operators that move values.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "import/fold.hpp"
#include "import/translate.hpp"

namespace importer {

using salient::shape;

void translator::constant_node() {
  value v;
  const auto& attributes = node_->attributes;
  const auto find = [&](const char* name) {
    const auto at = attributes.find(name);
    return at == attributes.end() ? nullptr : &at->second;
  };
  if (const auto* a = find("value"); a && a->value) {
    const auto missing = model_.missing.find(a->value->name);
    v.known = constant_of(*a->value, missing == model_.missing.end() ? "" : missing->second);
  } else if (const auto* f = find("value_float"); f && f->number) {
    v.known = floats_of({}, {*f->number});
  } else if (const auto* i = find("value_int"); i && i->integer) {
    v.known = integers_of({}, {*i->integer});
  } else if (const auto* fs = find("value_floats")) {
    v.known = floats_of({static_cast<std::int64_t>(fs->numbers.size())}, fs->numbers);
  } else if (const auto* is = find("value_ints")) {
    v.known = integers_of({static_cast<std::int64_t>(is->integers.size())}, is->integers);
  } else {
    throw refusal{"a constant without a tensor or numbers is not available"};
  }
  if (v.known->name.empty() && !node_->outputs.empty()) v.known->name = node_->outputs[0];
  out(v);
}

void translator::shape_of() {
  dimensions d = extent_of(in(0));
  if (node_->op == "Size") {
    value v;
    v.known = integers_of({}, {count_of(d)});
    return out(v);
  }
  const auto range =
      clamp_slice(static_cast<std::int64_t>(d.size()), integer("start", 0), integer("end", 1 << 20), 1);
  d = dimensions(d.begin() + range.first, d.begin() + range.first + range.count);
  value v;
  v.known = integers_of({static_cast<std::int64_t>(d.size())}, d);
  out(v);
}

void translator::pass_on() {
  if (node_->op == "Dropout" && has(2) && known(2).number() != 0)
    throw refusal{"the model was exported in training mode; call eval() before the export"};
  if (node_->op == "Cast") {
    const std::int64_t to = integer("to", 1);
    if (to != 1 && to != 10 && to != 11 && to != 16)
      throw refusal{"the values of an image become integers; only floats are available"};
  }
  value v = in(0);
  v.quantised = false;
  out(v);
}

void translator::quantize() {
  const std::string note =
      "quantised: weights are what their integers stand for; activations are neither rounded nor limited";
  if (std::ranges::find(net_.notes, note) == net_.notes.end()) net_.notes.insert(net_.notes.begin(), note);
  value v = settled(in(0));
  if (v.known) throw refusal{"it quantises a constant"};
  const double scale = known(1).number(), zero = has(2) ? known(2).number() : 0;
  const std::int64_t least = has(2) ? known(2).least : 0, largest = has(2) ? known(2).largest : 255;
  if (!(scale > 0) || least == largest)
    throw refusal{"its scale or its type of integers is not one that is known"};
  // Where the least integer stands for 0, tools leave out the ReLU or ReLU6 before, whose work the limits do.
  const bool positive = is_variable(v.f) ? is_non_negative(v.activation) : is_non_negative(v.f);
  if (zero == static_cast<double>(least) && !positive) {
    const double high = (static_cast<double>(largest) - zero) * scale;
    const bool six = std::abs(high - 6) < scale / 2;
    v.f = make(pointwise::kind::min, make(pointwise::kind::max, v.f, number(0)), number(six ? 6 : high));
  }
  v.quantised = true;
  v.scale = scale;
  v.zero_point = zero;
  out(v);
}

void translator::dequantize() {
  value v = in(0);
  const double scale = known(1).number(), zero = has(2) ? known(2).number() : 0;
  if (v.quantised && v.scale != 0 && (scale != v.scale || zero != v.zero_point))
    throw refusal{"its scale or zero point is not that of the QuantizeLinear before it"};
  v.quantised = false;
  out(v);
}

void translator::reviewed(const dimensions& to) {
  value v = settled(in(0));
  if (!v.parts.empty() && to != extent_of(v))
    throw refusal{"it reshapes flattened maps of several sizes that are joined"};
  v.view = reshaped(v.view, to);
  out(v);
}

void translator::reshape() {
  const auto to = listed("shape", 1);
  if (!to) throw refusal{"it has no shape"};
  const bool allows_zero = integer("allowzero", 0) != 0;
  if (const value& v = in(0); !v.known && v.f->is_shared()) {
    // A mean over channels has one there, which its view does not show. Keras writes the shape that it has.
    dimensions has = extent_of(v);
    for (std::size_t i = 0; i < has.size(); ++i)
      if (!v.view[i].empty() && v.view[i].front().dim == dim::channel) has[i] = 1;
    if (reshape_target(has, *to, allows_zero) == has) return out(v);
    throw refusal{"a mean over channels, of " + text_of(has) + ", can only keep its shape"};
  }
  reviewed(reshape_target(extent_of(in(0)), *to, allows_zero));
}

void translator::expand() {
  const dimensions from = extent_of(in(0)), to = known(1).whole();
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) {
    const std::int64_t have = from[from.size() - 1 - i], want = to[to.size() - 1 - i];
    const bool position = from.size() == 4 && i < 2;
    if (want != have && want != 1 && !(have == 1 && position))
      throw refusal{"it repeats values of " + text_of(from) + " to " + text_of(to) +
                    "; only over height and width, for a product, is available"};
  }
  if (to.size() > from.size()) throw refusal{"it adds axes"};
  // A product or sum takes one value for each channel as it is.
  value v = in(0);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i)
    if (to[to.size() - 1 - i] > from[from.size() - 1 - i]) v.expanded = true;
  out(v);
}

void translator::flatten() {
  const dimensions d = extent_of(in(0));
  const std::int64_t given = integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(d.size());
  if (given < -rank || given > rank)
    throw refusal{"axis " + std::to_string(given) + " is not one of " + std::to_string(rank)};
  const auto middle = d.begin() + (given < 0 ? given + rank : given);
  reviewed({count_of({d.begin(), middle}), count_of({middle, d.end()})});
}

void translator::squeeze() {
  const dimensions d = extent_of(in(0));
  const auto axes = listed("axes", 1);
  std::vector<bool> drop(d.size(), false);
  if (axes) {
    for (const std::int64_t a : *axes) drop[axis_of(a, d.size())] = true;
  } else {
    // A free number of images is an axis even where there is one.
    for (std::size_t i = net_.any_batch ? 1 : 0; i < d.size(); ++i) drop[i] = d[i] == 1;
  }
  dimensions to;
  for (std::size_t i = 0; i < d.size(); ++i)
    if (!drop[i])
      to.push_back(d[i]);
    else if (d[i] != 1)
      throw refusal{"it removes an axis of " + std::to_string(d[i]) + " values"};
  reviewed(to);
}

void translator::unsqueeze() {
  const dimensions d = extent_of(in(0));
  const auto axes = listed("axes", 1);
  if (!axes || axes->size() > 8) throw refusal{"it has no axes"};
  std::vector<bool> added(d.size() + axes->size(), false);
  for (const std::int64_t a : *axes) added[axis_of(a, added.size())] = true;
  dimensions to;
  std::size_t at = 0;
  for (const bool a : added)
    if (a)
      to.push_back(1);
    else if (at < d.size())
      to.push_back(d[at++]);
  reviewed(to);
}

void translator::transpose() {
  value v = in(0);
  std::vector<std::int64_t> order = integers("perm", {});
  if (order.empty())
    for (std::size_t i = v.view.size(); i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  check_permutation(order, v.view.size());
  axes view;
  for (const std::int64_t i : order) view.push_back(v.view[static_cast<std::size_t>(i)]);
  v.view = view;
  out(v);
}

void translator::concat() {
  if (node_->inputs.empty()) throw refusal{"it has no inputs"};
  std::vector<value> operands;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (in(i).known)
      throw refusal{
          "a constant is joined to an image's values; a class token or a coordinate is not available"};
    operands.push_back(settled(in(i)));
  }
  if (operands.size() == 1) return out(operands[0]);
  if (operands.size() > 64)
    throw refusal{"it joins " + std::to_string(operands.size()) + " maps; at most 64 are available"};
  std::size_t rank = operands[0].view.size();
  const std::size_t at = axis_of(integer("axis", 1), rank);
  // Vectors of flattened maps of one size, one after another, are the flattened map of all their channels.
  const shape first = extent(operands[0].activation);
  const bool flattened =
      rank == 2 && at == 1 && std::ranges::all_of(operands, [&](const value& v) {
        const shape s = extent(v.activation);
        return s.spatial() && s.height == first.height && s.width == first.width &&
               v.view == reshaped(channels_first(net_.batch, s), {net_.batch, s.elements()});
      });
  if (flattened) rank = 4;
  const bool flat =
      std::ranges::any_of(operands, [&](const value& v) { return extent(v.activation).spatial(); });
  const bool vectors = std::ranges::all_of(operands, [&](const value& v) {
    return v.view.size() == 2 && is_whole(v.view[0], dim::batch, net_.batch);
  });
  if (vectors && at == 1 && flat) {
    value v;
    v.view = operands[0].view;
    std::int64_t count = 0;
    for (const value& part : operands) count += size_of(part.view[1]);
    v.view[1] = {{dim::channel, 1, count}};
    v.parts = std::move(operands);
    return out(std::move(v));
  }
  row r;
  r.kind = row_kind::concat;
  int channels = 0;
  for (value& v : operands) {
    if (!flattened && v.view.size() != rank) throw refusal{"its inputs have different ranks"};
    const int a = computed(v);
    if (flattened) v.view = channels_first(net_.batch, extent(a));
    const shape s = extent(a);
    const bool ordered =
        is_whole(v.view[at], dim::channel, s.channels) && (s.channels > 1 || at == 1 || at + 1 == rank);
    for (std::size_t i = 0; i < rank; ++i)
      if (!ordered || (i != at && v.view[i] != operands[0].view[i]))
        throw refusal{"it joins along another axis than channels, or maps that do not fit together"};
    channels += s.channels;
    r.inputs.push_back(a);
  }
  r.extent = extent(r.inputs[0]);
  r.extent.channels = channels;
  value v = operands[0];
  v.activation = put(std::move(r));
  v.f = variable();
  v.view[at] = {{dim::channel, 1, channels}};
  if (flattened) v.view = reshaped(v.view, {net_.batch, extent(v.activation).elements()});
  out(v);
}

value translator::sliced(value v, std::size_t at, std::int64_t first, std::int64_t count, std::int64_t step) {
  if (first == 0 && step == 1 && count == size_of(v.view[at])) return v;
  v = settled(v);
  int a = computed(v);
  shape s = extent(a);
  if (v.view.size() == 4 && shuffled_groups(v.view[1], s.channels) > 0) {
    a = map_of(v);
    v = map_value(a);
  }
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  const auto put_row = [&](const std::string& layer, int from, shape to, dim d, std::int64_t size) {
    v.activation = put_plain(layer, from, to);
    v.f = variable();
    v.view[at].clear();
    if (size > 1) v.view[at] = {{d, 1, size}};
    return v;
  };
  const axis x = v.view[at];
  if (count < 1) throw refusal{"nothing is left"};
  if (is_whole(x, dim::channel, s.channels) && !x.empty()) {
    if (step != 1)
      throw refusal{"it takes every " + number(step) + "th channel; only channels in a row are available"};
    s.channels = static_cast<int>(count);
    return put_row("slice<" + number(first) + ", " + number(count) + ">", a, s, dim::channel, count);
  }
  const bool rows = is_whole(x, dim::row, s.height) && !x.empty();
  if (!rows && !(is_whole(x, dim::column, s.width) && !x.empty()))
    throw refusal{"it takes a part of an axis that is not channels, height or width"};
  if (step < 1) throw refusal{"it reverses an axis"};
  int& size = rows ? s.height : s.width;
  const std::int64_t end = first + (count - 1) * step + 1, cut = size - end;
  int from = a;
  // A stride of 1 x 1 windows ignores what is left at the end, so only what is before the first is cut.
  const std::int64_t after = step == 1 ? cut : (cut >= step ? cut : 0);
  if (first > 0 || after > 0) {
    std::string sides;
    if (first > 0) sides = (rows ? ".top = -" : ".left = -") + number(first);
    if (after > 0)
      sides +=
          (sides.empty() ? "." : ", .") + std::string(rows ? "bottom" : "right") + " = -" + number(after);
    size -= static_cast<int>(first + after);
    from = put_plain("pad<border{" + sides + "}>", a, s);
  }
  if (step > 1) {
    size = static_cast<int>(count);
    const std::string stride = rows ? "{" + number(step) + ", 1}" : "{1, " + number(step) + "}";
    return put_row("avg_pool<1, with{.stride = " + stride + "}>", from, s, rows ? dim::row : dim::column,
                   count);
  }
  v.activation = from;
  v.f = variable();
  v.view[at].clear();
  if (size > 1) v.view[at] = {{rows ? dim::row : dim::column, 1, size}};
  return v;
}

void translator::split() {
  value v = in(0);
  const std::size_t at = axis_of(integer("axis", 0), v.view.size());
  const std::int64_t size = size_of(v.view[at]);
  const auto parts = static_cast<std::int64_t>(node_->outputs.size());
  std::vector<std::int64_t> sizes;
  if (const auto given = listed("split", 1)) {
    sizes = *given;
  } else {
    const std::int64_t each = parts == 0 ? 0 : (size + parts - 1) / parts;
    for (std::int64_t left = size; left > 0 && each > 0; left -= each) sizes.push_back(std::min(each, left));
  }
  if (static_cast<std::int64_t>(sizes.size()) != parts ||
      std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) != size)
    throw refusal{"its parts do not add up to " + std::to_string(size)};
  std::int64_t first = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 1) throw refusal{"a part has no values"};
    out(sliced(v, at, first, sizes[i], 1), i);
    first += sizes[i];
  }
}

void translator::gather() {
  value v = in(0);
  const constant& indices = known(1);
  const std::size_t at = axis_of(integer("axis", 0), v.view.size());
  const std::int64_t size = size_of(v.view[at]);
  std::vector<std::int64_t> which;
  if (model_.missing.contains(indices.name) && indices.count() == size) {
    // Only declarations are written without the file that has them.
    which.resize(static_cast<std::size_t>(size));
    std::iota(which.begin(), which.end(), std::int64_t{0});
    net_.notes.push_back("the indices '" + indices.name +
                         "' are missing; they are taken to be 0, 1, 2 and so on");
  } else {
    which = indices.whole();
  }
  for (std::int64_t& i : which)
    if (i < 0) i += size;
  for (std::size_t i = 0; i < which.size(); ++i)
    if (which[i] < 0 || which[i] >= size || which[i] != which[0] + static_cast<std::int64_t>(i))
      throw refusal{"it picks values that are not in a row"};
  if (which.empty()) throw refusal{"it picks no values"};
  v = sliced(v, at, which[0], indices.count(), 1);
  dimensions to = extent_of(v);
  to.erase(to.begin() + static_cast<std::ptrdiff_t>(at));
  to.insert(to.begin() + static_cast<std::ptrdiff_t>(at), indices.extent.begin(), indices.extent.end());
  v = settled(v);
  v.view = reshaped(v.view, to);
  out(v);
}

void translator::slice() {
  value v = in(0);
  const auto starts = listed("starts", 1), ends = listed("ends", 2), which = listed("axes", 3);
  const auto steps = has(4) ? std::optional(known(4).whole()) : std::nullopt;
  if (!starts || !ends || starts->size() != ends->size()) throw refusal{"it has no starts and ends"};
  for (std::size_t i = 0; i < starts->size(); ++i) {
    if ((which && which->size() <= i) || (steps && steps->size() <= i))
      throw refusal{"its axes and steps are too few"};
    const std::size_t at = axis_of(which ? (*which)[i] : static_cast<std::int64_t>(i), v.view.size());
    const auto range = clamp_slice(size_of(v.view[at]), (*starts)[i], (*ends)[i], steps ? (*steps)[i] : 1);
    v = sliced(v, at, range.first, range.count, range.step);
  }
  out(v);
}

}  // namespace importer
