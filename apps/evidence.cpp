// SPDX-License-Identifier: MIT

// What is said of each method, held against figures measured on the digit networks: a page and a JSON.

#include <filesystem>
#include <iostream>

#include "evidence/collect.hpp"
#include "evidence/json.hpp"
#include "evidence/options.hpp"
#include "evidence/page.hpp"
#include "evidence/store.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/file.hpp"

int main(int argc, char** argv) {
  apps::command_line line(
      "salient-evidence",
      "Measures on real test digits what is said of saliency methods: noisy, full resolution, class "
      "discriminative, and more. Writes a page and a JSON with every figure, its 95 % interval, and "
      "whether each claim holds. A run that was interrupted goes on where it was, from FILE.parts.json.");
  const evidence::request asked = evidence::parse(line, argc, argv);

  return apps::guarded(line.program(), [&] {
    for (const auto& file : {asked.page, asked.json(), asked.parts()}) salient::check_writable(file);
    evidence::store parts(asked.parts(), evidence::key_of(asked), apps::warnings_of(line.program()));
    if (parts.found() > 0)
      std::cout << "goes on  " << parts.found() << " parts were in " << apps::one_line(asked.parts())
                << std::endl;
    evidence::results r = evidence::collect(asked, parts);
    apps::with_device(asked.where,
                      [&](const auto& device) { r.device = apps::describe(asked.where.device, device); });
    salient::write_file(asked.json(), evidence::json_of(r));
    salient::write_file(asked.page, evidence::page_of(r));
    parts.clear();
    std::cout << "page     " << apps::one_line(asked.page) << "\njson     " << apps::one_line(asked.json())
              << "\n";
  });
}
