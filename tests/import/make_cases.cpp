// SPDX-License-Identifier: MIT

// make_cases FOLDER OUT GROUPS: imports every file of tests/import/exported and writes OUT/cases_0.cpp and so
// on, tests of what they compute. Files whose networks differ in nothing but names share a type, so that
// fewer are compiled.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "import/names.hpp"
#include "import/paths.hpp"
#include "import/simplify.hpp"
#include "import/tree.hpp"
#include "import/write.hpp"
#include "salient/io/file.hpp"

namespace fs = std::filesystem;

namespace {

struct network_case {
  std::string name, reference, header;
  std::vector<std::string> files;
};

/// The declaration without the names of layers and of its source.
std::string anonymous(const std::string& header) {
  static const std::regex names("named<\"[^\"]*\", "), aliases("[A-Za-z0-9_]+_block(_[0-9]+)?\\b");
  const std::size_t begin = header.find("using namespace salient;"),
                    end = header.find("// What the file states.");
  std::string text = std::regex_replace(header.substr(begin, end - begin), names, "named<");
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

/// Words of the refusal by file.
std::map<std::string, std::string> declined(const fs::path& list) {
  std::map<std::string, std::string> files;
  std::ifstream in(list);
  const std::string bar = " | ";
  for (std::string line; std::getline(in, line);)
    if (const std::size_t at = line.find(bar); at != std::string::npos && line[0] != '#')
      files[line.substr(0, at)] = line.substr(at + bar.size());
  return files;
}

/// Throws an error unless the refusal has these words.
void check_refusal(const std::string& file, const importer::network& n, const std::string& words) {
  if (n.refusals.empty()) throw std::runtime_error("declined.txt: " + file + " is no longer refused");
  if (n.refusals[0].find(words) == std::string::npos)
    throw std::runtime_error("declined.txt: " + file + ": " + n.refusals[0]);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("make_cases FOLDER OUT GROUPS");
    const fs::path folder = argv[1], out = argv[2];
    const std::size_t groups = std::stoul(argv[3]);
    const auto manifest = nlohmann::json::parse(std::ifstream(folder / "manifest.json"));
    std::map<std::string, std::string> left_out = declined(folder / "declined.txt");
    std::map<std::string, std::size_t> known;  // by reference and anonymous declaration
    std::vector<network_case> cases;
    for (const auto& entry : manifest) {
      const std::string file = entry.at("file");
      const bool resized = entry.contains("size") && entry.contains("case");
      if (entry.at("kind") != "ok" && !resized) continue;
      const fs::path path = folder / "exported" / file;
      const auto m = salient::onnx::read_model(path);
      importer::wishes w;
      if (resized) w.input_size = importer::extent2{entry["size"][0], entry["size"][1]};
      importer::network n = importer::translate(m, w);
      if (const auto at = left_out.find(file); at != left_out.end()) {
        check_refusal(file, n, at->second);
        left_out.erase(at);
        continue;
      }
      if (!n.refusals.empty()) throw std::runtime_error(file + ": " + n.refusals[0]);
      importer::simplify(n);
      importer::order_as_nested(n);
      importer::assign_paths(n);
      importer::declaration d;
      d.name = importer::identifier_of("n_" + path.stem().string());
      d.source = file;
      importer::write_weights(n, m, d, out / (d.name + ".safetensors"));
      const std::string header = importer::header_of(n, m, d), reference = entry.at("case");
      const auto [at, added] = known.try_emplace(
          reference + "\n" + std::regex_replace(anonymous(header), std::regex(d.name), "NAME"), cases.size());
      if (added) cases.push_back({d.name, reference, header, {}});
      cases[at->second].files.push_back(d.name);
    }
    if (!left_out.empty()) throw std::runtime_error("declined.txt: there is no " + left_out.begin()->first);
    std::vector<std::string> texts(groups, "#include \"import/case.hpp\"\n");
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const network_case& c = cases[i];
      std::string& text = texts[i % groups];
      std::string header = c.header;
      header.erase(0, header.find("#pragma once") + 12);
      text += header + "TEST(imported, " + c.reference + "__" + c.name + ") {\n  salient::check<" + c.name +
              ">(\"" + c.reference + "\", {";
      for (const std::string& f : c.files) text += "\"" + f + "\", ";
      text += "});\n}\n";
    }
    for (std::size_t g = 0; g < groups; ++g)
      salient::write_file(out / ("cases_" + std::to_string(g) + ".cpp"), texts[g]);
    std::cout << manifest.size() << " files, " << cases.size() << " networks\n";
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "make_cases: " << e.what() << "\n";
    return 1;
  }
}
