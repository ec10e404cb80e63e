// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>

#include "salient/device/device.hpp"

namespace salient {

namespace detail {

/// `size` values of type T, uninitialised, in a device's memory or in the host's. Move-only. The device must
/// outlive it.
template <class T, device D, bool OnHost>
class owned_values {
 public:
  owned_values() = default;
  owned_values(const D& device, std::size_t size)
      : device_(&device), size_(size), data_(static_cast<T*>(take(device, size * sizeof(T)))) {}
  ~owned_values() {
    if (data_) give(*device_, data_);
  }
  owned_values(owned_values&& other) noexcept { swap(other); }
  owned_values& operator=(owned_values&& other) noexcept {
    owned_values(std::move(other)).swap(*this);
    return *this;
  }

  std::size_t size() const { return size_; }

 protected:
  const D& device() const { return *device_; }
  T* start() const { return data_; }

 private:
  static void* take(const D& device, std::size_t bytes) {
    if constexpr (OnHost)
      return allocate_host(device, bytes);
    else
      return allocate(device, bytes);
  }
  static void give(const D& device, void* memory) noexcept {
    if constexpr (OnHost)
      release_host(device, memory);
    else
      release(device, memory);
  }
  void swap(owned_values& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
  }

  const D* device_ = nullptr;
  std::size_t size_ = 0;
  T* data_ = nullptr;
};

}  // namespace detail

/// `size` values of type T in a device's memory, uninitialised. Move-only. The device must outlive it.
template <class T, device D>
class buffer : public detail::owned_values<T, D, false> {
 public:
  using detail::owned_values<T, D, false>::owned_values;

  T* data() { return this->start(); }
  const T* data() const { return this->start(); }

  void upload(std::span<const T> from, std::size_t offset = 0) {
    assert(offset + from.size() <= this->size());
    copy_in(this->device(), data() + offset, from.data(), from.size_bytes());
  }
  void download(std::span<T> to, std::size_t offset = 0) const {
    assert(offset + to.size() <= this->size());
    copy_out(this->device(), to.data(), data() + offset, to.size_bytes());
  }
};

/// `size` values in the host's memory that a device can copy to while the host goes on, uninitialised.
/// Move-only. The device must outlive it.
template <class T, device D>
class host_buffer : public detail::owned_values<T, D, true> {
 public:
  using detail::owned_values<T, D, true>::owned_values;

  /// Enqueues a copy of `count` values from the device's memory, to be read after `synchronise`.
  void receive(const T* from, std::size_t count) {
    assert(count <= this->size());
    send_out(this->device(), this->start(), from, count * sizeof(T));
  }
  std::span<const T> values() const { return {this->start(), this->size()}; }
};

}  // namespace salient
