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

template <class D>
void arrives_in_host_memory(const D& device) {
  static_assert(!std::is_copy_constructible_v<host_buffer<float, D>> &&
                std::is_nothrow_move_constructible_v<host_buffer<float, D>>);
  floats<D> from(device, 5);
  host_buffer<float, D> first(device, 5), second(device, 2);
  EXPECT_EQ(first.size(), 5u);
  from.upload(values{1, 2, 3, 4, 5});
  first.receive(from.data(), 5);
  second.receive(from.data() + 3, 1);
  clear(device, from.data() + 1, 3 * sizeof(float));
  host_buffer<float, D> moved(std::move(first));
  values after(5);
  from.download(after);  // waits for the others too
  EXPECT_EQ(values(moved.values().begin(), moved.values().end()), (values{1, 2, 3, 4, 5}));
  EXPECT_EQ(first.size(), 0u);
  EXPECT_EQ(second.values()[0], 4);
  EXPECT_EQ(after, (values{1, 0, 0, 0, 5}));
  second = std::move(moved);
  EXPECT_EQ(second.size(), 5u);
  const host_buffer<float, D> nothing(device, 0);
  EXPECT_TRUE(nothing.values().empty());
}

TEST_ON_EVERY_DEVICE(buffer, of_the_host_receives_what_was_there_then) {
  if (const gpu* card = laws::tested_gpu()) return arrives_in_host_memory(*card);
  arrives_in_host_memory(cpu{});
  arrives_in_host_memory(cpu_pool(2));
}

TEST_ON_EVERY_DEVICE(buffer, holds_values) {
  if (const gpu* card = laws::tested_gpu()) return holds_values(*card);
  holds_values(cpu{});
  holds_values(cpu_pool(2));
}

#ifdef SALIENT_WITH_CUDA

/// More than is copied at a time in either direction.
TEST_ON_GPU(buffer, of_any_size_comes_back_as_it_went) {
  const gpu& device = *laws::tested_gpu();
  for (const std::size_t size : {3'000'001ul, 10'000'000ul}) {
    values there(size);
    for (std::size_t i = 0; i < size; ++i) there[i] = static_cast<float>(i % 1'000'003);
    floats<gpu> b(device, size);
    b.upload(there);
    b.upload(values{7, 8}, size / 2);
    there[size / 2] = 7;
    there[size / 2 + 1] = 8;
    EXPECT_EQ(all_of(b), there);
  }
}

#endif

TEST(buffer_watch, counts_what_buffers_hold_at_the_most) {
  const cpu device;
  const buffer<float, cpu> before(device, 1000);
  const detail::buffer_watch watch;
  EXPECT_EQ(watch.most(), 0);
  {
    buffer<float, cpu> a(device, 100);
    const buffer<double, cpu> b(device, 10);
    EXPECT_EQ(watch.most(), 480);
    const buffer<float, cpu> moved(std::move(a));
    EXPECT_EQ(watch.most(), 480);
  }
  const buffer<float, cpu> c(device, 50);
  EXPECT_EQ(watch.most(), 480);
}

}  // namespace
}  // namespace salient
