// SPDX-License-Identifier: MIT
#include "io/pixels.hpp"

#include "io/message.hpp"

namespace salient::detail {

void warn_of(const warning_handler& warn, const std::filesystem::path& path, const pixel_losses& lost) {
  if (lost.colour) detail::warn(warn, path, "is in colour and is read as grey, 0.299 R + 0.587 G + 0.114 B");
  if (lost.transparency) detail::warn(warn, path, "has transparent pixels, which are laid over black");
}

}  // namespace salient::detail
