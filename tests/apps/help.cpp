// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <regex>

#include <gtest/gtest.h>

#include "program.hpp"

namespace {

const std::vector<std::string> common{"--network", "--weights", "--digits",  "--image",     "--target",
                                      "--score",   "--mean",    "--std",     "--range",     "--channels",
                                      "--device",  "--threads", "--kernels", "--precision", "--out",
                                      "--raw",     "--help"};
const std::map<std::string, std::vector<std::string>> own{
    {"integrated-gradients", {"--steps", "--rule", "--tolerance", "--baseline", "--exact"}},
    {"deconvolution", {"--start", "--map", "--strongest"}},
    {"cam", {"--weights-from"}},
    {"grad-cam", {"--layer", "--no-relu"}},
    {"guided-grad-cam", {"--layer", "--interpolation", "--alignment", "--no-relu"}}};

class help : public ::testing::TestWithParam<std::string> {};

/// The flags that begin a line of the help.
std::vector<std::string> flags_of(const std::string& text) {
  static const std::regex flag("\n +(--[-a-z]+)");
  std::vector<std::string> flags;
  for (std::sregex_iterator at(text.begin(), text.end(), flag), end; at != end; ++at)
    flags.push_back((*at)[1]);
  std::sort(flags.begin(), flags.end());
  return flags;
}

TEST_P(help, lists_every_flag_and_does_nothing_else) {
  const workshop here;
  const ending e = here.run(GetParam(), {"--help"});
  EXPECT_EQ(e.code, 0);
  EXPECT_EQ(e.err, "");
  std::vector<std::string> expected = common;
  if (const auto found = own.find(GetParam()); found != own.end())
    expected.insert(expected.end(), found->second.begin(), found->second.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(flags_of(e.out), expected) << e.out;
  EXPECT_TRUE(here.files().empty());
}

TEST_P(help, names_the_paper) {
  const workshop here;
  EXPECT_NE(here.run(GetParam(), {"--help"}).out.find("arXiv:"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(demos, help, ::testing::ValuesIn(demos), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(help, says_that_the_mean_is_the_same_for_every_class) {
  const workshop here;
  std::string text;  // independent of line breaks
  for (const std::string& word : words(here.run("cam", {"--help"}).out)) text += word + " ";
  EXPECT_NE(text.find("the same for every class"), std::string::npos);
}

}  // namespace
