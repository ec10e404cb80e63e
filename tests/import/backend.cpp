// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "import/backend_data.hpp"
#include "io/onnx/model.hpp"
#include "laws/random_model.hpp"

namespace salient::import_test {
namespace {

onnx::tensor read(const std::string& test, const char* file, std::shared_ptr<const void>& storage) {
  return onnx::read_tensor(std::filesystem::path(SALIENT_ONNX_TESTDATA) / test / "test_data_set_0" / file,
                           storage);
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Calls body(index in the order of ONNX, index channels last), for all images.
template <class F>
void for_each_value(shape s, long images, const F& body) {
  std::size_t first = 0;
  for (long n = 0; n < images; ++n)
    for (int c = 0; c < s.channels; ++c)
      for (int p = 0; p < s.positions(); ++p, ++first)
        body(first, static_cast<std::size_t>((n * s.positions() + p) * s.channels + c));
}

/// What becomes of each test that a list names.
std::map<std::string, std::string> fates(const std::string& list) {
  std::map<std::string, std::string> all;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);)
    if (const auto bar = line.find(" | "); bar != std::string::npos && line.find('/') < bar)
      all.emplace(line.substr(0, bar), line.substr(bar + 3));
  return all;
}

TEST(backend, tests_fare_as_listed) {
  const std::string file = SALIENT_SOURCE_DIR "/tests/import/backend_tests.txt",
                    made = SALIENT_IMPORTED "/backend_tests.txt";
  const std::string listed = text_of(file), now = text_of(made);
  if (listed.substr(0, listed.find('\n')) == now.substr(0, now.find('\n'))) {
    EXPECT_EQ(listed, now) << "If the change is right, copy " << made << " to " << file;
    return;
  }
  // Another edition of the suite: it has other tests, but of those in both the same must come.
  const auto before = fates(listed), after = fates(now);
  std::size_t both = 0;
  for (const auto& [name, fate] : before) {
    if (!std::filesystem::exists(std::filesystem::path(SALIENT_ONNX_TESTDATA) / name)) continue;
    const auto same = after.find(name);
    EXPECT_EQ(same == after.end() ? "lacks an operator" : same->second, fate) << name;
    ++both;
  }
  EXPECT_GT(both, before.size() / 2);
}

}  // namespace

tensor backend_images(const std::string& test, shape extent) {
  std::shared_ptr<const void> storage;
  const onnx::tensor stored = read(test, "input_0.pb", storage);
  const std::vector<float> values = stored.floats();
  tensor images(extent, stored.dimensions.at(0));
  EXPECT_EQ(values.size(), images.values.size());
  if (values.size() != images.values.size()) return images;
  for_each_value(extent, images.batch,
                 [&](std::size_t first, std::size_t last) { images.values[last] = values[first]; });
  return images;
}

basic_tensor<double> near_first(const tensor& images) {
  const auto noise = laws::random_images<double>(images.extent);
  basic_tensor<double> image(images.extent, 1);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] = static_cast<double>(images.values[i]) + 0.01 * noise.values[i];
  return image;
}

void expect_backend_output(const std::string& test, const std::vector<float>& values,
                           const backend_output& is) {
  std::shared_ptr<const void> storage;
  const std::vector<float> expected = read(test, "output_0.pb", storage).floats();
  ASSERT_EQ(values.size(), expected.size());
  const auto images = static_cast<long>(values.size()) / is.map.elements();
  ASSERT_EQ(static_cast<std::size_t>(images * is.map.elements()), values.size());
  for_each_value(is.map, images, [&](std::size_t first, std::size_t last) {
    const float value = is.exponential ? std::log(values[last]) : values[last];
    EXPECT_LE(std::abs(value - expected[first]), 1e-7F + 1e-3F * std::abs(expected[first]))
        << "value " << first << ": " << value << " instead of " << expected[first];
  });
}

}  // namespace salient::import_test
