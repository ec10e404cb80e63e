// SPDX-License-Identifier: MIT
#include "import/translate.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/printable.hpp"
#include "import/fold.hpp"
#include "import/names.hpp"
#include "salient/core/error.hpp"

namespace importer {

using salient::shape;

bool translator::has(std::size_t i) const { return i < node_->inputs.size() && !node_->inputs[i].empty(); }

const value& translator::in(std::size_t i) const {
  if (!has(i)) throw refusal{"input " + std::to_string(i) + " is missing"};
  return values_.at(node_->inputs[i]);
}

const constant& translator::known(std::size_t i) const {
  const value& v = in(i);
  if (!v.known) throw refusal{"input " + std::to_string(i) + " must be constant, but depends on the image"};
  return *v.known;
}

void translator::define(const std::string& name, value v) {
  if (!v.expanded) net_.shapes[name] = v.known ? v.known->extent : extent_of(v);
  values_[name] = std::move(v);
}

void translator::out(value v, std::size_t i) {
  if (i >= node_->outputs.size() || node_->outputs[i].empty()) return;
  v = shortened(std::move(v));
  const bool plain =
      !v.known && v.zeros.empty() && v.view == channels_first(net_.batch, extent(v.activation));
  if (!v.known && !is_variable(v.f))
    origins_.try_emplace(v.f.get(), v.f, node_, plain ? node_->outputs[i] : "");
  if (plain && is_variable(v.f) && v.activation > 0)
    net_.rows[static_cast<std::size_t>(v.activation) - 1].outputs.push_back(node_->outputs[i]);
  v.by = node_;
  define(node_->outputs[i], std::move(v));
}

std::int64_t translator::integer(const char* name, std::int64_t otherwise) const {
  const auto at = node_->attributes.find(name);
  return at == node_->attributes.end() ? otherwise : at->second.integer.value_or(otherwise);
}
double translator::real(const char* name, double otherwise) const {
  const auto at = node_->attributes.find(name);
  return at == node_->attributes.end() || !at->second.number ? otherwise
                                                             : static_cast<double>(*at->second.number);
}
std::string translator::text(const char* name, const std::string& otherwise) const {
  const auto at = node_->attributes.find(name);
  return at == node_->attributes.end() ? otherwise : at->second.text.value_or(otherwise);
}
std::vector<std::int64_t> translator::integers(const char* name, std::vector<std::int64_t> otherwise) const {
  const auto at = node_->attributes.find(name);
  return at == node_->attributes.end() ? otherwise : at->second.integers;
}
std::optional<std::vector<std::int64_t>> translator::listed(const char* name, std::size_t input) const {
  if (const auto at = node_->attributes.find(name); at != node_->attributes.end()) return at->second.integers;
  if (has(input)) return known(input).whole();
  return {};
}

std::int64_t translator::opset() const {
  const auto at = model_.opsets.find("");
  return at == model_.opsets.end() ? 1 : at->second;
}

std::size_t translator::axis_of(std::int64_t axis, std::size_t rank) const {
  const std::size_t i = axis_from_front(axis, rank);
  if (i >= rank) throw refusal{"axis " + std::to_string(axis) + " is not one of " + std::to_string(rank)};
  return i;
}

shape translator::extent(int activation) const {
  return activation == 0 ? net_.input : net_.rows[static_cast<std::size_t>(activation) - 1].extent;
}

int translator::put(row r) {
  const shape s = r.extent;
  constexpr std::size_t most_rows = 4000;
  constexpr int longest = 1 << 24;
  if (net_.rows.size() >= most_rows)
    throw refusal{"the network has more than " + std::to_string(most_rows) +
                  " layers, which no compiler takes"};
  if (std::min({s.height, s.width, s.channels}) < 1 || std::max({s.height, s.width, s.channels}) > longest ||
      s.elements() > (1L << 31))
    throw refusal{"its output would be " + std::to_string(s.height) + "x" + std::to_string(s.width) + "x" +
                  std::to_string(s.channels) + "; give another size with --input-size"};
  r.path = module_path(*node_, model_);
  r.node = node_->name;
  net_.rows.push_back(std::move(r));
  return static_cast<int>(net_.rows.size());
}

int translator::put_plain(const std::string& layer, int input, shape to) {
  row r;
  r.layer = layer;
  r.inputs = {input};
  r.extent = to;
  return put(std::move(r));
}

int translator::put_join(row_kind what, std::vector<int> inputs) {
  row r;
  r.kind = what;
  r.extent = extent(inputs[0]);
  r.inputs = std::move(inputs);
  return put(std::move(r));
}

int translator::computed(const value& v) { return computed(v.activation, v.f); }

int translator::computed(int a, const function& f) {
  if (is_variable(f)) return a;
  const auto key = std::pair(a, f.get());
  if (const auto at = computed_.find(key); at != computed_.end()) return at->second;
  // Where this throws, node_ remains the node that is to blame.
  const node* const reader = node_;
  const origin& made = origins_.try_emplace(f.get(), f, node_, "").first->second;
  node_ = made.by;
  const int result = layers_of(a, f);
  if (!made.name.empty()) net_.rows[static_cast<std::size_t>(result) - 1].outputs.push_back(made.name);
  node_ = reader;
  computed_[key] = result;
  return result;
}

int translator::layers_of(int a, const function& f) {
  using kind = pointwise::kind;
  const auto is_number = [](const function& g) { return g && g->what == kind::number; };
  const auto after = [&](int inner, kind what, function second) {
    return computed(inner, make(what, variable(), std::move(second), f->a, f->b));
  };
  const auto is_each = [](const function& g) { return g && g->what == kind::each; };
  int result = -1;
  if (f->averages) {
    result = normalised(a, f);
  } else if (const std::string layer = layer_of(f); !layer.empty()) {
    result = put_plain(layer, a, extent(a));
  } else if (is_each(f->second)) {
    result = with_each(computed(a, f->first), f->what, f->second->channels->values, false);
  } else if (is_each(f->first)) {
    result = with_each(computed(a, f->second), f->what, f->first->channels->values, true);
  } else if (const auto l = line_of(f)) {
    row r;
    r.kind = row_kind::affine;
    r.inputs = {a};
    r.extent = extent(a);
    r.weight = values(std::vector{static_cast<float>(l->scale)});
    if (l->shift != 0) r.bias = values(std::vector{static_cast<float>(l->shift)});
    result = put(std::move(r));
  } else if (const function part = line_within(f)) {
    result = computed(computed(a, part), without(f, part));
  } else if ((f->what == kind::min || f->what == kind::max) && is_number(f->second) &&
             is_variable(f->first)) {
    // max(x, a) = a + relu(x - a), and min(x, a) = a - relu(a - x).
    const function &x = f->first, &bound = f->second;
    const bool low = f->what == kind::max;
    const function above = make(kind::relu, low ? make(kind::sub, x, bound) : make(kind::sub, bound, x));
    result = computed(a, low ? make(kind::add, above, bound) : make(kind::sub, bound, above));
  } else if (!f->second && !is_variable(f->first)) {
    result = after(computed(a, f->first), f->what, {});
  } else if (is_number(f->second) && !is_variable(f->first)) {
    result = after(computed(a, f->first), f->what, f->second);
  } else if (f->second && is_number(f->first) && !is_variable(f->second)) {
    const int inner = computed(a, f->second);
    result = computed(inner, make(f->what, f->first, variable()));
  } else if (!is_number(f->first) && !is_number(f->second) && f->what == kind::sub) {
    result = computed(a, make(kind::add, f->first, make(kind::mul, f->second, number(-1))));
  } else if (!is_number(f->first) && !is_number(f->second) &&
             (f->what == kind::add || f->what == kind::mul)) {
    const int first = computed(a, f->first), second = computed(a, f->second);
    result = put_join(f->what == kind::add ? row_kind::sum : row_kind::product, {first, second});
  } else {
    throw refusal{"this function of each value is no activation that this library has"};
  }
  return result;
}

shape translator::seen(const value& v) const {
  shape s = extent(v.activation);
  s.height += v.zeros.top + v.zeros.bottom;
  s.width += v.zeros.left + v.zeros.right;
  s.channels += v.zeros.front + v.zeros.back;
  return s;
}

dimensions translator::extent_of(const value& v) const {
  axes view = v.view;
  // What is the same for all channels has one.
  if (v.f->mixes && v.f->is_shared())
    for (axis& a : view) std::erase_if(a, [](const factor& f) { return f.dim == dim::channel; });
  return importer::extent_of(view);
}

value translator::shortened(value v) {
  // A normalisation reads its operand several times, and is recognised only as a whole.
  const int longest = v.f->mixes ? 200 : 48;
  if (v.known || v.f->size <= longest) return v;
  v = settled(v);
  v.activation = computed(v);
  v.f = variable();
  return v;
}

value translator::settled(value v) {
  if (v.zeros.empty()) return v;
  const shape to = seen(v);
  const border z = std::exchange(v.zeros, {});
  std::string sides;
  const auto add = [&](const char* side, int n) {
    if (n != 0) sides += std::string(sides.empty() ? "." : ", .") + side + " = " + std::to_string(n);
  };
  add("top", z.top);
  add("bottom", z.bottom);
  add("left", z.left);
  add("right", z.right);
  add("front", z.front);
  add("back", z.back);
  v.activation = put_plain("pad<border{" + sides + "}>", computed(v), to);
  v.f = variable();
  return v;
}

int translator::map_of(const value& v, border* zeros) {
  if (v.known) throw refusal{"its input is a constant where an image's values are expected"};
  if (v.view.size() != 4)
    throw refusal{"its input has " + std::to_string(v.view.size()) + " axes, " + text_of(extent_of(v)) +
                  ", where 4 are expected (images, channels, height, width)"};
  const shape s = seen(v);
  int a = 0;
  if (zeros) {
    *zeros = v.zeros;
    a = computed(v);
  } else {
    a = settled(v).activation;
    if (v.zeros.empty()) a = computed(v);
  }
  if (!is_whole(v.view[0], dim::batch, net_.batch) || !is_whole(v.view[2], dim::row, s.height) ||
      !is_whole(v.view[3], dim::column, s.width))
    throw refusal{
        "its input is a map with transposed or mixed axes where channels, height and width are expected"};
  if (is_whole(v.view[1], dim::channel, s.channels)) return a;
  const std::int64_t groups = shuffled_groups(v.view[1], s.channels);
  if (groups == 0) throw refusal{"its input has channels in an order that no channel shuffle makes"};
  const auto [at, added] = shuffled_.try_emplace({a, groups});
  // The layer belongs where values were moved, not where they are read.
  const node* const reader = std::exchange(node_, v.by ? v.by : node_);
  if (added) at->second = put_plain("channel_shuffle<" + std::to_string(groups) + ">", a, extent(a));
  node_ = reader;
  return at->second;
}

value translator::map_value(int activation) const {
  return {.known = {}, .activation = activation, .view = channels_first(net_.batch, extent(activation))};
}

std::vector<std::int64_t> translator::vector_of(const value& v, int& activation) {
  const value whole = settled(v);
  activation = computed(whole);
  const shape s = extent(activation);
  std::vector<std::int64_t> order = torch_order(whole.view.back(), s);
  if (s.spatial()) activation = put_plain("flatten", activation, {1, 1, static_cast<int>(s.elements())});
  return order;
}

void translator::refuse(const std::string& why) {
  // The node that made a function is to blame where the function becomes a layer later.
  const std::string where =
      node_->name.empty() ? "the node that writes '" + (node_->outputs.empty() ? "" : node_->outputs[0]) + "'"
                          : "node '" + node_->name + "'";
  net_.refusals.push_back(salient::detail::one_line(
      where + " (" + (node_->domain.empty() ? "" : node_->domain + ".") + node_->op + "): " + why));
}

int translator::finished(const node& last, const std::string& name) {
  node_ = &last;
  try {
    return finish(name);
  } catch (const refusal& r) {
    refuse(r.why);
    return 0;
  }
}

int translator::finish(const std::string& name) {
  if (const auto why = undefined_.find(name); why != undefined_.end()) throw refusal{why->second};
  const value v = settled(values_.at(name));
  if (!v.parts.empty()) throw refusal{"flattened maps of several sizes are no output that is available"};
  if (v.expanded) throw refusal{"values that are repeated over a map are no output that is available"};
  if (v.known) throw refusal{"the output does not depend on the input"};
  const int a = computed(v);
  const shape s = extent(a);
  if (v.view.size() == 4 && s.spatial()) {
    const value transposed{
        .known = {}, .activation = v.activation, .view = {v.view[0], v.view[3], v.view[1], v.view[2]}};
    const bool last_channels =
        is_whole(v.view[3], dim::channel, s.channels) && is_whole(v.view[1], dim::row, s.height);
    value plain = last_channels ? transposed : v;
    plain.activation = a;
    plain.f = variable();
    return map_of(plain);
  }
  std::size_t long_axes = 0;
  value one = v;
  one.activation = a;
  one.f = variable();
  for (const axis& x : v.view)
    if (!x.empty() && !is_whole(x, dim::batch, net_.batch)) {
      ++long_axes;
      one.view = {{}, x};
    }
  if (long_axes > 1)
    throw refusal{"the output has shape " + text_of(extent_of(v)) + ", which is neither scores nor a map"};
  if (long_axes == 0) return a;
  int flat = 0;
  const auto order = vector_of(one, flat);
  if (!std::ranges::is_sorted(order))
    throw refusal{"the output's values are not in the order of channels, height, width"};
  return flat;
}

void translator::translate(const node& n) {
  node_ = &n;
  bool constants = true;
  for (const std::string& name : n.inputs)
    if (const auto at = values_.find(name); name.empty()) {
    } else if (at == values_.end()) {
      if (const auto why = undefined_.find(name); why != undefined_.end()) refuse(why->second);
      return;  // or refused before: it follows from a node that was
    } else {
      constants = constants && at->second.known;
    }
  if (n.domain.empty() && !foreign_operator(n.op).empty()) return;  // refused before
  try {
    for (const auto& [name, a] : n.attributes)
      if (a.graph && n.op != "If")
        throw refusal{"control flow (a subgraph in the attribute " + name + ") has no fixed network"};
    if (!n.domain.empty())
      throw refusal{"operators of the domain " + n.domain +
                    " are not ONNX's own; export with standard operators"};
    const auto at = handlers().find(n.op);
    if (constants && n.op != "Constant" && n.op != "If" && !n.inputs.empty())
      fold();
    else if (at == handlers().end())
      throw refusal{unknown_operator(n.op)};
    else {
      check_readers();
      (this->*at->second)();
    }
    mark_outputs();
  } catch (const refusal& r) {
    refuse(r.why);
  } catch (const salient::error& e) {
    refuse(e.what());
  }
}

void translator::fold() {
  std::vector<const constant*> inputs;
  for (const std::string& name : node_->inputs)
    inputs.push_back(name.empty() ? nullptr : &*values_.at(name).known);
  constexpr std::int64_t most = 1 << 25;
  if (folded_elements_ > most) throw refusal{"too much is computed from constants; simplify the model first"};
  value v;
  v.known = importer::fold({*node_, inputs, opset()});
  // What is passed on under another shape keeps its name.
  if (v.known->name.empty()) {
    folded_elements_ += v.known->count();
    for (const constant* c : inputs) folded_elements_ += c ? c->count() : 0;
  }
  out(std::move(v));
}

}  // namespace importer
