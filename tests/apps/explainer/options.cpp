// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "explainer/pictures.hpp"
#include "program.hpp"

namespace {

using nlohmann::json;

TEST(explainer_options, wrong_usage_is_one_line_and_exit_code_2) {
  const workshop here;
  draw(here / "a.png");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "name a picture"},
      {"a.png --method magic", "--method 'magic' is none of most, all, gradients,"},
      {"a.png --method ,", "none of most, all"},
      {"a.png --top 0", "--top"},
      {"a.png --top 5", "1 to 4"},
      {"a.png --top 2 --target 1", "--top and --target exclude each other"},
      {"a.png --target 4", "classes 0 to 3"},
      {"a.png --target cow", "there is no class 'cow'"},
      {"a.png --target=", "--target"},
      {". --out .", "is the folder of the pictures"},
      {"a.png --target hound", "several classes are called 'hound'"},
      {"a.png --layer nowhere", "no layer 'nowhere'"},
      {"a.png --layer stem --method gradients", "--layer needs --method grad_cam"},
      {"a.png --steps 3 --method grad_cam", "--steps needs --method integrated_gradients"},
      {"a.png --steps 0", "1 to 100000"},
      {"a.png --threads 2 --device cpu", "--threads needs"},
      {"a.png --precision tf32 --device cpu", "--precision needs --device gpu"},
      {"a.png --mean 1,2", "the mean must be one number"},
      {"a.png --resize -1", "0 to 65536"},
      {"a.png --batch 0", "1 to 4096"},
      {"a.png --what", "--what"}};
  for (const auto& [line, message] : cases) {
    const ending e = here.run("explain-tiny", words(line));
    EXPECT_EQ(e.code, 2) << line << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << line << ": " << e.err;
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_EQ(e.out, "") << line;
  }
  EXPECT_EQ(here.files(), std::vector<std::string>{"a.png"});
  const ending e = here.run("explain-plain", words("a.png --method cam"));
  EXPECT_EQ(e.code, 2);
  EXPECT_NE(e.err.find("cannot explain plain: it needs a network that ends in"), std::string::npos) << e.err;
}

TEST(explainer_options, help_names_the_network_and_its_methods) {
  const ending e = workshop().run("explain-tiny", {"--help"});
  EXPECT_EQ(e.code, 0);
  for (const char* word :
       {"tiny", "32x32x3", "4 classes", "guided_grad_cam", "(default: 3)", "--json", "IMAGE"})
    EXPECT_NE(e.out.find(word), std::string::npos) << word;
  EXPECT_EQ(workshop().run("explain-plain", {"--help"}).out.find("--layer"), std::string::npos);
}

TEST(explainer_options, a_target_is_a_number_or_a_label) {
  const workshop here;
  draw(here / "a.png");
  for (const char* target : {"1", "Dog", "dog, hound"}) {
    const ending e =
        here.run("explain-tiny", {"a.png", "--json", "--method", "gradients", "--target", target});
    ASSERT_EQ(e.code, 0) << e.err;
    const json map = json::parse(e.out).at("images")[0].at("maps")[0];
    EXPECT_EQ(map.at("class"), 1) << target;
    EXPECT_EQ(map.at("label"), "dog, hound");
  }
}

TEST(explainer_options, pictures_are_fitted_as_told) {
  const workshop here;
  draw(here / "a.png", 32, 32);
  const auto score = [&](const std::string& how) {
    const ending e = here.run("explain-tiny", words("a.png --json --method gradients " + how));
    EXPECT_EQ(e.code, 0) << e.err;
    return json::parse(e.out).at("images")[0].at("predictions")[0].at("logit").get<double>();
  };
  EXPECT_EQ(score(""), score("--resize 36 --filter bilinear"));
  EXPECT_NE(score(""), score("--resize 0"));
  EXPECT_EQ(score("--resize 0"), score("--resize 32"));
  EXPECT_NE(score(""), score("--filter bicubic"));
  EXPECT_NE(score(""), score("--channels bgr"));
  EXPECT_NE(score(""), score("--mean 0.4"));
}

}  // namespace
