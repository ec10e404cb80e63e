// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "evidence/claims.hpp"
#include "explainer/structure.hpp"
#include "io/sha256.hpp"
#include "laws/markup.hpp"
#include "made.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/evidence/run.hpp"
#include "salient/method/list.hpp"

namespace {

namespace evidence = salient::evidence;

using nlohmann::json;
using salient::laws::count, salient::laws::flaw;

TEST(evidence, page_is_sound_and_needs_no_other_file) {
  const workshop here;
  const written w = made(here, small);
  EXPECT_EQ(w.out, "page     evidence.html\njson     evidence.json\n");
  EXPECT_EQ(here.files(), (std::vector<std::string>{"evidence.html", "evidence.json"}));
  EXPECT_EQ(flaw(w.page), "");
  for (const char* fetches : {"<link", "<script", "url(", "@import", "<iframe"})
    EXPECT_EQ(count(w.page, fetches), 0U) << fetches;
  EXPECT_EQ(count(w.page, "<img"), 1U);
  EXPECT_EQ(count(w.page, "src=\"data:image/png;base64,"), 1U);
  for (const evidence::claim& c : evidence::all_claims) {
    EXPECT_EQ(count(w.page, "<h3>" + std::string(c.title) + "</h3>"), 1U) << c.title;
    EXPECT_EQ(count(w.page, "<p>" + std::string(c.sentence) + "</p>"), 1U) << c.title;
  }
  for (const evidence::figure_words& f : evidence::all_figures)
    EXPECT_EQ(count(w.page, "<dt>" + std::string(f.title) + "</dt>"), 1U) << f.title;
}

TEST(evidence, json_has_every_figure_interval_rank_and_verdict) {
  const workshop here;
  const json all = made(here, "--networks cnn --images 6 --methods gradients,hires_cam").parsed();
  EXPECT_EQ(all.at("figures").size(), evidence::figures_count);
  EXPECT_EQ(all.at("claims").size(), evidence::all_claims.size());
  ASSERT_EQ(all.at("images").size(), 6U);
  EXPECT_EQ(std::set<std::string>(all["images"].begin(), all["images"].end()).size(), 6U);
  ASSERT_EQ(all.at("networks").size(), 1U);
  const json& network = all["networks"][0];
  EXPECT_EQ(network.at("parameters"), salient::digits::cnn::parameters);
  EXPECT_EQ(all.at("salient"), SALIENT_VERSION);
  EXPECT_EQ(network.at("weights_sha256"), salient::detail::sha256_of_file(apps::weights_file("cnn")));
  EXPECT_EQ(network.at("structure_sha256"),
            salient::detail::sha256(salient::explainer::structure_text(salient::digits::cnn::graph)));
  ASSERT_EQ(network.at("methods").size(), 2U);
  EXPECT_EQ(network["methods"][0].at("options"), json::object());
  EXPECT_EQ(network["methods"][1].at("options"), json({{"relu", true}}));
  for (const json& m : network["methods"]) {
    // No method of the two promises a sum, so the gap is missing, and cnn recognises no pairs of digits.
    EXPECT_EQ(m.at("figures").size(), evidence::figures_count - 4) << m;
    for (const auto& [name, f] : m["figures"].items()) {
      ASSERT_TRUE(f.at("mean").is_number()) << name;
      ASSERT_EQ(f.at("interval").size(), 2U) << name;
      EXPECT_LE(f["interval"][0], f["mean"]) << name;
      EXPECT_GE(f["interval"][1], f["mean"]) << name;
      EXPECT_EQ(f.at("images").get<int>() + f.at("undefined").get<int>(), 6) << name;
      if (name == "negative_share" || name == "positions")
        EXPECT_TRUE(f.at("rank").is_null());
      else
        EXPECT_TRUE(f.at("rank") == 1 || f.at("rank") == 2) << name;
    }
    ASSERT_EQ(m.at("claims").size(), evidence::all_claims.size());
    for (const auto& [name, v] : m["claims"].items())
      EXPECT_EQ(v.is_null(), name == "adds_up" || name == "points_at_its_class") << name << ": " << v;
  }
  ASSERT_EQ(all.at("times").at("maps").size(), 2U);
  for (const json& m : all["times"]["maps"]) {
    EXPECT_GT(m.at("milliseconds"), 0);
    // A session at least holds the input.
    EXPECT_GT(m.at("bytes"), 28 * 28 * sizeof(float));
    EXPECT_EQ(m.at("times_the_fastest").at("interval").size(), 2U);
    EXPECT_TRUE(m.at("slow").is_string());
  }
}

TEST(evidence, figures_say_what_is_known_of_the_methods) {
  const workshop here;
  const json all = made(here,
                        "--networks cnn,perceptron --images 20 --methods "
                        "gradients,integrated_gradients,deconvolution,guided_backprop,eigen_cam")
                       .parsed();
  // In the order of networks.hpp, whatever was asked.
  ASSERT_EQ(all["networks"][0]["name"], "perceptron");
  EXPECT_EQ(all["networks"][0]["methods_left_out"].size(), 2U);
  std::map<std::string, json> of;
  for (const json& m : all["networks"][1]["methods"]) of[m["name"]] = m;
  ASSERT_EQ(of.size(), 5U);
  const auto mean = [&](const char* method, const char* figure) {
    return of[method]["figures"][figure]["mean"].get<double>();
  };
  EXPECT_NEAR(mean("eigen_cam", "class_correlation"), 1, 1e-12);  // the score does not enter it
  EXPECT_NEAR(mean("eigen_cam", "parameters_top"), 1, 1e-12);
  // Without pools, deconvolution is one linear map of the class, whatever the image.
  EXPECT_GT(mean("deconvolution", "image_correlation"), 0.99);
  EXPECT_EQ(of["deconvolution"]["claims"]["hardly_about_the_image"], "yes");
  EXPECT_EQ(of["gradients"]["claims"]["hardly_about_the_image"], "no");
  EXPECT_GT(mean("guided_backprop", "class_correlation"), mean("gradients", "class_correlation") + 0.3);
  EXPECT_EQ(mean("gradients", "passes"), 1);
  EXPECT_EQ(mean("integrated_gradients", "passes"), 50);
  EXPECT_EQ(of["integrated_gradients"]["claims"]["needs_many_passes"], "yes");
  EXPECT_LT(mean("integrated_gradients", "completeness_gap"), 0.02);
  EXPECT_EQ(mean("gradients", "positions"), 1);
  EXPECT_NEAR(mean("eigen_cam", "positions"), 24.0 * 24 / (28 * 28), 1e-12);
  // Read backwards, the order of a map that knows something is a worse one; of random values it is as good.
  EXPECT_GT(mean("integrated_gradients", "road_gain"), 0.2);
  EXPECT_NEAR(mean("integrated_gradients", "road_gain"),
              mean("integrated_gradients", "road_least") - mean("integrated_gradients", "road_most"), 1e-12);
  EXPECT_EQ(of["integrated_gradients"]["claims"]["orders_pixels"], "yes");
  EXPECT_NEAR(all["networks"][1]["random_values"]["road_gain"]["mean"].get<double>(), 0, 0.1);
  EXPECT_LT(mean("integrated_gradients", "deletion"),
            all["networks"][1]["random_values"]["deletion"]["mean"].get<double>());
}

/// What is said of a method beside another is judged where both were asked.
TEST(evidence, compares_methods) {
  const workshop here;
  const written w = made(here, "--networks cnn --images 12 --methods gradients,guided_backprop,smooth_grad");
  const json all = w.parsed();
  ASSERT_EQ(all.at("comparisons").size(), 2U);
  for (const json& c : all["comparisons"]) {
    EXPECT_EQ(c.at("other"), "gradients");
    ASSERT_EQ(c.at("networks").size(), 1U);
    EXPECT_EQ(c["networks"][0].at("network"), "cnn");
    EXPECT_EQ(c["networks"][0].at("holds"), "yes") << c;
    EXPECT_LT(c["networks"][0].at("difference").at("interval")[1], 0);
    EXPECT_EQ(count(w.page, c.at("sentence").get<std::string>()), 1U);
  }
}

/// Whoever reads the JSON can ask the methods again.
TEST(evidence, says_how_methods_that_draw_at_random_were_asked) {
  const workshop here;
  const written w =
      made(here, "--networks cnn --images 3 --methods var_grad,smooth_guided_backprop,expected_gradients");
  const json all = w.parsed();
  const auto options = [&](std::size_t m) { return all["networks"][0]["methods"][m].at("options"); };
  const auto name = [&](std::size_t m) { return all["networks"][0]["methods"][m].at("name"); };
  EXPECT_EQ(name(0), "expected_gradients");
  EXPECT_EQ(options(0).at("baselines"), all.at("images"));
  EXPECT_EQ(options(0).at("seed"), "of the run's seed and the image");
  EXPECT_EQ(name(1), "var_grad");
  EXPECT_EQ(options(1).at("statistic"), "variance");
  EXPECT_EQ(options(1).at("samples"), 50);
  EXPECT_EQ(options(1).at("tolerance"), nullptr);
  EXPECT_EQ(name(2), "smooth_guided_backprop");
  EXPECT_EQ(options(2).at("base"), "guided_backprop");
  for (const char* title : {"Expected Gradients", "VarGrad", "SmoothGrad of Guided Backpropagation"})
    EXPECT_GT(count(w.page, "<td>" + std::string(title) + "</td>"), 5U) << title;
  EXPECT_EQ(count(w.page, "follow from the seed 1 and the image"), 1U);
}

TEST(evidence, refuses_networks_that_cannot_share_images_or_classes) {
  const auto refused = [](salient::shape input, int classes) {
    const auto named = [](const char* name, salient::shape takes, int tells) {
      evidence::candidate c;
      c.name = name, c.input = takes, c.classes = tells;
      return c;
    };
    const evidence::introduction setup{
        .name = "evidence",
        .networks = {named("one", {28, 28, 1}, 10), named("other", input, classes)},
        .known = {.noun = "digits", .count = 10}};
    const char* const arguments[] = {"evidence", "--networks", "one,other", "--out", "no/page.html"};
    testing::internal::CaptureStderr();
    EXPECT_EQ(evidence::run(setup, 5, arguments), 1);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(refused({32, 32, 3}, 10)
                .find("evidence: all networks are asked about the same images, but one "
                      "takes 28x28x1 and other 32x32x3"),
            std::string::npos);
  EXPECT_NE(refused({28, 28, 1}, 47)
                .find("evidence: all networks are asked about the same classes, but one "
                      "tells 10 and other 47"),
            std::string::npos);
}

TEST(evidence, asks_about_two_digits_where_the_network_recognises_them) {
  const workshop here;
  const json all = made(here,
                        "--networks cnn,resnet --images 40 --methods "
                        "grad_cam,layer_gradient_x_activation,eigen_cam")
                       .parsed();
  const json &cnn = all["networks"][0], &resnet = all["networks"][1];
  EXPECT_EQ(cnn["pairs"], resnet["pairs"]);
  EXPECT_LT(cnn["pairs_recognised"].get<long>() * 4, cnn["pairs"].get<long>());
  EXPECT_GE(resnet["pairs_recognised"].get<long>() * 4, resnet["pairs"].get<long>());
  EXPECT_FALSE(cnn["methods"][0]["figures"].contains("pointing"));
  EXPECT_FALSE(cnn["random_values"].contains("pointing"));
  const auto mean = [&](const json& of, const char* figure) {
    const json& found = of["figures"][figure];
    EXPECT_EQ(found["images"].get<long>() + found["undefined"].get<long>(), resnet["pairs_recognised"]);
    return found["mean"].get<double>();
  };
  for (const char* figure : {"pointing", "relevance_mass", "relevance_rank"}) {
    EXPECT_NEAR(resnet["random_values"][figure]["mean"].get<double>(), 0.5, 0.25) << figure;
    EXPECT_NEAR(mean(resnet["methods"][2], figure), 0.5, 1e-12) << figure;  // one map for both questions
    EXPECT_GT(mean(resnet["methods"][0], figure), 0.6) << figure;
  }
  const json& figures = resnet["methods"][0]["figures"];
  EXPECT_LT(figures["infidelity"]["mean"].get<double>(), 0.6);
  EXPECT_GT(resnet["random_values"]["infidelity"]["mean"].get<double>(), 0.9);
  EXPECT_GT(figures["max_sensitivity"]["mean"].get<double>(), 0);
  // A map with a layer's channels has every figure too.
  EXPECT_EQ(resnet["methods"][1]["figures"].size(), figures.size());
}

TEST(evidence, redrawing_leaves_the_network_as_it_was) {
  const workshop here;
  const json two = made(here, small).parsed(),
             one = made(here, "--networks cnn --images 6 --methods grad_cam").parsed();
  EXPECT_EQ(two["networks"][0]["methods"][1]["figures"]["deletion"]["mean"],
            one["networks"][0]["methods"][0]["figures"]["deletion"]["mean"]);
}

TEST(evidence, is_the_same_in_every_run_and_on_any_number_of_threads) {
  const workshop here;
  const std::string first = made(here, small + " --threads 1").lasting();
  EXPECT_GT(first.size(), 20'000U);
  EXPECT_EQ(first == made(here, small + " --threads 1").lasting(), true);
  EXPECT_EQ(first == made(here, small + " --threads 2").lasting(), true);
  EXPECT_EQ(first == made(here, small + " --device cpu").lasting(), true);
  EXPECT_EQ(first == made(here, small + " --seed 2").lasting(), false);
}

TEST(evidence, refuses_in_one_line) {
  struct refusal {
    std::string arguments;
    int code;
    std::string word;
  };
  for (const auto& [arguments, code, word] :
       {refusal{"--networks vgg", 2, "'vgg'; choose of perceptron, cnn,"},
        {"--networks cnn,", 2, "''"},
        {"--methods grad_cam,lime", 2, "'lime'; choose of gradients,"},
        {"--images 1", 2, "--images"},
        {"--images 10001", 2, "--images"},
        {"--seed -1", 2, "--seed"},
        {"--out page", 2, "'page'"},
        {"--threads 2 --device cpu", 2, "--threads"},
        {"surplus", 2, "surplus"},
        {"--out no/folder.html", 1, "no/folder.html"},
        {"--out folder.html", 1, "folder.html"},
        {"--out taken.html", 1, "taken.json"}}) {
    const workshop here;
    std::filesystem::create_directories(here / "folder.html");
    std::filesystem::create_directories(here / "taken.json");
    const ending e = here.run("evidence", words(arguments));
    EXPECT_EQ(e.code, code) << arguments << ": " << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(word), std::string::npos) << e.err;
    EXPECT_EQ(here.files(), (std::vector<std::string>{"folder.html", "taken.json"}));
  }
}

TEST(evidence, help_lists_networks_and_methods) {
  const workshop here;
  std::string text;  // independent of line breaks
  for (const std::string& word : words(here.run("evidence", {"--help"}).out)) text += word + " ";
  for (const char* flag : {"--networks", "--methods", "--images", "--seed", "--out", "--device", "--threads"})
    EXPECT_NE(text.find(flag), std::string::npos) << flag;
  for (const salient::method_words& m : salient::all_method_words)
    EXPECT_NE(text.find(std::string(m.name)), std::string::npos) << m.name;
  EXPECT_TRUE(here.files().empty());
}

}  // namespace
