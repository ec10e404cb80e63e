// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "explainer/picture_list.hpp"
#include "explainer/request.hpp"
#include "explainer/results.hpp"

namespace salient::explainer {

/// Pictures that were read, and what the network and the methods say of them.
struct explained_batch {
  std::vector<long> numbers;  // in the run's list
  tensor images;
  tensor scores{};                              // N x 1 x 1 x classes
  std::vector<std::vector<prediction>> best{};  // for each picture
  struct asked_class {
    std::vector<int> classes;     // for each picture
    std::vector<answer> answers;  // for each method
  };
  std::vector<asked_class> asked{};
};

/// What is said of picture n of a batch: its predictions, and the facts of its maps, by class and method. No
/// files are named.
explained_picture facts_of(const request& asked, const explained_batch& b, std::size_t n);

/// Who takes what was made of pictures.
struct taker {
  /// Of pictures that could be explained, in the order of their numbers.
  std::function<void(const explained_batch&)> explained;
  std::function<void(long picture, const std::string& reason)> failed;
  /// Before each step: what is done, and the number of the first picture of the batch.
  std::function<void(const std::string& task, long picture)> progress{};
};

/// Reads pictures and explains them, some at a time.
class explaining {
 public:
  explaining(const introduction& setup, const network_facts& network, const request& asked,
             explained_model& model);

  /// Those with the numbers from `first` to before `end`. Batches begin with `first`, so that what a picture
  /// becomes, to the last bit, does not depend on what was explained before.
  void explain(long first, long end, const taker& to);

 private:
  void explain(explained_batch b, const taker& to);
  void ask(explained_batch& b, const taker& to);

  const network_facts& network_;
  const request& asked_;
  explained_model& model_;
  std::string program_;
  picture_reader reader_;
  long warnings_ = 0;
};

}  // namespace salient::explainer
