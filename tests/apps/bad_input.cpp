// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "paths.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"

namespace {

using namespace salient;

constexpr int bad = 1, misused = 2;

// A run, its expected exit code, and words that the one line on stderr must hold.
struct refusal {
  std::string program, arguments;
  int code;
  std::vector<std::string> words;
};

void PrintTo(const refusal& r, std::ostream* out) { *out << r.program << " " << r.arguments; }

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Creates the files that the cases below name.
void furnish(const workshop& here) {
  const std::string weights = bytes_of(apps::weights_file("cnn"));
  put(here / "truncated.safetensors", weights.substr(0, weights.size() - 1));
  put(here / "lying.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f" + weights.substr(8));
  put(here / "empty.safetensors", "");
  const std::string nan("\0\0\xc0\x7f", 4);
  put(here / "nan.safetensors", weights.substr(0, weights.size() - 4) + nan);

  const picture small{5, 7, 1, std::vector<std::uint8_t>(35)};
  write_png(here / "small.png", small);
  write_png(here / "digit.png", picture{28, 28, 1, std::vector<std::uint8_t>(28 * 28, 9)});
  const std::string png = bytes_of(here / "digit.png");
  put(here / "truncated.png", png.substr(0, png.size() / 2));
  put(here / "lying.png", png.substr(0, 16) + "\x7f\xff\xff\xff" + png.substr(20));
  put(here / "words.png", "not a picture");
  write_npy(here / "wide.npy", std::vector<float>(28 * 29), {28, 29});
  write_npy(here / "digit.npy", std::vector<float>(28 * 28, 0.5F), {28, 28});
  std::string npy = bytes_of(here / "digit.npy");
  put(here / "truncated.npy", npy.substr(0, npy.size() - 3));
  npy.replace(npy.size() - 4, 4, nan);
  put(here / "nan.npy", npy);
  write_npy(here / "turned.npy", std::vector<float>(28 * 30), {28, 30});
  std::string integers = "{'descr': '<i4', 'fortran_order': False, 'shape': (28, 28)}";
  integers = std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(integers.size()) + '\0' + integers;
  put(here / "integers.npy", integers + std::string("\xe8\x03", 2) + std::string(4 * 28 * 28 - 2, '\0'));
  std::filesystem::create_directory(here / "folder");
}

class refused : public ::testing::TestWithParam<refusal> {};

TEST_P(refused, in_one_line_and_without_a_file) {
  const workshop here;
  furnish(here);
  const auto before = here.files();
  const auto& [program, arguments, code, expected] = GetParam();
  std::vector<std::string> all = words(arguments);
  std::replace(all.begin(), all.end(), std::string("OTHER"), apps::weights_file("deep_cnn"));
  const ending e = here.run(program, all);
  EXPECT_EQ(e.code, code) << e.out << e.err;
  EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
  EXPECT_EQ(e.err.rfind("salient-" + program + ": ", 0), 0u) << e.err;
  for (const std::string& word : expected)
    EXPECT_NE(e.err.find(word), std::string::npos) << word << " in " << e.err;
  EXPECT_EQ(e.err.find("--help") != std::string::npos, code == misused) << e.err;
  EXPECT_EQ(here.files(), before);
}

const std::vector<refusal> cases{
    // weight files
    {"gradients", "--weights absent.safetensors", bad, {"absent.safetensors"}},
    {"gradients", "--weights folder", bad, {"folder"}},
    {"gradients", "--weights truncated.safetensors", bad, {"truncated.safetensors"}},
    {"gradients", "--weights lying.safetensors", bad, {"lying.safetensors"}},
    {"gradients", "--weights empty.safetensors", bad, {"empty.safetensors"}},
    {"gradients", "--weights nan.safetensors", bad, {"nan.safetensors", "finite"}},
    {"gradients", "--weights words.png", bad, {"words.png"}},
    {"gradients",
     "--weights OTHER",
     bad,
     {"deep_cnn.safetensors", "'features.weight'", "32x32x3x3", "32x16x3x3"}},
    // images
    {"grad-cam", "--image absent.png", bad, {"absent.png"}},
    {"grad-cam", "--image folder", bad, {"folder"}},
    {"grad-cam", "--image small.png", bad, {"small.png", "5x7", "28x28"}},
    {"grad-cam", "--image wide.npy", bad, {"wide.npy", "28x29", "28x28"}},
    {"grad-cam", "--image truncated.png", bad, {"truncated.png"}},
    {"grad-cam", "--image lying.png", bad, {"lying.png"}},
    {"grad-cam", "--image truncated.npy", bad, {"truncated.npy"}},
    {"grad-cam", "--image words.png", bad, {"words.png"}},
    {"grad-cam", "--image nan.npy", bad, {"nan.npy", "finite"}},
    {"grad-cam", "--image turned.npy", bad, {"turned.npy", "28x30"}},
    {"grad-cam", "--image integers.npy", bad, {"integers.npy", "from 0 to 1000", ".astype(numpy.uint8)"}},
    {"integrated-gradients", "--baseline absent.png", bad, {"absent.png"}},
    {"integrated-gradients", "--baseline small.png", bad, {"small.png", "5x7", "28x28"}},
    {"integrated-gradients", "--baseline turned.npy", bad, {"turned.npy", "28x30"}},
    {"integrated-gradients", "--baseline nan.npy", bad, {"nan.npy", "finite"}},
    // numbers out of range
    {"gradients", "--digits 10000", misused, {"--digits", "0 to 9999", "10000"}},
    {"gradients", "--digits 3,99999999999999999999999", misused, {"--digits", "0 to 9999"}},
    {"gradients", "--target 10", misused, {"--target", "0 to 9", "got 10"}},
    {"gradients", "--target -1", misused, {"--target", "0 to 9", "got -1"}},
    {"integrated-gradients", "--steps 0", misused, {"--steps", "1 to 100000", "got 0"}},
    {"integrated-gradients", "--steps 100001", misused, {"--steps", "1 to 100000", "got 100001"}},
    {"integrated-gradients", "--tolerance 0", misused, {"--tolerance", "above 0"}},
    {"integrated-gradients", "--tolerance nan", misused, {"--tolerance", "above 0", "nan"}},
    {"integrated-gradients", "--baseline nan", misused, {"--baseline", "finite"}},
    {"integrated-gradients", "--baseline -inf", misused, {"--baseline", "finite"}},
    {"deconvolution", "--start 3 --map 32", misused, {"--map", "0 to 31", "got 32"}},
    {"deconvolution", "--start 3 --map -1", misused, {"--map", "at least 0"}},
    {"gradients", "--device cpu_pool --threads 1025", misused, {"--threads", "0 to 1024", "1025"}},
    {"gradients", "--device cpu_pool --threads -1", misused, {"--threads", "-1"}},
    {"grad-cam",
     "--network cnn --layer 4",
     misused,
     {"--layer", "'4'", "0 (conv2d, 26x26x16)", "features (conv2d, 24x24x32)"}},
    {"grad-cam", "--network cnn --layer nowhere", misused, {"'nowhere'", "3 (relu, 24x24x32)"}},
    {"guided-grad-cam", "--network pooled_cnn --layer 10", misused, {"'10'", "4 (max_pool, 12x12x32)"}},
    {"deconvolution", "--start 5", misused, {"--start", "'5'", "1 (relu, 26x26x16)"}},
    // networks that the method does not apply to
    {"cam", "--network cnn", misused, {"CAM", "cnn", "pooled_cnn", "salient-grad-cam"}},
    {"cam",
     "--network perceptron --weights-from activation-mean",
     misused,
     {"CAM", "perceptron", "needs convolutions", "pooled_cnn"}},
    {"grad-cam",
     "--network perceptron",
     misused,
     {"Grad-CAM", "perceptron", "--network cnn", "salient-gradients"}},
    {"guided-grad-cam", "--network perceptron", misused, {"Guided Grad-CAM", "salient-guided-backprop"}},
    {"deconvolution",
     "--network perceptron",
     misused,
     {"Deconvolution", "convolution", "salient-guided-backprop"}},
    {"deconvolution", "--network perceptron --start 0", misused, {"Deconvolution", "convolution"}},
    // wrong options are reported before any file is opened
    {"gradients", "--target 10 --weights absent.safetensors --image absent.png", misused, {"--target"}},
    {"grad-cam", "--layer 99 --weights absent.safetensors", misused, {"--layer"}},
    {"deconvolution", "--start 3 --map 99 --image absent.png", misused, {"--map"}},
    {"cam", "--network cnn --weights absent.safetensors", misused, {"pooled_cnn"}},
    {"gradients", "--out absent/a.png --weights absent.safetensors", bad, {"absent/a.png", "no folder"}},
    {"gradients", "--raw absent/a.npy --image absent.png", bad, {"absent/a.npy", "no folder"}},
    {"gradients", "--out folder --weights absent.safetensors", bad, {"folder", "is a folder"}},
    // malformed options
    {"gradients", "--digits 1,,2", misused, {"'1,,2'"}},
    {"gradients", "--digits 5-", misused, {"'5-'"}},
    {"gradients", "--digits -5", misused, {"'-5'"}},
    {"gradients", "--digits ,", misused, {"','"}},
    {"gradients", "--digits 1,", misused, {"'1,'"}},
    {"gradients", "--digits seven", misused, {"'seven'"}},
    {"gradients", "--digits 0x1", misused, {"'0x1'"}},
    {"gradients", "--digits", misused, {"--digits"}},
    {"gradients", "--digits=", misused, {"--digits"}},
    {"gradients", "--digits 1 --digits 2", misused, {"--digits"}},
    {"gradients", "--digits 1 --image digit.png", misused, {"--digits", "--image"}},
    {"gradients", "--threads 2", misused, {"--threads", "cpu_pool"}},
    {"gradients", "--device cpu --threads 2", misused, {"--threads", "cpu_pool"}},
    {"gradients", "--device tpu", misused, {"'tpu'", "cpu|cpu_pool|gpu"}},
    {"gradients", "--kernels mkl", misused, {"'mkl'", "direct|eigen"}},
    {"gradients", "--precision tf32", misused, {"--precision", "needs --device gpu"}},
    {"gradients", "--device cpu_pool --precision float32", misused, {"--precision", "needs --device gpu"}},
    {"gradients", "--device gpu --precision half", misused, {"'half'", "float32|tf32"}},
    {"gradients",
     "--device gpu --kernels eigen --precision tf32",
     misused,
     {"--precision", "--kernels direct"}},
    {"gradients", "--device gpu --threads 2", misused, {"--threads", "cpu_pool"}},
    {"gradients", "--network vgg", misused, {"'vgg'", "deep_cnn"}},
    {"gradients", "--score margin", misused, {"'margin'", "cross_entropy"}},
    {"gradients", "--target seven", misused, {"--target", "seven"}},
    {"gradients", "--target 1.5", misused, {"--target"}},
    {"gradients", "--target 99999999999999999999", misused, {"--target"}},
    {"gradients", "--steps 3", misused, {"--steps"}},
    {"gradients", "seven", misused, {"seven"}},
    {"gradients", "--image digit.png --out digit.png", misused, {"overwrite", "digit.png"}},
    {"gradients", "--image digit.npy --raw ./digit.npy", misused, {"overwrite", "digit.npy"}},
    {"gradients", "--out same.npy --raw ./same.npy", misused, {"same file"}},
    {"integrated-gradients", "--rule simpson", misused, {"'simpson'", "midpoint"}},
    {"integrated-gradients", "--steps few", misused, {"--steps"}},
    {"integrated-gradients", "--tolerance small", misused, {"--tolerance"}},
    {"integrated-gradients", "--exact --steps 3", misused, {"--steps", "--exact"}},
    {"deconvolution", "--map 3", misused, {"--map", "--start"}},
    {"deconvolution", "--strongest", misused, {"--strongest", "--start"}},
    {"deconvolution", "--start 3 --strongest", misused, {"--strongest", "--map"}},
    {"deconvolution", "--start 3 --target 1", misused, {"--target", "--start"}},
    {"deconvolution", "--start 3 --score logit", misused, {"--score", "--start"}},
    {"cam", "--weights-from luck", misused, {"'luck'", "classifier"}},
    {"cam", "--weights-from activation-mean --target 1", misused, {"--target", "every class"}},
    {"grad-cam", "--no-relu=no", misused, {"no-relu"}},
    {"guided-grad-cam", "--interpolation cubic", misused, {"'cubic'", "nearest"}},
};

INSTANTIATE_TEST_SUITE_P(cases, refused, ::testing::ValuesIn(cases), [](const auto& info) {
  return std::to_string(info.index) + "_" +
         std::regex_replace(info.param.program + info.param.arguments, std::regex("[^a-zA-Z0-9]+"), "_");
});

TEST(bad_input, empty_values_are_wrong_usage) {
  const workshop here;
  for (const std::string flag : {"--digits", "--image", "--weights", "--out", "--raw"}) {
    const ending e = here.run("gradients", {flag, ""});
    EXPECT_EQ(e.code, misused) << flag;
    EXPECT_NE(e.err.find(flag), std::string::npos) << e.err;
  }
  EXPECT_TRUE(here.files().empty());
}

TEST(bad_input, more_digits_than_a_sheet_holds) {
  const workshop here;
  std::string list = "0";
  for (int i = 1; i < 101; ++i) list += ",0";
  const ending e = here.run("gradients", {"--digits", list});
  EXPECT_EQ(e.code, misused);
  EXPECT_NE(e.err.find("101 digits"), std::string::npos) << e.err;
  EXPECT_EQ(here.run("gradients", {"--digits", list.substr(2)}).code, 0);
}

TEST(bad_input, a_message_stays_one_line_whatever_a_file_is_called) {
  const workshop here;
  const ending e = here.run("gradients", {"--weights", "two\nlines\x1b[2J"});
  EXPECT_EQ(e.code, bad);
  EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1);
  EXPECT_EQ(e.err.find('\x1b'), std::string::npos);
}

}  // namespace
