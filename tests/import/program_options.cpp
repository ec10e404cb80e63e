// SPDX-License-Identifier: MIT

// What salient-import's options do, and which it refuses.

#include <algorithm>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "import/program.hpp"
#include "import/translate.hpp"

namespace import_test {
namespace {

using files = std::vector<std::string>;

const std::string lenet = exported("lenet.ts17.onnx");

/// The header that these options give, of a network "net".
std::string header(const files& options) {
  const workshop here;
  files all{lenet, "--name", "net"};
  all.insert(all.end(), options.begin(), options.end());
  const ending e = here.run("import", all);
  EXPECT_EQ(e.code, 0) << e.err;
  return text_of(here / "net.hpp");
}

std::string without_breaks(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

TEST(import_program, helps) {
  const workshop here;
  const ending e = here.run("import", {"--help"});
  EXPECT_EQ(e.code, 0);
  EXPECT_EQ(e.err, "");
  for (const char* flag :
       {"MODEL.onnx", "--name", "--namespace", "--out", "--input-size", "--output", "--labels",
        "--declaration-only", "--list", "--mean", "--std", "--range", "--channels"})
    EXPECT_TRUE(holds(e.out, flag)) << flag;
  EXPECT_TRUE(holds(without_breaks(e.out), without_breaks(importer::all_operators())));
  EXPECT_TRUE(here.files().empty());
}

TEST(import_program, refuses_wrong_usage_with_2) {
  const workshop here;
  const std::vector<files> wrong{{},
                                 {lenet, lenet},
                                 {lenet, "--nonsense"},
                                 {lenet, "--name"},
                                 {lenet, "--name", "3x"},
                                 {lenet, "--name", "a b"},
                                 {lenet, "--name", "class"},
                                 {lenet, "--name", "std"},
                                 {lenet, "--name", "a__b"},
                                 {lenet, "--name", "conv2d"},
                                 {lenet, "--namespace", "a b"},
                                 {lenet, "--namespace", "a:b"},
                                 {lenet, "--namespace", "a::"},
                                 {lenet, "--namespace", "new"},
                                 {lenet, "--mean", "x"},
                                 {lenet, "--mean", "1,2"},
                                 {lenet, "--mean", "nan"},
                                 {lenet, "--std", "0"},
                                 {lenet, "--range", "0"},
                                 {lenet, "--channels", "hsv"}};
  for (const files& arguments : wrong) {
    const ending e = here.run("import", arguments);
    EXPECT_EQ(e.code, 2) << ::testing::PrintToString(arguments) << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_TRUE(is_one_line(e.err)) << e.err;
  }
  for (const std::string size : {"6", "6x", "x8", "0x8", "-6x8", "6x8x3", "6.5x8", "6X8", " 6x8", "6x8 ",
                                 "70000x8", "99999999999x8"}) {
    const ending e = here.run("import", {lenet, "--input-size=" + size});
    EXPECT_EQ(e.code, 2) << size << e.err;
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, "--input-size")) << e.err;
  }
  EXPECT_TRUE(here.files().empty());
}

TEST(import_program, refuses_a_size_that_does_not_fit) {
  const workshop here;
  const ending e = here.run("import", {lenet, "--input-size", "60x8"});
  EXPECT_EQ(e.code, 1);
  EXPECT_TRUE(is_one_line(e.err)) << e.err;
  EXPECT_TRUE(here.files().empty());
}

TEST(import_program, declares_the_preprocessing) {
  EXPECT_FALSE(holds(header({}), ".mean"));
  const std::string all = without_breaks(
      header({"--mean", "0.485,0.456,0.406", "--std", "0.25", "--range", "255", "--channels", "bgr"}));
  for (const char* part :
       {".range = 255", ".mean = {0.485, 0.456, 0.406}", ".deviation = {0.25}", "channel_order::bgr"})
    EXPECT_TRUE(holds(all, part)) << part << " is not in: " << all;
}

TEST(import_program, puts_the_declaration_into_a_namespace) {
  const std::string text = header({"--namespace", "a::b"});
  EXPECT_TRUE(holds(text, "\nnamespace a::b {\n")) << text;
  EXPECT_TRUE(text.ends_with("}  // namespace a::b\n")) << text;
}

TEST(import_program, takes_labels_one_for_each_class) {
  const workshop here;
  const auto labelled = [&](const std::string& lines) {
    std::ofstream(here / "labels.txt") << lines;
    return here.run("import", {lenet, "--name", "net", "--labels", "labels.txt"});
  };
  for (const char* lines : {"", "one\ntwo\n", "1\n2\n3\n4\n", "1\n2\n\x01\n"}) {
    const ending e = labelled(lines);
    EXPECT_EQ(e.code, 1) << lines;
    EXPECT_TRUE(is_one_line(e.err) && holds(e.err, "labels.txt")) << e.err;
    EXPECT_EQ(here.files(), files{"labels.txt"});
  }
  for (const char* lines : {"cat\nthe \"dog\"\nb\\c\n", "cat\r\nthe \"dog\"\r\nb\\c",
                            "\xEF\xBB\xBF"
                            "cat\nthe \"dog\"\nb\\c\n\n",
                            "Background\ncat\nthe \"dog\"\nb\\c\n"}) {
    const ending e = labelled(lines);
    EXPECT_EQ(e.code, 0) << e.err;
    const std::string text = text_of(here / "net.hpp");
    for (const char* label : {"\"cat\",", "\"the \\\"dog\\\"\",", "\"b\\\\c\","})
      EXPECT_TRUE(holds(text, label)) << text;
  }
  const ending absent = here.run("import", {lenet, "--labels", "absent.txt"});
  EXPECT_EQ(absent.code, 1);
  EXPECT_TRUE(is_one_line(absent.err) && holds(absent.err, "absent.txt")) << absent.err;
}

TEST(import_program, chooses_among_outputs) {
  const workshop here;
  const std::string two = exported("refused_two_outputs.onnx");
  const ending none = here.run("import", {two});
  std::smatch names;
  ASSERT_TRUE(std::regex_search(none.err, names, std::regex("\\('([^']*)', '([^']*)'\\)"))) << none.err;
  EXPECT_EQ(here.run("import", {two, "--output", names[1], "--name", "first"}).code, 0);
  EXPECT_EQ(here.run("import", {two, "--output", "nonsense"}).code, 1);
}

TEST(import_program, lists_what_a_file_holds) {
  const workshop here;
  const ending e = here.run("import", {lenet, "--list"});
  EXPECT_EQ(e.code, 0);
  for (const char* part :
       {"ONNX IR 8, opset 17, by pytorch", "input   input", "output  output", "[1, 3, 6, 8]", "AveragePool",
        "/3/Conv", "9 nodes: 1 AveragePool, 2 Conv, 1 Flatten, 2 Gemm, 3 Tanh\n",
        "8 constants with 284 numbers\n", "can be imported: 6x8x3 to 1x1x3"})
    EXPECT_TRUE(holds(e.out, part)) << part << " is not in:\n" << e.out;
  EXPECT_TRUE(here.files().empty());
}

TEST(import_program, lists_shapes_that_follow_from_the_inputs) {
  const workshop here;
  const ending known = here.run("import", {lenet, "--list"});
  EXPECT_TRUE(holds(known.out, "[1, 4, 4, 6] derived\n")) << known.out;
  const ending any = here.run("import", {exported("softmax.ts13.batch.onnx"), "--list"});
  EXPECT_TRUE(holds(any.out, "[1, 144] derived for 1 image\n")) << any.out;
  // The weights are not read.
  const ending absent = here.run("import", {exported("refused_missing_data.onnx"), "--list"});
  EXPECT_TRUE(holds(absent.out, " derived\n")) << absent.out;
}

}  // namespace
}  // namespace import_test
