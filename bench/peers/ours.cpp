// SPDX-License-Identifier: MIT

// The library's side of the comparison with its peers; see compare.py, which starts it, for what it is asked
// and what it answers. The arguments: NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD THREADS MAP.npy

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "networks.hpp"
#include "salient/salient.hpp"

namespace {

using namespace salient;
using clock_type = std::chrono::steady_clock;

/// Simonyan and Zisserman 2015, arXiv:1409.1556, configuration D.
using vgg16 = network<input<224, 224, 3>, conv2d<64, 3, 1, same>, relu, conv2d<64, 3, 1, same>, relu,
                      max_pool<2>, conv2d<128, 3, 1, same>, relu, conv2d<128, 3, 1, same>, relu, max_pool<2>,
                      conv2d<256, 3, 1, same>, relu, conv2d<256, 3, 1, same>, relu, conv2d<256, 3, 1, same>,
                      relu, max_pool<2>, conv2d<512, 3, 1, same>, relu, conv2d<512, 3, 1, same>, relu,
                      conv2d<512, 3, 1, same>, relu, max_pool<2>, conv2d<512, 3, 1, same>, relu,
                      conv2d<512, 3, 1, same>, relu, conv2d<512, 3, 1, same>, relu, max_pool<2>, flatten,
                      dense<4096>, relu, dense<4096>, relu, dense<1000>>;

double since(clock_type::time_point start) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - start).count();
}

/// Mebibytes of this process, by its name in /proc/self/status.
double memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  return 0;
}

tensor read_images(const std::string& file) {
  const npy stored = read_npy(file);
  const auto& d = stored.dimensions;
  tensor images({static_cast<int>(d.at(1)), static_cast<int>(d.at(2)), static_cast<int>(d.at(3))}, d.at(0));
  images.values = stored.values;
  return images;
}

std::vector<int> read_classes(const std::string& file) {
  const npy stored = read_npy(file);
  return {stored.values.begin(), stored.values.end()};
}

template <class Method, class Model>
void serve(const Model& model, const std::vector<std::string>& arguments, const Method& method) {
  using network = typename Model::network;
  if constexpr (Method::template applies<network>) {
    const tensor images = read_images(arguments[2]);
    const logit target(read_classes(arguments[3]));
    session<Model, pass_for<network, Method>> session(model, images.batch);
    const auto run = [&] { return std::get<0>(explain(session, images, target, method)); };
    const auto start = clock_type::now();
    const auto first = run();
    const double milliseconds = since(start);
    write_npy(arguments[6], first.map.values,
              {first.map.batch, first.map.extent.height, first.map.extent.width, first.map.extent.channels});
    std::cout << milliseconds << std::endl;
    for (std::string command; std::getline(std::cin, command) && command == "run";) {
      const auto again = clock_type::now();
      run();
      std::cout << since(again) << std::endl;
    }
    std::cout << memory("VmRSS") << " " << memory("VmHWM") << std::endl;
  } else {
    throw error("the method does not apply to the network");
  }
}

template <class Network, class Device>
void serve(const Device& device, const std::vector<std::string>& arguments) {
  const auto model = load<Network>(arguments[1], device);
  const std::string& method = arguments[4];
  if (method == "gradients") return serve(model, arguments, methods::gradients{});
  if (method == "guided_backprop") return serve(model, arguments, methods::guided_backprop{});
  if (method == "grad_cam") return serve(model, arguments, methods::grad_cam<>{});
  if (method == "integrated_gradients")
    return serve(model, arguments, methods::integrated_gradients{.steps = 50});
  throw error("no method '" + method + "'");
}

template <class Network>
void serve(const std::vector<std::string>& arguments) {
  const int threads = std::stoi(arguments[5]);
  if (threads == 1) return serve<Network>(cpu{}, arguments);
  serve<Network>(cpu_pool(threads), arguments);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 7) throw error("expected NETWORK WEIGHTS IMAGES CLASSES METHOD THREADS MAP");
  if (arguments[0] == "vgg16")
    serve<vgg16>(arguments);
  else
    digits::with_network(arguments[0], [&]<class Network> { serve<Network>(arguments); });
} catch (const std::exception& e) {
  std::cerr << "bench.peer: " << e.what() << std::endl;
  return 1;
}
