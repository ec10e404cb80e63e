// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "salient/core/export.hpp"
#include "salient/device/device.hpp"

namespace salient {

namespace detail {

/// Memory for `size` values, and what gives it back to the device, which must outlive it. Move-only. Without
/// types, so that programs contain it once.
class SALIENT_EXPORT owned_memory {
 public:
  using giver = void (*)(const void* device, void* memory) noexcept;

  owned_memory() = default;
  owned_memory(const void* device, void* memory, std::size_t size, std::size_t bytes, giver);
  ~owned_memory();
  owned_memory(owned_memory&&) noexcept;
  owned_memory& operator=(owned_memory&&) noexcept;

  const void* device = nullptr;
  void* data = nullptr;
  std::size_t size = 0;

 private:
  std::size_t bytes_ = 0;
  giver give_ = nullptr;
};

/// The bytes that buffers of all devices hold, from now on. One watch at a time.
class SALIENT_EXPORT buffer_watch {
 public:
  buffer_watch();
  /// The most at any time since it was made, more than at that time.
  long most() const;

 private:
  long start_;
};

}  // namespace detail

/// `size` values of type T in a device's memory, uninitialised. Move-only. The device must outlive it.
template <class T, device D>
class buffer {
 public:
  buffer() = default;
  buffer(const D& device, std::size_t size)
      : memory_(&device, allocate(device, size * sizeof(T)), size, size * sizeof(T),
                [](const void* on, void* memory) noexcept { release(*static_cast<const D*>(on), memory); }) {}

  T* data() { return static_cast<T*>(memory_.data); }
  const T* data() const { return static_cast<const T*>(memory_.data); }
  std::size_t size() const { return memory_.size; }

  void upload(std::span<const T> from, std::size_t offset = 0) {
    assert(offset + from.size() <= size());
    copy_in(*static_cast<const D*>(memory_.device), data() + offset, from.data(), from.size_bytes());
  }
  void download(std::span<T> to, std::size_t offset = 0) const {
    assert(offset + to.size() <= size());
    copy_out(*static_cast<const D*>(memory_.device), to.data(), data() + offset, to.size_bytes());
  }

 private:
  detail::owned_memory memory_;
};

/// `size` values in the host's memory that a device can copy to while the host goes on, uninitialised.
/// Move-only. The device must outlive it.
template <class T, device D>
class host_buffer {
 public:
  host_buffer() = default;
  host_buffer(const D& device, std::size_t size)
      : memory_(
            &device, allocate_host(device, size * sizeof(T)), size, size * sizeof(T),
            [](const void* on, void* memory) noexcept { release_host(*static_cast<const D*>(on), memory); }) {
  }

  /// Enqueues a copy of `count` values from the device's memory, to be read after `synchronise`.
  void receive(const T* from, std::size_t count) {
    assert(count <= size());
    send_out(*static_cast<const D*>(memory_.device), memory_.data, from, count * sizeof(T));
  }
  std::span<const T> values() const { return {static_cast<const T*>(memory_.data), size()}; }
  std::size_t size() const { return memory_.size; }

 private:
  detail::owned_memory memory_;
};

}  // namespace salient
