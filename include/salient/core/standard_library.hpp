// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace salient::detail {

/// A function of the library, which every file that passes containers to it refers to. Its name for the
/// linker has the names of these types in it, so that a program does not link, instead of crashing, if its
/// containers are laid out in another way than the library's: under _GLIBCXX_DEBUG, another
/// _GLIBCXX_USE_CXX11_ABI, or with libc++.
void needs_a_library_compiled_with_the_same_standard_library(const std::vector<std::string>&);

// `retain` keeps it where --gc-sections drops what nothing refers to, and with it the complaint.
[[gnu::used, gnu::retain]] static constexpr auto same_standard_library =
    &needs_a_library_compiled_with_the_same_standard_library;

}  // namespace salient::detail
