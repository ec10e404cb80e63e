// SPDX-License-Identifier: MIT

// The library's side of the comparison with its peers; see compare.py, which starts it, for what it is asked
// and what it answers. The arguments: NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD THREADS MAP.npy

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "memory.hpp"
#include "networks.hpp"
#include "salient/salient.hpp"
#include "salient/train/fit.hpp"

namespace {

using namespace salient;
using clock_type = std::chrono::steady_clock;

/// Simonyan and Zisserman 2015, arXiv:1409.1556, configuration D.
using vgg16 =
    network<input<224, 224, 3>, conv2d<64, 3, with{.padding = padding::same}>, relu,
            conv2d<64, 3, with{.padding = padding::same}>, relu, max_pool<2>, conv2d<128, 3, with{.padding = padding::same}>,
            relu, conv2d<128, 3, with{.padding = padding::same}>, relu, max_pool<2>,
            conv2d<256, 3, with{.padding = padding::same}>, relu, conv2d<256, 3, with{.padding = padding::same}>, relu,
            conv2d<256, 3, with{.padding = padding::same}>, relu, max_pool<2>, conv2d<512, 3, with{.padding = padding::same}>,
            relu, conv2d<512, 3, with{.padding = padding::same}>, relu, conv2d<512, 3, with{.padding = padding::same}>, relu,
            max_pool<2>, conv2d<512, 3, with{.padding = padding::same}>, relu, conv2d<512, 3, with{.padding = padding::same}>,
            relu, conv2d<512, 3, with{.padding = padding::same}>, relu, max_pool<2>, flatten, dense<4096>, relu,
            dense<4096>, relu, dense<1000>>;

template <int Filters>
using conv = conv2d<Filters, 3, with{.padding = padding::same}>;

/// The first three blocks of VGG at half their widths, pooled, for images of any size.
template <int Size>
using sized =
    network<input<Size, Size, 3>, conv<32>, relu, conv<32>, relu, max_pool<2>, conv<64>, relu, conv<64>, relu,
            max_pool<2>, conv<128>, relu, conv<128>, relu, global_avg_pool, flatten, dense<10>>;

double since(clock_type::time_point start) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - start).count();
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

/// The conversation that cases.py describes; make() returns when the map is there, save(map) writes it.
template <class Make, class Save>
void converse(const Make& make, const Save& save) {
  const auto start = clock_type::now();
  const auto first = make();
  std::cout << since(start) << std::endl;
  save(first);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "memory") {
      std::cout << bench::process_memory("VmRSS") << " " << bench::process_memory("VmHWM") << std::endl;
      continue;
    }
    const int count = std::stoi(line);
    const auto again = clock_type::now();
    for (int i = 0; i < count; ++i) make();
    std::cout << since(again) / count << std::endl;
  }
}

template <class Method, class Model>
void serve(const Model& model, const std::vector<std::string>& arguments, const Method& method) {
  using network = typename Model::network;
  if constexpr (Method::template applies<network>) {
    const tensor images = read_images(arguments[2]);
    const logit target(read_classes(arguments[3]));
    session<Model, pass_for<network, Method>> session(model, images.batch);
    converse([&] { return std::get<0>(explain(session, images, target, method)); },
             [&](const auto& result) {
               const tensor& map = result.map;
               write_npy(arguments[6], map.values,
                         {map.batch, map.extent.height, map.extent.width, map.extent.channels});
             });
  } else {
    throw error("the method does not apply to the network");
  }
}

/// An epoch over the images in batches of 64; gives its mean loss.
template <class Model>
void train(Model& model, const std::vector<std::string>& arguments) {
  const tensor images = read_images(arguments[2]);
  const std::vector<int> labels = read_classes(arguments[3]);
  converse(
      [&] {
        float loss = 0;
        fit(model, images, labels, {.epochs = 1, .batch = 64},
            [&](const fit_progress& p) { loss = static_cast<float>(p.loss); });
        return loss;
      },
      [&](float loss) { write_npy(arguments[6], std::vector<float>{loss}, {1, 1, 1, 1}); });
}

template <class Network, class Device>
void serve(const Device& device, const std::vector<std::string>& arguments) {
  auto model = load<Network>(arguments[1], device);
  const std::string& method = arguments[4];
  if (method == "train") return train(model, arguments);
  if (method == "gradients") return serve(model, arguments, methods::gradients{});
  if (method == "gradients_x_input") return serve(model, arguments, methods::gradients_x_input{});
  if (method == "deconvolution") return serve(model, arguments, methods::deconvolution<>{});
  if (method == "guided_grad_cam") return serve(model, arguments, methods::guided_grad_cam<>{});
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
  const std::string& network = arguments[0];
  if (network == "vgg16")
    serve<vgg16>(arguments);
  else if (network == "sized_28")
    serve<sized<28>>(arguments);
  else if (network == "sized_56")
    serve<sized<56>>(arguments);
  else if (network == "sized_112")
    serve<sized<112>>(arguments);
  else if (network == "sized_224")
    serve<sized<224>>(arguments);
  else
    digits::with_network(network, [&]<class Network> { serve<Network>(arguments); });
} catch (const std::exception& e) {
  std::cerr << "bench.peer: " << e.what() << std::endl;
  return 1;
}
