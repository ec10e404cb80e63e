// SPDX-License-Identifier: MIT
#include "salient/device/cpu.hpp"

#include <atomic>
#include <cstring>
#include <exception>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <utility>

#define EIGEN_USE_THREADS
#include <unsupported/Eigen/CXX11/ThreadPool>

#include "device/thread_memory.hpp"
#include "salient/core/error.hpp"
#include "salient/device/memory.hpp"

namespace salient {
namespace {

/// How a pool's threads start: each takes its memory before it takes work, and says when it has. One that the
/// system refuses is noted, where Eigen's own would leave a pool that nobody can destroy.
struct environment : Eigen::StlThreadEnvironment {
  struct progress {
    Eigen::Barrier ready;
    std::atomic<bool> refused = false;
  };
  class EnvThread {
   public:
    EnvThread() = default;
    explicit EnvThread(std::function<void()> work) : thread_(std::move(work)) {}
    ~EnvThread() {
      if (thread_.joinable()) thread_.join();
    }

   private:
    std::thread thread_;
  };

  progress* start;

  explicit environment(progress& start) : start(&start) {}

  EnvThread* CreateThread(const std::function<void()>& work) const {
    try {
      return new EnvThread([start = start, work] {
        try {
          return_thread_memory(borrow_thread_memory(0));
        } catch (const std::bad_alloc&) {
          start->refused = true;
        }
        start->ready.Notify();
        work();
      });
    } catch (const std::exception&) {  // no thread, or no memory for one
      start->refused = true;
      start->ready.Notify();
      return new EnvThread;
    }
  }
};

int resolve(int threads) {
  if (threads < 0 || threads > 1024)
    throw error("cpu_pool: threads must be between 0 (one for each processor) and 1024, got " +
                std::to_string(threads));
  if (threads > 0) return threads;
  const unsigned processors = std::thread::hardware_concurrency();
  return processors > 0 ? static_cast<int>(processors) : 1;
}

/// One call of run(): lives on the caller's stack until every part has notified.
struct job {
  void (*part)(void*, int);
  void* context;
  Eigen::Barrier done;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
  std::exception_ptr failure{};

  void execute(int index) {
    try {
      part(context, index);
    } catch (...) {
      if (!failed.test_and_set()) failure = std::current_exception();
    }
  }
};

}  // namespace

struct cpu_pool::workers {
  environment::progress start;
  Eigen::ThreadPoolTempl<environment> pool;

  explicit workers(int threads)
      : start{Eigen::Barrier(static_cast<unsigned>(threads))}, pool(threads, environment(start)) {
    start.ready.Wait();
    if (!start.refused) return;
    pool.Cancel();
    throw error("cpu_pool: the system refuses to start " + std::to_string(threads + 1) +
                " threads; ask for fewer");
  }
};

// The caller works too, so the pool needs one thread less.
cpu_pool::cpu_pool(int threads, implementation kernels) : threads_(resolve(threads)), kernels_(kernels) {
  if (threads_ > 1) workers_ = std::make_unique<workers>(threads_ - 1);
}
cpu_pool::~cpu_pool() = default;
cpu_pool::cpu_pool(cpu_pool&&) noexcept = default;
cpu_pool& cpu_pool::operator=(cpu_pool&&) noexcept = default;

void cpu_pool::run(int parts, void (*part)(void*, int), void* context) const {
  if (!workers_ || parts <= 1) {
    for (int i = 0; i < parts; ++i) part(context, i);
    return;
  }
  job work{part, context, Eigen::Barrier(static_cast<unsigned>(parts - 1))};
  for (int i = 1; i < parts; ++i)
    // A pointer and an int fit std::function's own storage: nothing is allocated.
    workers_->pool.Schedule([w = &work, i] {
      w->execute(i);
      w->done.Notify();
    });
  work.execute(0);
  work.done.Wait();
  if (work.failure) std::rethrow_exception(work.failure);
}

void* allocate(const cpu&, std::size_t bytes) {
  return bytes > 0 ? ::operator new(bytes, std::align_val_t(alignment)) : nullptr;
}
void release(const cpu&, void* memory) noexcept { ::operator delete(memory, std::align_val_t(alignment)); }
void copy_in(const cpu&, void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}
void copy_out(const cpu&, void* to, const void* from, std::size_t bytes) { copy_in(cpu{}, to, from, bytes); }

void* allocate(const cpu_pool&, std::size_t bytes) { return allocate(cpu{}, bytes); }
void release(const cpu_pool&, void* memory) noexcept { release(cpu{}, memory); }
void copy_in(const cpu_pool&, void* to, const void* from, std::size_t bytes) {
  copy_in(cpu{}, to, from, bytes);
}
void copy_out(const cpu_pool&, void* to, const void* from, std::size_t bytes) {
  copy_in(cpu{}, to, from, bytes);
}

}  // namespace salient
