// SPDX-License-Identifier: MIT
#include "salient/core/preprocessing.hpp"

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"

namespace salient {

channel_values::channel_values(std::span<const double> all) : count(all.size()) {
  if (count > capacity)
    throw error("preprocessing: there are " + std::to_string(count) + " numbers for the channels; at most " +
                std::to_string(capacity) + " are allowed, or one for all channels");
  std::ranges::copy(all, values);
}

namespace detail {

const preprocessing& suitable(const preprocessing& p, int channels) {
  if (const auto why = defect_of(p, channels); !why.empty())
    throw error("preprocessing: " + std::string(why) + ", which has " + std::to_string(channels) +
                (channels == 1 ? " channel" : " channels"));
  return p;
}

template <class T>
void preprocess(const preprocessing& p, int channels, std::span<const T> pixels, std::span<T> input) {
  const auto count = static_cast<std::size_t>(channels), positions = pixels.size() / count;
  const bool reversed = p.order == channel_order::bgr;
  for (int c = 0; c < channels; ++c) {
    const auto to = static_cast<std::size_t>(c), from = reversed ? count - 1 - to : to;
    const T range = static_cast<T>(p.range), mean = static_cast<T>(p.mean.of(c, 0)),
            deviation = static_cast<T>(p.deviation.of(c, 1));
    // Subtract, then divide, in T: bit-identical to torchvision's Normalize.
    for (std::size_t i = 0; i < positions; ++i)
      input[i * count + to] = (range * pixels[i * count + from] - mean) / deviation;
  }
}

template void preprocess(const preprocessing&, int, std::span<const float>, std::span<float>);
template void preprocess(const preprocessing&, int, std::span<const double>, std::span<double>);

}  // namespace detail

template <class T>
basic_tensor<T> preprocess(const preprocessing& p, const basic_tensor<T>& images) {
  detail::suitable(p, images.extent.channels);
  if (images.values.size() != static_cast<std::size_t>(images.batch * images.extent.elements()))
    throw error("preprocessing: the images hold " + std::to_string(images.values.size()) +
                " values, and height x width x channels of each are " +
                std::to_string(images.batch * images.extent.elements()));
  basic_tensor<T> result(images.extent, images.batch);
  detail::preprocess(p, images.extent.channels, std::span<const T>(images.values),
                     std::span<T>(result.values));
  return result;
}

template <class T>
bool out_of_range(std::span<const T> image) {
  unsigned out = 0;  // a loop without an exit, over integers, is one that compilers vectorise
  for (const T v : image) out |= static_cast<unsigned>(v < -1) | static_cast<unsigned>(v > 2);
  return out != 0;
}

template <class T>
std::vector<int> out_of_range(const basic_tensor<T>& images) {
  std::vector<int> result;
  for (long n = 0; n < images.batch; ++n)
    if (out_of_range(images.image(n))) result.push_back(static_cast<int>(n));
  return result;
}

template basic_tensor<float> preprocess(const preprocessing&, const basic_tensor<float>&);
template basic_tensor<double> preprocess(const preprocessing&, const basic_tensor<double>&);
template bool out_of_range(std::span<const float>);
template bool out_of_range(std::span<const double>);
template std::vector<int> out_of_range(const basic_tensor<float>&);
template std::vector<int> out_of_range(const basic_tensor<double>&);

}  // namespace salient
