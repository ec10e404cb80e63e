// SPDX-License-Identifier: MIT

// Gradients summed along a straight line from a baseline to the image. The sum of the map approximates the
// difference of the scores at both ends; the error is the completeness gap.

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
  demo.option("--steps N", "Number of points on the path, 1 to 100000", options.steps,
              apps::between(1, 100000));
  demo.choice("--rule", "Quadrature rule", options.rule,
              {{"gauss-legendre", salient::quadrature::gauss_legendre},
               {"midpoint", salient::quadrature::midpoint},
               {"trapezoid", salient::quadrature::trapezoid},
               {"left", salient::quadrature::left},
               {"right", salient::quadrature::right}});
  demo.option("--tolerance SHARE",
              "Double the steps, up to 6400, until the gap is at most this share of the score difference",
              options.tolerance, apps::above(0));
  demo.option(
      "--baseline VALUE|FILE.png|FILE.npy",
      "Start of the path: one value for the whole network input, or an image, which is preprocessed like "
      "the explained one (default 0)",
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
  demo.flag("--exact", "Integrate exactly over every linear piece of the path; takes up to half a minute",
            exact);
  demo.parse(argc, argv);
  if (exact)
    demo.refuse({"--steps", "--rule", "--tolerance"}, "cannot be used with --exact, which has no steps");

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
                                         : "not kept within the largest number of steps");
        }
      });
}
