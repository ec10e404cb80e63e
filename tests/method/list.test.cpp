// SPDX-License-Identifier: MIT
#include "salient/method/list.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <boost/hana/for_each.hpp>
#include <gtest/gtest.h>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

TEST(methods_list, says_something_different_of_each_method) {
  std::set<std::string_view> names, titles;
  for (const method_words& w : all_method_words) {
    EXPECT_TRUE(names.insert(w.name).second) << w.name;
    EXPECT_TRUE(titles.insert(w.title).second) << w.title;
    EXPECT_FALSE(w.paper.empty()) << w.name;
    EXPECT_TRUE(w.link.starts_with("https://arxiv.org/abs/") || w.link.starts_with("https://doi.org/10."))
        << w.name;
    for (const std::string_view sentence : {w.does, w.good, w.bad})
      EXPECT_TRUE(sentence.ends_with('.')) << w.name;
  }
}

TEST(methods_list, finds_a_method_by_its_type) {
  std::size_t place = 0;
  boost::hana::for_each(methods::all, [&](auto m) {
    using method = typename decltype(m)::type;
    EXPECT_EQ(kind_of<method>, method_kind{place++});
    EXPECT_EQ(words_of(kind_of<method>).name, method::words.name);
  });
  EXPECT_EQ(place, methods_count);
}

/// What the words say of a method's maps is true, and a layer chosen at run time gives the map of one chosen
/// in the type.
TEST(methods_list, describes_the_maps) {
  using net = laws::pooled_net;
  const cpu device;
  const auto model = laws::random_model<net>(device);
  const auto images = laws::random_images<float>(net::input_shape, 2);
  boost::hana::for_each(methods::all, [&](auto m) {
    using method = typename decltype(m)::type;
    SCOPED_TRACE(method::words.name);
    static_assert(applies<method, net>);
    constexpr int layer = chosen_activation<net, default_layer>;
    session<salient::model<net>, pass_with<method::template tap<net>, layer>> s(model, 2);
    const query q(s, images, logit(1));
    const auto map = detail::answer(method{}, q).map;
    EXPECT_EQ(size(map.extent) == size(net::input_shape), !method::words.of_layer);
    if (method::words.non_negative) {
      EXPECT_GE(*std::ranges::min_element(map.values), 0);
    }
    if constexpr (requires { method{}.at(q, 0); }) {
      EXPECT_EQ(detail::answer(method{}, q, layer).map.values, map.values);
    }
  });
}

}  // namespace
}  // namespace salient
