// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace salient::onnx {

/// "is a PNG, expected an ONNX model; ..." if the bytes begin as those of a known kind of file do.
std::optional<std::string> other_kind(std::span<const std::uint8_t> bytes, const std::string& expected);

}  // namespace salient::onnx
