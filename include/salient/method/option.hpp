// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string_view>

namespace salient {

/// The numbers that an option accepts, both bounds included.
struct option_range {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  bool above = false;  ///< the lowest itself is excluded
};

/// A value of an enumeration, and its word on the command line.
template <class Enum>
struct option_word {
  std::string_view word;
  Enum value;
};

/// What programs say about a member of a method. A method lists those that a command line can set:
///
///     static constexpr auto options = std::tuple{
///         method_option{"steps", "Steps of the path", &my_method::steps, option_range{1, 100}},
///         method_option{"relu", "Keep negative values too", &my_method::relu}};
///
/// The member is a bool, an integer, a double, a size, an enumeration with its words, or an optional of one
/// of these that is empty by default. Two methods may share a name if their members are of one kind.
template <class Method, class Value, class Accepts>
struct method_option {
  std::string_view name;  ///< "most_steps"; the flag is --most-steps, or --no-relu for a bool that is true
  std::string_view help;  ///< of a bool: what happens if the flag is given
  Value Method::* member;
  Accepts accepts{};  ///< an option_range, or an array of option_word
};

// Clang before version 17 does not deduce the arguments of aggregates.
template <class Method, class Value>
method_option(std::string_view, std::string_view, Value Method::*)
    -> method_option<Method, Value, option_range>;
template <class Method, class Value, class Accepts>
method_option(std::string_view, std::string_view, Value Method::*, Accepts)
    -> method_option<Method, Value, Accepts>;

}  // namespace salient
