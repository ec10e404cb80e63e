// SPDX-License-Identifier: MIT
#include "salient/load.hpp"

#include "io/bad_input.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"

namespace salient::test {
namespace {

class load_and_save : public in_folder {};

TEST_F(load_and_save, are_each_others_inverse) {
  const cpu device;
  salient::save(laws::random_model<laws::pooling>(device), path("a"), {{"by", "a test"}});
  const auto again = load<laws::pooling>(path("a"), device).to_state_dict();
  const auto expected = laws::random_weights<laws::pooling>();
  ASSERT_EQ(again.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(again[i].name, expected[i].name);
    EXPECT_EQ(again[i].dimensions, expected[i].dimensions);
    EXPECT_EQ(again[i].values, expected[i].values);
  }
  EXPECT_EQ(read_safetensors_metadata(path("a")).at("by"), "a test");
}

TEST_F(load_and_save, another_networks_weights_are_refused_with_the_files_name) {
  const cpu device;
  salient::save(laws::random_model<laws::pooling>(device), path("a"));
  expect_error(path("a"), {"weight"}, [&] { load<laws::perceptron>(path("a"), device); });
}

}  // namespace
}  // namespace salient::test
