// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include "io/onnx/onnx_builder.hpp"

namespace salient::test {
namespace {

using entries = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class onnx_external : public in_folder {
 protected:
  /// A model in a folder, with one tensor of two floats in another file.
  std::filesystem::path model(entries places, const bytes& more = {}) const {
    std::filesystem::create_directories(path("inner"));
    return save("inner/m.onnx",
                proto::model(proto::message(5, proto::tensor("w", 1, {2}) + proto::external(places) + more)));
  }

  void expect_refusal(entries places, const words& expected, const bytes& more = {}) const {
    const auto file = model(places, more);
    for (const auto weights : {onnx::weights::needed, onnx::weights::optional})
      expect_error(file, expected, [&] { onnx::read_model(file, weights); });
  }

  /// Refused where weights are needed, otherwise listed.
  void expect_missing(entries places, const words& expected) const {
    const auto file = model(places);
    expect_error(file, expected, [&] { onnx::read_model(file); });
    const onnx::model found = onnx::read_model(file, onnx::weights::optional);
    ASSERT_EQ(found.missing.size(), 1U);
    for (const auto& word : expected) EXPECT_NE(found.missing.at("w").find(word), std::string::npos) << word;
    const onnx::tensor& w = found.graph.initialisers.at("w");
    EXPECT_TRUE(w.bytes.empty());
    EXPECT_EQ(w.dimensions, std::vector<std::int64_t>{2});
    expect_error(file, expected, [&] { w.floats(); });
    expect_error(file, expected, [&] { w.integers(); });
  }

  std::vector<float> values(entries places) const {
    const onnx::model found = onnx::read_model(model(places));
    EXPECT_TRUE(found.missing.empty());
    return found.graph.initialisers.at("w").floats();
  }
};

TEST_F(onnx_external, offsets_and_lengths) {
  model({});
  save("inner/w.bin", raw<float>({1, 2, 3}));
  EXPECT_EQ(values({{"location", "w.bin"}}), (std::vector<float>{1, 2}));
  EXPECT_EQ(values({{"location", "w.bin"}, {"offset", "4"}}), (std::vector<float>{2, 3}));
  EXPECT_EQ(values({{"location", "w.bin"}, {"length", "8"}, {"checksum", "?"}, {"later", ""}}),
            (std::vector<float>{1, 2}));
  expect_missing({{"location", "w.bin"}, {"offset", "5"}}, {"\"w\"", "8 bytes from byte 5", "which has 12"});
  expect_missing({{"location", "w.bin"}, {"offset", "18446744073709551615"}}, {"which has 12"});
  expect_refusal({{"location", "w.bin"}, {"length", "12"}}, {"needs 8 bytes", "has 12"});
  for (const std::string_view number : {"-1", "", "4 ", "0x4", "18446744073709551616", "1e3"}) {
    expect_refusal({{"location", "w.bin"}, {"offset", number}}, {"offset", "expected a whole number"});
    expect_refusal({{"location", "w.bin"}, {"length", number}}, {"length", "expected a whole number"});
  }
  expect_refusal({{"location", "w.bin"}}, {"both in this file and"}, proto::raw_data(bytes(8)));
  expect_refusal({{"location", "w.bin"}}, {"both in this file and"}, proto::fixed32(4, 1));
}

TEST_F(onnx_external, folders_and_links_inside) {
  model({});
  std::filesystem::create_directories(path("inner/sub"));
  save("inner/sub/w.bin", raw<float>({1, 2}));
  EXPECT_EQ(values({{"location", "sub/w.bin"}}), (std::vector<float>{1, 2}));
  EXPECT_EQ(values({{"location", "./sub//w.bin"}}), (std::vector<float>{1, 2}));
  std::filesystem::create_symlink("sub/w.bin", path("inner/link"));
  EXPECT_EQ(values({{"location", "link"}}), (std::vector<float>{1, 2}));
}

TEST_F(onnx_external, the_folder_may_be_the_current_one_or_a_link) {
  model({{"location", "w.bin"}});
  save("inner/w.bin", raw<float>({1, 2}));
  std::filesystem::create_directory_symlink("inner", path("alias"));
  EXPECT_EQ(onnx::read_model(path("alias/m.onnx")).graph.initialisers.at("w").floats().at(1), 2);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(path("inner"));
  EXPECT_EQ(onnx::read_model("m.onnx").graph.initialisers.at("w").floats().at(1), 2);
  std::filesystem::current_path(before);
}

TEST_F(onnx_external, files_outside_are_refused) {
  model({});
  const auto outside = save("w.bin", raw<float>({1, 2}));
  std::filesystem::create_symlink(outside, path("inner/link"));
  std::filesystem::create_symlink("../w.bin", path("inner/relative"));
  std::filesystem::create_directory_symlink("..", path("inner/up"));
  expect_refusal({{"location", "../w.bin"}}, {"../w.bin", "within the model's folder"});
  expect_refusal({{"location", "sub/../../w.bin"}}, {"within the model's folder"});
  expect_refusal({{"location", ".."}}, {"within the model's folder"});
  expect_refusal({{"location", outside.native()}}, {"within the model's folder"});
  expect_refusal({{"location", "/etc/passwd"}}, {"within the model's folder"});
  expect_refusal({{"location", ""}}, {"within the model's folder"});
  expect_refusal({}, {"within the model's folder"});
  expect_refusal({{"location", std::string_view("w\0.bin", 6)}}, {"within the model's folder"});
  for (const std::string_view link : {"link", "relative", "up/w.bin"})
    expect_refusal({{"location", link}}, {"symbolic link that leaves"});
  // A folder whose name begins as the model's does is another one.
  std::filesystem::create_directories(path("inner2"));
  save("inner2/w.bin", raw<float>({1, 2}));
  std::filesystem::create_symlink("../inner2/w.bin", path("inner/beside"));
  expect_refusal({{"location", "beside"}}, {"symbolic link that leaves"});
}

TEST_F(onnx_external, only_regular_files) {
  model({});
  ASSERT_EQ(mkfifo(path("inner/pipe").c_str(), 0600), 0);
  std::filesystem::create_directories(path("inner/sub"));
  expect_refusal({{"location", "pipe"}}, {"no regular file"});
  expect_refusal({{"location", "sub"}}, {"no regular file"});
  expect_refusal({{"location", "."}}, {"no regular file"});
}

TEST_F(onnx_external, missing_and_empty_files) {
  model({});
  expect_missing({{"location", "none.bin"}}, {"tensor \"w\"", "none.bin", "cannot be found"});
  expect_missing({{"location", "no/folder.bin"}}, {"no/folder.bin", "cannot be found"});
  expect_missing({{"location", "m.onnx/w.bin"}}, {"cannot be found"});
  expect_missing({{"location", std::string(5000, 'w')}}, {"cannot be found"});
  std::filesystem::create_symlink("gone", path("inner/dangling"));
  std::filesystem::create_symlink("loop", path("inner/loop"));
  expect_missing({{"location", "dangling"}}, {"cannot be found"});
  expect_missing({{"location", "loop"}}, {"cannot be found"});
  save("inner/empty.bin", {});
  expect_missing({{"location", "empty.bin"}}, {"empty.bin", "which has 0"});
}

TEST_F(onnx_external, every_missing_tensor_is_listed) {
  save("w.bin", raw<float>({1, 2}));
  const auto lost = [](std::string_view name, std::string_view file) {
    return proto::message(5, proto::tensor(name, 1, {2}) + proto::external({{"location", file}}));
  };
  const auto file =
      save("m.onnx", proto::model(lost("a", "no.bin") + lost("b", "w.bin") + lost("c", "no.bin")));
  const onnx::model found = onnx::read_model(file, onnx::weights::optional);
  EXPECT_EQ(found.missing.size(), 2U);
  EXPECT_TRUE(found.missing.contains("a") && found.missing.contains("c"));
  EXPECT_EQ(found.graph.initialisers.at("b").floats().at(1), 2);
}

}  // namespace
}  // namespace salient::test
