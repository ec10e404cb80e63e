// SPDX-License-Identifier: MIT
#include "explainer/json.hpp"

#include <nlohmann/json.hpp>

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

json class_of(const class_labels& labels, int c) {
  json result{{"class", c}};
  if (!labels.label(c).empty()) result["label"] = labels.label(c);
  return result;
}

json map_of(const request& asked, const written_map& m) {
  json result{{"method", words_of(m.method).name}};
  result.update(class_of(asked.labels, m.label));
  result[name_of(asked.open.score)] = m.value;
  if (m.gap) result["completeness_gap"] = *m.gap;  // null if infinite
  result["lowest"] = m.lowest;
  result["highest"] = m.highest;
  result["picture"] = (asked.out / m.picture).string();
  if (!m.raw.empty()) result["raw"] = (asked.out / m.raw).string();
  return result;
}

}  // namespace

std::string json_of(const introduction& setup, const request& asked, const results& found) {
  json pictures = json::array(), failures = json::array(), left_out = json::array();
  for (const explained_picture& p : found.pictures) {
    json best = json::array(), maps = json::array();
    for (const prediction& b : p.best) {
      best.push_back(class_of(asked.labels, b.label));
      best.back()["probability"] = b.probability;
      best.back()["logit"] = b.score;
    }
    for (const written_map& m : p.maps) maps.push_back(map_of(asked, m));
    pictures.push_back({{"file", p.file.string()}, {"predictions", best}, {"maps", maps}});
  }
  for (const failed_picture& f : found.failures)
    failures.push_back({{"file", f.file.string()}, {"reason", f.reason}});
  for (const method_kind m : asked.left_out)
    left_out.push_back({{"method", words_of(m).name}, {"needs", words_of(m).needs}});
  const json all{{"network", setup.network},    {"weights", asked.open.weights.string()},
                 {"device", found.device},      {"page", (asked.out / "index.html").string()},
                 {"images", pictures},          {"failures", failures},
                 {"methods_left_out", left_out}};
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace salient::explainer
