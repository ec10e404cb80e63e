// SPDX-License-Identifier: MIT

// Damaged files are refused in one sentence, or imported; they take little time and memory, and leave no half
// files.

#include <deque>
#include <exception>
#include <random>
#include <vector>

#include "import/importing.hpp"
#include "import/mutate.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

/// Small files with most of what exporters write.
const words files = {"lenet.ts17.onnx",
                     "densenet.ts17.onnx",
                     "efficientnet.ts17.onnx",
                     "mobilenet_v3.ts9.onnx",
                     "convnext.dynamo.onnx",
                     "caffe2.onnx",
                     "cntk.onnx",
                     "quantised.onnx",
                     "gelu_chains.onnx",
                     "shuffle.dynamo.onnx",
                     "layer_norm_chains.onnx",
                     "response_chains.onnx",
                     "branches.onnx",
                     "concat_vectors.onnx"};

class import_mutations : public importing {
 protected:
  void SetUp() override {
    importing::SetUp();
    for (const std::string& file : files) {
      sound_.push_back(content(SALIENT_SOURCE_DIR "/tests/import/exported/" + file));
      ASSERT_FALSE(sound_.back().empty()) << file;
    }
    for (const char* file : {"mnist-8.onnx", "resnet8_q.tflite.onnx"})
      if (const auto path = std::filesystem::path(SALIENT_TEST_ONNX) / file; std::filesystem::exists(path))
        sound_.push_back(content(path));
  }

  std::vector<bytes> sound_;
  // --gtest_random_seed=N tries others.
  std::mt19937 random_{1 + static_cast<unsigned>(GTEST_FLAG_GET(random_seed))};
};

TEST_F(import_mutations, five_thousand_of_bytes) {
  int imported = 0;
  for (int i = 0; i < 5000 && !HasFailure(); ++i) {
    SCOPED_TRACE("mutation " + std::to_string(i));
    const bytes damaged = mutated(sound_[random_() % sound_.size()], random_);
    const auto file = save("m.onnx", damaged);
    imported += survives(damaged.size(), [&] { import_model(onnx::read_model(file)); });
  }
  EXPECT_GT(imported, 500);
  EXPECT_LT(imported, 4500);
}

TEST_F(import_mutations, five_thousand_of_numbers_and_names) {
  std::vector<onnx::model> models;
  for (std::size_t i = 0; i < sound_.size(); ++i)
    models.push_back(onnx::read_model(save(std::to_string(i), sound_[i])));
  int imported = 0;
  for (int i = 0; i < 5000 && !HasFailure(); ++i) {
    const std::size_t which = random_() % models.size();
    onnx::model m = models[which];
    std::string done;
    std::deque<bytes> storage;
    for (std::size_t times = random_() % 3; times < 3; ++times) done += mutate(m, random_, storage) + "; ";
    SCOPED_TRACE("mutation " + std::to_string(i) + " of file " + std::to_string(which) + ": " + done);
    imported += survives(sound_[which].size(), [&] { import_model(m); });
  }
  EXPECT_GT(imported, 300);
  EXPECT_LT(imported, 4500);
}

}  // namespace
}  // namespace salient::test
