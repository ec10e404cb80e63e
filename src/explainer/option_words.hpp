// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <utility>

#include "salient/explainer/options.hpp"

namespace salient::explainer {

// The words of options that are choices, for command lines and for C.

template <class Value>
using option_words = std::initializer_list<std::pair<const char*, Value>>;

inline const option_words<score_kind> score_words{{"logit", score_kind::logit},
                                                  {"probability", score_kind::probability},
                                                  {"cross_entropy", score_kind::cross_entropy}};
inline const option_words<device_kind> device_words{
    {"cpu", device_kind::cpu}, {"cpu_pool", device_kind::cpu_pool}, {"gpu", device_kind::gpu}};
inline const option_words<implementation> kernels_words{{"fastest", implementation::fastest},
                                                        {"direct", implementation::direct},
                                                        {"eigen", implementation::eigen}};
inline const option_words<precision> precision_words{{"float32", precision::float32},
                                                     {"tf32", precision::tf32}};

}  // namespace salient::explainer
