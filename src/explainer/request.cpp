// SPDX-License-Identifier: MIT
#include "explainer/request.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <sstream>

#include "explainer/captions.hpp"
#include "explainer/method_options.hpp"
#include "explainer/network_files.hpp"
#include "salient/core/error.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/range_warning.hpp"

namespace salient::explainer {
namespace {

/// The words of the command line, before files are read.
struct wording {
  std::vector<std::string> images;
  std::string methods = "most", base, target, layer, weights, labels, out, write = "pictures";
  std::optional<int> shard_size;
  std::optional<int> resize;
  std::optional<filter> by;
  preprocessing_options preprocessing;
  std::optional<method_options> options;
};

/// What f returns; wrong usage if it throws.
template <class F>
auto usable(const command_line& line, const std::string& option, const F& f) {
  try {
    return f();
  } catch (const error& e) {
    line.wrong_usage(option + e.what());
  }
}

fitting fitting_of(const introduction& setup, const network_facts& network) {
  return explainer::fitting_of(setup.fit, network.images, network.input);
}

constexpr method_kind smooth_kind = kind_of<methods::smooth<>>;

/// The methods that the network can have.
std::string method_names(const network_facts& network, bool with_smooth = true) {
  std::string names;
  for (std::size_t m = 0; m < methods_count; ++m)
    if (network.missing[m].empty() && (with_smooth || method_kind{m} != smooth_kind))
      names += (names.empty() ? "" : ", ") + std::string(all_method_words[m].name);
  return names;
}

void choose_methods(const command_line& line, const std::string& text, const introduction& setup,
                    const network_facts& network, request& r) {
  std::istringstream words(text);
  std::vector<method_kind> all;
  for (std::string word; std::getline(words, word, ',');) {
    std::ranges::replace(word, '-', '_');
    const auto known = std::ranges::find(all_method_words, word, &method_words::name);
    if (word == "all" || word == "most") {
      for (std::size_t m = 0; m < methods_count; ++m) {
        const auto method = static_cast<method_kind>(m);
        if (!network.apply(method))
          r.left_out.push_back({method, network.missing_for(method)});
        else if (word == "most" && words_of(method).slow)
          r.left_out.push_back({method, "minutes for a large network; ask for it by name or by all"});
        else
          all.push_back(method);
      }
    } else if (known == all_method_words.end()) {
      line.wrong_usage("--method '" + word + "' is none of most, all, " + method_names(network));
    } else {
      all.push_back(static_cast<method_kind>(known - all_method_words.begin()));
      if (!network.apply(all.back()))
        line.wrong_usage("--method " + word + " cannot explain " + setup.network + ": it needs " +
                         std::string(network.missing_for(all.back())));
    }
  }
  for (const method_kind m : all)
    if (std::ranges::find(r.methods, m) == r.methods.end()) r.methods.push_back(m);
  std::erase_if(r.left_out, [&](const left_out_method& l) {  // of "most,rise"
    return std::ranges::find(r.methods, l.method) != r.methods.end();
  });
  if (r.methods.empty())
    line.wrong_usage("--method names no method; " + setup.network + " can have " + method_names(network));
}

/// The methods that --layer is for.
std::vector<method_kind> layer_methods(const network_facts& network) {
  std::vector<method_kind> found;
  for (std::size_t m = 0; m < methods_count; ++m)
    if (network.takes_layer[m]) found.push_back(static_cast<method_kind>(m));
  return found;
}

void add_options(command_line& line, const introduction& setup, const network_facts& network, wording& w,
                 request& r) {
  line.list(
      "IMAGE",
      "Pictures: PNG, JPEG or NPY files, folders of them, .txt files with one path on each line, and IDX or "
      "safetensors files of many images, of which FILE#17 is one and FILE#0:1000 are the first thousand" +
          (setup.known.help.empty() ? "" : ". " + setup.known.help),
      w.images);
  line.list("--image IMAGE", "The same", w.images);
  line.option("--method M[,M...]",
              "Methods, or all that suit the network, or most: all but the slowest; " + method_names(network),
              w.methods);
  line.option("--top K", "Explain the K most probable classes", r.top, between(1, network.classes));
  line.option("--target CLASS", "Explain this class instead, a number or a label", w.target);
  add_score_option(line, r.open.asked.score);
  if (network.default_activation > 0)
    line.option("--layer LAYER[,LAYER...]",
                "Module path of the layer for the methods that look at one (default: " +
                    layer_name(network.layers.graph, network.default_activation) +
                    "); of several, the maps are enlarged to the picture and combined",
                w.layer);
  line.heading("Options of single methods");
  w.options.emplace(line, network);
  add_baseline_options(line, network, r.baselines);
  line.option("--base M", "Method that is smoothed (smooth_grad, default gradients)", w.base);
  if (network.default_activation > 0)
    line.choice("--combine", "What is made of the maps of several layers", r.open.asked.combine,
                {{"mean", fusion::mean}, {"maximum", fusion::maximum}});
  line.heading("Files");
  line.option("--weights FILE.safetensors", "The network's weights", w.weights);
  line.option("--labels FILE.txt", "Names of the classes, one on each line", w.labels);
  line.option("--out FOLDER", "Where to write", w.out);
  line.option(
      "--write KIND[,KIND]",
      "pictures: a PNG of each map, and index.html; maps: arrays in shards, and a table, by a run that goes "
      "on where it was interrupted; or both",
      w.write);
  line.option("--shard-size N", "Pictures whose maps are one file (default 256, or as many as make 256 MiB)",
              w.shard_size, between(1, 1'000'000));
  line.flag("--restart",
            "Compute all shards anew, also of another run, whose files in the folder are removed", r.restart);
  line.flag("--raw", "Also write each map as FILE.npy, in float32", r.raw);
  line.flag(
      "--json",
      "Print the results as JSON instead of a table, and write each map's part of it beside its picture",
      r.json);
  line.heading("Pictures");
  add_fitting_options(line, fitting_of(setup, network), w.resize, w.by);
  add_preprocessing_options(line, w.preprocessing);
  line.heading("Devices");
  add_device_options(line, r.device);
  line.option("--batch N", "Pictures that go through the network at a time", r.open.batch, between(1, 4096));
}

void choose_base(const command_line& line, std::string name, const introduction& setup,
                 const network_facts& network, request& r) {
  if (std::ranges::find(r.methods, smooth_kind) == r.methods.end())
    line.wrong_usage("--base needs --method " + std::string(words_of(smooth_kind).name));
  std::ranges::replace(name, '-', '_');
  const auto known = std::ranges::find(all_method_words, name, &method_words::name);
  r.open.asked.base = static_cast<method_kind>(known - all_method_words.begin());
  if (known == all_method_words.end() || r.open.asked.base == smooth_kind)
    line.wrong_usage("--base '" + name + "' is no method that can be smoothed; choose of " +
                     method_names(network, false));
  if (!network.apply(r.open.asked.base))
    line.wrong_usage("--base " + name + " cannot explain " + setup.network + ": it needs " +
                     std::string(network.missing_for(r.open.asked.base)));
}

void choose_layers(const command_line& line, const std::string& text, const network_facts& network,
                   const std::vector<method_kind>& running, request& r) {
  if (std::ranges::none_of(running, [&](method_kind m) { return network.take_layer(m); }))
    line.wrong_usage("--layer needs --method " + names_of(layer_methods(network)));
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    const std::size_t chosen = usable(line, "--layer: ", [&] { return choose_layer(network.layers, word); });
    const int activation = network.layers.choices[chosen].activation;
    if (std::ranges::find(r.open.asked.activations, activation) != r.open.asked.activations.end())
      line.wrong_usage("--layer names " + word + " twice");
    r.open.asked.activations.push_back(activation);
  }
  if (r.open.asked.activations.size() > 1 && network.take_layer(r.open.asked.base) &&
      std::ranges::find(r.methods, smooth_kind) != r.methods.end())
    line.wrong_usage("--base " + std::string(words_of(r.open.asked.base).name) +
                     " smooths the map of one --layer");
}

/// Sets the methods and what is theirs, but for baseline images. Returns those whose options count.
std::vector<method_kind> read_methods(const command_line& line, const introduction& setup,
                                      const network_facts& network, const wording& w, request& r) {
  choose_methods(line, w.methods, setup, network, r);
  std::vector<method_kind> running = r.methods;  // whose options count
  if (line.given("--base")) {
    choose_base(line, w.base, setup, network, r);
    running.push_back(r.open.asked.base);
  }
  w.options->set(line, running, r.open.asked.methods);
  r.open.asked.alignment = w.options->alignment();
  if (!w.layer.empty()) choose_layers(line, w.layer, network, running, r);
  if (network.default_activation > 0 && line.given("--combine") && r.open.asked.activations.size() < 2)
    line.wrong_usage("--combine needs two layers or more: --layer A,B");
  return running;
}

/// The pictures that these names stand for.
picture_list read_pictures(const command_line& line, const known_images& known, shape input,
                           const std::vector<std::string>& names) {
  picture_list pictures;
  for (const std::string& name : names) {
    const auto own =
        known.find ? usable(line, "", [&] { return known.find(name); }) : std::optional<image_range>();
    if (own)
      pictures.add(known.set.string(), *own, known.called);
    else
      add_pictures(name, input, pictures);
  }
  return pictures;
}

constexpr long baseline_bytes = 1L << 30;  // in float32

/// Reads the baselines of methods.
void read_baselines(const command_line& line, const introduction& setup, const network_facts& network,
                    std::span<const method_kind> running, request& r) {
  const auto read = [&](const std::vector<std::string>& names) {
    const picture_list pictures = read_pictures(line, setup.known, network.input, names);
    if (pictures.size() > baseline_bytes / (network.input.elements() * static_cast<long>(sizeof(float))))
      line.wrong_usage("--baseline-images: " + std::to_string(pictures.size()) +
                       " pictures are more than the 1 GiB that they may be");
    picture_reader reader(pictures, network.input, r.open.images.fit, warnings_of(setup.name));
    tensor all(network.input, pictures.size());
    for (long n = 0; n < pictures.size(); ++n) {
      const tensor image = reader.read(n);
      if (salient::out_of_range(std::span<const float>(image.values)))
        warn_of_range(setup.name, "the baseline " + pictures[n].name, image);
      std::ranges::copy(image.values, all.image(n).begin());
    }
    return all;
  };
  set_baselines(line, running, read, r.baselines, r.open.asked.methods);
}

constexpr long most_on_a_page = 1000;
constexpr long shard_bytes = 256L << 20;  // of maps, which are in memory until they are written

/// Sets what is written.
void choose_output(const command_line& line, const wording& w, const network_facts& network, request& r) {
  r.write = {false, false};
  std::istringstream words(w.write);
  for (std::string word; std::getline(words, word, ',');) {
    if (word != "pictures" && word != "maps")
      line.wrong_usage("--write '" + word + "' is none of pictures, maps");
    (word == "maps" ? r.write.maps : r.write.pictures) = true;
  }
  if (!r.write.maps && !r.write.pictures) line.wrong_usage("--write names nothing; give pictures or maps");
  if (!r.write.maps) return line.refuse({"--shard-size", "--restart"}, "needs --write maps");
  line.refuse({"--raw"}, "needs --write pictures, for maps are arrays already");
  const long each =
      network.input.elements() * static_cast<long>(sizeof(float)) * std::ssize(r.methods) * r.top;
  r.shard_size = w.shard_size.value_or(static_cast<int>(std::clamp(shard_bytes / each, 1L, 256L)));
}

}  // namespace

method_words drawn_words(const request& asked, method_kind method) {
  method_words words = words_of(method);
  if (method != smooth_kind) return words;
  const method_words& base = words_of(asked.open.asked.base);
  const bool mean = asked.open.asked.methods.of<methods::smooth<>>().statistic == smooth_statistic::mean;
  words.of_layer = base.of_layer;
  words.non_negative = base.non_negative || !mean;
  words.relative = base.relative && mean;
  return words;
}

int layer_read(const network_facts& network, const request& asked, method_kind method) {
  if (combines_layers(network, asked, method)) return 0;
  return network.read_by(method == smooth_kind ? asked.open.asked.base : method,
                         asked.open.asked.activation());
}

bool combines_layers(const network_facts& network, const request& asked, method_kind method) {
  return asked.open.asked.activations.size() > 1 && network.take_layer(method);
}

request read_request(const introduction& setup, const subject& what, int count,
                     const char* const* arguments) {
  const network_facts& network = what.facts;
  wording w;
  w.weights = setup.weights, w.labels = setup.labels, w.out = setup.name + "-out";
  request r{.labels = class_labels(network.classes)};
  r.device.device = device_kind::cpu_pool;
  r.open.batch = 8;
  const auto& [height, width, channels] = network.input;
  command_line line(
      setup.name,
      "Explains why " + setup.network +
          " sees in a picture what it sees: for each picture, "
          "method and class a PNG, and index.html, a page that shows them all. The network takes " +
          std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels) +
          " pixels and tells " + std::to_string(network.classes) + " classes." +
          (setup.help.empty() ? "" : " " + setup.help));
  add_options(line, setup, network, w, r);
  line.parse(count, arguments);

  if (w.images.empty()) w.images = setup.known.preset;
  if (w.images.empty()) line.wrong_usage("name a picture, a folder of pictures or a list");
  if (w.out.empty()) line.wrong_usage("--out needs the name of a folder");
  if (line.given("--target")) line.refuse({"--top"}, "and --target exclude each other");
  std::vector<method_kind> running = read_methods(line, setup, network, w, r);
  for (const method_kind m : r.methods) r.names.push_back(name_of_maps(network, r, m));
  choose_output(line, w, network, r);
  check_device_options(line, r.device);
  check_preprocessing_options(line, w.preprocessing, network.images, channels, "the network has");
  r.open.images = w.preprocessing.over(network.images);
  r.open.images.fit = fitting_of(setup, network);
  r.open.images.fit.resize = w.resize.value_or(r.open.images.fit.resize);
  r.open.images.fit.filter = w.by.value_or(r.open.images.fit.filter);
  read_baselines(line, setup, network, running, r);
  usable(line, "", [&] {
    running.push_back(r.open.asked.base);
    what.validate(r.open.asked, r.open.batch, running);
  });

  r.open.weights = beside_program(w.weights);
  if (!w.labels.empty()) r.labels = class_labels(beside_program(w.labels), network.classes);
  if (network.sigmoids && r.open.asked.score.value_or(score_kind::logit) != score_kind::logit)
    line.wrong_usage(
        "--score: the scores of this network are probabilities already, of each class by itself");
  if (network.sigmoids) r.open.asked.score = score_kind::logit;
  if (line.given("--target")) r.target = usable(line, "--target: ", [&] { return r.labels.find(w.target); });
  r.out = w.out;
  std::error_code absent;
  for (const std::string& images : w.images)
    if (std::filesystem::is_directory(images, absent) && std::filesystem::equivalent(images, r.out, absent))
      line.wrong_usage(
          "--out " + r.out.string() +
          " is the folder of the pictures, where the next run would explain these maps; name another");
  r.pictures = read_pictures(line, setup.known, network.input, w.images);
  if (!r.write.maps && r.pictures.size() > most_on_a_page)
    line.wrong_usage(std::to_string(r.pictures.size()) + " pictures are too many for a page, which shows " +
                     std::to_string(most_on_a_page) + " at most; give --write maps or --write pictures,maps");
  return r;
}

}  // namespace salient::explainer
