// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

// How alike two maps of one shape are, from -1 (opposite) to 1 (the same up to scale), over all their values:
// each channel of a pixel counts by itself, with its sign. None if either is constant. In which direction
// they are good depends on the question: maps of two classes should differ, maps of two runs should not.
// For float and double.

/// Pearson's correlation of two lists. Throws salient::error if they differ in length or are not finite.
template <class T>
std::optional<double> pearson(std::span<const T> a, std::span<const T> b);

/// The same for each image of two batches. Throws salient::error if their shapes differ, or the values do
/// not fill them or are not finite.
template <class T>
values pearson(const basic_tensor<T>& a, const basic_tensor<T>& b);

/// Spearman's rank correlation of two lists: Pearson's of their ranks, in which equal values share the mean
/// of their ranks. Adebayo et al. 2018, arXiv:1810.03292, compare maps by it. Throws as pearson.
template <class T>
std::optional<double> spearman(std::span<const T> a, std::span<const T> b);

/// The same for each image of two batches.
template <class T>
values spearman(const basic_tensor<T>& a, const basic_tensor<T>& b);

namespace detail {

/// The ranks of finite values, from 1 for the smallest; equal values share the mean of their ranks.
template <class T>
std::vector<double> ranks(std::span<const T> values);

}  // namespace detail
}  // namespace salient::metrics
