// SPDX-License-Identifier: MIT

// make_backend_cases FOLDER OUT GROUPS: imports the tests of ONNX's backend suite and writes
// OUT/backend_0.cpp and so on, tests of what they compute; OUT/backend_tests.txt, what becomes of each
// test; and OUT/backend_counts.txt.

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "import/backend_test.hpp"
#include "import/imported.hpp"
#include "import/names.hpp"
#include "salient/io/file.hpp"

namespace fs = std::filesystem;

namespace {

/// The extent of the map whose values the output is, if it is a vector of them: the library keeps them in the
/// order height, width, channels, and ONNX in the order channels, height, width.
salient::shape map_of_output(const importer::network& n) {
  const auto extent = [&](int a) {
    return a == 0 ? n.input : n.rows[static_cast<std::size_t>(a) - 1].extent;
  };
  for (int a = n.output; a > 0;) {
    const importer::row& r = n.rows[static_cast<std::size_t>(a) - 1];
    if (r.layer == "flatten") return extent(r.inputs[0]);
    if (extent(r.inputs[0]) != r.extent || r.kind == importer::row_kind::dense) break;
    a = r.inputs[0];
  }
  return extent(n.output);
}

/// Whether a refusal says that the importer lacks an operator, whatever its attributes.
bool is_of_an_operator(const std::string& why) {
  return std::ranges::any_of(
      std::array{"operator is not available", "segmentation do", "detectors are", "control flow are"},
      [&](const char* words) { return why.find(words) != std::string::npos; });
}

std::string text_of(salient::shape s) {
  return "{" + std::to_string(s.height) + ", " + std::to_string(s.width) + ", " + std::to_string(s.channels) +
         "}";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("make_backend_cases FOLDER OUT GROUPS");
    const import_test::backend_folders in{argv[1], argv[2]};
    const fs::path& out = in.scratch;
    import_test::sources tests(std::stoul(argv[3]), "#include \"import/backend_case.hpp\"\n");
    std::map<std::string, int> unfit, lacking, passed;
    std::string fates;  // what becomes of each test
    int imported = 0, listed = 0;
    const std::vector<std::string> names = import_test::backend_tests(in.suite);
    for (const std::string& name : names) {
      if (const std::string why = import_test::unfit(in, name); !why.empty()) {
        ++unfit[why];
        continue;
      }
      const import_test::backend_test test = import_test::read_backend_test(in, name);
      importer::network n = import_test::imported(test.model, {test.model.graph.outputs[0].name, {}});
      if (!n.refusals.empty()) {
        const std::string& why = n.refusals[0];
        if (is_of_an_operator(why)) {
          ++lacking[why.substr(why.find('(') + 1)];
        } else {
          fates += name + " | " + why + "\n";
        }
        ++listed;
        continue;
      }
      importer::declaration d;
      const std::string title = std::regex_replace(name, std::regex("^(.*)/test_"), "$1_");
      d.name = importer::identifier_of("b_" + title);
      d.source = name;
      importer::write_weights(n, test.model, d, out / (d.name + ".safetensors"));
      std::set<std::string> ops;
      for (const auto& node : test.model.graph.nodes) ops.insert(node.op);
      tests.add(import_test::declaration_of(n, test.model, d) + "TEST(backend, " + d.name.substr(2) +
                ") { salient::check_backend<" + d.name + ">(\"" + name + "\", \"" + d.name + "\", {" +
                text_of(map_of_output(n)) + (ops.contains("LogSoftmax") ? ", true" : "") + "}); }\n");
      for (const std::string& op : ops) ++passed[op];
      fates += name + " | becomes a network\n";
      ++imported;
    }
    tests.write(out, "backend");
    for (const auto& [what, count] : lacking) fates += std::to_string(count) + " tests | (" + what + "\n";
    for (const auto& [why, count] : unfit) fates += std::to_string(count) + " tests | " + why + "\n";
    salient::write_file(out / "backend_tests.txt", std::to_string(names.size()) + " tests\n" + fates);
    std::string counts = std::to_string(imported) + " imported, " + std::to_string(listed) + " refused\n";
    for (const auto& [op, count] : passed) counts += op + " " + std::to_string(count) + "\n";
    salient::write_file(out / "backend_counts.txt", counts);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "make_backend_cases: " << e.what() << "\n";
    return 1;
  }
}
