// SPDX-License-Identifier: MIT
#include <atomic>
#include <utility>

#include "salient/device/buffer.hpp"

namespace salient::detail {
namespace {

std::atomic<long> held{0}, most_held{0};

void count(long bytes) {
  const long now = held += bytes;
  for (long most = most_held; now > most && !most_held.compare_exchange_weak(most, now);) {
  }
}

}  // namespace

owned_memory::owned_memory(const void* on, void* memory, std::size_t values, std::size_t bytes, giver give)
    : device(on), data(memory), size(values), bytes_(bytes), give_(give) {
  count(static_cast<long>(bytes));
}

owned_memory::~owned_memory() {
  if (!data) return;
  give_(device, data);
  count(-static_cast<long>(bytes_));
}

owned_memory::owned_memory(owned_memory&& other) noexcept
    : device(other.device),
      data(std::exchange(other.data, nullptr)),
      size(std::exchange(other.size, 0)),
      bytes_(std::exchange(other.bytes_, 0)),
      give_(other.give_) {}

owned_memory& owned_memory::operator=(owned_memory&& other) noexcept {
  std::swap(device, other.device);
  std::swap(data, other.data);
  std::swap(size, other.size);
  std::swap(bytes_, other.bytes_);
  std::swap(give_, other.give_);
  return *this;
}

buffer_watch::buffer_watch() : start_(held) { most_held = start_; }

long buffer_watch::most() const { return most_held - start_; }

}  // namespace salient::detail
