// SPDX-License-Identifier: MIT
// label: threads
#include "salient/device/buffer.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "laws/devices.hpp"

namespace salient {
namespace {

template <class D>
using floats = buffer<float, D>;
using values = std::vector<float>;

static_assert(!std::is_copy_constructible_v<floats<cpu>> &&
              std::is_nothrow_move_constructible_v<floats<cpu>>);

template <class D>
values all_of(const floats<D>& b) {
  values result(b.size());
  b.download(result);
  return result;
}

template <class D>
void holds_values(const D& device) {
  floats<D> b(device, 5);
  EXPECT_EQ(b.size(), 5u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b.data()) % alignment, 0u);
  b.upload(values{1, 2, 3, 4, 5});
  b.upload(values{30, 40}, 2);
  EXPECT_EQ(all_of(b), (values{1, 2, 30, 40, 5}));
  values part(2);
  b.download(part, 3);
  EXPECT_EQ(part, (values{40, 5}));

  float* const data = b.data();
  floats<D> moved(std::move(b));
  EXPECT_EQ(moved.data(), data);
  EXPECT_EQ(b.data(), nullptr);
  EXPECT_EQ(b.size(), 0u);
  b = std::move(moved);
  EXPECT_EQ(all_of(b), (values{1, 2, 30, 40, 5}));

  floats<D> nothing(device, 0);
  nothing.upload({});
  EXPECT_EQ(all_of(nothing), values{});
}

TEST_ON_EVERY_DEVICE(buffer, holds_values) {
  if (const gpu* card = laws::tested_gpu()) return holds_values(*card);
  holds_values(cpu{});
  holds_values(cpu_pool(2));
}

}  // namespace
}  // namespace salient
