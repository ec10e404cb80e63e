// SPDX-License-Identifier: MIT
#include "import/rows.hpp"

#include <algorithm>
#include <cstddef>

#include "import/pointwise.hpp"

namespace importer {
namespace {

std::string text_of(extent2 e) {
  if (e.height == e.width) return std::to_string(e.height);
  return "{" + std::to_string(e.height) + ", " + std::to_string(e.width) + "}";
}

std::string text_of(const border& b) {
  const auto list = [](std::initializer_list<int> numbers) {
    std::string text = "{";
    for (const int n : numbers) text += (text.size() > 1 ? ", " : "") + std::to_string(n);
    return text + "}";
  };
  if (b.top != b.bottom || b.left != b.right) return list({b.top, b.left, b.bottom, b.right});
  return b.top == b.left ? std::to_string(b.top) : list({b.top, b.left});
}

std::vector<float> ones(std::int64_t n) { return std::vector<float>(static_cast<std::size_t>(n), 1.0F); }
std::vector<float> zeros(std::int64_t n) { return std::vector<float>(static_cast<std::size_t>(n), 0.0F); }

float element(const std::vector<float>& of, std::size_t i) { return of.size() == 1 ? of[0] : of.at(i); }

bool has_bias(const row& r) {
  return r.bias || std::ranges::any_of(r.folded, [](const affine& a) { return bool(a.shift); });
}

/// The product of the scales that follow, for each output.
std::vector<double> scales_of(const row& r, std::size_t outputs) {
  std::vector<double> all(outputs, 1.0);
  for (const affine& a : r.folded)
    if (a.scale) {
      const std::vector<float> scale = a.scale();
      for (std::size_t o = 0; o < outputs; ++o) all[o] *= static_cast<double>(element(scale, o));
    }
  return all;
}

std::vector<float> folded_weight(const row& r) {
  std::vector<float> w = r.weight();
  if (r.folded.empty()) return w;
  const auto outputs = static_cast<std::size_t>(r.weight_extent[0]);
  const std::vector<double> scales = scales_of(r, outputs);
  const std::size_t each = outputs == 0 ? 0 : w.size() / outputs;
  for (std::size_t i = 0; i < w.size(); ++i)
    w[i] = static_cast<float>(static_cast<double>(w[i]) * scales[i / each]);
  return w;
}

std::vector<float> folded_bias(const row& r) {
  const auto outputs = static_cast<std::size_t>(r.weight_extent[0]);
  std::vector<double> b(outputs, 0.0);
  if (r.bias) {
    const std::vector<float> own = r.bias();
    for (std::size_t o = 0; o < outputs; ++o) b[o] = static_cast<double>(element(own, o));
  }
  for (const affine& a : r.folded) {
    const std::vector<float> scale = a.scale ? a.scale() : std::vector<float>{1.0F};
    const std::vector<float> shift = a.shift ? a.shift() : std::vector<float>{0.0F};
    for (std::size_t o = 0; o < outputs; ++o)
      b[o] = b[o] * static_cast<double>(element(scale, o)) + static_cast<double>(element(shift, o));
  }
  return {b.begin(), b.end()};
}

values spread(values from, std::int64_t channels) {
  return [from, channels] {
    std::vector<float> v = from();
    if (v.size() == 1) v.resize(static_cast<std::size_t>(channels), v[0]);
    return v;
  };
}

}  // namespace

std::vector<parameter> parameters_of(const row& r, int channels) {
  const dimensions one{channels};
  switch (r.kind) {
    case row_kind::convolution:
    case row_kind::dense:
    case row_kind::pointwise: {
      std::vector<parameter> all{{"weight", r.weight_extent, [&r] { return folded_weight(r); }}};
      if (has_bias(r)) all.push_back({"bias", {r.weight_extent[0]}, [&r] { return folded_bias(r); }});
      return all;
    }
    case row_kind::batch_norm:
      return {{"weight", one, spread(r.weight, channels)},
              {"bias", one, spread(r.bias, channels)},
              {"running_mean", one, spread(r.mean, channels)},
              {"running_var", one, spread(r.variance, channels)}};
    case row_kind::affine:
      if (!r.bias) return {{"", {channels, 1, 1}, spread(r.weight, channels)}};
      return {{"weight", one, r.weight ? spread(r.weight, channels) : [=] { return ones(channels); }},
              {"bias", one, spread(r.bias, channels)},
              {"running_mean", one, [=] { return zeros(channels); }},
              {"running_var", one, [=] { return ones(channels); }}};
    case row_kind::layer_norm:
      if (!r.weight && !r.bias) return {};
      return {{"weight", one, r.weight ? spread(r.weight, channels) : [=] { return ones(channels); }},
              {"bias", one, r.bias ? spread(r.bias, channels) : [=] { return zeros(channels); }}};
    case row_kind::plain:
      if (r.weight) return {{"weight", r.weight_extent, r.weight}};
      return {};
    default:
      return {};
  }
}

std::string text_of_window(const sliding& w, bool convolution, const std::string& more) {
  std::string options;
  const auto add = [&](const std::string& name, const std::string& value) {
    options += (options.empty() ? "." : ", .") + name + " = " + value;
  };
  const extent2 usual = convolution ? extent2{} : w.kernel;
  if (w.stride != usual) add("stride", text_of(w.stride));
  if (!w.padding.empty()) add("padding", text_of(w.padding));
  if (w.dilation != extent2{}) add("dilation", text_of(w.dilation));
  if (w.ceil_mode) add("ceil_mode", "true");
  if (!more.empty()) options += (options.empty() ? "" : ", ") + more;
  const std::string kernel =
      w.kernel.height == w.kernel.width ? text_of(w.kernel) : "size" + text_of(w.kernel);
  return kernel + (options.empty() ? "" : ", with{" + options + "}");
}

std::string text_of(const row& r) {
  const auto outputs = [&] { return std::to_string(r.weight_extent[0]); };
  const std::string unbiased = has_bias(r) ? "" : ", false";
  switch (r.kind) {
    case row_kind::convolution: {
      std::string more = r.groups == 1 ? "" : ".groups = " + std::to_string(r.groups);
      if (!has_bias(r)) more += std::string(more.empty() ? "" : ", ") + ".bias = false";
      return "conv2d<" + outputs() + ", " + text_of_window(r.window, true, more) + ">";
    }
    case row_kind::dense:
      return "dense<" + outputs() + unbiased + ">";
    case row_kind::pointwise:
      return "pointwise<" + outputs() + unbiased + ">";
    case row_kind::affine:
      return r.bias ? "batch_norm<norm{.epsilon = 0}>" : "scale";
    case row_kind::batch_norm:
    case row_kind::layer_norm: {
      std::string options = r.epsilon == 1e-5 || static_cast<float>(r.epsilon) == 1e-5F
                                ? ""
                                : ".epsilon = " + text_of(r.epsilon);
      if (r.kind == row_kind::layer_norm && !r.weight && !r.bias)
        options += std::string(options.empty() ? "" : ", ") + ".affine = false";
      return std::string(r.kind == row_kind::batch_norm ? "batch_norm<" : "layer_norm<") +
             (options.empty() ? "" : "norm{" + options + "}") + ">";
    }
    case row_kind::sum:
      return "sum";
    case row_kind::product:
      return "product";
    case row_kind::concat:
      return "concat";
    case row_kind::plain:
      return r.layer;
  }
  return r.layer;
}

}  // namespace importer
