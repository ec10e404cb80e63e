// SPDX-License-Identifier: MIT
#include "explainer/run_in_shards.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "explainer/files.hpp"
#include "explainer/json_parts.hpp"
#include "explainer/shard_folder.hpp"
#include "explainer/shard_writer.hpp"
#include "io/sha256.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/io/file.hpp"
#include "salient/view/report.hpp"

namespace salient::explainer {
namespace {

using json = nlohmann::ordered_json;

constexpr int format = 1;  // to be raised when a file comes to mean something else

std::string hash_of(const class_labels& labels, int classes) {
  std::string all;
  for (int c = 0; c < classes; ++c) all += labels.text(c) + "\n";
  return salient::detail::sha256(all);
}

/// All that the bytes of the files depend on, but for the content of the pictures.
json run_of(const introduction& setup, const network_facts& network, const request& asked) {
  json run{{"program", "a salient explainer"}, {"format", format}};
  run.update(network_json(setup, network, asked));
  if (run["weights_sha256"].is_null())
    throw error(asked.open.weights.string() +
                ": is no file, by whose hash a run in shards would be recognised; name one with --weights");
  run["weights"] = asked.open.weights.filename().string();
  run["arithmetic"] = arithmetic_of(asked.device);
  run["labels_sha256"] = hash_of(asked.labels, network.classes);
  run["top"] = asked.top;
  run["target"] = asked.target < 0 ? json() : json(asked.target);
  run["methods"] = json::array();
  for (const method_kind m : asked.methods) run["methods"].push_back(method_json(network, asked, m));
  run["methods_left_out"] = left_out_json(asked);
  run["images"] = {{"count", asked.pictures.size()}, {"names_sha256", asked.pictures.hash()}};
  run["batch"] = asked.open.batch;
  run["shard_size"] = asked.shard_size;
  run["write"] = asked.write.pictures ? "pictures,maps" : "maps";
  return run;
}

/// The page that links to those of the shards.
void write_contents(const introduction& setup, const request& asked, const shard_folder& folder) {
  report page("What " + setup.network + " sees");
  page.lead("Each page shows some of the pictures, in the order of their numbers.");
  std::vector<fact> pages;
  for (long n = 0; n < folder.shards(); ++n) {
    const shard s = folder.at(n);
    const std::string of = folder.pictures(n).filename().string();
    pages.push_back({of, "pictures " + std::to_string(s.first) + " to " + std::to_string(s.end - 1),
                     "./" + of + "/index.html"});
  }
  write_file(asked.out / "index.html", page.facts(pages).html());
}

void print(const request& asked, const shard_folder::totals& all, const std::string& device) {
  const auto file = [&](const char* name) { return one_line((asked.out / name).string()); };
  std::cout << "explained   " << all.explained << " of " << all.explained + all.failed
            << (all.earlier ? ", in an earlier run" : "") << "\nmaps        " << file("maps-*.safetensors")
            << "\ntable       " << file("table.jsonl") << "\nindex       " << file("index.json") << "\n";
  for (const auto& [method, needs] : asked.left_out)
    std::cout << "left out    " << words_of(method).name << ", which needs " << needs << "\n";
  if (!device.empty()) std::cout << "device      " << device << "\n";
  if (asked.write.pictures) std::cout << "page        " << file("index.html") << "\n";
}

}  // namespace

long run_in_shards(const introduction& setup, const subject& what, const request& asked, crew& together) {
  const bool first = together.rank() == 0;
  const shard_folder folder(asked.out, asked.pictures.size(), asked.shard_size);
  std::vector<long> missing;
  if (first) missing = folder.begin(run_of(setup, what.facts, asked), asked.restart);

  std::unique_ptr<explained_model> model;  // opened for the first shard: there may be none to compute
  std::optional<shard_writer> writer;
  progress progress;
  const auto work = [&](long shard) {
    if (!model) {
      opening o = asked.open;
      o.batch = std::min({o.batch, asked.pictures.size(), asked.shard_size});
      model = what.open(asked.device, o);
      writer.emplace(setup, what.facts, asked, folder, *model);
    }
    writer->write(shard, [&](const std::string& task, long picture) {
      if (together.size() == 1) progress.show(task, picture, asked.pictures.size());
    });
  };
  together.share(missing, work, [&](long done) {
    if (together.size() > 1) progress.show("explaining shards of pictures", done, std::ssize(missing));
  });
  progress.clear();
  if (!first) return 0;

  const shard_folder::totals all = folder.finish();
  if (asked.write.pictures) write_contents(setup, asked, folder);
  if (asked.json) {
    const auto index = input_file(asked.out / "index.json").read_up_to(std::size_t{1} << 30);
    std::cout.write(reinterpret_cast<const char*>(index.data()), std::ssize(index));
  } else {
    print(asked, all, model ? model->device() : "");
  }
  if (all.failed > 0)
    report_error(setup.name, std::to_string(all.failed) + " of " +
                                 std::to_string(all.explained + all.failed) +
                                 " pictures could not be explained; " + (asked.out / "table.jsonl").string() +
                                 " says why");
  return all.failed;
}

}  // namespace salient::explainer
