// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include "import/imported.hpp"
#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"
#include "salient/io/safetensors.hpp"

namespace salient::test {

/// A test that imports models which may be anything.
class importing : public in_folder {
 protected:
  /// Imports the model into a folder of its own. Throws salient::error if it is refused.
  void import_model(const onnx::model& m) const {
    const importer::network n = import_test::imported(m);
    if (!n.refusals.empty()) throw error(n.refusals[0]);
    importer::declaration d;
    d.name = "mutated";
    EXPECT_GT(importer::header_of(n, m, d).size(), 100U);
    std::filesystem::create_directories(path("out"));
    importer::write_weights(n, m, d, path("out") / "mutated.safetensors");
    read_safetensors(path("out") / "mutated.safetensors");
  }

  /// Whether it was imported.
  template <class Import>
  bool survives(std::size_t bytes_of_file, Import action) {
    const std::clock_t start = std::clock();
    std::optional<std::string> message;
    const std::size_t memory = allocated_by([&] { message = message_of(action); });
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20) << "seconds of a processor";
    EXPECT_LT(memory, (std::size_t{300} << 20) + 50 * bytes_of_file);
    if (message) {
      EXPECT_EQ(message->find('\n'), std::string::npos) << *message;
      EXPECT_FALSE(std::filesystem::exists(path("out") / "mutated.safetensors")) << *message;
    }
    std::filesystem::remove_all(path("out"));
    return !message;
  }
};

}  // namespace salient::test
