// SPDX-License-Identifier: MIT
#include "evidence/options.hpp"

#include <algorithm>

#include "explainer/network_files.hpp"
#include "salient/method/list.hpp"

namespace salient::evidence {
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
std::vector<std::size_t> places(const explainer::command_line& line, const std::string& flag,
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

/// Options of a program that measures one network on the user's pictures.
struct picture_options {
  std::optional<int> resize;
  std::optional<filter> by;
  explainer::preprocessing_options preprocessing;
};

void add_picture_options(explainer::command_line& line, const introduction& setup, request& r,
                         picture_options& p) {
  const candidate& network = setup.networks[0];
  line.list("IMAGE",
            "Pictures: PNG, JPEG or NPY files, folders of them, and .txt files with one path on each line. A "
            "folder may hold a folder for each class, named by its number or label: these are the classes of "
            "the pictures in them",
            r.pictures);
  line.option("--weights FILE.safetensors", "The network's weights", r.weights);
  line.option("--labels FILE.txt", "Names of the classes, one on each line", r.labels);
  explainer::add_fitting_options(line, explainer::fitting_of(setup.fit, network.images, network.input),
                                 p.resize, p.by);
  explainer::add_preprocessing_options(line, p.preprocessing);
}

void take_picture_options(const explainer::command_line& line, const introduction& setup,
                          const picture_options& p, request& r) {
  const candidate& network = setup.networks[0];
  if (r.pictures.empty()) line.wrong_usage("name a picture, a folder of pictures or a list");
  explainer::check_preprocessing_options(line, p.preprocessing, network.images, network.input.channels,
                                         "the network has");
  r.reads = p.preprocessing.over(network.images);
  r.reads.fit = explainer::fitting_of(setup.fit, network.images, network.input);
  r.reads.fit.resize = p.resize.value_or(r.reads.fit.resize);
  r.reads.fit.filter = p.by.value_or(r.reads.fit.filter);
}

void add_network_option(explainer::command_line& line, const introduction& setup, request& r) {
  std::vector<std::string> names;
  for (const candidate& c : setup.networks) names.push_back(c.name);
  line.option("--networks NAME[,NAME...]",
              "The classifiers, of " + listed(names) + " (default " +
                  (setup.preset.empty() ? "all" : listed(setup.preset)) + ")",
              [&line, &r, names](const std::string& text) {
                r.networks = places(line, "--networks", text, "network", names);
              });
}

}  // namespace

request parse(const introduction& setup, int count, const char* const* arguments) {
  const bool known = setup.known.count > 0;
  explainer::command_line line(setup.name,
                               "Measures on " + (known ? "real " + setup.known.noun : "your pictures") +
                                   " what is said of saliency methods: noisy, full resolution, "
                                   "class discriminative, and more. Writes a "
                                   "page and a JSON with every figure, its 95 % interval, and "
                                   "whether each claim holds. A run that was "
                                   "interrupted goes on where it was, from the folder FILE.parts.");
  request r;
  std::vector<std::string> methods;
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n < setup.networks.size(); ++n)
    if (!known || setup.preset.empty() ||
        std::ranges::find(setup.preset, setup.networks[n].name) != setup.preset.end())
      r.networks.push_back(n);
  for (const method_words& m : all_method_words) {
    all.push_back(methods.size());
    if (!m.slow) r.methods.push_back(methods.size());
    methods.emplace_back(m.name);
  }
  r.where.device = explainer::device_kind::cpu_pool;
  r.weights = setup.networks[0].weights;
  r.labels = setup.labels;
  std::string page = r.page.string();
  picture_options pictures;

  if (known)
    add_network_option(line, setup, r);
  else
    add_picture_options(line, setup, r, pictures);
  line.option("--methods NAME[,NAME...]",
              "The methods, of " + listed(methods) + ", or all (default: all but the slowest)",
              [&](const std::string& text) {
                r.methods = text == "all" ? all : places(line, "--methods", text, "method", methods);
              });
  if (known)
    line.option("--images N", "How many " + setup.known.noun + ", drawn at random", r.images,
                explainer::between(2, static_cast<double>(setup.known.count)));
  else
    line.option("--images N", "The most pictures; of more, these are drawn at random", r.images,
                explainer::between(2, 1'000'000));
  line.option("--seed N", "Decides which images, and every other random number", r.seed,
              explainer::between(0, 1'000'000'000));
  line.option("--out FILE.html", "The page; figures for programs go to FILE.json", page);
  explainer::add_device_options(line, r.where);
  line.parse(count, arguments);
  explainer::check_device_options(line, r.where);
  if (!known) take_picture_options(line, setup, pictures, r);
  r.page = page;
  if (!r.page.has_filename() || (r.page.extension() != ".html" && r.page.extension() != ".htm"))
    line.wrong_usage("--out '" + page + "' is not the name of an HTML file such as evidence.html");
  return r;
}

}  // namespace salient::evidence
