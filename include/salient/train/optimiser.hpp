// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// Stochastic gradient descent with momentum, as PyTorch's `SGD`: v = momentum v + g; p = p - rate v.
class SALIENT_EXPORT sgd {
 public:
  struct options {
    double momentum = 0.9;
  };
  sgd(std::size_t parameters, options);

  template <class T>
  void step(std::span<T> parameters, std::span<const T> gradient, double rate);

 private:
  options options_;
  std::vector<double> velocity_;
};

/// Adam, as PyTorch's `Adam`. Kingma and Ba 2015, arXiv:1412.6980.
class SALIENT_EXPORT adam {
 public:
  struct options {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  };
  adam(std::size_t parameters, options);

  template <class T>
  void step(std::span<T> parameters, std::span<const T> gradient, double rate);

 private:
  options options_;
  long steps_ = 0;
  std::vector<double> mean_, square_;
};

}  // namespace salient
