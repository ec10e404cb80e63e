// SPDX-License-Identifier: MIT

// make_real_cases OUT FILE...: imports real networks, one to a source: OUT/real_0.cpp, OUT/real_1.cpp, ...
// make_real_cases --declarations OUT FILE...: only their declarations: OUT/graph_0.cpp, ...

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "import/imported.hpp"
#include "import/names.hpp"
#include "salient/io/file.hpp"

namespace fs = std::filesystem;

namespace {

/// Height and width of files that leave them open, as in scores.json.
importer::wishes wishes_for(const std::string& name) {
  importer::wishes w;
  if (name.starts_with("ppocr_cls")) w.input_size = importer::extent2{48, 192};
  return w;
}

/// The text of a test, or of a file that declares the network. Writes the weights for the former.
std::string source_of(const fs::path& file, const fs::path& out, bool declare) {
  using salient::onnx::weights;
  const auto m = salient::onnx::read_model(file, declare ? weights::optional : weights::needed);
  const std::string name = file.filename().string();
  const importer::network n = import_test::imported(m, wishes_for(name));
  if (!n.refusals.empty()) throw std::runtime_error(name + ": " + n.refusals[0]);
  importer::declaration d;
  d.name = importer::identifier_of(file.stem().string());
  d.source = name;
  const std::string declaration = import_test::declaration_of(n, m, d);
  if (declare) return declaration;
  importer::write_weights(n, m, d, out / (d.name + ".safetensors"));
  return "#include \"import/real_case.hpp\"\n" + declaration + "TEST(real, " + d.name +
         ") { salient::check_real<" + d.name + ">(\"" + name + "\", \"" + d.name + "\"); }\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool declare = !arguments.empty() && arguments[0] == "--declarations";
    if (declare) arguments.erase(arguments.begin());
    if (arguments.size() < 2) throw std::runtime_error("make_real_cases [--declarations] OUT FILE...");
    const fs::path out = arguments[0];
    for (std::size_t i = 1; i < arguments.size(); ++i)
      salient::write_file(out / ((declare ? "graph_" : "real_") + std::to_string(i - 1) + ".cpp"),
                          source_of(arguments[i], out, declare));
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "make_real_cases: " << e.what() << "\n";
    return 1;
  }
}
