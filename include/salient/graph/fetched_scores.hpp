// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/device/buffer.hpp"

namespace salient::detail {

/// Throws salient::error if a score is not finite. For float and double.
template <class T>
SALIENT_EXPORT void check_scores(std::span<const T> scores, std::string_view where);
[[noreturn]] SALIENT_EXPORT void refuse_scores(std::string_view where);

/// The class scores of a session's last forward pass. A CPU has them, and checks them, when they are fetched.
/// A GPU sends them while it works: whoever asks for them, or has waited for it, receives and checks them.
/// Compiled in the library for every device and scalar.
template <class D, class T>
class SALIENT_EXPORT fetched_scores {
 public:
  fetched_scores(const D& device, int classes, long capacity);
  ~fetched_scores();
  fetched_scores(fetched_scores&&) noexcept;
  fetched_scores& operator=(fetched_scores&&) noexcept;

  /// Fetches the scores of `batch` images from the device. `where`, a literal, is for the message about
  /// scores that are not finite. Throws salient::error for them, on a GPU once from `get` or `receive`.
  void fetch(const T* from, long batch, std::string_view where);
  /// Waits for the scores of `batch` images, and does not check them.
  void read(const T* from, long batch);

  /// Repeats the scores of the first `images` images until there are `copies` of them. Only where they have
  /// arrived.
  void repeat(long images, long copies);

  /// batch x 1 x 1 x classes. Waits for the device if they have not arrived.
  const basic_tensor<T>& get() const;
  /// To be called when the device has been waited for.
  void receive() const;

 private:
  void make_room(long batch) const;

  const D* device_;
  host_buffer<T, D> arriving_;
  // Those who ask for scores receive them.
  mutable long due_ = 0;  ///< images whose scores are on their way
  mutable std::string_view where_;
  mutable basic_tensor<T> scores_;
};

}  // namespace salient::detail
