// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "import/constant.hpp"
#include "salient/core/shape.hpp"

// ONNX moves data where this library only looks at it differently: a transposition to channels last, a
// flattening, the three steps of a channel shuffle. So a value is an activation and a view of it.

namespace importer {

enum class dim : char { batch, channel, row, column };

/// A part of an activation's dimension: digit i of the index contributes i * stride. Factors of size 1 are
/// left out.
struct factor {
  importer::dim dim;
  std::int64_t stride, size;
  friend bool operator==(const factor&, const factor&) = default;
};

/// An axis of an ONNX tensor: factors from the outermost to the innermost. Adjacent ones are merged.
using axis = std::vector<factor>;
std::int64_t size_of(const axis& a);

/// How an ONNX tensor sees an activation.
using axes = std::vector<axis>;

/// Batch, channels, height, width.
axes channels_first(std::int64_t batch, salient::shape s);

dimensions extent_of(const axes& a);

/// The same order of elements with other dimensions. Throws refusal if they would cut a factor unevenly.
axes reshaped(const axes& from, const dimensions& to);

/// Whether the axis is all of this dimension, in order. An empty axis is all of a dimension of size 1.
bool is_whole(const axis& a, dim d, std::int64_t size);

/// If the axis has all channels, in two groups exchanged, the number of groups of the channel shuffle that
/// does it; else 0.
std::int64_t shuffled_groups(const axis& a, std::int64_t channels);

/// For each element of the axis, in order, the index of that element in PyTorch's order: channel, row,
/// column. Throws refusal unless the axis has every element of one image exactly once.
std::vector<std::int64_t> torch_order(const axis& a, salient::shape s);

}  // namespace importer
