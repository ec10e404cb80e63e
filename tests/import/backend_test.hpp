// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/onnx/model.hpp"

namespace import_test {

/// A test of ONNX's backend suite. Its first input is taken for the images, the others for constants.
struct backend_test {
  std::string name;  ///< "node/test_relu"
  salient::onnx::model model;
  std::vector<std::shared_ptr<const void>> storage;  ///< keeps the bytes of the other inputs
};

/// Where the suite is, and a folder for copies of its files.
struct backend_folders {
  std::filesystem::path suite, scratch;
};

/// Reads a test and binds its inputs. Throws salient::error if a file cannot be read.
backend_test read_backend_test(const backend_folders& in, const std::string& name);

/// Makes an input a constant.
void bind(salient::onnx::graph& g, const std::string& input, salient::onnx::tensor value);

/// Why a test is none for classifiers of images, in a few words; empty if it is one.
std::string unfit(const backend_folders& in, const std::string& name);

/// All of them, sorted.
std::vector<std::string> backend_tests(const std::filesystem::path& suite);

}  // namespace import_test
