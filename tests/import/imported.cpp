// SPDX-License-Identifier: MIT
#include "import/imported.hpp"

#include "import/paths.hpp"
#include "import/simplify.hpp"
#include "import/tree.hpp"
#include "salient/core/error.hpp"
#include "salient/io/file.hpp"

namespace import_test {

importer::network imported(const salient::onnx::model& m, const importer::wishes& w) {
  importer::network n;
  try {
    n = importer::translate(m, w);
    if (!n.refusals.empty()) return n;
    importer::simplify(n);
    importer::order_as_nested(n);
    importer::assign_paths(n);
  } catch (const salient::error& e) {
    n.refusals = {e.what()};
  }
  return n;
}

std::string declaration_of(const importer::network& n, const salient::onnx::model& m,
                           const importer::declaration& d) {
  const std::string header = importer::header_of(n, m, d), guard = "#pragma once\n";
  return header.substr(header.find(guard) + guard.size());
}

void sources::write(const std::filesystem::path& out, const std::string& stem) const {
  for (std::size_t i = 0; i < texts_.size(); ++i)
    salient::write_file(out / (stem + "_" + std::to_string(i) + ".cpp"), texts_[i]);
}

}  // namespace import_test
