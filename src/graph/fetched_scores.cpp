// SPDX-License-Identifier: MIT
#include "salient/graph/fetched_scores.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

namespace salient::detail {

void refuse_scores(std::string_view where) {
  throw error("the class scores " + std::string(where) +
              " are not finite: the values there, or the network's weights, are too large; images hold "
              "pixels from 0 to 1");
}

template <class T>
void check_scores(std::span<const T> scores, std::string_view where) {
  if (!all_finite(scores)) refuse_scores(where);
}

template <class D, class T>
fetched_scores<D, T>::fetched_scores(const D& device, int classes, long capacity)
    : device_(&device),
      arriving_(device, runs_ahead<D> ? static_cast<std::size_t>(capacity * classes) : 0),
      scores_({1, 1, classes}, capacity) {}

template <class D, class T>
fetched_scores<D, T>::~fetched_scores() = default;
template <class D, class T>
fetched_scores<D, T>::fetched_scores(fetched_scores&&) noexcept = default;
template <class D, class T>
fetched_scores<D, T>& fetched_scores<D, T>::operator=(fetched_scores&&) noexcept = default;

template <class D, class T>
void fetched_scores<D, T>::fetch(const T* from, long batch, std::string_view where) {
  if constexpr (runs_ahead<D>) {
    arriving_.receive(from, static_cast<std::size_t>(batch * scores_.extent.channels));
    due_ = batch;
    where_ = where;
  } else {
    read(from, batch);
    check_scores(std::span<const T>(scores_.values), where);
  }
}

template <class D, class T>
void fetched_scores<D, T>::read(const T* from, long batch) {
  due_ = 0;
  make_room(batch);
  copy_out(*device_, scores_.values.data(), from, scores_.values.size() * sizeof(T));
}

template <class D, class T>
void fetched_scores<D, T>::repeat(long images, long copies) {
  const auto each = static_cast<std::size_t>(images * scores_.extent.channels);
  scores_.batch = images * copies;
  scores_.values.resize(each * static_cast<std::size_t>(copies));
  for (std::size_t i = each; i < scores_.values.size(); ++i) scores_.values[i] = scores_.values[i - each];
}

template <class D, class T>
const basic_tensor<T>& fetched_scores<D, T>::get() const {
  if (due_ > 0) {
    synchronise(*device_);
    receive();
  }
  return scores_;
}

template <class D, class T>
void fetched_scores<D, T>::receive() const {
  if (due_ == 0) return;
  make_room(std::exchange(due_, 0));
  std::ranges::copy_n(arriving_.values().begin(), std::ssize(scores_.values), scores_.values.begin());
  check_scores(std::span<const T>(scores_.values), where_);
}

template <class D, class T>
void fetched_scores<D, T>::make_room(long batch) const {
  scores_.batch = batch;
  scores_.values.assign(static_cast<std::size_t>(batch * scores_.extent.channels), T{0});
}

template void check_scores(std::span<const float>, std::string_view);
template void check_scores(std::span<const double>, std::string_view);
template class fetched_scores<cpu, float>;
template class fetched_scores<cpu, double>;
template class fetched_scores<cpu_pool, float>;
template class fetched_scores<cpu_pool, double>;
template class fetched_scores<gpu, float>;

}  // namespace salient::detail
