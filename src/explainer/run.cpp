// SPDX-License-Identifier: MIT
#include "salient/explainer/run.hpp"

#include <algorithm>
#include <iostream>

#include "explainer/captions.hpp"
#include "explainer/explained.hpp"
#include "explainer/files.hpp"
#include "explainer/json.hpp"
#include "explainer/map_pictures.hpp"
#include "explainer/page.hpp"
#include "explainer/run_in_shards.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/crew.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/io/file.hpp"

namespace salient::explainer {
namespace {

/// Draws the maps of all pictures, and one page that shows them.
results draw(const introduction& setup, const subject& what, const request& asked) {
  prepare_folder(asked.out);
  opening o = asked.open;
  o.batch = std::min(o.batch, asked.pictures.size());
  const auto model = what.open(asked.device, o);
  results found{.device = model->device(), .pictures = {}, .failures = {}};
  page shown(setup, asked);
  const map_pictures pictures(what.facts, asked);
  picture_names names;
  progress progress;
  const auto each = std::ssize(asked.methods) * asked.top;
  long batch = -1, part = 0;
  const taker to{.explained =
                     [&](const explained_batch& b) {
                       for (std::size_t n = 0; n < b.numbers.size(); ++n) {
                         explained_picture p = facts_of(asked, b, n);
                         pictures.write(asked.out, names.name_of(asked.pictures[b.numbers[n]].stem), b, n, p,
                                        shown);
                         found.pictures.push_back(std::move(p));
                       }
                     },
                 .failed =
                     [&](long picture, const std::string& reason) {
                       progress.clear();
                       report_error(setup.name, reason);
                       found.failures.push_back({asked.pictures[picture].name, reason});
                     },
                 .progress =
                     [&](const std::string& task, long picture) {
                       part = picture == batch ? part + 1 : 0;
                       batch = picture;
                       progress.show(task, picture * each + part, asked.pictures.size() * each);
                     }};
  explaining(setup, what.facts, asked, *model).explain(0, asked.pictures.size(), to);
  progress.clear();
  write_file(asked.out / "index.html", shown.html(found));
  return found;
}

void print(const request& asked, const results& found) {
  for (const explained_picture& p : found.pictures) {
    std::cout << one_line(p.file.string()) << "\n";
    for (const prediction& b : p.best) {
      const std::string share = percent(b.probability);
      std::cout << std::string(10 - std::min<std::size_t>(share.size(), 10), ' ') << share << "  "
                << asked.labels.text(b.label) << "\n";
    }
    for (const written_map& m : p.maps) {
      const std::string remark = remark_on(asked, m);
      std::cout << "            " << one_line((asked.out / m.picture).string())
                << (remark.empty() ? "" : "  " + remark) << "\n";
      if (!m.raw.empty()) std::cout << "            " << one_line((asked.out / m.raw).string()) << "\n";
    }
  }
  for (const auto& [method, needs] : asked.left_out)
    std::cout << "left out    " << words_of(method).name << ", which needs " << needs << "\n";
  std::cout << "device      " << found.device << "\npage        "
            << one_line((asked.out / "index.html").string()) << "\n";
}

}  // namespace

int run(const introduction& setup, const subject& what, int count, const char* const* arguments) {
  long failed = 0;
  const int code = guarded_in_crew(setup.name, [&] {
    request asked = read_request(setup, what, count, arguments);
    const auto together = join();  // after wrong usage has ended all
    if (asked.device.threads == 0) asked.device.threads = together->threads();
    if (asked.write.maps) {
      failed = run_in_shards(setup, what, asked, *together);
      return;
    }
    if (together->size() > 1)
      throw error("several processes share a run with --write maps or --write pictures,maps only");
    const results found = draw(setup, what, asked);
    failed = std::ssize(found.failures);
    if (asked.json)
      std::cout << write_json(setup, what.facts, asked, found);
    else
      print(asked, found);
  });
  return code == 0 && failed > 0 ? 1 : code;
}

}  // namespace salient::explainer
