// SPDX-License-Identifier: MIT
#include "evidence/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "evidence/comparisons.hpp"
#include "evidence/times.hpp"

namespace salient::evidence {
namespace {

constexpr const char* gap = "\u00a0";  // a space at which no line breaks
constexpr const char* dash = "\u2013";

/// Without a sign before zero.
std::string rounded(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  const bool zero = std::string_view(text).find_first_not_of("-0.") == std::string_view::npos;
  return zero && text[0] == '-' ? text + 1 : text;
}

std::string place_text(const network_results& n, std::size_t m, figure f) {
  const int rank = rank_of(n, m, f);
  return rank > 0 ? gap + ("#" + std::to_string(rank)) : "";
}

std::string left_out_text(const metrics::estimate& e) {
  return e.mean && e.undefined > 0 ? gap + ("[" + std::to_string(e.undefined) + "]") : "";
}

std::string title_of(std::size_t method) { return std::string(all_measurable()[method].words.title); }

/// Three networks' columns are wider than the text.
table by_network(const results& r) {
  table t{"", {"Method"}, {}, r.networks.size() > 2};
  for (const network_results& n : r.networks) t.header.push_back(n.name);
  return t;
}

}  // namespace

table summary_table(const results& r) {
  table t{"", {"Method"}, {}, true};
  for (const claim& c : all_claims) t.header.emplace_back(c.title);
  for (const std::size_t m : r.methods) {
    std::vector<std::string> row{title_of(m)};
    for (const claim& c : all_claims) {
      const std::string_view word = word_on_all(r, m, c);
      row.emplace_back(word.empty() ? dash : word);
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

std::string cell_text(const metrics::estimate& e) {
  if (!e.mean) return dash;
  const double size = std::abs(*e.mean);
  if (!e.within) return rounded(*e.mean, 2);
  const double below = *e.mean - e.within->low, above = e.within->high - *e.mean;
  if (below == 0 && above == 0) return rounded(*e.mean, size == std::floor(size) ? 0 : 2);  // counted
  const double half = (below + above) / 2;
  const int digits = half < 0.01 ? 3 : size < 10 ? 2 : 1;
  const std::string mean = rounded(*e.mean, digits), less = rounded(below, digits),
                    more = rounded(above, digits);
  if (less == more) return mean + gap + "±" + gap + less;
  return mean + gap + "(" + rounded(e.within->low, digits) + gap + "to" + gap +
         rounded(e.within->high, digits) + ")";
}

table claim_table(const results& r, const claim& c) {
  table t = by_network(r);
  for (const std::size_t m : r.methods) {
    std::vector<std::string> row{title_of(m)};
    bool any = false;
    for (const network_results& n : r.networks) {
      if (!n.methods[m]) {
        row.emplace_back(dash);
        continue;
      }
      const auto e = estimate_of(*n.methods[m], c.stands);
      any = any || e.mean;
      const std::string_view word = word_of(judge(c.holds, e));
      row.push_back(word.empty() ? dash
                                 : std::string(word) + gap + cell_text(e) + place_text(n, m, c.stands) +
                                       left_out_text(e));
    }
    if (any) t.rows.push_back(std::move(row));
  }
  return t;
}

table figures_table(const results& r, const network_results& n) {
  table t{"", {"Method"}, {}, true};
  for (const figure_words& f : all_figures) t.header.emplace_back(f.title);
  for (const std::size_t m : r.methods) {
    if (!n.methods[m]) continue;
    std::vector<std::string> row{title_of(m)};
    for (std::size_t f = 0; f < figures_count; ++f) {
      const auto e = estimate_of(*n.methods[m], figure{f});
      row.push_back(cell_text(e) + (e.mean ? place_text(n, m, figure{f}) : "") + left_out_text(e));
    }
    t.rows.push_back(std::move(row));
  }
  std::vector<std::string> chance{"Random values"};
  for (std::size_t f = 0; f < figures_count; ++f)
    chance.push_back(cell_text(estimate_of(n.control, figure{f})));
  t.rows.push_back(std::move(chance));
  return t;
}

table comparisons_table(const results& r) {
  table t = by_network(r);
  t.header[0] = "Comparison";
  for (const comparison& c : all_comparisons()) {
    std::vector<std::string> row{title_of(place_of(c.method)) + " " + std::string(c.sentence)};
    bool any = false;
    for (const network_results& n : r.networks) {
      const std::string_view word = word_of(judge(n, c));
      any = any || !word.empty();
      row.push_back(word.empty() ? dash : std::string(word) + gap + cell_text(difference_of(n, c)));
    }
    if (any) t.rows.push_back(std::move(row));
  }
  return t;
}

table slow_table(const results& r) {
  table t = by_network(r);
  for (const std::size_t m : r.methods) {
    std::vector<std::string> row{title_of(m)};
    for (const network_results& n : r.networks) {
      const auto factor = n.methods[m] ? slowness(n, m) : metrics::estimate{};
      const std::string_view word = word_of(judge(slow_rule, factor));
      row.push_back(word.empty() ? dash : std::string(word) + gap + cell_text(factor));
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

table times_table(const results& r) {
  table t = by_network(r);
  for (const std::size_t m : r.methods) {
    std::vector<std::string> row{title_of(m)};
    for (const network_results& n : r.networks) {
      const auto time = n.methods[m] ? median_time(n.methods[m]->milliseconds) : std::nullopt;
      row.push_back(time ? rounded(*time, *time < 10 ? 2 : 0) + gap + "ms," + gap +
                               rounded(static_cast<double>(n.methods[m]->bytes) / (1 << 20), 2) + gap + "MiB"
                         : dash);
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

}  // namespace salient::evidence
