// SPDX-License-Identifier: MIT
// label: threads
// label: optimised
#include "salient/kernel/rearrange.hpp"

#include <gtest/gtest.h>

#include "kernel/written.hpp"

namespace salient::kernel {
namespace {

struct movement {
  const char* name;
  shape in, out;
  offset by;
};

constexpr movement movements[] = {
    {"as_it_is", {3, 4, 18}, {3, 4, 18}, {}},
    {"padded", {3, 4, 5}, {6, 7, 5}, {1, 2, 0}},
    {"cropped", {6, 7, 16}, {3, 4, 16}, {-1, -2, 0}},
    {"more_channels", {2, 3, 10}, {2, 3, 37}, {0, 0, 20}},
    {"slice_of_channels", {2, 3, 37}, {2, 3, 10}, {0, 0, -20}},
    {"everything_at_once", {4, 5, 7}, {5, 3, 9}, {2, -1, -3}},
    {"away_altogether", {2, 2, 3}, {2, 2, 3}, {0, 0, 5}},
    {"many_threads", {57, 43, 12}, {58, 43, 20}, {1, 0, 3}},
};

TEST(rearrange, pad_moves_and_its_adjoint_moves_back) {
  for (const movement& m : movements)
    for (const epilogue_kind& kind : some_epilogues(std::string(m.name).size())) {
      SCOPED_TRACE(std::string(m.name) + " " + std::string(kind.name));
      on_every_device([&]<class D, class T>(const D& device, T) {
        for (const bool back : {false, true}) {
          const shape in = back ? m.out : m.in, out = back ? m.in : m.out;
          const offset by = back ? -m.by : m.by;
          const maps<T> x(2, in, 1, 1u);
          std::vector<double> results;
          for (long n = 0; n < 2; ++n)
            for (int h = 0; h < out.height; ++h)
              for (int w = 0; w < out.width; ++w)
                for (int c = 0; c < out.channels; ++c) {
                  const int i = h - by.top, j = w - by.left, k = c - by.front;
                  const bool inside =
                      i >= 0 && i < in.height && j >= 0 && j < in.width && k >= 0 && k < in.channels;
                  results.push_back(inside ? x.get()(n, i, j, k) : T(0));
                }
          expect_written<T>(device, {out, 2, 3}, out, kind, results,
                            [&]<class E>(const E& d, const epilogue<T>& e, const view<T>& y) {
                              pad<E, T>(d, by, x.get(), e, y);
                            });
        }
      });
    }
}

TEST(rearrange, channel_shuffle_transposes_groups_and_is_its_own_inverse) {
  for (const epilogue_kind& kind : epilogue_kinds)
    for (const int groups : {1, 2, 3, 8, 24}) {
      on_every_device([&]<class D, class T>(const D& device, T) {
        constexpr shape extent{3, 5, 24};
        const maps<T> x(2, extent, 1, 1u);
        const auto values = x.read();
        std::vector<double> results(values.size());
        const auto across = static_cast<std::size_t>(24 / groups), down = static_cast<std::size_t>(groups);
        for (std::size_t p = 0; p < values.size(); p += 24)
          for (std::size_t group = 0; group < down; ++group)
            for (std::size_t i = 0; i < across; ++i)
              results[p + i * down + group] = values[p + group * across + i];
        expect_written<T>(device, {extent, 2, 2}, extent, kind, results,
                          [&]<class E>(const E& d, const epilogue<T>& e, const view<T>& y) {
                            channel_shuffle<E, T>(d, groups, x.get(), e, y);
                          });
        maps<T> y(2, extent, 0, 2u), z(2, extent, 0, 3u);
        channel_shuffle<D, T>(device, groups, x.get(), {}, y.get());
        channel_shuffle<D, T>(device, 24 / groups, y.get(), {}, z.get());
        EXPECT_EQ(z.read(), values);
      });
    }
}

}  // namespace
}  // namespace salient::kernel
