// SPDX-License-Identifier: MIT
#include "salient/explainer/run.hpp"

#include <algorithm>
#include <iostream>
#include <numeric>

#include "explainer/files.hpp"
#include "explainer/json.hpp"
#include "explainer/page.hpp"
#include "salient/core/error.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/explainer/range_warning.hpp"
#include "salient/io/file.hpp"
#include "salient/io/image.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"
#include "salient/method/enlarge.hpp"
#include "salient/metric/correlation.hpp"

namespace salient::explainer {
namespace {

constexpr int most_predictions = 5;  // listed, unless more are explained

/// Pictures that were read, and what the network and the methods say of them.
struct batch {
  std::vector<std::filesystem::path> files;
  tensor images;
  std::vector<std::vector<prediction>> best;  // for each picture
  struct asked_class {
    std::vector<int> classes;     // for each picture
    std::vector<answer> answers;  // for each method
  };
  std::vector<asked_class> asked;
};

/// The most probable classes first.
std::vector<prediction> best_of(std::span<const float> scores, int count, bool sigmoids) {
  const std::vector<float> p =
      sigmoids ? std::vector<float>(scores.begin(), scores.end()) : probabilities(scores);
  std::vector<int> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + std::min<std::ptrdiff_t>(count, std::ssize(order));
  std::partial_sort(order.begin(), end, order.end(), [&](int a, int b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)] ||
           (scores[static_cast<std::size_t>(a)] == scores[static_cast<std::size_t>(b)] && a < b);
  });
  std::vector<prediction> result;
  for (auto c = order.begin(); c != end; ++c)
    result.push_back({*c, p[static_cast<std::size_t>(*c)], scores[static_cast<std::size_t>(*c)]});
  return result;
}

/// Where on the image the cells of a method's maps lie, if they are of a layer and not stretched.
std::optional<cell_centres> centres_of_cells(const network_facts& network, const request& asked,
                                             method_kind method) {
  const int layer = layer_read(network, asked, method);
  if (asked.open.asked.alignment == map_alignment::stretch || !drawn_words(asked, method).of_layer ||
      layer <= 0)
    return {};
  const graph_view& graph = network.layers.graph;
  std::vector<receptive_fields> fields(static_cast<std::size_t>(layer) + 1);
  salient::detail::find_fields(graph, 0, layer, fields.data());
  return salient::detail::centres_of(fields.back(), graph.extent(layer), network.input);
}

class explaining {
 public:
  explaining(const introduction& setup, const network_facts& network, const request& asked)
      : setup_(setup), network_(network), asked_(asked), page_(setup, asked) {
    for (const method_kind m : asked.methods) centres_.push_back(centres_of_cells(network, asked, m));
  }

  results run(const subject& what) {
    prepare_folder(asked_.out);
    opening o = asked_.open;
    o.batch = std::min<long>(o.batch, std::ssize(asked_.pictures));
    const auto model = what.open(asked_.device, o);
    results_.device = model->device();
    for (std::size_t first = 0; first < asked_.pictures.size();) first = take(*model, first, o.batch);
    progress_.clear();
    write_file(asked_.out / "index.html", page_.html(results_));
    return std::move(results_);
  }

 private:
  /// Reads pictures from the file `first` on until a batch is full, and explains them. Returns the next file.
  std::size_t take(explained_model& model, std::size_t first, long most) {
    batch b;
    b.images.extent = network_.input;
    for (; first < asked_.pictures.size() && b.images.batch < most; ++first) {
      const auto& [file, known] = asked_.pictures[first];
      try {
        const tensor image =
            known ? setup_.known.read(file.string())
                  : read_image(file, network_.input, asked_.open.images.fit, warnings_of(setup_.name));
        warn_of_range(setup_.name, file.filename().string(), image);
        b.files.push_back(file);
        b.images.values.insert(b.images.values.end(), image.values.begin(), image.values.end());
        ++b.images.batch;
      } catch (const error& e) {
        fail(file, e.what());
      }
    }
    if (b.images.batch > 0) explain(model, std::move(b));
    return first;
  }

  /// Explains a batch and writes its files. If that is refused, as for scores that are not finite, each
  /// picture is tried on its own.
  void explain(explained_model& model, batch b) {
    try {
      ask(model, b);
    } catch (const error& e) {
      if (b.files.size() == 1) return fail(b.files[0], b.files[0].string() + ": " + e.what());
      for (std::size_t n = 0; n < b.files.size(); ++n)
        explain(model, {{b.files[n]}, b.images.slice(static_cast<long>(n), 1), {}, {}});
      return;
    }
    for (std::size_t n = 0; n < b.files.size(); ++n) write(b, n);
    done_ += std::ssize(b.files);
  }

  void ask(explained_model& model, batch& b) {
    const tensor& scores = model.look(b.images);
    const long parts = std::ssize(asked_.pictures) * std::ssize(asked_.methods) * asked_.top;
    long part = done_ * std::ssize(asked_.methods) * asked_.top;
    for (long n = 0; n < b.images.batch; ++n)
      b.best.push_back(best_of(scores.image(n), std::max(asked_.top, most_predictions), network_.sigmoids));
    for (int k = 0; k < asked_.top; ++k) {
      batch::asked_class& one = b.asked.emplace_back();
      for (const auto& best : b.best)
        one.classes.push_back(asked_.target >= 0 ? asked_.target : best[static_cast<std::size_t>(k)].label);
      for (const method_kind m : asked_.methods) {
        progress_.show("explaining pictures by " + std::string(words_of(m).title), part, parts);
        one.answers.push_back(model.explain(m, one.classes));
        part += b.images.batch;
      }
    }
  }

  /// The mean correlation of a method's map with its maps of the other classes of the same picture. None if
  /// one of them is constant.
  static std::optional<double> likeness_to_others(const batch& b, const batch::asked_class& one,
                                                  std::size_t method, long picture) {
    double sum = 0;
    for (const batch::asked_class& other : b.asked) {
      if (&other == &one) continue;
      const auto alike = metrics::pearson<float>(one.answers[method].map.image(picture),
                                                 other.answers[method].map.image(picture));
      if (!alike) return {};
      sum += *alike;
    }
    return sum / static_cast<double>(b.asked.size() - 1);
  }

  /// Writes the files of picture n of a batch, and its part of the page.
  void write(const batch& b, std::size_t n) {
    const std::string name = names_.name_of(b.files[n]);
    explained_picture p{b.files[n], b.best[n], {}};
    std::vector<std::vector<std::uint8_t>> encoded;
    const auto at = static_cast<long>(n);
    for (const batch::asked_class& one : b.asked)
      for (std::size_t m = 0; m < asked_.methods.size(); ++m) {
        const answer& a = one.answers[m];
        const auto map = a.map.image(at);
        const method_words drawn = drawn_words(asked_, asked_.methods[m]);
        const auto [lowest, highest] = std::ranges::minmax(map);
        written_map w{.method = asked_.methods[m],
                      .label = one.classes[n],
                      .value = a.values[n],
                      .lowest = lowest,
                      .highest = highest};
        if (b.asked.size() > 1) w.class_correlation = likeness_to_others(b, one, m, at);
        if (!a.gaps.empty()) w.gap = a.gaps[n];
        if (!a.errors.empty()) w.error = a.errors[n];
        if (!a.evaluations.empty()) w.evaluations = a.evaluations[n];
        const std::string stem =
            name + "." + std::string(words_of(w.method).name) + "." + std::to_string(w.label);
        w.picture = stem + ".png";
        if (asked_.json) w.certificate = stem + ".json";
        encoded.push_back(encode_png(beside_its_map(b.images, at, drawn, a.map, at, centres_[m])));
        write_file(asked_.out / w.picture, encoded.back());
        if (asked_.raw) {
          w.raw = stem + ".npy";
          std::vector<long> dimensions{a.map.extent.height, a.map.extent.width};
          if (!drawn.of_layer || a.map.extent.channels > 1) dimensions.push_back(a.map.extent.channels);
          write_npy(asked_.out / w.raw, {map.begin(), map.end()}, dimensions);
        }
        p.maps.push_back(std::move(w));
      }
    page_.add(p, encode_png(alone(b.images, at)), encoded);
    results_.pictures.push_back(std::move(p));
  }

  void fail(const std::filesystem::path& file, const std::string& reason) {
    progress_.clear();
    report_error(setup_.name, reason);
    results_.failures.push_back({file, reason});
    ++done_;
  }

  const introduction& setup_;
  const network_facts& network_;
  const request& asked_;
  page page_;
  std::vector<std::optional<cell_centres>> centres_;  // of each method's maps
  results results_;
  picture_names names_;
  progress progress_;
  long done_ = 0;  // pictures
};

void print(const request& asked, const results& found) {
  for (const explained_picture& p : found.pictures) {
    std::cout << one_line(p.file.string()) << "\n";
    for (const prediction& b : p.best) {
      const std::string share = percent(b.probability);
      std::cout << std::string(10 - std::min<std::size_t>(share.size(), 10), ' ') << share << "  "
                << asked.labels.text(b.label) << "\n";
    }
    for (const written_map& m : p.maps)
      for (const std::string* file : {&m.picture, &m.raw})
        if (!file->empty()) std::cout << "            " << one_line((asked.out / *file).string()) << "\n";
  }
  for (const auto& [method, needs] : asked.left_out)
    std::cout << "left out    " << words_of(method).name << ", which needs " << needs << "\n";
  std::cout << "device      " << found.device << "\npage        "
            << one_line((asked.out / "index.html").string()) << "\n";
}

}  // namespace

int run(const introduction& setup, const subject& what, int count, const char* const* arguments) {
  bool failed = false;
  const int code = guarded(setup.name, [&] {
    const request asked = read_request(setup, what, count, arguments);
    const results found = explaining(setup, what.facts, asked).run(what);
    failed = !found.failures.empty();
    if (asked.json)
      std::cout << write_json(setup, what.facts, asked, found);
    else
      print(asked, found);
  });
  return code == 0 && failed ? 1 : code;
}

}  // namespace salient::explainer
