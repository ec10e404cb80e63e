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

values filled(float with) { return values(std::vector{with}); }

bool has_bias(const row& r) {
  return r.bias || std::ranges::any_of(r.folded, [](const affine& a) { return bool(a.shift); });
}

/// The product of the scales that follow.
elements<double> folded_scale(const row& r) {
  std::vector<values> scales;
  for (const affine& a : r.folded)
    if (a.scale) scales.push_back(a.scale);
  return spread(elementwise(std::move(scales),
                            [](std::span<const float> all) {
                              double product = 1;
                              for (const float s : all) product *= static_cast<double>(s);
                              return product;
                            }),
                r.weight_extent[0]);
}

values folded_weight(const row& r) {
  if (r.folded.empty()) return r.weight;
  const std::int64_t each = std::max<std::int64_t>(r.weight.count() / r.weight_extent[0], 1);
  const auto read = [weight = r.weight, scale = folded_scale(r), each](places at, std::span<float> to) {
    weight.read(at, to);
    // Neighbours mostly belong to one output, whose scale is computed once.
    std::vector<std::int64_t> outputs;
    std::vector<std::size_t> output;
    for (const std::int64_t i : at) {
      if (outputs.empty() || outputs.back() != i / each) outputs.push_back(i / each);
      output.push_back(outputs.size() - 1);
    }
    std::vector<double> s(outputs.size());
    scale.read(outputs, s);
    for (std::size_t i = 0; i < at.size(); ++i)
      to[i] = static_cast<float>(static_cast<double>(to[i]) * s[output[i]]);
  };
  return {r.weight.count(), read};
}

values folded_bias(const row& r) {
  std::vector<values> all{r.bias ? r.bias : filled(0)};
  for (const affine& a : r.folded) {
    all.push_back(a.scale ? a.scale : filled(1));
    all.push_back(a.shift ? a.shift : filled(0));
  }
  return spread(elementwise(std::move(all),
                            [](std::span<const float> x) {
                              double b = static_cast<double>(x[0]);
                              for (std::size_t i = 1; i < x.size(); i += 2)
                                b = b * static_cast<double>(x[i]) + static_cast<double>(x[i + 1]);
                              return static_cast<float>(b);
                            }),
                r.weight_extent[0]);
}

}  // namespace

std::vector<parameter> parameters_of(const row& r, int channels) {
  const dimensions one{channels};
  switch (r.kind) {
    case row_kind::convolution:
    case row_kind::dense:
    case row_kind::pointwise: {
      std::vector<parameter> all{{"weight", r.weight_extent, folded_weight(r)}};
      if (has_bias(r)) all.push_back({"bias", {r.weight_extent[0]}, folded_bias(r)});
      return all;
    }
    case row_kind::batch_norm:
      return {{"weight", one, spread(r.weight, channels)},
              {"bias", one, spread(r.bias, channels)},
              {"running_mean", one, spread(r.mean, channels)},
              {"running_var", one, spread(r.variance, channels)}};
    case row_kind::affine:
      if (!r.bias) return {{"", {channels, 1, 1}, spread(r.weight, channels)}};
      return {{"weight", one, spread(r.weight ? r.weight : filled(1), channels)},
              {"bias", one, spread(r.bias, channels)},
              {"running_mean", one, spread(filled(0), channels)},
              {"running_var", one, spread(filled(1), channels)}};
    case row_kind::layer_norm:
      if (!r.weight && !r.bias) return {};
      return {{"weight", one, spread(r.weight ? r.weight : filled(1), channels)},
              {"bias", one, spread(r.bias ? r.bias : filled(0), channels)}};
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
