// SPDX-License-Identifier: MIT
#include "salient/core/tensor_stream.hpp"

#include <algorithm>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient {
namespace {

/// Walks over the tensors' values.
class walk {
 public:
  explicit walk(const state_dict& tensors) : at_(tensors.begin()) {}

  void operator()(std::span<float> to) {
    while (!to.empty() && next_ == at_->values.size()) {
      ++at_;
      next_ = 0;
    }
    for (float& value : to) {
      value = at_->values[next_];
      if (!is_finite(value))
        throw error("the weights' '" + at_->name + "' has a value that is not finite at element " +
                    std::to_string(next_) + "; train or export the network again");
      ++next_;
    }
  }

 private:
  state_dict::const_iterator at_;
  std::size_t next_ = 0;
};

bool fills(const named_tensor& t) {
  // Divided rather than multiplied: a product of any numbers may not fit.
  std::size_t left = t.values.size();
  if (left == 0) return std::ranges::find(t.dimensions, 0) != t.dimensions.end();
  for (const long d : t.dimensions) {
    if (d <= 0 || left % static_cast<std::size_t>(d) != 0) return false;
    left /= static_cast<std::size_t>(d);
  }
  return left == 1;
}

}  // namespace

tensor_stream stream_of(const state_dict& tensors) {
  tensor_stream result;
  for (const named_tensor& t : tensors) {
    if (!fills(t))
      throw error("the weights' '" + t.name + "' has " + std::to_string(t.values.size()) +
                  " values, which do not fill its dimensions; make both agree");
    result.headings.push_back({t.name, t.dimensions});
  }
  result.read = walk(tensors);
  return result;
}

}  // namespace salient
