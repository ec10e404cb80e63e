// SPDX-License-Identifier: MIT
#pragma once

// A device for tests: what on_gpu.hpp does on a GPU, on the host. So the kernels' code for GPUs, which is all
// but on_gpu.hpp, runs where there is none.

#include <array>
#include <barrier>
#include <limits>
#include <thread>
#include <vector>

#include "kernel/rows.hpp"

namespace salient::kernel {

struct host_threads {
  /// Launches of items of one and of four channels, and of tiles.
  mutable int single = 0, fours = 0, tiled = 0;
};
template <>
inline constexpr bool has_threads<host_threads> = true;

inline void synchronise(const host_threads&) {}

template <class F>
void for_each(const host_threads&, long count, double, const F& item) {
  for (long i = count; i-- > 0;) item(i);
}

/// 32 items at a time, as a warp has them.
template <class Items>
void call_in_eights(const host_threads& device, unsigned count, const Items& items) {
  constexpr unsigned warp = 32, lanes = 8 / Items::together;
  ++(Items::together == 4 ? device.fours : device.single);
  for (unsigned first = 0; first < count; first += warp) {
    std::array<unsigned, warp> bits{};
    for (unsigned i = 0; i < warp; ++i) bits[i] = first + i < count ? items.write(first + i) : 0;
    if (!items.records()) continue;
    for (unsigned i = 0; i < warp && first + i < count; ++i) {
      unsigned of_eight = 0;
      for (unsigned j = 0; j < lanes; ++j) of_eight |= bits[i / lanes * lanes + j];
      items.keep(first + i, of_eight);
    }
  }
}

/// Block after block: each thread's part, then the sums of pairs of rows, then the bits of eight lanes.
template <class Sums>
void call_with_sums(const host_threads&, long groups, const sum_shape& by, const Sums& sums) {
  const auto lanes = static_cast<std::size_t>(by.lanes), rows = static_cast<std::size_t>(by.rows);
  for (long group = 0; group < groups; ++group)
    for (int first = 0; first < sums.channels; first += by.lanes) {
      std::vector<typename Sums::number> held(lanes * rows);
      const auto inside = [&](std::size_t lane) { return first + static_cast<int>(lane) < sums.channels; };
      for (std::size_t i = 0; i < held.size(); ++i)
        if (inside(i % lanes))
          held[i] =
              sums.part(group, first + static_cast<int>(i % lanes), static_cast<int>(i / lanes), by.rows);
      for (std::size_t half = rows / 2; half > 0; half /= 2)
        for (std::size_t i = 0; i < half * lanes; ++i) held[i] += held[i + half * lanes];
      std::vector<unsigned> bits(lanes);
      for (std::size_t i = 0; i < lanes; ++i)
        bits[i] = inside(i) ? sums.finish(group, first + static_cast<int>(i), held[i]) : 0;
      if (!sums.records()) continue;
      for (std::size_t i = 0; i < lanes && inside(i); i += 8) {
        unsigned of_eight = 0;
        for (std::size_t j = 0; j < 8; ++j) of_eight |= bits[i + j];
        sums.keep(group, first + static_cast<int>(i), of_eight);
      }
    }
}

/// Block after block: all hold their share of the weights, then all sum and write.
template <class Tiles>
void call_tiles(const host_threads& device, const Tiles& tiles) {
  constexpr int threads = 256, lanes = Tiles::fours;
  const auto count = static_cast<unsigned>(tiles.tiles());
  ++device.tiled;
  for (unsigned group = 0; group * (threads / lanes) < count; ++group)
    for (int first = 0; first < tiles.channels(); first += 4 * lanes) {
      alignas(16) typename Tiles::number held[Tiles::held];
      for (int thread = 0; thread < threads; ++thread) tiles.hold(held, first, thread, threads);
      for (int thread = 0; thread < threads; thread += 2) {  // two have the channels of a byte
        const unsigned tile = group * (threads / lanes) + static_cast<unsigned>(thread / lanes);
        const int c = first + 4 * (thread % lanes);
        if (tile >= count || c >= tiles.channels()) continue;
        const bool both = c + 4 < tiles.channels();
        typename Tiles::tile_sums low = tiles.sums(held + c - first, tile, c), high{};
        if (both) high = tiles.sums(held + c + 4 - first, tile, c + 4);
        for (int column = 0; column < 4; ++column) {
          unsigned bits = tiles.write(low.next(), tile, c, column);
          if (both) bits |= tiles.write(high.next(), tile, c + 4, column);
          if (!tiles.records()) continue;
          tiles.keep(tile, c, column, bits);
          if (both) tiles.keep(tile, c + 4, column, bits);
        }
      }
    }
}

/// One thread of a team.
class host_team {
 public:
  static constexpr bool alone = false;
  struct meeting {
    std::barrier<> all;
    std::vector<double> numbers;
    explicit meeting(int lanes) : all(lanes), numbers(static_cast<std::size_t>(lanes)) {}
  };

  host_team(int lane, meeting& at) : lane_(lane), at_(at) {}

  int lane() const { return lane_; }
  int lanes() const { return static_cast<int>(at_.numbers.size()); }

  template <class T>
  T sum(T v) const {
    return fold(v, [](T a, T b) { return a + b; });
  }
  template <class T>
  T largest(T v) const {
    return fold(v, [](T a, T b) { return b > a ? b : a; });
  }
  template <class T>
  T smallest(T v) const {
    return fold(v, [](T a, T b) { return b < a ? b : a; });
  }
  template <class T, class F>
  T sum_of(int count, const F& term) const {
    return sum(part_of_sum<T>(count, lane_, lanes(), term));
  }
  template <class T>
  T bound(const T*) const {
    return std::numeric_limits<T>::infinity();
  }
  template <class T>
  void lower(T* to, T v) const {
    v = smallest(v);
    if (lane_ == 0 && v < *to) *to = v;
  }
  unsigned byte_of(bool open) const {
    const auto all = gather(open ? 1 : 0);
    unsigned bits = 0;
    for (std::size_t j = 0; j < 8; ++j)
      bits |= static_cast<unsigned>(all[static_cast<std::size_t>(lane_ / 8 * 8) + j]) << j;
    return bits;
  }

 private:
  std::vector<double> gather(double own) const {
    at_.numbers[static_cast<std::size_t>(lane_)] = own;
    at_.all.arrive_and_wait();
    std::vector<double> all = at_.numbers;
    at_.all.arrive_and_wait();
    return all;
  }

  /// By halves in each warp, then by halves over the warps.
  template <class T, class F>
  T fold(T v, const F& both) const {
    const std::vector<double> all = gather(static_cast<double>(v));
    std::vector<T> values(all.begin(), all.end()), of_warps;
    const auto halve = [&](std::vector<T>& some) {
      for (std::size_t step = some.size() / 2; step > 0; step /= 2)
        for (std::size_t i = 0; i < step; ++i) some[i] = both(some[i], some[i + step]);
      return some[0];
    };
    if (values.size() <= 32) return halve(values);
    for (auto first = values.begin(); first != values.end(); first += 32) {
      std::vector<T> warp(first, first + 32);
      of_warps.push_back(halve(warp));
    }
    return halve(of_warps);
  }

  int lane_;
  meeting& at_;
};

template <class F>
void for_each_team(const host_threads&, long rows, int lanes, const F& item) {
  host_team::meeting at(lanes);
  std::vector<std::thread> threads;
  for (int lane = 0; lane < lanes; ++lane)
    threads.emplace_back([&, lane] {
      for (long row = 0; row < rows; ++row) item(host_team(lane, at), row);
    });
  for (std::thread& t : threads) t.join();
}

}  // namespace salient::kernel
