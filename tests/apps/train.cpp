// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "program.hpp"

namespace {

const std::string train = "--network cnn --data mnist ";

TEST(train, refuses_in_one_line_and_before_it_reads_anything) {
  struct refusal {
    std::string arguments;
    int code;
    std::string word;
  };
  for (const auto& [arguments, code, word] :
       {refusal{"", 2, "--network"},
        {"--network vgg --data mnist", 2, "'vgg'"},
        {"--network vgg --evaluate", 2, "'vgg'"},
        {train + "--epochs 0", 2, "at least 1"},
        {train + "--epochs many", 2, "many"},
        {train + "--batch 0", 2, "at least 1"},
        {train + "--rate 0", 2, "above 0"},
        {train + "--rate nan", 2, "above 0"},
        {train + "--rate fast", 2, "fast"},
        {train + "--optimiser sgd --momentum 1", 2, "at least 0 and below 1"},
        {train + "--optimiser sgd --momentum -0.1", 2, "at least 0 and below 1"},
        {train + "--optimiser adagrad", 2, "'adagrad'"},
        {train + "--momentum 0.5", 2, "--momentum"},
        {train + "--shift 28", 2, "0 to 27"},
        {train + "--shift -1", 2, "0 to 27"},
        {train + "--seed -1", 2, "at least 0"},
        {train + "--device cpu_pool --threads 1025", 2, "0 to 1024"},
        {"--evaluate --epochs 3", 2, "--epochs"},
        {train + "--out absent/a.safetensors", 1, "absent/a.safetensors"},
        {train + "--out folder", 1, "folder"},
        {train, 1, "fetch_mnist.sh"}}) {
    const workshop here;
    std::filesystem::create_directory(here / "folder");
    const ending e = here.run("train", words(arguments));
    EXPECT_EQ(e.code, code) << arguments << ": " << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(word), std::string::npos) << arguments << ": " << e.err;
    EXPECT_EQ(here.files(), std::vector<std::string>{"folder"});
  }
}

/// Writes MNIST files with `count` images: all pixels of image n are n, its label is `label(n)`.
template <class F>
void furnish(const std::filesystem::path& folder, const std::string& part, unsigned char count, F label) {
  std::filesystem::create_directory(folder);
  std::string images("\0\0\x08\x03\0\0\0", 7), labels("\0\0\x08\x01\0\0\0", 7);
  images += static_cast<char>(count);
  images += std::string("\0\0\0\x1c\0\0\0\x1c", 8);
  labels += static_cast<char>(count);
  for (unsigned char n = 0; n < count; ++n) {
    images += std::string(28 * 28, static_cast<char>(n));
    labels += static_cast<char>(label(n));
  }
  std::ofstream(folder / (part + "-images-idx3-ubyte"), std::ios::binary) << images;
  std::ofstream(folder / (part + "-labels-idx1-ubyte"), std::ios::binary) << labels;
}

TEST(train, labels_that_the_network_has_no_class_for_are_refused) {
  const workshop here;
  for (const char* part : {"train", "t10k"})
    furnish(here / "letters", part, 30, [](int n) { return n % 26 + 1; });
  for (const std::string arguments : {"--network perceptron --data letters", "--evaluate --data letters"}) {
    const ending e = here.run("train", words(arguments));
    EXPECT_EQ(e.code, 1) << e.err;
    EXPECT_NE(e.err.find("label 10 of image 9 is out of range: the network has classes 0 to 9"),
              std::string::npos)
        << e.err;
  }
  EXPECT_EQ(here.files(), std::vector<std::string>{"letters"});
}

TEST(train, trains_and_evaluates) {
  const workshop here;
  for (const char* part : {"train", "t10k"}) furnish(here / "set", part, 40, [](int n) { return n >= 20; });
  const ending e = here.run(
      "train",
      words(
          "--network perceptron --data set --out a.safetensors --epochs 20 --batch 8 --rate 0.01 --seed 3"));
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_NE(e.out.find(" % of 40\n"), std::string::npos) << e.out;
  const ending measured =
      here.run("train", words("--evaluate --network perceptron --data set --weights a.safetensors"));
  EXPECT_EQ(measured.code, 0) << measured.err;
  const auto share = e.out.substr(15, e.out.find('%') - 16);
  EXPECT_NE(measured.out.find(share + " % of 40 test digits"), std::string::npos) << e.out << measured.out;
  EXPECT_EQ(here.files(), (std::vector<std::string>{"a.safetensors", "set"}));
}

}  // namespace
