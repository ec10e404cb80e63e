// SPDX-License-Identifier: MIT

// What salient-import says of models that it cannot import.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "import/program.hpp"

namespace import_test {
namespace {

using files = std::vector<std::string>;

nlohmann::json refused() {
  nlohmann::json all = nlohmann::json::parse(text_of(SALIENT_SOURCE_DIR "/tests/import/manifest.json")), some;
  for (const auto& entry : all)
    if (entry["kind"] == "refused") some.push_back(entry);
  return some;
}

TEST(import_program, refuses_in_one_line_that_names_the_culprit_and_writes_nothing) {
  const workshop here;
  for (const auto& entry : refused()) {
    const std::string file = entry["file"];
    SCOPED_TRACE(file);
    const ending e = here.run("import", {exported(file)});
    EXPECT_EQ(e.code, 1);
    EXPECT_EQ(e.out, "");
    EXPECT_TRUE(is_one_line(e.err)) << e.err;
    EXPECT_TRUE(e.err.starts_with("salient-import: " + exported(file))) << e.err;
    for (const std::string word : entry["message"])
      EXPECT_TRUE(holds(e.err, word)) << word << " is not in: " << e.err;
    EXPECT_EQ(here.files(), files());
  }
}

TEST(import_program, imports_a_free_size_if_it_is_given) {
  const workshop here;
  const ending e =
      here.run("import", {exported("refused_free_size.onnx"), "--input-size", "6x8", "--name", "free"});
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(here.files(), (files{"free.hpp", "free.safetensors"}));
  EXPECT_TRUE(holds(text_of(here / "free.hpp"), "input<6, 8, "));
}

TEST(import_program, says_how_many_more_refusals_there_are) {
  const workshop here;
  const ending e = here.run("import", {exported("refused_top_k.onnx"), "--list"});
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_TRUE(holds(e.out, "cannot be imported:\n  node 'the/culprit' (TopK): detectors are not available"))
      << e.out;
  EXPECT_EQ(here.files(), files());
}

TEST(import_program, leaves_what_an_earlier_run_wrote) {
  const workshop here;
  std::ofstream(here / "kept.hpp") << "precious";
  std::ofstream(here / "kept.safetensors") << "too";
  EXPECT_EQ(here.run("import", {exported("refused_lstm.onnx"), "--name", "kept"}).code, 1);
  EXPECT_EQ(text_of(here / "kept.hpp"), "precious");
  EXPECT_EQ(text_of(here / "kept.safetensors"), "too");
}

TEST(import_program, says_which_file_of_weights_is_missing) {
  const workshop here;
  const std::string model = exported("refused_missing_data.onnx");
  EXPECT_EQ(here.run("import", {model}).code, 1);
  const ending declared = here.run("import", {model, "--declaration-only", "--name", "declared"});
  EXPECT_EQ(declared.code, 0) << declared.err;
  EXPECT_EQ(here.files(), (files{"declared.hpp"}));
  const ending listed = here.run("import", {model, "--list"});
  EXPECT_TRUE(holds(listed.out, "missing: ") && holds(listed.out, "missing.data")) << listed.out;
}

TEST(import_program, declares_real_networks_without_their_weights) {
  const std::filesystem::path graphs = SALIENT_TEST_ONNX "/graphs";
  if (!std::filesystem::exists(graphs))
    GTEST_SKIP() << "there is no " << graphs << "; set SALIENT_TEST_ONNX to the folder above";
  const workshop here;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(graphs)) {
    SCOPED_TRACE(entry.path());
    const ending e = here.run("import", {entry.path().string()});
    EXPECT_EQ(e.code, 1);
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, ".data\", which cannot be found")) << e.err;
    EXPECT_EQ(here.files().size(), count);
    const ending declared = here.run("import", {entry.path().string(), "--declaration-only"});
    EXPECT_EQ(declared.code, 0) << declared.err;
    EXPECT_EQ(here.files().size(), ++count);
  }
}

}  // namespace
}  // namespace import_test
