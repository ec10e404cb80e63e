// SPDX-License-Identifier: MIT

// The library's side of the comparison with its peers; see compare.py, which starts it, for what it is asked
// and what it answers.

#include "ours.hpp"

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

/// An epoch over the images in batches of 64; gives its mean loss.
template <class Model>
void train(Model& model, const peer_arguments& arguments) {
  const tensor images = read_images(arguments.images);
  const std::vector<int> labels = read_classes(arguments.classes);
  converse(
      [&] {
        float loss = 0;
        fit(model, images, labels, {.epochs = 1, .batch = 64},
            [&](const fit_progress& p) { loss = static_cast<float>(p.loss); });
        return loss;
      },
      [&](float loss) { write_npy(arguments.map, std::vector<float>{loss}, {1, 1, 1, 1}); });
}

template <class Network>
void serve(const peer_arguments& arguments) {
  on_threads(arguments.threads, [&](const auto& device) {
    auto model = load<Network>(arguments.weights, device);
    const std::string& method = arguments.method;
    if (method == "train") return train(model, arguments);
    if (method == "gradients") return serve_maps(model, arguments, methods::gradients{});
    if (method == "gradients_x_input") return serve_maps(model, arguments, methods::gradients_x_input{});
    if (method == "deconvolution") return serve_maps(model, arguments, methods::deconvolution<>{});
    if (method == "guided_grad_cam") return serve_maps(model, arguments, methods::guided_grad_cam<>{});
    if (method == "guided_backprop") return serve_maps(model, arguments, methods::guided_backprop{});
    if (method == "grad_cam") return serve_maps(model, arguments, methods::grad_cam<>{});
    if (method == "integrated_gradients")
      return serve_maps(model, arguments, methods::integrated_gradients{.steps = 50});
    throw error("no method '" + method + "'");
  });
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 7) throw error("expected NETWORK WEIGHTS IMAGES CLASSES METHOD THREADS MAP");
  const peer_arguments arguments{words[0], words[1], words[2], words[3], words[4], std::stoi(words[5]),
                                 words[6]};
  const std::string& network = arguments.network;
  if (network == "sized_28")
    serve<sized<28>>(arguments);
  else if (network == "sized_56")
    serve<sized<56>>(arguments);
  else if (network == "sized_112")
    serve<sized<112>>(arguments);
  else if (network == "sized_224")
    serve<sized<224>>(arguments);
  else if (!serve_torchvision(arguments))
    digits::with_network(network, [&]<class Network> { serve<Network>(arguments); });
} catch (const std::exception& e) {
  std::cerr << "bench.peer: " << e.what() << std::endl;
  return 1;
}
