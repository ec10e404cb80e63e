// SPDX-License-Identifier: MIT

// The crew of processes that talk by MPI. Each process calls MPI from its main thread alone.

#include <algorithm>
#include <csignal>
#include <ctime>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <unistd.h>

#include "explainer/launch.hpp"
#include "explainer/post.hpp"
#include "explainer/sharing.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/crew.hpp"
#include "salient/explainer/guard.hpp"

namespace salient::explainer {
namespace {

using order = sharing::order;

/// Thrown in a process that has nothing to say: another one failed, or rank 0 was told already.
struct ended_elsewhere : std::exception {
  const char* what() const noexcept override { return "another process failed"; }
};

constexpr const char* has_left = "it ended without a word";
constexpr const char* goes_on = "; what is finished is kept, and the same command goes on from there";

/// What a failing body threw.
std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return "not enough memory";
  } catch (const std::exception& e) {
    return e.what();
  }
}

std::string by_rank(int rank, const std::string& why) {
  return rank == 0 ? why : "rank " + std::to_string(rank) + ": " + why;
}

/// Units in rank 0: a second thread works, while the main thread tells the others what to do.
class leader {
 public:
  leader(post& mail, std::vector<bool>& left, std::span<const long> units)
      : mail_(mail), left_(left), units_(units), state_(std::ssize(units), mail.size()) {}

  void run(const std::function<void(long)>& work, const std::function<void(long)>& progress) {
    for (int rank = 1; rank < mail_.size(); ++rank)  // one that failed before
      if (left_[static_cast<std::size_t>(rank)]) state_.fails(rank, has_left);
    std::jthread worker([&] { take_part(work); });
    long shown = 0;
    patience idle;
    while (!told_all()) {
      while (const auto letter = mail_.look()) {
        hear(*letter);
        idle.end();
      }
      if (const long done = done_by_now(); done != shown) progress(shown = done);
      idle.wait();
    }
    worker.join();
    if (state_.done() != shown) progress(state_.done());
    if (state_.failed()) throw error(by_rank(state_.failed_by(), state_.why()) + goes_on);
  }

 private:
  void take_part(const std::function<void(long)>& work) {
    std::unique_lock lock(guard_);
    for (order now = state_.asks(0); now.what != order::kind::stop; now = state_.asks(0)) {
      if (now.what == order::kind::wait) {
        // The main thread tells the others of the end, which this one may have brought.
        lock.unlock();
        std::this_thread::sleep_for(patience::most);
        lock.lock();
        continue;
      }
      lock.unlock();
      std::exception_ptr thrown;
      try {
        work(units_[static_cast<std::size_t>(now.unit)]);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      if (thrown) return state_.fails(0, text_of(thrown));
      state_.finishes(0);
    }
  }

  void hear(const post::letter& l) {
    const std::lock_guard lock(guard_);
    switch (l.about) {
      case post::subject::asks:
        return tell(l.from, state_.asks(l.from));
      case post::subject::done:
        return tell(l.from, state_.finishes(l.from));
      case post::subject::failed:
        return state_.fails(l.from, l.text);
      default:  // leaves
        left_[static_cast<std::size_t>(l.from)] = true;
        if (!state_.dismissed(l.from)) state_.fails(l.from, has_left);
    }
  }

  void tell(int rank, order what) {
    if (what.what == order::kind::work)
      mail_.send(rank, post::subject::work, units_[static_cast<std::size_t>(what.unit)]);
    if (what.what == order::kind::stop) mail_.send(rank, post::subject::stop, state_.failed() ? 1 : 0);
  }

  /// Whether all are told to stop, if it is time.
  bool told_all() {
    const std::lock_guard lock(guard_);
    if (!state_.ended()) return false;
    for (const int rank : state_.dismiss())
      if (rank != 0) tell(rank, {order::kind::stop});
    return state_.dismissed();
  }

  long done_by_now() {
    const std::lock_guard lock(guard_);
    return state_.done();
  }

  post& mail_;
  std::vector<bool>& left_;
  std::span<const long> units_;
  std::mutex guard_;  // of the state
  sharing state_;
};

/// The processes, between MPI_Init and MPI_Finalize.
class ranks {
 public:
  ranks() : left_(static_cast<std::size_t>(mail_.size())) {}

  post& mail() { return mail_; }

  void share(std::span<const long> units, const std::function<void(long)>& work,
             const std::function<void(long)>& progress) {
    if (mail_.rank() == 0) return leader(mail_, left_, units).run(work, progress);
    mail_.send(0, post::subject::asks);
    while (true) {
      const post::letter now = mail_.wait();
      if (now.about == post::subject::stop) {
        if (now.number != 0) throw ended_elsewhere();
        return;
      }
      mail_.send(0, post::subject::asks);  // the answer comes while this works
      work(now.number);
      mail_.send(0, post::subject::done);
    }
  }

  /// The last that a process does: waits until all have come here, and speaks in rank 0. Returns the exit
  /// code.
  int part(const std::string& program, const std::exception_ptr& thrown) {
    const std::optional<std::string> why = reason(thrown);
    if (mail_.size() == 1 && launched().rank > 0) {  // see join(): the first of those who are alone speaks
      let_rank_0_speak();
      return 1;
    }
    if (mail_.rank() != 0) {
      if (why) mail_.send(0, post::subject::failed, 0, *why);
      mail_.send(0, post::subject::leaves);
      while (mail_.wait().about != post::subject::end) continue;
      return 0;
    }
    int code = why ? report_error(program, *why) : finish_output(program);
    bool spoken = code != 0;
    patience idle;
    for (auto here = std::ranges::count(left_, true); here + 1 < mail_.size();) {
      const auto l = mail_.look();
      if (!l) {
        idle.wait();
        continue;
      }
      if (l->about == post::subject::asks) mail_.send(l->from, post::subject::stop, 1);
      if (l->about == post::subject::leaves) ++here;
      if (l->about != post::subject::failed || spoken) continue;
      spoken = true;
      code = report_error(program, by_rank(l->from, l->text));
    }
    for (int rank = 1; rank < mail_.size(); ++rank) mail_.send(rank, post::subject::end);
    return code;
  }

 private:
  static std::optional<std::string> reason(const std::exception_ptr& thrown) {
    if (!thrown) return {};
    try {
      std::rethrow_exception(thrown);
    } catch (const ended_elsewhere&) {
      return {};
    } catch (...) {
      return text_of(thrown);
    }
  }

  post mail_;
  std::vector<bool> left_;  // of rank 0: which ranks will say no more
};

std::unique_ptr<ranks> all;  // of this process, from join() to the end of guarded_in_crew()
std::string last_words;      // of rank 0 if it is told to end

extern "C" void say_last_words(int signal) {
  // mpirun ends the others when a rank dies, and all when it is interrupted.
  if (write(STDERR_FILENO, last_words.data(), last_words.size()) < 0) _exit(1);
  // mpirun passes on what it has read while the process lives.
  const timespec moment{0, 200'000'000};
  nanosleep(&moment, nullptr);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

ranks& start() {
  if (!all) all = std::make_unique<ranks>();
  return *all;
}

class crew_of_ranks final : public crew {
 public:
  int rank() const override { return all->mail().rank(); }
  int size() const override { return all->mail().size(); }
  int threads() const override { return all->mail().threads(); }
  void share(std::span<const long> units, const std::function<void(long)>& work,
             const std::function<void(long)>& progress) override {
    all->share(units, work, progress);
  }
};

}  // namespace

std::unique_ptr<crew> join() {
  const launch told = launched();
  if (told.size == 1) return alone();
  if (start().mail().size() == 1 && told.size > 1)
    throw error(std::to_string(told.size) +
                " processes were started, but each finds itself alone: this mpirun is not of the MPI that "
                "the program "
                "was built with, which is " +
                post::library());
  return std::make_unique<crew_of_ranks>();
}

int guarded_in_crew(const std::string& program, const std::function<void()>& body) {
  const launch told = launched();
  if (told.size == 1) return guarded(program, body);
  if (told.rank == 0) {
    last_words =
        one_line(program + ": the run was ended, as when one of its processes dies" + goes_on) + "\n";
    std::signal(SIGTERM, &say_last_words);
  }
  std::exception_ptr thrown;
  try {
    body();
  } catch (...) {
    thrown = std::current_exception();
  }
  int code = 0;
  try {
    code = start().part(program, thrown);
  } catch (const std::exception&) {  // no MPI
    code = told.rank == 0 ? report_error(program, text_of(thrown ? thrown : std::current_exception())) : 1;
  }
  std::signal(SIGTERM, SIG_DFL);
  all.reset();
  return code;
}

}  // namespace salient::explainer
