// SPDX-License-Identifier: MIT
#include "explainer/json.hpp"

#include <filesystem>
#include <utility>

#include "explainer/json_parts.hpp"
#include "salient/io/file.hpp"

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

json map_of(const network_facts& network, const request& asked, const written_map& m,
            const std::filesystem::path& certificate) {
  json result = method_json(network, asked, m.method);
  add_measured(asked, m, result);
  result["picture"] = (asked.out / m.picture).string();
  if (!m.raw.empty()) result["raw"] = (asked.out / m.raw).string();
  result["certificate"] = certificate.string();
  return result;
}

}  // namespace

std::string write_json(const introduction& setup, const network_facts& network, const request& asked,
                       const results& found) {
  json run = network_json(setup, network, asked);
  run["device"] = found.device;
  json pictures = json::array(), failures = json::array();
  for (const explained_picture& p : found.pictures) {
    json maps = json::array();
    for (const written_map& m : p.maps) {
      const std::filesystem::path file =
          asked.out / std::filesystem::path(m.picture).replace_extension(".json");
      maps.push_back(map_of(network, asked, m, file));
      json certificate = run;
      certificate.update(picture_json(p));
      certificate["map"] = maps.back();
      write_file(file, text_of(certificate, 2));
    }
    pictures.push_back(picture_json(p));
    pictures.back()["predictions"] = predictions_json(asked, p.best);
    pictures.back()["maps"] = std::move(maps);
  }
  for (const failed_picture& f : found.failures)
    failures.push_back({{"file", f.file.string()}, {"reason", f.reason}});
  json all = run;
  all["page"] = (asked.out / "index.html").string();
  all["images"] = pictures;
  all["failures"] = failures;
  all["methods_left_out"] = left_out_json(asked);
  return text_of(all, 2);
}

}  // namespace salient::explainer
