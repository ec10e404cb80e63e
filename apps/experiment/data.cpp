// SPDX-License-Identifier: MIT
#include "experiment/data.hpp"

#include <algorithm>

#include "paths.hpp"
#include "salient/core/error.hpp"

namespace experiment {
namespace {

constexpr long explained = 50;

salient::labelled_images slice(const salient::labelled_images& from, long first, long count) {
  const auto begin = from.labels.begin() + first;
  return {from.images.slice(first, count), {begin, begin + count}};
}

salient::labelled_images first_images(const salient::labelled_images& from, long available,
                                      const options& o) {
  if (o.images > available)
    throw salient::error("--images " + std::to_string(o.images) + ": there are " + std::to_string(available) +
                         " training images; ask for no more of them");
  return slice(from, 0, o.images);
}

}  // namespace

data load(const options& o) {
  data d;
  const salient::labelled_images committed = apps::test_digits();
  const std::string count = std::to_string(o.images);
  if (o.data.empty()) {
    const long rest = committed.images.batch - held_back;
    d.train = first_images(committed, rest, o);
    d.test = slice(committed, rest, held_back);
    d.origin = "Trained on the first " + count +
               " images of MNIST's test set, as no --data was given; tested on its last " +
               std::to_string(held_back) + ".";
  } else {
    const salient::labelled_images all = salient::read_mnist(o.data, salient::split::train);
    d.train = first_images(all, all.images.batch, o);
    d.test = committed;
    d.origin = "Trained on the first " + count + " of MNIST's training images; tested on its " +
               std::to_string(committed.images.batch) + " test images.";
  }
  d.explained = slice(d.test, 0, std::min(explained, d.test.images.batch));
  d.origin +=
      " Maps of the first " + std::to_string(d.explained.images.batch) + " of those, about their true class.";
  return d;
}

}  // namespace experiment
