// SPDX-License-Identifier: MIT
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "networks.hpp"
#include "paths.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"
#include "salient/method/options.hpp"

namespace {

using namespace salient;
using nlohmann::json;

/// The map of `digit` by cnn, as salient-explain writes it.
npy map_of(const workshop& here, const std::string& arguments) {
  const ending e = here.run("explain", words("cnn 4 --target 9 --raw --json " + arguments));
  EXPECT_EQ(e.code, 0) << arguments << ": " << e.err;
  const json all = json::parse(e.out);
  return read_npy(here / all.at("images")[0].at("maps")[0].at("raw").get<std::string>());
}

class explain_options : public ::testing::Test {
 protected:
  void expect_map(const std::string& arguments, const tensor& expected) const {
    const npy found = map_of(here, arguments);
    ASSERT_EQ(found.values.size(), expected.values.size()) << arguments;
    for (std::size_t i = 0; i < found.values.size(); ++i)
      ASSERT_NEAR(found.values[i], expected.values[i], 1e-5) << arguments;
  }

  const workshop here;
  const cpu device;
  const model<digits::cnn> network = load<digits::cnn>(apps::weights_file("cnn"), device);
  const tensor image = apps::test_digits({4}).images;
};

TEST_F(explain_options, set_the_members_of_methods) {
  const auto ig = [&](const methods::integrated_gradients& options) {
    return integrated_gradients(network, image, logit(9), options).map;
  };
  const std::string by_ig = "--method integrated_gradients ";
  expect_map(by_ig, ig({}));
  expect_map(by_ig + "--steps 3", ig({.steps = 3}));
  expect_map(by_ig + "--rule left", ig({.rule = quadrature::left}));
  expect_map(by_ig + "--baseline -0.5", ig({.baseline = -0.5}));
  expect_map(by_ig + "--steps 2 --tolerance 1e-9 --most-steps 9",
             ig({.steps = 2, .tolerance = 1e-9, .most_steps = 9}));
  expect_map("--method grad_cam --no-relu", grad_cam(network, image, logit(9), {.relu = false}).map);
  expect_map("--method hires-cam --no-relu", hires_cam(network, image, logit(9), {.relu = false}).map);
  expect_map("--method guided_grad_cam --interpolation nearest",
             guided_grad_cam(network, image, logit(9), {.interpolation = interpolation::nearest}).map);
  expect_map("--method guided_grad_cam --alignment receptive-field",
             guided_grad_cam(network, image, logit(9), {.alignment = map_alignment::receptive_field}).map);
  expect_map("--method full_grad --scale layer",
             full_grad(network, image, logit(9), {.scale = full_grad_scale::layer}).map);
  expect_map("--method score_cam --no-relu", score_cam(network, image, logit(9), {.relu = false}).map);
  expect_map("--method ablation_cam --no-relu", ablation_cam(network, image, logit(9), {.relu = false}).map);
  const methods::rise few{.masks = 20, .cells = 4, .kept = 0.3, .seed = 5};
  const std::string by_rise = "--method rise --masks 20 --cells 4 --kept 0.3 --seed 5 ";
  expect_map(by_rise, rise(network, image, probability(9), few).map);  // as it is defined
  expect_map(by_rise + "--score logit", rise(network, image, logit(9), few).map);
  expect_map("--method occlusion --window 5x3 --stride 3 --baseline 1",
             occlusion(network, image, logit(9), {.window = size{5, 3}, .stride = 3, .baseline = 1}).map);
  // The options matter, so that the agreement above says something.
  EXPECT_NE(ig({.steps = 3}).values, ig({}).values);
  EXPECT_NE(ig({.rule = quadrature::left}).values, ig({}).values);
  EXPECT_NE(ig({.baseline = -0.5}).values, ig({}).values);
  EXPECT_NE(grad_cam(network, image, logit(9), {.relu = false}).map.values,
            grad_cam(network, image, logit(9)).map.values);
}

TEST_F(explain_options, take_baselines_that_are_named_as_pictures_are) {
  const auto wide = [](const tensor& images) {
    basic_tensor<double> pixels(images.extent, images.batch);
    std::ranges::copy(images.values, pixels.values.begin());
    return pixels;
  };
  const tensor eights = apps::test_digits({61, 5, 6, 7}).images;
  write_npy(here / "61.npy", {eights.image(0).begin(), eights.image(0).end()}, {28, 28, 1});
  const auto one = wide(eights.slice(0, 1)), many = wide(eights);
  const std::string by_eg = "--method expected_gradients --samples 9 ";
  const auto eg = expected_gradients(network, image, logit(9), {.samples = 9, .baselines = many});
  expect_map(by_eg + "--baseline-images ./61.npy,5:8", eg.map);
  EXPECT_NE(expected_gradients(network, image, logit(9), {.samples = 9}).map.values, eg.map.values);
  const auto ig = integrated_gradients(network, image, logit(9), {.steps = 3, .baseline_image = one});
  expect_map("--method integrated_gradients --steps 3 --baseline-image 61", ig.map);
  expect_map("--method smooth_grad --samples 2 --base layer_conductance --steps 3 --baseline-image 61",
             smooth_grad(network, image, logit(9),
                         methods::smooth<methods::layer_conductance<>>{
                             .base = {.steps = 3, .baseline_image = one}, .samples = 2})
                 .map);
  const json maps =
      json::parse(here.run("explain", words("cnn 4 --json --method expected_gradients,gradients,"
                                            "guided_ig --steps 2 --baseline-images 61,5:8 "
                                            "--baseline-image ./61.npy"))
                      .out)
          .at("images")[0]
          .at("maps");
  const json& named = maps[0].at("options").at("baseline_images");
  EXPECT_EQ(named.at("names"), json({"61", "5:8"}));
  EXPECT_EQ(named.at("count"), 4);
  const json& start = maps[2].at("options").at("baseline_image");
  EXPECT_EQ(start.at("names"), json({"./61.npy"}));
  EXPECT_EQ(start.at("values_sha256"),
            json::parse(here.run("explain", words("cnn 61 --json --method gradients")).out)
                .at("images")[0]
                .at("values_sha256"));
  EXPECT_NE(named.at("values_sha256"), start.at("values_sha256"));
  EXPECT_EQ(maps[1].at("options"), json::object());
}

TEST_F(explain_options, smooth_any_method_of_the_list) {
  const auto few = [](auto smooth) { return smooth.samples = 4, smooth.seed = 3, smooth; };
  const std::string by_smooth = "--method smooth_grad --samples 4 --seed 3 ";
  const auto gradient = smooth_grad(network, image, logit(9), few(methods::smooth<>{}));
  expect_map(by_smooth, gradient.map);
  expect_map(by_smooth + "--statistic squares", gradient.squares);
  expect_map(by_smooth + "--statistic variance", gradient.variance);
  const auto guided = smooth_grad(network, image, logit(9), few(methods::smooth<methods::guided_backprop>{}));
  expect_map(by_smooth + "--base guided-backprop", guided.map);
  expect_map(by_smooth + "--base guided_backprop --statistic variance", guided.variance);
  using ig = methods::smooth<methods::integrated_gradients>;
  expect_map(by_smooth + "--base integrated_gradients --steps 3",
             smooth_grad(network, image, logit(9), few(ig{.base = {.steps = 3}})).map);
  using cam = methods::smooth<methods::grad_cam<"0">>;
  expect_map(by_smooth + "--base grad_cam --layer 0 --no-relu",
             smooth_grad(network, image, logit(9), few(cam{.base = {.relu = false}})).map);
  expect_map(by_smooth + "--base hires_cam",
             smooth_grad(network, image, logit(9), few(methods::smooth<methods::hires_cam<>>{})).map);
  EXPECT_NE(guided.map.values, gradient.map.values);
  EXPECT_NE(gradient.squares.values, gradient.variance.values);
}

TEST_F(explain_options, combine_the_maps_of_several_layers) {
  const auto both = [&](fusion how, map_alignment where) {
    using two = methods::fused<methods::layer_cam<"0">, methods::layer_cam<"features">>;
    return fused(network, image, logit(9), two{.combine = how, .alignment = where}).map;
  };
  const std::string two = "--method layer_cam --layer 0,features ";
  expect_map(two, both(fusion::mean, map_alignment::stretch));
  expect_map(two + "--combine maximum", both(fusion::maximum, map_alignment::stretch));
  expect_map(two + "--combine mean --alignment receptive-field",
             both(fusion::mean, map_alignment::receptive_field));
  // A map that is the picture's size already is not enlarged.
  tensor expected = guided_grad_cam<"0">(network, image, logit(9)).map;
  const tensor other = guided_grad_cam<"features">(network, image, logit(9)).map;
  for (std::size_t i = 0; i < expected.values.size(); ++i)
    expected.values[i] = (expected.values[i] + other.values[i]) / 2;
  expect_map("--method guided_grad_cam --layer 0,features", expected);
}

TEST_F(explain_options, of_base_and_layers_are_in_the_json) {
  const auto map_by = [&](const std::string& how) {
    const ending e = here.run("explain", words("cnn 4 --json --target 9 " + how));
    EXPECT_EQ(e.code, 0) << e.err;
    return json::parse(e.out).at("images")[0].at("maps")[0];
  };
  const json smoothed = map_by(
      "--method smooth_grad --samples 4 --base grad_cam --layer 0 --no-relu --alignment receptive-field");
  EXPECT_EQ(smoothed.at("base"), "grad_cam");
  EXPECT_EQ(smoothed.at("base_options"), json({{"relu", false}}));
  EXPECT_EQ(smoothed.at("options").at("statistic"), "mean");
  EXPECT_EQ(smoothed.at("layer"), "0");
  EXPECT_EQ(smoothed.at("alignment"), "receptive-field");
  EXPECT_TRUE(smoothed.contains("relative_standard_error"));
  const json variance = map_by("--method smooth_grad --samples 4 --statistic variance");
  EXPECT_EQ(variance.at("base"), "gradients");
  EXPECT_FALSE(variance.contains("relative_standard_error"));  // that of the mean says nothing of it
  EXPECT_FALSE(variance.contains("layer"));
  EXPECT_GE(variance.at("lowest"), 0);
  const json combined = map_by("--method layer_cam --layer 0,features --combine maximum");
  EXPECT_EQ(combined.at("layers"), json({"0", "features"}));
  EXPECT_EQ(combined.at("combined_by"), "maximum");
  EXPECT_FALSE(combined.contains("layer"));
}

TEST_F(explain_options, tell_the_maps_of_one_method_apart) {
  const auto page_of = [&](const std::string& how) {
    const ending e = here.run("explain", words("cnn 4 --target 9 --out all " + how));
    EXPECT_EQ(e.code, 0) << e.err;
    return content_of(here / "all/index.html");
  };
  const auto shown = [&](const std::string& page, const std::string& caption, const std::string& file) {
    EXPECT_NE(page.find("<figcaption>" + caption), std::string::npos) << caption;
    EXPECT_TRUE(std::filesystem::exists(here / ("all/" + file))) << file;
  };
  const std::string smoothed = "--method smooth_grad --samples 2 ",
                    combined = "--method grad_cam,layer_cam --layer 0,3 ";
  shown(page_of(smoothed), "SmoothGrad, standard error ", "digit-4.smooth_grad.9.png");
  shown(page_of(smoothed + "--base guided_backprop --statistic variance"),
        "VarGrad of Guided Backpropagation<", "digit-4.smooth_grad-variance-guided_backprop.9.png");
  shown(page_of(smoothed + "--base grad_cam --layer 0 --statistic squares"),
        "SmoothGrad squared of Grad-CAM of 0<", "digit-4.smooth_grad-squares-grad_cam-0.9.png");
  const std::string page = page_of(combined + "--combine maximum");
  shown(page, "Grad-CAM of 0 and 3, maximum", "digit-4.grad_cam-0+3-maximum.9.png");
  shown(page, "LayerCAM of 0 and 3, maximum", "digit-4.layer_cam-0+3-maximum.9.png");
  shown(page_of(combined), "LayerCAM of 0 and 3, mean", "digit-4.layer_cam-0+3-mean.9.png");
  shown(page_of("--method layer_cam,gradients --layer 0"), "Gradients<", "digit-4.gradients.9.png");
  EXPECT_TRUE(std::filesystem::exists(here / "all/digit-4.layer_cam-0.9.png"));
}

/// The score of class 9 rises with no feature map of this digit, so that Grad-CAM's map is zero.
TEST_F(explain_options, say_what_maps_leave_out) {
  const std::string methods = "cnn 7 --method grad_cam,rise,guided_grad_cam,gradients --masks 30 ";
  const ending told = here.run("explain", words(methods));
  ASSERT_EQ(told.code, 0) << told.err;
  const std::string page = content_of(here / "salient-explain-out/index.html");
  const std::string nothing = "empty: nothing speaks for the class";
  EXPECT_NE(page.find("<figcaption>Grad-CAM, " + nothing), std::string::npos) << page;
  EXPECT_NE(page.find("<figcaption>RISE, standard error "), std::string::npos);
  EXPECT_NE(told.out.find("digit-7.grad_cam.9.png  " + nothing + "\n"), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("digit-7.guided_grad_cam.9.png  empty: zero everywhere\n"), std::string::npos);
  EXPECT_NE(told.out.find("digit-7.rise.9.png  standard error "), std::string::npos) << told.out;
  const json maps =
      json::parse(here.run("explain", words(methods + "--json")).out).at("images")[0].at("maps");
  const std::vector<bool> empty{true, false, true, false};
  const std::vector<std::string> scores{"logit", "probability", "logit", "logit"};
  for (std::size_t m = 0; m < 4; ++m) {
    EXPECT_EQ(maps[m].at("empty"), empty[m]) << maps[m];
    EXPECT_EQ(maps[m].at("score"), scores[m]);
    EXPECT_TRUE(maps[m].contains(scores[m]));
  }
  EXPECT_EQ(maps[1].at("title"), "RISE");
  EXPECT_NE(here.run("explain", {"--help"}).out.find("probability for rise, logit for the others"),
            std::string::npos);
}

TEST_F(explain_options, are_shared_by_the_methods_that_have_them) {
  const ending e =
      here.run("explain", words("cnn 4 --json --no-relu --steps 7 --method grad_cam,xgrad_cam,gradients,"
                                "integrated_gradients"));
  ASSERT_EQ(e.code, 0) << e.err;
  const json maps = json::parse(e.out).at("images")[0].at("maps");
  EXPECT_EQ(maps[0].at("options"), json({{"relu", false}}));
  EXPECT_EQ(maps[1].at("options"), json({{"relu", false}}));
  EXPECT_EQ(maps[2].at("options"), json::object());
  EXPECT_EQ(maps[3].at("options"), json({{"steps", 7},
                                         {"rule", "gauss-legendre"},
                                         {"baseline", nullptr},
                                         {"tolerance", nullptr},
                                         {"most_steps", nullptr}}));
  EXPECT_LT(maps[0].at("lowest"), 0);
}

/// A layer without padding does not see the border, so that its map is drawn a little smaller.
TEST_F(explain_options, place_the_cells_of_layers_where_they_are_drawn) {
  const std::string methods =
      "cnn 4 --json --target 9 --method layer_cam,score_cam,layer_conductance,gradients";
  const auto drawn = [&](const std::string& alignment) {
    const ending e = here.run("explain", words(methods + alignment));
    EXPECT_EQ(e.code, 0) << e.err;
    json maps = json::parse(e.out).at("images")[0].at("maps");
    for (json& map : maps) map["pixels"] = read_png(here / map.at("picture").get<std::string>(), 3).values;
    return maps;
  };
  const json stretched = drawn(""), aligned = drawn(" --alignment receptive-field");
  EXPECT_TRUE(drawn(" --alignment stretch") == stretched);
  for (std::size_t m = 0; m < 3; ++m) {
    EXPECT_EQ(stretched[m].at("alignment"), "stretch");
    EXPECT_EQ(aligned[m].at("alignment"), "receptive-field");
    EXPECT_EQ(aligned[m].at("highest"), stretched[m].at("highest"));
    EXPECT_TRUE(aligned[m].at("pixels") != stretched[m].at("pixels"));
  }
  EXPECT_TRUE(aligned[3] == stretched[3]);
  EXPECT_FALSE(aligned[3].contains("alignment"));
}

TEST_F(explain_options, are_refused_before_anything_is_written) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"--steps 0", "--steps: must be a whole number, 1 to 100000 for integrated_gradients, got '0'"},
      {"--steps 100000", "1 to 99999 for layer_conductance, got '100000'"},
      {"--steps 2.5", "got '2.5'"},
      {"--steps many", "got 'many'"},
      {"--steps=", "--steps"},
      {"--tolerance 0", "--tolerance: must be above 0 for integrated_gradients, got '0'"},
      {"--tolerance nan", "above 0"},
      {"--baseline 1e999", "--baseline: must be a finite number"},
      {"--baseline-images 5 --method integrated_gradients",
       "--baseline-images needs --method expected_gradients"},
      {"--baseline-image 5 --method expected_gradients",
       "--baseline-image needs --method integrated_gradients, guided_ig, layer_conductance or "
       "internal_influence"},
      {"--baseline-image 5:7", "--baseline-image must be one picture, and these are 2"},
      {"--baseline-images 10000", "digits 0 to 9999, got 10000"},
      {"--baseline-images 5 --baseline 0 --method expected_gradients",
       "expected gradients: a baseline and baselines are given"},
      {"--window 0", "--window: must be a height and a width from 1, such as 4x6, or one number for both"},
      {"--window 4x", "got '4x'"},
      {"--window 4x4x4", "got '4x4x4'"},
      {"--window 29", "occlusion"},
      {"--baseline 1,2", "got '1,2'"},
      {"--rule best", "gauss-legendre|midpoint|trapezoid|left|right"},
      {"--interpolation cubic", "bilinear|nearest"},
      {"--no-relu=0", "no-relu"},
      {"--most-steps 8", "integrated gradients: most_steps goes with a tolerance"},
      {"--steps 3 --method gradients",
       "--steps needs --method integrated_gradients, blur_ig, guided_ig, layer_conductance or "
       "internal_influence"},
      {"--alignment receptive-field --method gradients",
       "--alignment needs --method guided_grad_cam, cam, grad_cam, "},
      {"--alignment centre", "stretch|receptive-field"},
      {"--no-relu --method cam",
       "--no-relu needs --method grad_cam, guided_grad_cam, hires_cam, xgrad_cam, score_cam or ablation_cam"},
      {"--base cam --method gradients", "--base needs --method smooth_grad"},
      {"--base lime --method smooth_grad",
       "--base 'lime' is no method that can be smoothed; choose of gradients"},
      {"--base smooth_grad --method smooth_grad",
       "--base 'smooth_grad' is no method that can be smoothed; choose of gradients, gradients_x_input, "
       "integrated_gradients, expected_gradients, blur_ig, guided_ig, occlusion,"},
      {"--statistic median --method smooth_grad", "mean|squares|variance"},
      {"--steps 3 --method smooth_grad", "--steps needs --method integrated_gradients"},
      {"--base occlusion --window 29 --method smooth_grad", "occlusion"},
      {"--layer features --method smooth_grad", "--layer needs --method grad_cam"},
      {"--layer 0,1 --base grad_cam --method smooth_grad", "--base grad_cam smooths the map of one --layer"},
      {"--layer 0,0 --method grad_cam", "--layer names 0 twice"},
      {"--layer 0,none --method grad_cam", "--layer: the network has no layer 'none'"},
      {"--combine maximum --layer 0 --method grad_cam", "--combine needs two layers or more: --layer A,B"},
      {"--combine median --layer 0,1 --method grad_cam", "mean|maximum"},
      {"--layer features --method cam,gradients",
       "--layer needs --method grad_cam, guided_grad_cam, layer_gradient_x_activation"}};
  for (const auto& [line, message] : cases) {
    const ending e = here.run("explain", words("7 " + line));
    EXPECT_EQ(e.code, 2) << line << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << line << ": " << e.err;
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_EQ(e.out, "") << line;
  }
  EXPECT_TRUE(here.files().empty());
}

TEST_F(explain_options, are_in_the_help_with_the_methods_that_have_them) {
  std::string help;  // independent of line breaks
  for (const std::string& word : words(here.run("explain", {"--help"}).out)) help += word + " ";
  for (const listed_option& o : listed_options()) {
    std::string name(o.name);
    std::ranges::replace(name, '_', '-');
    EXPECT_NE(help.find(name), std::string::npos) << name;
    EXPECT_NE(help.find(std::string(o.help)), std::string::npos) << name;
    EXPECT_NE(help.find(std::string(words_of(o.method).name)), std::string::npos) << name;
  }
  EXPECT_NE(help.find("--steps N Steps of the path from the baseline to the image (integrated_gradients, "
                      "layer_conductance, internal_influence, default 50)"),
            std::string::npos)
      << help;
  EXPECT_NE(help.find("--rule gauss-legendre|midpoint|trapezoid|left|right=gauss-legendre"),
            std::string::npos)
      << help;
  EXPECT_NE(help.find("(grad_cam, guided_grad_cam, hires_cam, xgrad_cam, score_cam, ablation_cam)"),
            std::string::npos)
      << help;
  std::string plain;
  for (const std::string& word : words(here.run("explain", words("perceptron --help")).out))
    plain += word + " ";
  EXPECT_EQ(plain.find("--no-relu"), std::string::npos);
  EXPECT_EQ(plain.find("--alignment"), std::string::npos);
}

/// With `--layer`, every method that looks at a layer takes it.
TEST_F(explain_options, name_a_layer_for_each_method_that_looks_at_one) {
  const ending e =
      here.run("explain", words("cnn 4 --json --raw --target 9 --layer 0 --method all --masks 30"));
  ASSERT_EQ(e.code, 0) << e.err;
  int of_layer = 0;
  const json all = json::parse(e.out);
  for (const json& map : all.at("images")[0].at("maps")) {
    const std::string name = map.at("method");
    const auto words = std::ranges::find(all_method_words, name, &method_words::name);
    if (words->of_layer || name == "guided_grad_cam") {
      ++of_layer;
      EXPECT_EQ(map.at("layer"), "0") << name;
    } else {
      EXPECT_FALSE(map.contains("layer")) << name;
    }
  }
  EXPECT_GE(of_layer, 8);
  const ending other = here.run("explain", words("cnn 4 --json --method layer_conductance,grad_cam"));
  ASSERT_EQ(other.code, 0) << other.err;
  const json by_default = json::parse(other.out).at("images")[0].at("maps");
  for (const json& map : by_default) EXPECT_EQ(map.at("layer"), "3");  // the last ReLU with positions
  expect_map("--method layer_cam --layer 0", layer_cam<"0">(network, image, logit(9)).map);
}

}  // namespace
