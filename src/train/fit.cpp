// SPDX-License-Identifier: MIT
#include "salient/train/fit.hpp"

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::detail {

void check_fit(const fit_options& options, shape image, long images) {
  if (images < 1) throw error("training: there are no images");
  if (options.epochs < 1 || options.batch < 1)
    throw error("training: epochs and batch must be above zero, got " + std::to_string(options.epochs) +
                " and " + std::to_string(options.batch));
  if (!is_finite(options.rate) || !(options.rate > 0))
    throw error("training: the rate must be above zero and finite, got " + std::to_string(options.rate));
  if (!is_finite(options.momentum) || !(options.momentum >= 0 && options.momentum < 1))
    throw error("training: momentum must be at least 0 and less than 1, got " +
                std::to_string(options.momentum));
  if (options.shift < 0 || options.shift >= std::min(image.height, image.width))
    throw error("training: a shift must be at least 0 and less than the image, got " +
                std::to_string(options.shift));
}

void check_loss(double loss, int epoch, const fit_options& options) {
  if (!is_finite(loss))
    throw error("training: the loss is no longer finite in epoch " + std::to_string(epoch + 1) +
                "; use a smaller learning rate than " + std::to_string(options.rate));
}

}  // namespace salient::detail
