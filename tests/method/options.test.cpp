// SPDX-License-Identifier: MIT
#include "salient/method/options.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace salient {
namespace {

const listed_option& option_of(std::string_view method, std::string_view name) {
  for (const listed_option& o : listed_options())
    if (words_of(o.method).name == method && o.name == name) return o;
  throw std::string("no such option");
}

/// A value other than the preset that the option accepts.
option_value another(const listed_option& o) {
  switch (o.kind) {
    case option_kind::flag:
      return !std::get<bool>(o.preset);
    case option_kind::word:
      return o.words.back();
    case option_kind::number:
      return o.range.lowest > 0 ? o.range.lowest : 0.125;
    case option_kind::extent:
      return size(3, 5);
    case option_kind::natural:
      return std::uint64_t{7};
    case option_kind::whole:
      return std::int64_t{9};
  }
  return {};
}

TEST(method_options, are_those_of_the_methods_own_lists) {
  EXPECT_EQ(
      std::ranges::count(listed_options(), kind_of<methods::integrated_gradients>, &listed_option::method),
      5);
  EXPECT_EQ(std::ranges::count(listed_options(), kind_of<methods::gradients>, &listed_option::method), 0);
  const listed_option& steps = option_of("integrated_gradients", "steps");
  EXPECT_EQ(steps.kind, option_kind::whole);
  EXPECT_EQ(steps.preset, option_value(std::int64_t{50}));
  EXPECT_EQ(steps.range.highest, 100'000);
  EXPECT_EQ(option_of("integrated_gradients", "tolerance").preset, option_value());
  EXPECT_EQ(option_of("integrated_gradients", "rule").preset,
            option_value(std::string_view("gauss-legendre")));
  EXPECT_EQ(option_of("hires_cam", "relu").preset, option_value(true));
}

TEST(method_options, set_what_they_get) {
  for (const listed_option& o : listed_options()) {
    SCOPED_TRACE(std::string(words_of(o.method).name) + "." + std::string(o.name));
    method_settings all;
    EXPECT_EQ(o.get(all), o.preset);
    const option_value value = another(o);
    EXPECT_NE(value, o.preset);
    o.set(all, value);
    EXPECT_EQ(o.get(all), value);
    for (const listed_option& other : listed_options())  // no other is changed
      if (&other != &o) {
        EXPECT_EQ(other.get(all), other.preset) << other.name;
      }
  }
}

TEST(method_options, fit_one_flag_if_they_share_a_name) {
  for (const listed_option& o : listed_options())
    for (const listed_option& other : listed_options())
      if (o.name == other.name) {
        EXPECT_EQ(o.kind, other.kind) << o.name;
        EXPECT_EQ(o.words, other.words) << o.name;
        EXPECT_EQ(o.method == other.method, &o == &other) << o.name;
        if (o.kind == option_kind::flag) {
          EXPECT_EQ(o.preset, other.preset) << o.name;
        }
      }
}

TEST(method_options, are_described) {
  for (const listed_option& o : listed_options()) {
    EXPECT_FALSE(o.help.empty() || o.help.ends_with('.')) << o.name;
    EXPECT_EQ(o.words.empty(), o.kind != option_kind::word) << o.name;
    EXPECT_LT(o.range.lowest, o.range.highest) << o.name;
    EXPECT_EQ(o.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << o.name;
  }
}

}  // namespace
}  // namespace salient
