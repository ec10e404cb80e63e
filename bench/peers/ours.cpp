// SPDX-License-Identifier: MIT

// The library's side of the comparison with its peers; see cases.py for what it is asked and what it answers.
// Also the program that profile.sh looks into.

#include "ours.hpp"

#include <chrono>
#include <iostream>
#include <map>
#include <sstream>

#ifdef SALIENT_WITH_CUDA
#include "device_timer.hpp"
#endif
#include "memory.hpp"
#include "networks.hpp"
#include "salient/train/fit.hpp"

namespace {

using namespace salient;
using namespace salient::peer;

template <int Filters>
using conv = conv2d<Filters, 3, with{.padding = padding::same}>;

/// The first three blocks of VGG at half their widths, pooled, for images of any size.
template <int Size>
using sized =
    network<input<Size, Size, 3>, conv<32>, relu, conv<32>, relu, max_pool<2>, conv<64>, relu, conv<64>, relu,
            max_pool<2>, conv<128>, relu, conv<128>, relu, global_avg_pool, flatten, dense<10>>;

/// An epoch over the images in batches of 64; in place of a map it writes the epoch's mean loss.
template <class Network, class Device>
class training_job : public job {
 public:
  training_job(Device on, const case_of& c)
      : loaded_(std::move(on), c, {}), images_(c.images), classes_(c.classes) {}

  void make() override {
    fit(loaded_.weights, images_, classes_, {.epochs = 1, .batch = 64},
        [&](const fit_progress& p) { loss_ = static_cast<float>(p.loss); });
  }
  void save(const std::string& file) const override {
    write_npy(file, std::vector<float>{loss_}, {1, 1, 1, 1});
  }

 private:
  loaded<Network, Device> loaded_;
  tensor images_;
  std::vector<int> classes_;
  float loss_ = 0;
};

template <class Network>
std::unique_ptr<job> open(const case_of& c) {
  return on_device(c.on, [&]<class Device>(Device device) -> std::unique_ptr<job> {
    const auto make = [&](const auto& method) { return job_of<Network>(std::move(device), c, {}, method); };
    if (c.method == "train") return std::make_unique<training_job<Network, Device>>(std::move(device), c);
    if (c.method == "forward") return forward_of<Network>(std::move(device), c, {});
    if (c.method == "gradients") return make(methods::gradients{});
    if (c.method == "gradients_x_input") return make(methods::gradients_x_input{});
    if (c.method == "deconvolution") return make(methods::deconvolution<>{});
    if (c.method == "guided_grad_cam") return make(methods::guided_grad_cam<>{});
    if (c.method == "guided_backprop") return make(methods::guided_backprop{});
    if (c.method == "grad_cam") return make(methods::grad_cam<>{});
    if (c.method == "integrated_gradients") return make(methods::integrated_gradients{.steps = 50});
    throw error("no method '" + c.method + "'");
  });
}

std::unique_ptr<job> job_for(const case_of& c) {
  if (c.network == "sized_28") return open<sized<28>>(c);
  if (c.network == "sized_56") return open<sized<56>>(c);
  if (c.network == "sized_112") return open<sized<112>>(c);
  if (c.network == "sized_224") return open<sized<224>>(c);
  std::unique_ptr<job> found = torchvision_job(c);
  if (!found) digits::with_network(c.network, [&]<class Network> { found = open<Network>(c); });
  return found;
}

tensor read_images(const std::string& file) {
  npy stored = read_npy(file);
  const auto& d = stored.dimensions;
  tensor images({static_cast<int>(d.at(1)), static_cast<int>(d.at(2)), static_cast<int>(d.at(3))}, d.at(0));
  images.values = std::move(stored.values);
  return images;
}

std::vector<int> read_classes(const std::string& file) {
  const npy stored = read_npy(file);
  return {stored.values.begin(), stored.values.end()};
}

using words = std::vector<std::string>;

words split(const std::string& line, char between) {
  words all;
  std::istringstream from(line);
  for (std::string word; std::getline(from, word, between);) all.push_back(word);
  return all;
}

template <class F>
double milliseconds(const F& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// The jobs announced, and those of them that are loaded.
class peer_process {
 public:
  explicit peer_process(int threads) : threads_(threads) {}

  /// Does what the line says and gives the answer, which may be empty.
  std::string answer(const words& line) {
    std::ostringstream out;
    const std::string& what = line.at(0);
    if (what == "open") {
      announced_[line.at(1)] = words(line.begin() + 2, line.end());
    } else if (what == "close") {
      announced_.erase(line.at(1));
      jobs_.erase(line.at(1));
    } else if (what == "compile") {
      out << 0;
    } else if (what == "memory") {
      out << ::bench::process_memory("VmRSS") << " " << ::bench::process_memory("VmHWM");
    } else if (what == "first") {
      job& made = *(jobs_[line.at(1)] = job_for(read(announced_.at(line.at(1)))));
      out << milliseconds([&] { made.make(); });
      made.save(line.at(2));
    } else if (what == "time") {
      job& again = *jobs_.at(line.at(1));
      const int count = std::stoi(line.at(2));
      out << milliseconds([&] {
               for (int i = 0; i < count; ++i) again.make();
             }) / count;
    } else {
      throw error("'" + what + "' is none of the words of cases.py");
    }
    return out.str();
  }

 private:
  case_of read(const words& w) const {
    const precision arithmetic = w.at(5) == "tf32" ? precision::tf32 : precision::float32;
    return {w.at(0), w.at(1), read_images(w.at(2)), read_classes(w.at(3)), w.at(4), {threads_, arithmetic}};
  }

  int threads_;
  std::map<std::string, words> announced_;
  std::map<std::string, std::unique_ptr<job>> jobs_;
};

void serve(int threads) {
  peer_process process(threads);
  for (std::string line; std::getline(std::cin, line);) {
    std::string said;
    try {
      said = process.answer(split(line, '\t'));
    } catch (const std::exception& e) {
      said = "error " + std::string(e.what());
    }
    if (!said.empty()) std::cout << said << std::endl;
  }
}

/// Makes one map of random images by random weights while CUDA's profilers look, after some that they ignore.
void show_to_profiler(const words& w) {
  const long batch = std::stol(w.at(2));
  if (batch < 1) throw error("a batch of " + w.at(2) + " images");
  const precision arithmetic = w.at(3) == "tf32" ? precision::tf32 : precision::float32;
  const std::unique_ptr<job> shown =
      job_for({w.at(0), "", {}, std::vector<int>(static_cast<std::size_t>(batch)), w.at(1), {0, arithmetic}});
  for (int i = 0; i < 3; ++i) shown->make();
#ifdef SALIENT_WITH_CUDA
  bench::profiled([&] { shown->make(); });
#endif
}

}  // namespace

int main(int argc, char** argv) try {
  const words given(argv + 1, argv + argc);
  if (given.size() == 5 && given[0] == "profile") {
    show_to_profiler(words(given.begin() + 1, given.end()));
    return 0;
  }
  if (given.size() != 1)
    throw error("expected a number of threads, or gpu, or profile NETWORK METHOD BATCH PRECISION");
  const int threads = given[0] == "gpu" ? 0 : std::stoi(given[0]);
  if (given[0] != "gpu" && threads < 1) throw error("'" + given[0] + "' is no number of threads");
  serve(threads);
} catch (const std::exception& e) {
  std::cerr << "bench.peer: " << e.what() << std::endl;
  return 1;
}
