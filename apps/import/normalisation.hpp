// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "import/pointwise.hpp"

// Normalisations over the channels of a position, which exporters write as chains of operators too. They are
// recognised by their values.

namespace importer {

/// (x - mean) / sqrt(variance + epsilon), times a scale and plus a shift for each channel, which may be
/// absent.
struct layer_normalisation {
  double epsilon = 0;
  values scale, shift;
};
std::optional<layer_normalisation> layer_normalisation_of(const function& f);

/// The layer as C++ text. Empty if the function is no local response normalisation.
std::string local_response_of(const function& f);
std::string text_of_local_response(std::int64_t size, double alpha, double beta, double k);

}  // namespace importer
