// SPDX-License-Identifier: MIT

// Trains the digit classifiers that the demos explain, and measures their accuracy.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "common/settings.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/io/file.hpp"
#include "salient/train/evaluate.hpp"
#include "salient/train/fit.hpp"
#include "salient/train/initialise.hpp"
#include "training_progress.hpp"

namespace {

struct choices {
  std::string network, data, out, weights, command;
  bool evaluate = false;
  int seed = 1;
  salient::fit_options fit{};
  apps::settings device{};
  apps::preprocessing_options preprocessing{};
};

salient::labelled_images test_set(const choices& c) {
  return c.data.empty() ? apps::test_digits() : salient::read_mnist(c.data, salient::split::test);
}

/// Prints the test accuracy of one network.
template <class Network>
void evaluate(const choices& c, const std::string& name, const salient::labelled_images& test) {
  apps::with_device(c.device, [&](const auto& device) {
    const std::string file = apps::weights_file(name, c.weights);
    const auto model =
        salient::load<Network>(file, device, {.images = c.preprocessing.over(Network::input_preprocessing)});
    const double share = salient::accuracy(model, test.images, test.labels);
    std::cout << std::left << std::setw(12) << name << std::right << std::setw(8) << Network::parameters
              << " parameters   " << std::fixed << std::setprecision(2) << 100 * share << " % of "
              << test.images.batch << " test digits   " << file << "\n";
  });
}

void evaluate(const choices& c) {
  const salient::labelled_images test = test_set(c);
  boost::hana::for_each(salient::digits::networks, [&](const auto& e) {
    using network = typename std::remove_cvref_t<decltype(e)>::network;
    if (c.network.empty() || c.network == e.name) evaluate<network>(c, std::string(e.name), test);
  });
}

/// The training set. If it is missing, the error says how to fetch it.
salient::labelled_images training_set(const choices& c) {
  try {
    return salient::read_mnist(c.data, salient::split::train);
  } catch (const salient::error& e) {
    throw salient::error(std::string(e.what()) + " (sh cmake/fetch_mnist.sh FOLDER fetches MNIST)");
  }
}

template <class Network>
void train(const choices& c) {
  const std::string out = c.out.empty() ? c.network + ".safetensors" : c.out;
  salient::check_writable(out);
  const auto training = training_set(c);
  const auto test = test_set(c);
  apps::with_device(c.device, [&](const auto& device) {
    salient::model<Network, std::remove_cvref_t<decltype(device)>> model(
        device, salient::random_parameters<Network>(static_cast<std::uint64_t>(c.seed)),
        c.preprocessing.over(Network::input_preprocessing));
    apps::training_progress progress;
    salient::fit(model, training.images, training.labels, c.fit,
                 [&](const salient::fit_progress& p) { progress.show(p); });
    const double share = salient::accuracy(model, test.images, test.labels);
    salient::save(model, out,
                  {{"network", c.network}, {"command", c.command}, {"test_accuracy", apps::percent(share)}});
    std::cout << "test accuracy  " << apps::percent(share) << " of " << test.images.batch
              << "\nweights        " << out << "\n";
  });
}

}  // namespace

int main(int argc, char** argv) {
  choices c;
  for (int i = 1; i < argc; ++i) c.command += std::string(i > 1 ? " " : "salient-train ") + argv[i];
  apps::command_line line(
      "salient-train",
      "Trains a classifier of handwritten digits on MNIST's 60,000 training images, or measures trained "
      "ones on its 10,000 test images.");
  line.heading("What to do");
  apps::add_network_option(line, "which classifier", c.network);
  line.option("--data FOLDER",
              "where MNIST's files are, raw or gzipped; sh cmake/fetch_mnist.sh FOLDER fetches them", c.data);
  line.option("--out FILE.safetensors", "where the weights go (default: NAME.safetensors)", c.out);
  line.flag("--evaluate", "print the test accuracy of --network, or of all classifiers, instead of training",
            c.evaluate);
  line.option("--weights FILE.safetensors",
              "weights to evaluate, with --network (default: those that come with salient)", c.weights);
  line.heading("Preprocessing, in training and evaluation");
  apps::add_preprocessing_options(line, c.preprocessing);
  line.heading("Training");
  line.option("--epochs N", "passes over the training images", c.fit.epochs, apps::at_least(1));
  line.option("--batch N", "images per update", c.fit.batch, apps::at_least(1));
  line.choice("--optimiser", "optimiser", c.fit.optimiser,
              {{"adam", salient::optimiser_kind::adam}, {"sgd", salient::optimiser_kind::sgd}});
  line.option("--rate R", "initial learning rate, which falls to zero along a cosine", c.fit.rate,
              apps::above(0));
  line.option("--momentum M", "momentum of sgd", c.fit.momentum, {.lowest = 0, .highest = 1, .below = true});
  constexpr auto image = salient::digits::image::extent;
  line.option("--shift N", "move each image by up to N pixels at random", c.fit.shift,
              apps::between(0, std::min(image.height, image.width) - 1));
  line.option("--seed N", "seed of the initial weights, the order of images and their shifts", c.seed,
              apps::at_least(0));
  line.heading("Device");
  apps::add_device_options(line, c.device);
  line.parse(argc, argv);

  if (!c.weights.empty() && (!c.evaluate || c.network.empty()))
    line.wrong_usage("--weights goes with --evaluate and --network");
  if (c.evaluate)
    line.refuse({"--out", "--epochs", "--batch", "--optimiser", "--rate", "--momentum", "--shift", "--seed"},
                "does nothing with --evaluate, which trains nothing");
  else if (c.network.empty() || c.data.empty())
    line.wrong_usage("training needs --network NAME and --data FOLDER (or use --evaluate)");
  apps::check_preprocessing_options(line, c.preprocessing);
  apps::check_device_options(line, c.device);
  if (c.fit.optimiser == salient::optimiser_kind::adam)
    line.refuse({"--momentum"}, "goes with --optimiser sgd; adam has none");

  return apps::guarded("salient-train", [&] {
    c.fit.seed = static_cast<std::uint64_t>(c.seed);
    if (c.evaluate) return evaluate(c);
    salient::digits::with_network(c.network, [&]<class Network>() { train<Network>(c); });
  });
}
