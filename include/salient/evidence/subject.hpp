// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/core/tensor.hpp"
#include "salient/graph/rows.hpp"
#include "salient/metric/confidence.hpp"
#include "salient/metric/cost.hpp"
#include "salient/metric/infidelity.hpp"
#include "salient/metric/road.hpp"
#include "salient/metric/values.hpp"

namespace salient::evidence {

/// Maps of one method about one class of each image.
struct answer {
  tensor maps;
  metrics::values gaps;  ///< relative completeness gaps; empty if the method has none
  double passes = 0;     ///< for each image
};

/// A network and its parameters behind virtual functions, so that what measures it is compiled once and not
/// once for each network. Methods are named by their place in all_measurable().
class subject {
 public:
  virtual ~subject() = default;

  virtual bool applies(std::size_t method) const = 0;
  virtual int layers() const = 0;       ///< with parameters
  virtual long parameters() const = 0;  ///< trained ones
  virtual graph_view graph() const = 0;
  /// How pixels become the network's input.
  virtual const preprocessing& images() const = 0;

  virtual tensor scores(const tensor& images) const = 0;
  /// Only for a method that applies.
  virtual answer ask(std::size_t method, const tensor& images, const std::vector<int>& classes) = 0;

  virtual metrics::values deletion(const tensor& images, const tensor& maps,
                                   const std::vector<int>& classes) const = 0;
  virtual metrics::values insertion(const tensor& images, const tensor& maps,
                                    const std::vector<int>& classes) const = 0;
  /// ROAD's areas, the most relevant pixels first or the least relevant ones.
  virtual metrics::values road(const tensor& images, const tensor& maps, const std::vector<int>& classes,
                               metrics::removal_order order, std::uint64_t seed) const = 0;
  virtual metrics::confidences confidence(const tensor& images, const tensor& maps,
                                          const std::vector<int>& classes) const = 0;
  /// How far the score falls when squares are removed.
  virtual metrics::value_falls<float> falls(const tensor& images, const std::vector<int>& classes,
                                            std::uint64_t seed) const = 0;
  /// Only for a method that applies.
  virtual metrics::values max_sensitivity(std::size_t method, const tensor& images,
                                          const std::vector<int>& classes, std::uint64_t seed) = 0;

  /// Of a map of one image. Only for a method that applies.
  virtual metrics::map_cost cost(std::size_t method, const tensor& image, int about) = 0;

  /// Replaces the parameters of the last `count` layers by random ones of this seed; those of the others are
  /// the trained ones. 0 restores the network.
  virtual void redraw(int count, std::uint64_t seed) = 0;
};

}  // namespace salient::evidence
