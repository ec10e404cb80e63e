// SPDX-License-Identifier: MIT
#include "salient/method/options.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace salient {
namespace {

template <class T>
struct plain {
  using type = T;
};
template <class T>
struct plain<std::optional<T>> {
  using type = T;
};

/// The I-th option of a method.
template <class Method, std::size_t I>
struct entry {
  static constexpr const auto& option = std::get<I>(Method::options);
  using member = std::remove_cvref_t<decltype(std::declval<Method&>().*option.member)>;
  using value = typename plain<member>::type;
  static constexpr bool optional = !std::is_same_v<member, value>;
  static constexpr bool enumeration = std::is_enum_v<value>;
  static_assert(enumeration || std::is_integral_v<value> || std::is_same_v<value, double> ||
                    std::is_same_v<value, size>,
                "salient: a method's option is a bool, an integer, a double, a size, an enumeration, or an "
                "optional of one");

  static constexpr option_kind kind = [] {
    if (std::is_same_v<value, bool>) return option_kind::flag;
    if (enumeration) return option_kind::word;
    if (std::is_same_v<value, size>) return option_kind::extent;
    if (!std::is_integral_v<value>) return option_kind::number;
    return std::is_unsigned_v<value> ? option_kind::natural : option_kind::whole;
  }();

  static option_value get(const method_settings& all) {
    const member& found = all.template of<Method>().*option.member;
    if constexpr (optional) {
      return found ? erase(*found) : option_value();
    } else {
      return erase(found);
    }
  }

  static void set(method_settings& all, const option_value& to) {
    member& found = all.template of<Method>().*option.member;
    if constexpr (kind == option_kind::word) {
      for (const auto& [word, meaning] : option.accepts)
        if (word == std::get<std::string_view>(to)) found = meaning;
    } else if constexpr (kind == option_kind::natural) {
      found = static_cast<value>(std::get<std::uint64_t>(to));
    } else if constexpr (kind == option_kind::whole) {
      found = static_cast<value>(std::get<std::int64_t>(to));
    } else {
      found = std::get<value>(to);
    }
  }

  static listed_option listed() {
    listed_option result{.method = kind_of<Method>,
                         .name = option.name,
                         .help = option.help,
                         .kind = kind,
                         .preset = get(method_settings{}),
                         .set = &set,
                         .get = &get};
    if constexpr (kind == option_kind::word) {
      for (const auto& [word, meaning] : option.accepts) result.words.push_back(word);
    } else {
      result.range = option.accepts;
    }
    if constexpr (kind == option_kind::whole || kind == option_kind::natural) {
      using number = std::numeric_limits<value>;
      result.range.lowest = std::max(result.range.lowest, static_cast<double>(number::lowest()));
      result.range.highest = std::min(result.range.highest, static_cast<double>(number::max()));
    }
    return result;
  }

 private:
  static option_value erase(const value& from) {
    if constexpr (kind == option_kind::word) {
      for (const auto& [word, meaning] : option.accepts)
        if (meaning == from) return word;
      return {};
    } else if constexpr (kind == option_kind::natural) {
      return std::uint64_t{from};
    } else if constexpr (kind == option_kind::whole) {
      return std::int64_t{from};
    } else {
      return from;
    }
  }
};

template <class Method>
void list_options(std::vector<listed_option>& to) {
  if constexpr (requires { Method::options; }) {
    constexpr std::size_t count = std::tuple_size_v<std::remove_cvref_t<decltype(Method::options)>>;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (to.push_back(entry<Method, I>::listed()), ...);
    }(std::make_index_sequence<count>());
  }
}

}  // namespace

const std::vector<listed_option>& listed_options() {
  static const std::vector<listed_option> all = [] {
    std::vector<listed_option> found;
    with_all_methods([&]<class... Methods>() { (list_options<Methods>(found), ...); });
    return found;
  }();
  return all;
}

}  // namespace salient
