// SPDX-License-Identifier: MIT

// Which files salient-import writes, and where it cannot.

#include <gtest/gtest.h>

#include "import/program.hpp"

namespace import_test {
namespace {

using files = std::vector<std::string>;

const std::string lenet = exported("lenet.ts17.onnx");

TEST(import_program, writes_a_declaration_and_weights) {
  const workshop here;
  const ending e = here.run("import", {lenet});
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.err, "");
  EXPECT_EQ(e.out, "./lenet_ts17.safetensors\n./lenet_ts17.hpp\n");
  EXPECT_EQ(here.files(), (files{"lenet_ts17.hpp", "lenet_ts17.safetensors"}));
  const std::string header = text_of(here / "lenet_ts17.hpp");
  for (const char* part :
       {"// Source: lenet.ts17.onnx\n", "opset 17, by pytorch", "// SHA-256: ", "#pragma once\n",
        "struct lenet_ts17", "using lenet_ts17_declaration::lenet_ts17;"})
    EXPECT_TRUE(holds(header, part)) << part;
}

TEST(import_program, writes_the_same_bytes_again) {
  const workshop here;
  for (const char* folder : {"a", "b"})
    ASSERT_EQ(here.run("import", {exported("densenet.ts17.onnx"), "--out", folder}).code, 0);
  for (const char* file : {"densenet_ts17.hpp", "densenet_ts17.safetensors"}) {
    const std::string first = text_of(here / (std::string("a/") + file));
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first, text_of(here / (std::string("b/") + file)));
  }
}

TEST(import_program, makes_the_folder) {
  const workshop here;
  const ending e = here.run("import", {lenet, "--out", "deep/er", "--name", "net"});
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.out, "deep/er/net.safetensors\ndeep/er/net.hpp\n");
  EXPECT_TRUE(std::filesystem::exists(here / "deep/er/net.hpp"));
}

TEST(import_program, says_that_the_folder_cannot_be_had) {
  const workshop here;
  std::ofstream(here / "file") << "kept";
  for (const std::string out : {"file", "file/deeper", "/dev/full", "/proc/none"}) {
    SCOPED_TRACE(out);
    const ending e = here.run("import", {lenet, "--out", out});
    EXPECT_EQ(e.code, 1);
    EXPECT_EQ(e.out, "");
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, out)) << e.err;
    EXPECT_EQ(here.files(), files{"file"});
    EXPECT_EQ(text_of(here / "file"), "kept");
  }
}

TEST(import_program, says_that_a_file_cannot_be_written) {
  for (const std::string taken : {"net.hpp", "net.safetensors"}) {
    const workshop here;
    std::filesystem::create_directory(here / taken);
    const ending e = here.run("import", {lenet, "--name", "net"});
    EXPECT_EQ(e.code, 1);
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, taken)) << e.err;
    EXPECT_EQ(here.files(), files{taken});
  }
}

TEST(import_program, says_that_its_output_cannot_be_written) {
  const workshop here;
  for (const files& arguments : {files{lenet}, files{lenet, "--list"}, files{"--help"}}) {
    const ending e = here.run("import", arguments, "/dev/full");
    EXPECT_EQ(e.code, 1);
    EXPECT_TRUE(holds(e.err, "standard output")) << e.err;
  }
}

TEST(import_program, says_what_the_file_is_if_it_is_no_model) {
  const workshop here;
  std::ofstream(here / "page.onnx") << "<!DOCTYPE html>";
  std::ofstream(here / "empty.onnx");
  for (const std::string file : {"page.onnx", "empty.onnx", "absent.onnx", "."}) {
    const ending e = here.run("import", {file});
    EXPECT_EQ(e.code, 1);
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, file)) << e.err;
  }
  EXPECT_EQ(here.files(), (files{"empty.onnx", "page.onnx"}));
}

TEST(import_program, names_a_network_by_a_file_whose_name_is_none) {
  const std::vector<std::pair<std::string, std::string>> names{
      {"a-b.c.onnx", "a_b_c"},     {"3x3.onnx", "model_3x3"},       {"class.onnx", "class_network"},
      {"std.onnx", "std_network"}, {"dense.onnx", "dense_network"}, {"__.onnx", "model"}};
  for (const auto& [file, name] : names) {
    const workshop here;
    std::filesystem::copy_file(lenet, here / file);
    const ending e = here.run("import", {file});
    EXPECT_EQ(e.code, 0) << e.err;
    EXPECT_EQ(e.out, "./" + name + ".safetensors\n./" + name + ".hpp\n");
  }
}

}  // namespace
}  // namespace import_test
