// SPDX-License-Identifier: MIT

// Gradients summed along a straight line from a baseline to the image. The map adds up to how much the score
// changed on the way; what is missing from that is the completeness gap.

#include <type_traits>

#include "common/demo.hpp"
#include "salient/core/finite.hpp"
#include "salient/io/image.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "integrated-gradients",
      .title = "Integrated Gradients",
      .summary = "gradients summed on the way from a baseline to the image "
                 "(Sundararajan et al., arXiv:1703.01365)",
      .needs = "a differentiable network",
  });

  salient::methods::integrated_gradients options;
  demo.option("--steps N", "How many points the sum has, 1 to 100000", options.steps,
              apps::between(1, 100000));
  demo.choice<salient::quadrature>("--rule", "How the points are spread and weighted", options.rule,
                                   {{"gauss-legendre", salient::quadrature::gauss_legendre},
                                    {"midpoint", salient::quadrature::midpoint},
                                    {"trapezoid", salient::quadrature::trapezoid},
                                    {"left", salient::quadrature::left},
                                    {"right", salient::quadrature::right}});
  demo.option(
      "--tolerance SHARE",
      "Double the steps until the gap is at most this share of the score difference, or there are 6400",
      options.tolerance, apps::above(0));
  demo.option(
      "--baseline VALUE|FILE.png|FILE.npy",
      "Where the line starts: a value of the network's input, or an image, which is preprocessed as the "
      "other (default 0)",
      [&](const std::string& text) {
        if (const auto value = apps::to_number(text)) {
          if (!salient::is_finite(*value)) demo.wrong_usage("--baseline must be finite, got " + text);
          options.baseline = *value;
        } else {
          const salient::tensor image =
              salient::read_image(text, salient::digits::image::extent, apps::warnings_of(demo.program()));
          apps::warn_of_range(demo.program(), "the baseline " + text, image);
          options.baseline_image = image;
        }
      });
  bool exact = false;
  demo.flag("--exact",
            "Sum the line's linear pieces instead, each found: only rounding is left; up to half a minute",
            exact);
  demo.parse(argc, argv);
  if (exact)
    demo.refuse({"--steps", "--rule", "--tolerance"}, "goes without --exact, which has no steps to choose");

  return demo.run<salient::methods::integrated_gradients>(
      [&](const auto& model, const auto& images, const auto& target) {
        if (!exact) return salient::integrated_gradients(model, images, target, options);
        if (target.kind != apps::score_kind::logit)
          throw salient::error("--exact explains the logit, which is piecewise linear; leave out --score");
        return salient::integrated_gradients(
            model, images, salient::logit(target.classes),
            salient::exact{.baseline = options.baseline, .baseline_image = options.baseline_image});
      },
      [&](const auto& result) {
        for (std::size_t n = 0; n < result.gaps.size(); ++n) {
          const double difference = result.values[n] - result.baseline_values[n];
          demo.figure("score difference", apps::number(difference));
          demo.figure("completeness gap", apps::number(result.gaps[n]));
          demo.figure("gap in %", apps::number(100 * result.relative_gap(n)));
          demo.figure(exact ? "linear pieces" : "gradients", std::to_string(result.points[n]));
          if (options.tolerance && !exact)
            demo.figure("tolerance", result.relative_gap(n) <= *options.tolerance
                                         ? "kept"
                                         : "not kept: more steps than that are not tried");
        }
      });
}
