// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "salient/core/export.hpp"

namespace salient::detail {

/// Every file that passes containers to the library refers to this function. Its mangled name contains the
/// container types. A program whose containers have another layout than the library's (_GLIBCXX_DEBUG,
/// another _GLIBCXX_USE_CXX11_ABI, libc++) therefore fails to link instead of crashing.
SALIENT_EXPORT void needs_a_library_compiled_with_the_same_standard_library(const std::vector<std::string>&);

// `retain` keeps the reference, and so the link error, under --gc-sections.
[[gnu::used, gnu::retain]] static constexpr auto same_standard_library =
    &needs_a_library_compiled_with_the_same_standard_library;

}  // namespace salient::detail
