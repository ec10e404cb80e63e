// SPDX-License-Identifier: MIT
#include "graph/mismatch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "core/printable.hpp"
#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

using dimensions = std::vector<long>;

constexpr std::string_view same_network =
    "; use the weights of this very network, or declare the network they are of";

std::string text_of(const dimensions& d) {
  std::string result;
  for (const long n : d) result += (result.empty() ? "" : "x") + std::to_string(n);
  return result.empty() ? "a scalar" : printable(result);
}

std::string quoted(std::string_view name) { return "'" + printable(name) + "'"; }

/// "3" and "weight" of "3.weight".
std::string_view module_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return name.substr(0, dot == std::string_view::npos ? 0 : dot);
}
std::string_view leaf_of(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// Diagnoses why the weights do not match. Causes are tried in a fixed order, the likeliest first.
class diagnosis {
 public:
  diagnosis(std::span<const wanted_tensor> wanted, const tensor_stream& found, const assignment& by_name)
      : wanted_(wanted), found_(found), by_name_(by_name), surplus_(by_name.surplus) {
    // Natural order: "4.weight" before "10.weight".
    std::ranges::sort(surplus_, {},
                      [&](std::size_t i) { return std::tuple(name(i).size(), std::string_view(name(i))); });
  }

  void refuse() const {
    refuse_batch_norms();
    for (const std::size_t w : by_name_.missing) refuse_missing(wanted_[w]);
    std::vector<const tensor_heading*> ours(wanted_.size());
    for (std::size_t i = 0; i < by_name_.wanted.size(); ++i)
      if (by_name_.wanted[i]) ours[*by_name_.wanted[i]] = &found_.headings[i];
    for (std::size_t w = 0; w < wanted_.size(); ++w) refuse_misfit(*ours[w], wanted_[w]);
    refuse_surplus();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw error(found_.origin + what); }

  const std::string& name(std::size_t i) const { return found_.headings[i].name; }

  /// Reports a whole batch norm that the network does not have, instead of one of its up to five tensors.
  /// Skipped if the network lacks statistics of its own: then a batch norm only has another name.
  void refuse_batch_norms() const {
    constexpr std::string_view statistics[] = {"running_mean", "running_var", "num_batches_tracked"};
    const auto is_statistic = [&](std::string_view n) {
      return std::ranges::find(statistics, leaf_of(n)) != std::end(statistics);
    };
    if (std::ranges::any_of(by_name_.missing, [&](std::size_t w) { return is_statistic(wanted_[w].name); }))
      return;
    const auto first = std::ranges::find_if(surplus_, [&](std::size_t i) { return is_statistic(name(i)); });
    if (first == surplus_.end()) return;
    const std::string_view norm = module_of(name(*first));
    std::set<std::string_view> norms;
    std::string tensors;
    for (const std::size_t i : surplus_) {
      if (is_statistic(name(i))) norms.insert(module_of(name(i)));
      if (module_of(name(i)) == norm) tensors += (tensors.empty() ? "" : ", ") + printable(leaf_of(name(i)));
    }
    const std::string others = norms.size() == 1
                                   ? " is a batch norm"
                                   : " and " + std::to_string(norms.size() - 1) + " more are batch norms";
    fail("in the weights " + quoted(norm) + others + " (" + tensors +
         "), which the network does not have; declare batch_norm<> there, or fold each into the layer before "
         "it, as torch.nn.utils.fusion.fuse_conv_bn_eval does");
  }

  [[noreturn]] void refuse_missing(const wanted_tensor& w) const {
    const std::string looked_for =
        quoted(w.name) + ", which " + w.owner + " expects as " + text_of(w.dimensions);
    if (found_.headings.empty())
      fail("the weights hold no tensors, not even " + looked_for + "; export the network again");
    if (const auto other = stand_in(w))
      fail("the weights have " + described(*other) + " where " + w.owner + " looks for " + quoted(w.name) +
           " (" + text_of(w.dimensions) +
           "); declare the layers that the weights are of, or give load a function that renames tensors");
    if (leaf_of(w.name) == "bias" && surplus_.empty())
      fail("the weights lack " + looked_for + "; declare the layer without a bias, or export the bias too");
    fail("the weights lack " + looked_for + (surplus_.empty() ? "" : ", and have " + listed()) +
         std::string(same_network));
  }

  /// An unmatched tensor that could be this one: of the same kind and, if possible, of the same dimensions.
  std::optional<std::size_t> stand_in(const wanted_tensor& w) const {
    std::optional<std::size_t> best;
    for (const std::size_t i : surplus_) {
      if (leaf_of(name(i)) != leaf_of(w.name)) continue;
      if (found_.headings[i].dimensions == w.dimensions) return i;
      if (!best) best = i;
    }
    return best;
  }

  void refuse_misfit(const tensor_heading& t, const wanted_tensor& w) const {
    const std::string start = "the weights' " + quoted(t.name) + " ";
    if (t.dimensions != w.dimensions) {
      const bool permuted = std::ranges::is_permutation(t.dimensions, w.dimensions);
      const std::string order =
          w.dimensions.size() == 2 ? "outputs x inputs" : "filters x channels x height x width";
      fail(start + "is " + text_of(t.dimensions) + ", but " + w.owner + " expects " + text_of(w.dimensions) +
           (permuted ? "; transpose it to PyTorch's order, " + order : std::string(same_network)));
    }
    if (!t.unread_type.empty())
      fail(start + "holds values of type " + printable(t.unread_type) + ", but " + w.owner +
           " expects floats; convert it to float32");
  }

  void refuse_surplus() const {
    if (surplus_.empty()) return;
    const bool one = surplus_.size() == 1;
    fail("the weights have " + listed() + (one ? ", which belongs" : ", which belong") +
         " to no layer of this network; declare the network that the weights are of, or leave " +
         (one ? "it" : "them") + " out by giving load a function that renames to nothing");
  }

  std::string described(std::size_t i) const {
    return quoted(name(i)) + " (" + text_of(found_.headings[i].dimensions) + ")";
  }

  /// "'7.weight' (3x4), '7.bias' (3) and 12 more"
  std::string listed() const {
    constexpr std::size_t most = 2;
    std::string text;
    for (std::size_t k = 0; k < std::min(most, surplus_.size()); ++k)
      text += (text.empty() ? "" : ", ") + described(surplus_[k]);
    return text + (surplus_.size() > most ? " and " + std::to_string(surplus_.size() - most) + " more" : "");
  }

  std::span<const wanted_tensor> wanted_;
  const tensor_stream& found_;
  const assignment& by_name_;
  std::vector<std::size_t> surplus_;
};

}  // namespace

void refuse_mismatch(std::span<const wanted_tensor> wanted, const tensor_stream& found,
                     const assignment& by_name) {
  diagnosis(wanted, found, by_name).refuse();
}

}  // namespace salient::detail
