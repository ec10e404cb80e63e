// SPDX-License-Identifier: MIT

// Not Eigen's pool, which dereferences a null pointer when memory runs out.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

#include "device/flush_denormals.hpp"
#include "device/thread_memory.hpp"
#include "salient/core/error.hpp"
#include "salient/device/cpu.hpp"
#include "salient/device/processors.hpp"

namespace salient {
namespace {

/// Spins before a waiting thread sleeps: about fifty microseconds, as much as waking it costs.
constexpr int looks = 1000;

/// Spin-wait hint: lets the core's other hardware thread run.
void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield");
#endif
}

/// One call of run(), on its caller's stack.
struct job {
  void (*part)(void*, int);
  void* context;
  int parts;
  std::atomic<int> next = 0;     // next part to take
  std::atomic<int> helpers = 0;  // workers inside the job; incremented under the pool's lock
  job* following = nullptr;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
  std::exception_ptr failure{};

  bool open() const { return next < parts; }

  /// Takes parts until none is left.
  void work() noexcept {
    for (int i = next++; i < parts; i = next++) execute(i);
  }

 private:
  void execute(int index) noexcept {
    try {
      part(context, index);
    } catch (...) {
      if (!failed.test_and_set()) failure = std::current_exception();
    }
  }
};

int resolve(int threads) {
  if (threads < 0 || threads > 1024)
    throw error("cpu_pool: threads must be between 0 (one for each processor) and 1024, got " +
                std::to_string(threads));
  return threads > 0 ? threads : std::min(available_processors(), 1024);
}

/// Number of forks between the program's start and this process.
std::atomic<unsigned> forks = 0;

/// Makes fork() increment the count.
void count_forks() {
  static const int outcome = pthread_atfork(nullptr, nullptr, [] { ++forks; });
  if (outcome != 0) throw std::bad_alloc();
}

}  // namespace

/// The pool's threads, without the caller, and the queue of jobs.
struct cpu_pool::workers {
  explicit workers(int count) {
    count_forks();
    made_in_ = forks;
    try {
      memories_ = std::vector<thread_memory>(static_cast<std::size_t>(count));
      threads_.reserve(memories_.size());
      for (thread_memory& m : memories_) m.give_back(m.borrow(0));
      for (thread_memory& m : memories_) threads_.emplace_back([this, &m] { serve(m); });
    } catch (const std::exception&) {  // no memory, or no thread
      close();
      throw error("cpu_pool: the system refuses to start " + std::to_string(count + 1) +
                  " threads; ask for fewer");
    }
  }
  ~workers() { close(); }
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  /// Whether this process was forked from the one that owns the threads. Nothing here may be touched then:
  /// absent threads may hold the lock or wait for the condition variables.
  bool left_behind() const { return forks != made_in_; }

  /// Keeps an object alive until the process ends.
  static void abandon(workers* left) noexcept {
    static std::atomic<workers*> abandoned = nullptr;  // reachable, so not reported as leaks
    left->next_abandoned_ = abandoned.exchange(left);
  }

  void run(job& mine) {
    const int woken = post(mine);
    for (int i = 0; i < woken; ++i) posted_.notify_one();
    mine.work();
    if (left_behind()) {
      if (mine.helpers == 0) return;
      throw error(
          "cpu_pool: fork() was called while the pool worked, and this child process does not "
          "have the pool's threads; fork before or after");
    }
    withdraw(mine);
    for (int i = 0; i < looks && mine.helpers > 0; ++i) pause();
    if (mine.helpers == 0) return;
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return mine.helpers == 0; });
  }

 private:
  unsigned made_in_ = 0;  // number of forks at construction
  workers* next_abandoned_ = nullptr;
  std::mutex mutex_;
  std::condition_variable posted_, left_;
  job* first_ = nullptr;
  std::atomic<unsigned> posts_ = 0;
  int sleeping_ = 0;
  bool closing_ = false;
  std::vector<thread_memory> memories_;
  std::vector<std::thread> threads_;

  void close() noexcept {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    posted_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  /// Appends a job; returns how many sleeping threads should be woken for it.
  int post(job& mine) {
    const std::lock_guard lock(mutex_);
    job** end = &first_;
    while (*end) end = &(*end)->following;
    *end = &mine;
    ++posts_;
    return std::min(mine.parts - 1, sleeping_);
  }

  void withdraw(job& mine) {
    const std::lock_guard lock(mutex_);
    job** at = &first_;
    while (*at != &mine) at = &(*at)->following;
    *at = mine.following;
  }

  job* find_open() const {
    job* at = first_;
    while (at && !at->open()) at = at->following;
    return at;
  }

  /// The loop of a worker thread. A job may be destroyed as soon as the worker has left it.
  void serve(thread_memory& memory) {
    use_thread_memory(memory);
    const flush_denormals mode;
    std::unique_lock lock(mutex_);
    while (true) {
      if (job* const found = find_open()) {
        ++found->helpers;
        lock.unlock();
        found->work();
        if (left_behind()) return;  // the part forked: the child's only thread, done
        lock.lock();
        if (--found->helpers == 0) left_.notify_all();
      } else if (closing_) {
        return;
      } else {
        await(lock);
      }
    }
  }

  /// Returns once a job has been posted since the lock was taken, or the pool is closing.
  void await(std::unique_lock<std::mutex>& lock) {
    const unsigned seen = posts_;
    lock.unlock();
    for (int i = 0; i < looks && posts_ == seen; ++i) pause();
    lock.lock();
    ++sleeping_;
    posted_.wait(lock, [&] { return posts_ != seen || closing_; });
    --sleeping_;
  }
};

// The caller works too, so the pool needs one thread less.
cpu_pool::cpu_pool(int threads, implementation kernels) : threads_(resolve(threads)), kernels_(kernels) {
  if (threads_ > 1) workers_.reset(new workers(threads_ - 1));
}
cpu_pool::~cpu_pool() = default;
cpu_pool::cpu_pool(cpu_pool&&) noexcept = default;
cpu_pool& cpu_pool::operator=(cpu_pool&&) noexcept = default;

void cpu_pool::stop::operator()(workers* w) const noexcept {
  if (w->left_behind())
    workers::abandon(w);
  else
    delete w;
}

void cpu_pool::run(int parts, void (*part)(void*, int), void* context) const {
  const flush_denormals mode;
  if (!workers_ || parts <= 1 || workers_->left_behind()) {
    for (int i = 0; i < parts; ++i) part(context, i);
    return;
  }
  // The caller takes its memory on the first call even if workers take all parts. Otherwise a later,
  // warmed-up pass might allocate, depending on thread timing.
  return_thread_memory(borrow_thread_memory(0));
  job work{.part = part, .context = context, .parts = parts};
  workers_->run(work);
  if (work.failure) std::rethrow_exception(work.failure);
}

}  // namespace salient
