// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/metric/confidence.hpp"
#include "salient/metric/infidelity.hpp"
#include "salient/metric/road.hpp"
#include "salient/metric/values.hpp"

namespace evidence {

/// Maps of one method about one class of each image.
struct answer {
  salient::tensor maps;
  salient::metrics::values gaps;  ///< relative completeness gaps; empty if the method has none
  double passes = 0;              ///< for each image
};

/// A network and its parameters behind virtual functions, so that what measures it is compiled once and not
/// once for each network. Methods are named by their place in methods::all.
class subject {
 public:
  virtual ~subject() = default;

  virtual bool applies(std::size_t method) const = 0;
  virtual int layers() const = 0;       ///< with parameters
  virtual long parameters() const = 0;  ///< trained ones

  virtual salient::tensor scores(const salient::tensor& images) const = 0;
  /// Only for a method that applies.
  virtual answer ask(std::size_t method, const salient::tensor& images, const std::vector<int>& classes) = 0;
  virtual double milliseconds(std::size_t method, const salient::tensor& image, int of_class) = 0;

  virtual salient::metrics::values deletion(const salient::tensor& images, const salient::tensor& maps,
                                            const std::vector<int>& classes) const = 0;
  virtual salient::metrics::values insertion(const salient::tensor& images, const salient::tensor& maps,
                                             const std::vector<int>& classes) const = 0;
  /// ROAD's areas, the most relevant pixels first or the least relevant ones.
  virtual salient::metrics::values road(const salient::tensor& images, const salient::tensor& maps,
                                        const std::vector<int>& classes,
                                        salient::metrics::removal_order order, std::uint64_t seed) const = 0;
  virtual salient::metrics::confidences confidence(const salient::tensor& images, const salient::tensor& maps,
                                                   const std::vector<int>& classes) const = 0;
  /// How far the score falls when squares are removed.
  virtual salient::metrics::value_falls<float> falls(const salient::tensor& images,
                                                     const std::vector<int>& classes,
                                                     std::uint64_t seed) const = 0;
  /// Only for a method that applies.
  virtual salient::metrics::values max_sensitivity(std::size_t method, const salient::tensor& images,
                                                   const std::vector<int>& classes, std::uint64_t seed) = 0;

  /// Replaces the parameters of the last `count` layers by random ones of this seed; those of the others are
  /// the trained ones. 0 restores the network.
  virtual void redraw(int count, std::uint64_t seed) = 0;
};

}  // namespace evidence
