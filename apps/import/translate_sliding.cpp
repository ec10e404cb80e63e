// SPDX-License-Identifier: MIT

// Convolutions and poolings.

#include <algorithm>
#include <cstddef>

#include "import/translate.hpp"

namespace importer {

using salient::shape;

namespace {

int as_int(std::int64_t n) {
  if (n < -(1 << 24) || n > (1 << 24)) throw refusal{"the number " + std::to_string(n) + " is too large"};
  return static_cast<int>(n);
}

extent2 two(const std::vector<std::int64_t>& n, const char* what) {
  if (n.size() != 2)
    throw refusal{std::string(what) + " has " + std::to_string(n.size()) +
                  " numbers where 2 are expected, for height and width"};
  return {as_int(n[0]), as_int(n[1])};
}

int reach(int kernel, int dilation) { return (kernel - 1) * dilation + 1; }

}  // namespace

sliding translator::window_of(shape s, extent2 kernel) const {
  sliding w;
  w.kernel = kernel;
  w.stride = two(integers("strides", {1, 1}), "strides");
  w.dilation = two(integers("dilations", {1, 1}), "dilations");
  w.ceil_mode = integer("ceil_mode", 0) != 0;
  for (const int n : {w.kernel.height, w.kernel.width, w.stride.height, w.stride.width, w.dilation.height,
                      w.dilation.width})
    if (n < 1 || n > 4096)
      throw refusal{"a kernel, stride or dilation of " + std::to_string(n) + " is not one"};
  const std::string automatic = text("auto_pad", "NOTSET");
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    const auto missing = [](int n, int r, int step) {
      return std::max(((n + step - 1) / step - 1) * step + r - n, 0);
    };
    const int rows = missing(s.height, reach(kernel.height, w.dilation.height), w.stride.height);
    const int columns = missing(s.width, reach(kernel.width, w.dilation.width), w.stride.width);
    const bool upper = automatic == "SAME_UPPER";
    w.padding.top = upper ? rows / 2 : rows - rows / 2;
    w.padding.bottom = rows - w.padding.top;
    w.padding.left = upper ? columns / 2 : columns - columns / 2;
    w.padding.right = columns - w.padding.left;
  } else if (automatic == "NOTSET") {
    const auto pads = integers("pads", {0, 0, 0, 0});
    if (pads.size() != 4)
      throw refusal{"pads has " + std::to_string(pads.size()) + " numbers where 4 are expected"};
    w.padding = {as_int(pads[0]), as_int(pads[1]), as_int(pads[2]), as_int(pads[3])};
  } else if (automatic != "VALID") {
    throw refusal{"auto_pad is " + automatic + ", which is not one of ONNX's"};
  }
  for (const int n : {w.padding.top, w.padding.left, w.padding.bottom, w.padding.right})
    if (n < 0) throw refusal{"a padding is negative"};
  return w;
}

int translator::taken_in(int activation, const border& zeros, sliding& w) {
  const border& p = w.padding;
  const border sum = p + zeros;
  const int rows = reach(w.kernel.height, w.dilation.height),
            columns = reach(w.kernel.width, w.dilation.width);
  const bool fits = !zeros.crops() && zeros.front == 0 && zeros.back == 0 && sum.top < rows &&
                    sum.bottom < rows && sum.left < columns && sum.right < columns;
  if (fits) {
    w.padding = sum;
    return activation;
  }
  value v = map_value(activation);
  const bool own_fits = p.top < rows && p.bottom < rows && p.left < columns && p.right < columns;
  v.zeros = own_fits ? zeros : sum;
  if (!own_fits) w.padding = {};
  return settled(v).activation;
}

shape translator::slid(shape s, const sliding& w, int channels) const {
  const auto length = [&](int n, int r, int step, int before, int after) {
    const int room = n + before + after - r;
    if (room < 0)
      throw refusal{"its input of " + std::to_string(s.height) + "x" + std::to_string(s.width) +
                    " is smaller than its window; give a larger --input-size"};
    int count = room / step + 1;
    if (w.ceil_mode && room % step != 0 && count * step < n + before) ++count;
    return count;
  };
  return {length(s.height, reach(w.kernel.height, w.dilation.height), w.stride.height, w.padding.top,
                 w.padding.bottom),
          length(s.width, reach(w.kernel.width, w.dilation.width), w.stride.width, w.padding.left,
                 w.padding.right),
          channels};
}

void translator::conv() {
  border zeros;
  int a = map_of(in(0), &zeros);
  const constant& weight = known(1);
  if (weight.extent.size() != 4)
    throw refusal{"its weight has " + std::to_string(weight.extent.size()) +
                  " dimensions where 4 are expected, for images"};
  const shape padded{extent(a).height + zeros.top + zeros.bottom, extent(a).width + zeros.left + zeros.right,
                     extent(a).channels};
  row r;
  r.kind = row_kind::convolution;
  r.window = window_of(padded, {as_int(weight.extent[2]), as_int(weight.extent[3])});
  a = taken_in(a, zeros, r.window);
  r.groups = as_int(integer("group", 1));
  const int channels = extent(a).channels, filters = as_int(weight.extent[0]);
  if (r.groups < 1 || channels % r.groups != 0 || filters % r.groups != 0 ||
      weight.extent[1] != channels / r.groups)
    throw refusal{"its weight of " + text_of(weight.extent) + " with " + std::to_string(r.groups) +
                  " groups does not fit " + std::to_string(channels) + " channels"};
  r.inputs = {a};
  r.extent = slid(extent(a), r.window, filters);
  r.weight_extent = weight.extent;
  r.weight = weight.floats;
  if (!r.weight) throw refusal{"its weight holds integers; export the model in float"};
  if (has(2)) {
    const constant& bias = known(2);
    if (bias.count() != filters)
      throw refusal{"its bias has " + std::to_string(bias.count()) + " numbers for " +
                    std::to_string(filters) + " filters"};
    r.bias = bias.floats;
    if (!r.bias) throw refusal{"its bias holds integers; export the model in float"};
  }
  out(map_value(put(std::move(r))));
}

bool translator::is_non_negative(const function& f) {
  for (int i = -100; i <= 100; ++i)
    if (!(f->at(i) >= 0)) return false;
  return true;
}

bool translator::is_non_negative(int activation) const {
  static constexpr const char* positive[] = {"relu",         "relu6",    "sigmoid",
                                             "hard_sigmoid", "clip<0.0", "softplus"};
  static constexpr const char* keeping[] = {"max_pool", "avg_pool",        "global_",
                                            "flatten",  "channel_shuffle", "slice"};
  const auto begins = [](const row& r) {
    return [&r](const char* name) { return r.layer.starts_with(name); };
  };
  while (activation > 0) {
    const row& r = net_.rows[static_cast<std::size_t>(activation) - 1];
    if (r.kind != row_kind::plain) return false;
    if (std::ranges::any_of(positive, begins(r))) return true;
    if (std::ranges::none_of(keeping, begins(r))) return false;
    activation = r.inputs[0];
  }
  return false;
}

void translator::max_pool() {
  if (node_->outputs.size() > 1 && !node_->outputs[1].empty())
    throw refusal{"the places of the largest values (its second output) are not available"};
  border zeros;
  int a = map_of(in(0), &zeros);
  // Zeros lose against values that are not negative, as padding does.
  if (!zeros.empty() && !is_non_negative(a)) {
    a = map_of(in(0));
    zeros = {};
  }
  const extent2 kernel = two(integers("kernel_shape", {}), "kernel_shape");
  sliding w = window_of(
      {extent(a).height + zeros.top + zeros.bottom, extent(a).width + zeros.left + zeros.right, 1}, kernel);
  a = taken_in(a, zeros, w);
  out(map_value(put_plain("max_pool<" + text_of_window(w, false, "") + ">", a,
                          slid(extent(a), w, extent(a).channels))));
}

bool translator::averages_channels() {
  const auto kernel = integers("kernel_shape", {});
  value v = in(0);
  const std::size_t rank = kernel.size();
  if (v.known || v.view.size() != rank + 2) return false;
  std::size_t at = rank;
  for (std::size_t i = 0; i < rank; ++i)
    if (kernel[i] != 1 &&
        std::ranges::any_of(v.view[i + 2], [](const factor& f) { return f.dim == dim::channel; }))
      at = i;
  if (at == rank) return false;
  const auto pads = integers("pads", std::vector<std::int64_t>(2 * rank, 0));
  const auto ones = [](const std::vector<std::int64_t>& n) {
    return std::ranges::all_of(n, [](std::int64_t i) { return i == 1; });
  };
  auto others = kernel;
  others[at] = 1;
  if (!ones(others) || !ones(integers("strides", {1})) || !ones(integers("dilations", {1})) ||
      pads.size() != 2 * rank || text("auto_pad", "NOTSET") != "NOTSET" || kernel[at] > 64)
    throw refusal{"it averages over channels in a way that no local response normalisation has"};
  for (std::size_t i = 0; i < 2 * rank; ++i) {
    const bool outside = pads[i] != 0 && (i % rank != at || integer("count_include_pad", 0) == 0);
    if (outside || pads[i] < 0) throw refusal{"it averages over channels with a padding that does not count"};
  }
  border z = v.zeros;
  z.front += as_int(pads[at]);
  z.back += as_int(pads[at + rank]);
  const int channels = extent(v.activation).channels;
  if (!is_whole(v.view[at + 2], dim::channel, seen(v).channels) ||
      z != border{.front = z.front, .back = z.back} || z.front < 0 || z.back < 0 ||
      z.front + z.back + 1 != kernel[at])
    throw refusal{"it averages over channels in a way that no local response normalisation has"};
  v.zeros = {};
  v.view[at + 2] = {{dim::channel, 1, channels}};
  if (channels == 1) v.view[at + 2].clear();
  v.f = make(pointwise::kind::neighbours, v.f, {}, static_cast<double>(kernel[at]), z.front);
  out(v);
  return true;
}

void translator::average_pool() {
  if (averages_channels()) return;
  border zeros;
  int a = map_of(in(0), &zeros);
  const extent2 kernel = two(integers("kernel_shape", {}), "kernel_shape");
  sliding w = window_of(
      {extent(a).height + zeros.top + zeros.bottom, extent(a).width + zeros.left + zeros.right, 1}, kernel);
  bool counts = integer("count_include_pad", 0) != 0;
  if (!zeros.empty() && !counts && !w.padding.empty()) {
    a = map_of(in(0));  // the zeros count, the padding does not
    zeros = {};
  }
  if (!zeros.empty()) counts = true;
  a = taken_in(a, zeros, w);
  const shape s = extent(a);
  if (w.dilation != extent2{}) throw refusal{"an average pool with dilation is not available"};
  if (kernel == extent2{} && w.stride == extent2{} && w.padding.empty()) return out(map_value(a));
  if (kernel.height == s.height && kernel.width == s.width && w.padding.empty())
    return out(map_value(put_plain("global_avg_pool", a, {1, 1, s.channels})));
  const bool matters = !w.padding.empty() && !counts;
  const std::string more = matters ? ".count_include_pad = false" : "";
  out(map_value(put_plain("avg_pool<" + text_of_window(w, false, more) + ">", a, slid(s, w, s.channels))));
}

void translator::global_pool(const char* layer) {
  const int a = map_of(in(0));
  out(map_value(put_plain(layer, a, {1, 1, extent(a).channels})));
}
void translator::global_average_pool() { global_pool("global_avg_pool"); }
void translator::global_max_pool() { global_pool("global_max_pool"); }

void translator::pad() {
  const std::string mode = text("mode", "constant");
  if (mode != "constant") throw refusal{"padding by " + mode + " is not available; only zeros are"};
  const double filling = has(2) ? (known(2).count() == 0 ? 0 : known(2).number()) : real("value", 0);
  if (filling != 0) throw refusal{"padding with " + text_of(filling) + " is not available; only zeros are"};
  const auto pads = listed("pads", 1);
  if (!pads) throw refusal{"it has no pads"};
  value v = in(0);
  const std::size_t rank = v.view.size();
  std::vector<std::size_t> which;
  if (has(3))
    for (const std::int64_t i : known(3).whole()) which.push_back(axis_of(i, rank));
  else
    for (std::size_t i = 0; i < rank; ++i) which.push_back(i);
  if (pads->size() != 2 * which.size())
    throw refusal{"pads has " + std::to_string(pads->size()) + " numbers for " +
                  std::to_string(which.size()) + " axes"};
  border z;
  const shape s = seen(v);
  for (std::size_t i = 0; i < which.size(); ++i) {
    const int before = as_int((*pads)[i]), after = as_int((*pads)[i + which.size()]);
    if (before == 0 && after == 0) continue;
    const axis& x = v.view[which[i]];
    // A dimension of size 1 has no factor that tells what it is, so channels first is assumed.
    const auto is = [&](dim d, std::int64_t size, std::size_t at) {
      return is_whole(x, d, size) && (size > 1 || (rank == 4 && which[i] == at));
    };
    axis padded;
    if (is(dim::row, s.height, 2)) {
      z.top = before;
      z.bottom = after;
      padded = {{dim::row, 1, s.height + before + after}};
    } else if (is(dim::column, s.width, 3)) {
      z.left = before;
      z.right = after;
      padded = {{dim::column, 1, s.width + before + after}};
    } else if (is(dim::channel, s.channels, 1)) {
      z.front = before;
      z.back = after;
      padded = {{dim::channel, 1, s.channels + before + after}};
    } else {
      throw refusal{"it pads another axis than channels, height and width"};
    }
    if (padded[0].size < 1) throw refusal{"it cuts off a whole axis"};
    if (padded[0].size == 1) padded.clear();
    v.view[which[i]] = padded;
  }
  if (!v.zeros.empty() && z.crops()) {
    // Zeros were added before, and are cut again: in two steps.
    const axes view = v.view;
    v.view = in(0).view;
    v = settled(v);
    v.view = view;
  }
  v.zeros = v.zeros + z;
  for (const int n : {v.zeros.top, v.zeros.left, v.zeros.bottom, v.zeros.right, v.zeros.front, v.zeros.back})
    as_int(n);
  out(v);
}

}  // namespace importer
