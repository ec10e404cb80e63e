// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "laws/devices.hpp"
#include "salient/device/buffer.hpp"

namespace salient::kernel {

/// Calls body(device, T{}) for every device under test and scalar; `body` checks against its own loops.
template <class F>
void on_every_device(const F& body) {
  if (const gpu* card = laws::tested_gpu()) return body(*card, float{});
  const cpu device;
  const cpu_pool pool(3);
  body(device, float{});
  body(device, double{});
  body(pool, float{});
  body(pool, double{});
}

/// Copies host values to a device's memory and back.
template <class D, class T>
struct resident {
  buffer<T, D> memory;

  resident(const D& device, const std::vector<T>& values) : memory(device, values.size()) {
    memory.upload(values);
  }
  operator const T*() const { return memory.data(); }
  operator T*() { return memory.data(); }
  std::vector<T> read() const {
    std::vector<T> values(memory.size());
    memory.download(values);
    return values;
  }
};

}  // namespace salient::kernel
