// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Whether a file holds a set of images: by its content, an IDX file (raw or gzipped) or a safetensors file.
/// False for a file that cannot be read, and for a pipe, which could be read only once.
SALIENT_EXPORT bool is_image_set(const std::filesystem::path& file);

/// Images in one file, of which one at a time is in memory.
///
/// IDX: unsigned bytes, N x H x W or N x H x W x C, as MNIST's and its like.
/// safetensors: a tensor called "images", or the only one, N x H x W x C or N x H x W, of F32, F64, F16, BF16
/// or U8. N x C x H x W is accepted if the dimensions allow no other reading.
///
/// Bytes are scaled to 0..1 and floats unchanged; channels are converted as read_image does.
class SALIENT_EXPORT image_set {
 public:
  /// Reads the header, and a gzipped file whose length it does not tell. Throws salient::error for a file
  /// that is defective or holds no images.
  explicit image_set(const std::filesystem::path& file);
  image_set(image_set&&) noexcept;
  image_set& operator=(image_set&&) noexcept;
  ~image_set();

  long size() const;  ///< number of images

  /// Throws salient::error unless the images suit a network that expects this shape: nothing is resized.
  void check(shape expected) const;

  /// Reads an image. The next one, and in files that are not compressed any, is found without reading those
  /// before it. Throws salient::error if there is none of this number, it does not have the expected shape or
  /// not only finite values, or the file is damaged there.
  tensor read(long number, shape expected, const warning_handler& warn = {});

 private:
  struct reader;
  std::unique_ptr<reader> reader_;
};

}  // namespace salient
