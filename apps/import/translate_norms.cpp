// SPDX-License-Identifier: MIT

// Normalisations.

#include <algorithm>
#include <cstddef>

#include "import/normalisation.hpp"
#include "import/translate.hpp"

namespace importer {

using salient::shape;

void translator::batch_normalization() {
  if (integer("training_mode", 0) != 0 || (node_->outputs.size() > 1 && !node_->outputs[1].empty()))
    throw refusal{"the model was exported in training mode; call eval() before the export"};
  value v = settled(in(0));
  int a = computed(v);
  if (v.view.size() < 2) throw refusal{"its input has no channels"};
  shape s = extent(a);
  if (!is_whole(v.view[1], dim::channel, s.channels)) {
    if (v.view.size() != 2) throw refusal{"its channels are not the second axis"};
    const auto order = vector_of(v, a);
    if (!std::ranges::is_sorted(order))
      throw refusal{"its values are not in the order of channels, height and width"};
    s = extent(a);
    v = map_value(a);
    v.view.resize(2);
  }
  row r;
  r.kind = row_kind::batch_norm;
  r.inputs = {a};
  r.extent = s;
  r.epsilon = real("epsilon", static_cast<double>(1e-5F));
  values* const to[] = {&r.weight, &r.bias, &r.mean, &r.variance};
  for (std::size_t i = 0; i < 4; ++i) {
    const constant& c = known(i + 1);
    if (c.count() != s.channels || !c.floats)
      throw refusal{"its parameters have " + std::to_string(c.count()) + " numbers for " +
                    std::to_string(s.channels) + " channels"};
    *to[i] = c.floats;
  }
  v.activation = put(std::move(r));
  v.f = variable();
  out(v);
}

void translator::layer_normalization() {
  value v = settled(in(0));
  const int a = computed(v);
  const shape s = extent(a);
  const std::size_t first = axis_of(integer("axis", -1), v.view.size());
  bool whole = false;
  for (std::size_t i = first; i < v.view.size(); ++i) {
    if (v.view[i].empty()) continue;
    if (whole || !is_whole(v.view[i], dim::channel, s.channels))
      throw refusal{"it normalises over positions; only over the channels of each position is available"};
    whole = true;
  }
  row r;
  r.kind = row_kind::layer_norm;
  r.inputs = {a};
  r.extent = s;
  r.epsilon = real("epsilon", static_cast<double>(1e-5F));
  values* const to[] = {&r.weight, &r.bias};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!has(i + 1)) continue;
    const constant& c = known(i + 1);
    if ((c.count() != s.channels && c.count() != 1) || !c.floats)
      throw refusal{"its parameters do not fit its channels"};
    *to[i] = c.floats;
  }
  v.activation = put(std::move(r));
  v.f = variable();
  out(v);
}

int translator::normalised(int a, const function& f) {
  using kind = pointwise::kind;
  constexpr int most = 1 << 15;
  normalised_steps_ += f->size;
  if (normalised_steps_ > most)
    throw refusal{"more is computed from means over channels than any network has"};
  if (const std::string layer = local_response_of(f); !layer.empty()) return put_plain(layer, a, extent(a));
  if (const auto n = layer_normalisation_of(f)) {
    row r;
    r.kind = row_kind::layer_norm;
    r.inputs = {a};
    r.extent = extent(a);
    r.epsilon = n->epsilon;
    r.weight = n->scale;
    r.bias = n->shift;
    return put(std::move(r));
  }
  // A function of something that is no matter of channels, or of a normalisation.
  function part = part_of(f, [](const function& g) { return !g->mixes; });
  if (!part)
    part = part_of(f, [](const function& g) {
      return g->averages && (layer_normalisation_of(g) || !local_response_of(g).empty());
    });
  if (part) return computed(computed(a, part), without(f, part));
  const auto varies = [](const function& g) { return g && g->what != kind::number && g->what != kind::each; };
  if (varies(f->first) && varies(f->second)) {
    if (f->what == kind::sub)
      return computed(a, make(kind::add, f->first, make(kind::mul, f->second, number(-1))));
    if (f->what == kind::add || f->what == kind::mul) {
      const int first = computed(a, f->first), second = computed(a, f->second);
      return put_join(f->what == kind::add ? row_kind::sum : row_kind::product, {first, second});
    }
  }
  throw refusal{"this function of a position's channels is no normalisation that this library has"};
}

void translator::lrn() {
  const int a = map_of(in(0));
  const std::int64_t size = integer("size", 0);
  if (size < 1 || size > 4096 || size % 2 == 0)
    throw refusal{"a local response normalisation over " + std::to_string(size) +
                  " channels is not available; their number must be odd"};
  const std::string layer = text_of_local_response(size, real("alpha", static_cast<double>(1e-4F)),
                                                   real("beta", 0.75), real("bias", 1));
  out(map_value(put_plain(layer, a, extent(a))));
}

void translator::softmax() {
  const value v = settled(in(0));
  int a = computed(v);
  const shape s = extent(a);
  const std::size_t axis = axis_of(integer("axis", opset() < 13 ? 1 : -1), v.view.size());
  const auto& x = v.view[axis];
  if (s.spatial() || (!is_whole(x, dim::channel, s.channels) && !(opset() < 13 && axis <= 1)))
    throw refusal{"a softmax is available for a vector of scores only, not for a map or within attention"};
  if (node_->op == "LogSoftmax")
    net_.notes.push_back("the logarithm of the final softmax is left out: its output are probabilities");
  value w = v;
  w.activation = put_plain("softmax", a, s);
  w.f = variable();
  w.logarithm = node_->op == "LogSoftmax";
  out(w);
}

}  // namespace importer
