// SPDX-License-Identifier: MIT
#include "graph/match_tensors.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "core/printable.hpp"
#include "graph/mismatch.hpp"
#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

using table = std::unordered_map<std::string_view, std::size_t>;

table names_of(const tensor_stream& found) {
  table names;
  for (std::size_t i = 0; i < found.headings.size(); ++i) {
    const tensor_heading& t = found.headings[i];
    if (!t.left_out && !names.emplace(t.name, i).second)
      throw error(found.origin + "the weights hold '" + printable(t.name) +
                  "' twice; give each tensor a name of its own");
  }
  return names;
}

/// The prefixes, each ending in a dot, that all names share; shortest first, beginning with the empty one.
/// Their number is limited to the depth of wrapped models: a file's name may consist of dots.
std::vector<std::string_view> shared_prefixes(const table& names) {
  constexpr std::size_t most = 16;
  std::vector<std::string_view> prefixes{""};
  if (names.empty()) return prefixes;
  std::string_view shared = names.begin()->first;
  for (const auto& [name, index] : names) {
    const auto end = std::ranges::mismatch(shared, name).in1;
    shared = shared.substr(0, static_cast<std::size_t>(end - shared.begin()));
  }
  for (std::size_t at = shared.find('.'); at != std::string_view::npos && prefixes.size() < most;
       at = shared.find('.', at + 1))
    prefixes.push_back(shared.substr(0, at + 1));
  return prefixes;
}

/// Matches the tensors by name after removing a prefix.
assignment assign(std::span<const wanted_tensor> wanted, const table& names, std::string_view prefix,
                  std::span<const std::string> unused, std::size_t headings) {
  assignment result{prefix, {}, std::vector<std::optional<std::size_t>>(headings), {}};
  const auto passed_over = [&](std::string_view any) {
    return std::ranges::any_of(unused,
                               [&](const auto& u) { return any.substr(prefix.size()).starts_with(u); });
  };
  std::string name(prefix);
  const auto find = [&](const std::string& rest) {
    const auto at = names.find(name.replace(prefix.size(), std::string::npos, rest));
    return at == names.end() ? std::nullopt : std::optional(at->second);
  };
  std::vector<bool> used(headings);
  constexpr std::string_view mean = "running_mean";
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    const auto at = find(wanted[w].name);
    if (!at) {
      result.missing.push_back(w);
      continue;
    }
    result.wanted[*at] = w;
    used[*at] = true;
    if (!wanted[w].name.ends_with(mean)) continue;
    const std::string module = wanted[w].name.substr(0, wanted[w].name.size() - mean.size());
    if (const auto tracked = find(module + "num_batches_tracked")) used[*tracked] = true;
  }
  for (const auto& [any, index] : names)
    if (!used[index] && !passed_over(any)) result.surplus.push_back(index);
  return result;
}

}  // namespace

std::vector<std::optional<std::size_t>> match_tensors(std::span<const wanted_tensor> wanted,
                                                      const tensor_stream& found,
                                                      std::span<const std::string> unused) {
  const table names = names_of(found);
  std::optional<assignment> best;
  for (const std::string_view prefix : shared_prefixes(names)) {
    assignment tried = assign(wanted, names, prefix, unused, found.headings.size());
    const bool fits = tried.fits();
    if (!best || fits || tried.missing.size() < best->missing.size()) best = std::move(tried);
    if (fits) break;
  }
  refuse_mismatch(wanted, found, *best);
  return std::move(best->wanted);
}

}  // namespace salient::detail
