// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/size.hpp"
#include "salient/method/list.hpp"
#include "salient/method/option.hpp"

namespace salient {

// The options of the methods of the list without their types, for command lines and reports.

namespace detail {

template <class Method>
struct settings_of {
  Method options{};
};

// No std::tuple: GCC 12 sets the members of one whose first elements are empty to zero.
template <class... Methods>
struct settings : settings_of<Methods>... {
  template <class Method>
  Method& of() {
    return settings_of<Method>::options;
  }
  template <class Method>
  const Method& of() const {
    return settings_of<Method>::options;
  }
};

}  // namespace detail

/// All methods of the list, each with its options: `all.of<methods::grad_cam<>>().relu`.
using method_settings = typename decltype(with_all_methods(
    []<class... Methods>() { return std::type_identity<detail::settings<Methods...>>{}; }))::type;

/// A value of an option; a word for an enumeration; nothing for an optional that is empty.
using option_value =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, size, std::string_view>;

enum class option_kind {
  flag,     ///< bool
  whole,    ///< std::int64_t
  natural,  ///< std::uint64_t
  number,   ///< double
  extent,   ///< salient::size, at least 1x1
  word,     ///< std::string_view, one of `words`
};

struct listed_option {
  method_kind method{};
  std::string_view name, help;
  option_kind kind{};
  option_range range{};                   ///< of numbers
  std::vector<std::string_view> words{};  ///< of an enumeration
  option_value preset{};
  /// The value must be of the option's kind, in its range or one of its words.
  void (*set)(method_settings&, const option_value&) = nullptr;
  option_value (*get)(const method_settings&) = nullptr;
};

/// The options of all methods, in the order of the list.
SALIENT_EXPORT const std::vector<listed_option>& listed_options();

}  // namespace salient
