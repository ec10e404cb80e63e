// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "salient/core/tensor.hpp"

namespace salient {

/// The content of an IDX file, the format of the MNIST data set: unsigned bytes, row-major.
struct idx {
  std::vector<int> dimensions;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes, raw or gzipped (told by its content), up to 1 GiB of values.
/// Throws salient::error if the file is not exactly what its header declares.
/// Memory grows with the bytes that arrive, not with those declared.
idx read_idx(const std::filesystem::path& path);

struct labelled_images {
  tensor images;            // N x H x W x 1, values 0..1
  std::vector<int> labels;  // N, each 0..255; MNIST's are 0..9
};

/// MNIST, or a set in its form such as Fashion-MNIST or EMNIST: `images` of N x H x W bytes, scaled to 0..1,
/// and `labels` of N bytes. How many classes there are, the files do not say: training and `accuracy` check
/// the labels against the network's.
labelled_images read_mnist(const std::filesystem::path& images, const std::filesystem::path& labels);

enum class split { train, test };

/// The same from a folder that holds the files under MNIST's own names: `train-images-idx3-ubyte`,
/// `t10k-labels-idx1-ubyte`, ..., each raw or with `.gz` (the raw one is taken where both exist).
labelled_images read_mnist(const std::filesystem::path& folder, split part);

/// The images of these numbers and their labels, in the order of the numbers, which may repeat. Reads images
/// no further than the last that is wanted, and keeps no other. That a file is as long as it declares is
/// checked all the same; damage behind the last image, or the CRC of gzipped ones, is not looked at. Throws
/// salient::error for a number that the set does not have.
labelled_images read_mnist(const std::filesystem::path& folder, split part, std::span<const long> numbers);

/// How many images such a folder holds, by the header of their file.
long mnist_size(const std::filesystem::path& folder, split part);

}  // namespace salient
