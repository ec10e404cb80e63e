// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <iostream>
#include <string>
#include <tuple>
#include <vector>

#include "memory.hpp"
#include "salient/salient.hpp"

/// What the comparison asks of the library's side, whatever the network.
namespace salient::peer {

/// NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD THREADS MAP.npy
struct peer_arguments {
  std::string network, weights, images, classes, method;
  int threads;
  std::string map;
};

/// Serves the network of torchvision that the arguments name; false if it is none of those compared.
bool serve_torchvision(const peer_arguments&);

inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline tensor read_images(const std::string& file) {
  const npy stored = read_npy(file);
  const auto& d = stored.dimensions;
  tensor images({static_cast<int>(d.at(1)), static_cast<int>(d.at(2)), static_cast<int>(d.at(3))}, d.at(0));
  images.values = stored.values;
  return images;
}

inline std::vector<int> read_classes(const std::string& file) {
  const npy stored = read_npy(file);
  return {stored.values.begin(), stored.values.end()};
}

/// The conversation that cases.py describes; make() returns when the map is there, save(map) writes it.
template <class Make, class Save>
void converse(const Make& make, const Save& save) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  const auto first = make();
  std::cout << milliseconds_since(start) << std::endl;
  save(first);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "memory") {
      std::cout << ::bench::process_memory("VmRSS") << " " << ::bench::process_memory("VmHWM") << std::endl;
      continue;
    }
    const int count = std::stoi(line);
    const auto again = clock::now();
    for (int i = 0; i < count; ++i) make();
    std::cout << milliseconds_since(again) / count << std::endl;
  }
}

template <class Method, class Model>
void serve_maps(const Model& model, const peer_arguments& arguments, const Method& method) {
  using network = typename Model::network;
  if constexpr (applies<Method, network>) {
    const tensor images = read_images(arguments.images);
    const logit target(read_classes(arguments.classes));
    session<Model, pass_for<network, Method>> session(model, images.batch);
    converse([&] { return std::get<0>(explain(session, images, target, method)); },
             [&](const auto& result) {
               const tensor& map = result.map;
               write_npy(arguments.map, map.values,
                         {map.batch, map.extent.height, map.extent.width, map.extent.channels});
             });
  } else {
    throw error("the method does not apply to the network");
  }
}

/// Calls body(device) with a device of so many threads.
template <class F>
void on_threads(int threads, const F& body) {
  if (threads == 1) return body(cpu{});
  body(cpu_pool(threads));
}

}  // namespace salient::peer
