// SPDX-License-Identifier: MIT
#include "device_timer.hpp"

#include <cuda_profiler_api.h>
#include <cuda_runtime_api.h>

#include "device/gpu_state.hpp"

namespace bench {
namespace {

using salient::check_cuda;
using salient::current_device;

int attribute(int number, cudaDeviceAttr wanted) {
  int value = 0;
  check_cuda(number, "reading its properties", cudaDeviceGetAttribute(&value, wanted, number));
  return value;
}

/// Float32 units of an SM: NVIDIA, CUDA C++ Programming Guide, "Arithmetic Instructions".
int units(int major, int minor) {
  if (major == 7 || (major == 8 && minor == 0)) return 64;
  return 128;
}

/// Multiply-adds of TF32 by an SM's tensor cores a clock, from NVIDIA's data sheets of A100 and H100; 0 for
/// others.
int tensor_units(int major, int minor) {
  if (major == 8 && minor == 0) return 512;
  if (major == 9 && minor == 0) return 1024;
  return 0;
}

salient::owned<cudaEvent_t> new_event(int number) {
  const current_device current(number);
  cudaEvent_t made{};
  check_cuda(number, "making an event", cudaEventCreate(&made));
  return salient::owned<cudaEvent_t>(made);
}

}  // namespace

card_peak peak_of(const salient::gpu& card) {
  const int number = card.number();
  const cudaDeviceProp& p = card.handle().properties;
  const double sms = p.multiProcessorCount;
  const double gigahertz = 1e-6 * attribute(number, cudaDevAttrClockRate);
  const double memory_gigahertz = 1e-6 * attribute(number, cudaDevAttrMemoryClockRate);
  return {.gflops = 2 * sms * units(p.major, p.minor) * gigahertz,
          .tf32_gflops = 2 * sms * tensor_units(p.major, p.minor) * gigahertz,
          .gigabytes = 2 * memory_gigahertz * p.memoryBusWidth / 8};  // two transfers a clock
}

struct device_timer::events {
  const salient::gpu::state& on;
  salient::owned<cudaEvent_t> from, to;
};

device_timer::device_timer(const salient::gpu& card)
    : events_(new events{card.handle(), new_event(card.number()), new_event(card.number())}) {}
device_timer::~device_timer() = default;

void device_timer::start() {
  const current_device current(events_->on.number);
  check_cuda(events_->on.number, "recording an event",
             cudaEventRecord(events_->from.get(), events_->on.stream()));
}
void device_timer::stop() {
  const current_device current(events_->on.number);
  check_cuda(events_->on.number, "recording an event",
             cudaEventRecord(events_->to.get(), events_->on.stream()));
}
double device_timer::seconds() const {
  const current_device current(events_->on.number);
  check_cuda(events_->on.number, "working", cudaEventSynchronize(events_->to.get()));
  float milliseconds = 0;
  check_cuda(events_->on.number, "reading an event",
             cudaEventElapsedTime(&milliseconds, events_->from.get(), events_->to.get()));
  return 1e-3 * static_cast<double>(milliseconds);
}

void profiled(const std::function<void()>& f) {
  int number = 0;  // the profiler's calls are about CUDA's current device
  check_cuda(number, "looking for the current one", cudaGetDevice(&number));
  check_cuda(number, "starting the profiler", cudaProfilerStart());
  f();
  check_cuda(number, "stopping the profiler", cudaProfilerStop());
}

}  // namespace bench
