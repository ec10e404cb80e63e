// SPDX-License-Identifier: MIT
#include <utility>

#include "salient/device/buffer.hpp"

namespace salient::detail {

owned_memory::owned_memory(const void* on, void* memory, std::size_t bytes, giver give)
    : device(on), data(memory), size(bytes), give_(give) {}

owned_memory::~owned_memory() {
  if (data) give_(device, data);
}

owned_memory::owned_memory(owned_memory&& other) noexcept
    : device(other.device),
      data(std::exchange(other.data, nullptr)),
      size(std::exchange(other.size, 0)),
      give_(other.give_) {}

owned_memory& owned_memory::operator=(owned_memory&& other) noexcept {
  std::swap(device, other.device);
  std::swap(data, other.data);
  std::swap(size, other.size);
  std::swap(give_, other.give_);
  return *this;
}

}  // namespace salient::detail
