// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// The content of an IDX file, the format of the MNIST data set: unsigned bytes, row-major.
struct idx {
  std::vector<int> dimensions;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes, raw or gzipped (detected by content), up to 1 GiB of values. Throws
/// salient::error unless the file matches its header exactly. Memory grows with the bytes that arrive, not
/// with those declared.
SALIENT_EXPORT idx read_idx(const std::filesystem::path& path);

struct labelled_images {
  tensor images;            // N x H x W x 1, values 0..1
  std::vector<int> labels;  // N, each 0..255; MNIST's are 0..9
};

/// Reads MNIST or a set in its format, such as Fashion-MNIST or EMNIST: `images` of N x H x W bytes, scaled
/// to 0..1, and `labels` of N bytes. The files do not state the number of classes; training and `accuracy`
/// check the labels against the network.
SALIENT_EXPORT labelled_images read_mnist(const std::filesystem::path& images,
                                          const std::filesystem::path& labels);

enum class split { train, test };

/// Reads them from a folder with MNIST's file names: `train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`,
/// ..., each raw or with `.gz`. The raw file is preferred.
SALIENT_EXPORT labelled_images read_mnist(const std::filesystem::path& folder, split part);

/// Reads the images with these numbers, which may repeat, and their labels, in the order of the numbers.
/// Reads only up to the last of these images, and stores no other image. Still checks that a file has its
/// declared length; damage after the last image and the CRC of gzipped files are not checked. Throws
/// salient::error for a number that the set does not have.
SALIENT_EXPORT labelled_images read_mnist(const std::filesystem::path& folder, split part,
                                          std::span<const long> numbers);

/// Number of images in such a folder, from the header of their file.
SALIENT_EXPORT long mnist_size(const std::filesystem::path& folder, split part);

}  // namespace salient
