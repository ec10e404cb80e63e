// SPDX-License-Identifier: MIT
#include "explainer/shard_writer.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "explainer/files.hpp"
#include "explainer/json_parts.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/file.hpp"
#include "salient/io/safetensors.hpp"

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_told = 100;  // failures of a shard on stderr; the table has them all

json maps_json(const request& asked, const std::string& pictures, const explained_picture& p) {
  json maps = json::array();
  for (const written_map& m : p.maps) {
    json map{{"method", words_of(m.method).name}, {"tensor", m.name.part}};
    add_measured(asked, m, map);
    if (!m.picture.empty()) map["picture"] = pictures + "/" + m.picture;
    maps.push_back(std::move(map));
  }
  return maps;
}

tensor_source source_of(std::string name, std::vector<long> dimensions, const std::vector<float>& values) {
  return {std::move(name), std::move(dimensions), [&values](std::size_t first, std::span<float> to) {
            std::ranges::copy(std::span(values).subspan(first, to.size()), to.begin());
          }};
}

}  // namespace

struct shard_writer::content {
  std::vector<std::int64_t> index, classes;
  std::vector<float> scores;
  int scores_each = 0;
  std::vector<shape> extents;            // of each method's maps
  std::vector<std::vector<float>> maps;  // of each method
  std::vector<std::string> lines;        // of each picture
  std::vector<failed_picture> failures{};
  std::optional<page> shown{};
};

shard_writer::shard_writer(const introduction& setup, const network_facts& network, const request& asked,
                           const shard_folder& folder, explained_model& model)
    : setup_(setup),
      asked_(asked),
      folder_(folder),
      explaining_(setup, network, asked, model),
      pictures_(network, asked) {}

void shard_writer::write(long number, const progress_handler& progress) {
  const shard s = folder_.at(number);
  content c;
  c.maps.resize(asked_.methods.size());
  c.lines.resize(static_cast<std::size_t>(s.end - s.first));
  if (asked_.write.pictures) {
    prepare_folder(folder_.pictures(number));
    c.shown.emplace(setup_, asked_);
  }
  explaining_.explain(s.first, s.end,
                      {.explained = [&](const explained_batch& b) { take(s, b, c); },
                       .failed =
                           [&](long picture, const std::string& reason) {
                             const std::string name = asked_.pictures[picture].name;
                             if (c.failures.size() < most_told) report_error(setup_.name, reason);
                             c.failures.push_back({name, reason});
                             c.lines[static_cast<std::size_t>(picture - s.first)] =
                                 text_of({{"image", picture}, {"file", name}, {"error", reason}}, -1);
                           },
                       .progress = progress});
  write_maps(s, c);
  std::string table;
  for (const std::string& line : c.lines) table += line;
  write_file(folder_.table(number), std::string_view(table));
  if (c.shown)
    write_file(folder_.pictures(number) / "index.html",
               std::string_view(c.shown->html(
                   {.device = arithmetic_of(asked_.device), .pictures = {}, .failures = c.failures})));
  folder_.complete(number, std::ssize(c.index));
}

void shard_writer::take(const shard& s, const explained_batch& b, content& to) const {
  to.scores_each = static_cast<int>(b.scores.extent.elements());
  to.scores.insert(to.scores.end(), b.scores.values.begin(), b.scores.values.end());
  to.extents.clear();
  for (std::size_t m = 0; m < to.maps.size(); ++m) {
    to.extents.push_back(b.asked[0].answers[m].map.extent);
    to.maps[m].reserve(to.lines.size() * b.asked.size() * static_cast<std::size_t>(to.extents[m].elements()));
  }
  for (std::size_t n = 0; n < b.numbers.size(); ++n) {
    const long picture = b.numbers[n];
    for (const explained_batch::asked_class& one : b.asked) {
      to.classes.push_back(one.classes[n]);
      for (std::size_t m = 0; m < to.maps.size(); ++m) {
        const auto map = one.answers[m].map.image(static_cast<long>(n));
        to.maps[m].insert(to.maps[m].end(), map.begin(), map.end());
      }
    }
    explained_picture p = facts_of(asked_, b, n);
    if (to.shown) draw(s, b, n, p, to);
    json line{{"image", picture}};
    line.update(picture_json(p));
    line["shard"] = s.number;
    line["row"] = to.index.size();
    line["predictions"] = predictions_json(asked_, p.best);
    line["maps"] = maps_json(asked_, folder_.pictures(s.number).filename().string(), p);
    to.lines[static_cast<std::size_t>(picture - s.first)] = text_of(line, -1);
    to.index.push_back(picture);
  }
}

void shard_writer::draw(const shard& s, const explained_batch& b, std::size_t n, explained_picture& p,
                        content& to) const {
  const std::string stem =
      std::to_string(b.numbers[n]) + "-" + picture_names().name_of(asked_.pictures[b.numbers[n]].stem);
  pictures_.write(folder_.pictures(s.number), stem, b, n, p, *to.shown);
}

void shard_writer::write_maps(const shard& s, const content& c) const {
  const long rows = std::ssize(c.index);
  const auto dimensions = [&](std::vector<long> more) {
    std::vector<long> all{rows};
    if (asked_.top > 1) all.push_back(asked_.top);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  std::vector<tensor_source> tensors{{"index", {rows}, {}, c.index},
                                     {"classes", dimensions({}), {}, c.classes}};
  if (rows > 0) {
    tensors.push_back(source_of("scores", {rows, c.scores_each}, c.scores));
    for (std::size_t m = 0; m < c.maps.size(); ++m) {
      const shape& e = c.extents[m];
      tensors.push_back(
          source_of(asked_.names[m].part, dimensions({e.height, e.width, e.channels}), c.maps[m]));
    }
  }
  write_safetensors_stream(folder_.maps(s.number), tensors,
                           {{"first", std::to_string(s.first)},
                            {"images", std::to_string(s.end - s.first)},
                            {"run", folder_.run_hash()}});
}

}  // namespace salient::explainer
