// SPDX-License-Identifier: MIT
#include "evidence/options.hpp"

#include <algorithm>

#include "networks.hpp"
#include "paths.hpp"
#include "salient/method/list.hpp"

namespace evidence {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t from = 0, to = 0; to != std::string::npos; from = to + 1) {
    to = text.find(',', from);
    words.push_back(text.substr(from, to == std::string::npos ? to : to - from));
  }
  return words;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : ", ") + w;
  return text;
}

/// Places in `known` of the words of a list, sorted and each once.
std::vector<std::size_t> places(const apps::command_line& line, const std::string& flag,
                                const std::string& text, const std::string& kind,
                                const std::vector<std::string>& known) {
  std::vector<std::size_t> found;
  for (const std::string& word : split(text)) {
    const auto at = std::ranges::find(known, word);
    if (at == known.end())
      line.wrong_usage(flag + ": there is no " + kind + " '" + word + "'; choose of " + listed(known));
    found.push_back(static_cast<std::size_t>(at - known.begin()));
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

}  // namespace

request parse(apps::command_line& line, int count, const char* const* arguments) {
  request r;
  std::vector<std::string> networks, methods;
  std::vector<std::size_t> all;
  boost::hana::for_each(salient::digits::networks, [&](const auto& e) { networks.emplace_back(e.name); });
  for (const salient::method_words& m : salient::all_method_words) {
    all.push_back(methods.size());
    if (!m.slow) r.methods.push_back(methods.size());
    methods.emplace_back(m.name);
  }
  r.where.device = apps::device_kind::cpu_pool;
  std::string page = r.page.string();

  line.option("--networks NAME[,NAME...]",
              "The classifiers, of " + listed(networks) + " (default " + listed(r.networks) + ")",
              [&](const std::string& text) {
                r.networks.clear();
                for (const std::size_t n : places(line, "--networks", text, "network", networks))
                  r.networks.push_back(networks[n]);
              });
  line.option("--methods NAME[,NAME...]",
              "The methods, of " + listed(methods) + ", or all (default: all but the slowest)",
              [&](const std::string& text) {
                r.methods = text == "all" ? all : places(line, "--methods", text, "method", methods);
              });
  line.option("--images N", "Test digits, drawn at random", r.images,
              apps::between(2, static_cast<double>(apps::test_digits_count)));
  line.option("--seed N", "Decides which digits, and every other random number", r.seed,
              apps::between(0, 1'000'000'000));
  line.option("--out FILE.html", "The page; figures for programs go to FILE.json", page);
  apps::add_device_options(line, r.where);
  line.parse(count, arguments);
  apps::check_device_options(line, r.where);
  r.page = page;
  if (!r.page.has_filename() || (r.page.extension() != ".html" && r.page.extension() != ".htm"))
    line.wrong_usage("--out '" + page + "' is not the name of an HTML file such as evidence.html");
  return r;
}

}  // namespace evidence
