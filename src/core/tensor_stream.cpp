// SPDX-License-Identifier: MIT
#include "salient/core/tensor_stream.hpp"

#include <algorithm>
#include <memory>

#include "core/printable.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient {
namespace {

/// Reads the tensors' values in order.
class walk {
 public:
  explicit walk(const state_dict& tensors) : tensors_(&tensors) {}

  void read(std::span<float> to) {
    while (!to.empty() && next_ == (*tensors_)[at_].values.size()) skip(at_);
    for (float& value : to) {
      value = (*tensors_)[at_].values[next_];
      if (!is_finite(value))
        throw error("the weights' '" + detail::printable((*tensors_)[at_].name) +
                    "' has a value that is not finite at element " + std::to_string(next_) +
                    "; train or export the network again");
      ++next_;
    }
  }

  void skip(std::size_t tensor) {
    at_ = tensor + 1;
    next_ = 0;
  }

 private:
  const state_dict* tensors_;
  std::size_t at_ = 0, next_ = 0;
};

bool fills(const named_tensor& t) {
  // Divide instead of multiplying: the product of the dimensions may overflow.
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
      throw error("the weights' '" + detail::printable(t.name) + "' has " + std::to_string(t.values.size()) +
                  " values, which do not fill its dimensions; make both agree");
    result.headings.push_back({t.name, t.dimensions});
  }
  const auto values = std::make_shared<walk>(tensors);
  result.read = [values](std::span<float> to) { values->read(to); };
  result.skip = [values](std::size_t tensor) { values->skip(tensor); };
  return result;
}

tensor_stream renamed(tensor_stream tensors, const rename_function& rename) {
  for (tensor_heading& t : tensors.headings) {
    t.name = rename(t.name);
    if (t.name.empty()) t.left_out = true;
  }
  return tensors;
}

}  // namespace salient
