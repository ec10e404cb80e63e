// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>

#include "salient/device/device.hpp"

namespace salient {

/// `size` values of type T in a device's memory, uninitialised. Move-only. The device must outlive it.
template <class T, device D>
class buffer {
 public:
  buffer() = default;
  buffer(const D& device, std::size_t size)
      : device_(&device), size_(size), data_(static_cast<T*>(allocate(device, size * sizeof(T)))) {}
  ~buffer() {
    if (data_) release(*device_, data_);
  }
  buffer(buffer&& other) noexcept { swap(other); }
  buffer& operator=(buffer&& other) noexcept {
    buffer(std::move(other)).swap(*this);
    return *this;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

  void upload(std::span<const T> from, std::size_t offset = 0) {
    assert(offset + from.size() <= size_);
    copy_in(*device_, data_ + offset, from.data(), from.size_bytes());
  }
  void download(std::span<T> to, std::size_t offset = 0) const {
    assert(offset + to.size() <= size_);
    copy_out(*device_, to.data(), data_ + offset, to.size_bytes());
  }

 private:
  void swap(buffer& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
  }

  const D* device_ = nullptr;
  std::size_t size_ = 0;
  T* data_ = nullptr;
};

/// `size` values in the host's memory that a device can copy to while the host goes on, uninitialised.
/// Move-only. The device must outlive it.
template <class T, device D>
class host_buffer {
 public:
  host_buffer() = default;
  host_buffer(const D& device, std::size_t size)
      : device_(&device), size_(size), data_(static_cast<T*>(allocate_host(device, size * sizeof(T)))) {}
  ~host_buffer() {
    if (data_) release_host(*device_, data_);
  }
  host_buffer(host_buffer&& other) noexcept { swap(other); }
  host_buffer& operator=(host_buffer&& other) noexcept {
    host_buffer(std::move(other)).swap(*this);
    return *this;
  }

  /// Enqueues a copy of `count` values from the device's memory, to be read after `synchronise`.
  void receive(const T* from, std::size_t count) {
    assert(count <= size_);
    send_out(*device_, data_, from, count * sizeof(T));
  }
  std::span<const T> values() const { return {data_, size_}; }
  std::size_t size() const { return size_; }

 private:
  void swap(host_buffer& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
  }

  const D* device_ = nullptr;
  std::size_t size_ = 0;
  T* data_ = nullptr;
};

}  // namespace salient
