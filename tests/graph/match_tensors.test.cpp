// SPDX-License-Identifier: MIT
#include "graph/match_tensors.hpp"

#include <gtest/gtest.h>

#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

using names = std::vector<std::string>;

/// Layers 0 (conv2d, 2 filters of 1x3x3) and 3 (dense, 3 outputs of 8 inputs), each with a bias.
const std::vector<wanted_tensor> plain = {{"0.weight", {2, 1, 3, 3}, "layer 0 (conv2d)"},
                                          {"0.bias", {2}, "layer 0 (conv2d)"},
                                          {"3.weight", {3, 8}, "layer 3 (dense)"},
                                          {"3.bias", {3}, "layer 3 (dense)"}};
const std::vector<tensor_heading> fitting = {
    {"0.bias", {2}}, {"0.weight", {2, 1, 3, 3}}, {"3.bias", {3}}, {"3.weight", {3, 8}}};

tensor_stream stream_of(std::vector<tensor_heading> headings) {
  return {"file: ", std::move(headings), {}, {}};
}

std::string message_of(const std::vector<wanted_tensor>& wanted, std::vector<tensor_heading> found) {
  try {
    match_tensors(wanted, stream_of(std::move(found)));
  } catch (const error& e) {
    return e.what();
  }
  return "no error";
}

/// For each tensor found, the name of the wanted tensor that it was matched with, or "-" if it is skipped.
names matched(const std::vector<wanted_tensor>& wanted, std::vector<tensor_heading> found) {
  names result;
  for (const auto w : match_tensors(wanted, stream_of(std::move(found))))
    result.push_back(w ? wanted[*w].name : "-");
  return result;
}

std::vector<tensor_heading> prefixed(std::vector<tensor_heading> all, const std::string& prefix) {
  for (tensor_heading& t : all) t.name = prefix + t.name;
  return all;
}

std::vector<tensor_heading> with_name(std::vector<tensor_heading> all, const std::string& old,
                                      const std::string& name) {
  for (tensor_heading& t : all)
    if (t.name == old) t.name = name;
  return all;
}

void expect_in(const std::string& message, const names& expected) {
  EXPECT_EQ(message.rfind("file: ", 0), 0u) << message;
  EXPECT_NE(message.find("; "), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  for (const std::string& words : expected)
    EXPECT_NE(message.find(words), std::string::npos) << words << " in\n" << message;
}

TEST(match_tensors, by_name_in_any_order) {
  const names expected{"0.bias", "0.weight", "3.bias", "3.weight"};
  EXPECT_EQ(matched(plain, fitting), expected);
  EXPECT_EQ(matched({}, {}), names{});
  for (const std::string prefix :
       {"module.", "_orig_mod.", "model.", "module._orig_mod.backbone.", "0.", "x.0."})
    EXPECT_EQ(matched(plain, prefixed(fitting, prefix)), expected) << prefix;
}

TEST(match_tensors, a_network_of_one_layer_shares_more_than_the_prefix) {
  const std::vector<wanted_tensor> one = {{"1.weight", {2, 4}, "layer 1 (dense)"},
                                          {"1.bias", {2}, "layer 1 (dense)"}};
  for (const std::string prefix : {"", "module.", "module.1."})
    EXPECT_EQ(matched(one, {{prefix + "1.weight", {2, 4}}, {prefix + "1.bias", {2}}}),
              (names{"1.weight", "1.bias"}))
        << prefix;
}

TEST(match_tensors, a_prefix_must_be_shared_by_all_and_end_in_a_dot) {
  expect_in(message_of(plain, prefixed(fitting, "module_")),
            {"have 'module_0.weight' (2x1x3x3) where layer 0 (conv2d) looks for '0.weight'"});
  auto partly = prefixed(fitting, "module.");
  partly.push_back({"n_averaged", {}, "I64"});
  expect_in(
      message_of(plain, partly),
      {"the weights have 'module.0.weight' (2x1x3x3) where layer 0 (conv2d) looks for '0.weight' (2x1x3x3)",
       "give load a function that renames"});
  partly.back().left_out = true;
  EXPECT_EQ(matched(plain, partly), (names{"0.bias", "0.weight", "3.bias", "3.weight", "-"}));
}

TEST(match_tensors, a_moved_index_is_told_by_the_tensor_that_fits) {
  // Indices shift like this if there is a Dropout before the last layer.
  auto moved = with_name(with_name(fitting, "3.weight", "4.weight"), "3.bias", "4.bias");
  expect_in(message_of(plain, moved),
            {"the weights have '4.weight' (3x8) where layer 3 (dense) looks for '3.weight' (3x8)",
             "declare the layers"});
  moved.push_back({"10.weight", {5, 5}});
  moved.push_back({"2.weight", {7, 7}});
  expect_in(message_of(plain, moved), {"have '4.weight' (3x8) where"});
  moved = with_name(moved, "4.weight", "40.weights");
  expect_in(message_of(plain, moved), {"have '2.weight' (7x7) where"});
  expect_in(
      message_of(plain, prefixed(with_name(with_name(fitting, "3.weight", "4.weight"), "3.bias", "4.bias"),
                                 "module.")),
      {"have 'module.4.weight' (3x8) where layer 3 (dense) looks for '3.weight'"});
}

TEST(match_tensors, what_is_missing_is_told_with_what_is_there) {
  auto found = fitting;
  found.pop_back();
  expect_in(message_of(plain, found), {"lack '3.weight', which layer 3 (dense) expects as 3x8"});
  found.push_back({"3.kernel", {8, 3}});
  expect_in(message_of(plain, found), {"lack '3.weight'", "and have '3.kernel' (8x3)"});
  found = fitting;
  found.erase(found.begin() + 2);
  expect_in(message_of(plain, found), {"lack '3.bias'", "declare the layer without a bias"});
  expect_in(message_of(plain, {}), {"hold no tensors"});
}

TEST(match_tensors, a_batch_norm_is_named_as_one) {
  auto found = fitting;
  const auto add_norm = [&](const std::string& module) {
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
      found.push_back({module + "." + leaf, {2}});
    found.push_back({module + ".num_batches_tracked", {}, "I64"});
  };
  add_norm("1");
  expect_in(message_of(plain, found),
            {"in the weights '1' is a batch norm (", "weight", "bias", "running_mean", "running_var",
             "num_batches_tracked)", "fold each into the layer before it", "fuse_conv_bn_eval"});
  add_norm("12");
  expect_in(message_of(plain, found), {"'1' and 1 more are batch norms"});
  expect_in(message_of(plain, with_name(with_name(found, "3.weight", "4.weight"), "3.bias", "4.bias")),
            {"batch norms"});
  expect_in(message_of(plain, prefixed(found, "module.")), {"'module.1' and 1 more are batch norms"});
}

TEST(match_tensors, the_count_of_a_batch_norm_that_is_wanted_is_passed_over) {
  auto wanted = plain;
  for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
    wanted.push_back({std::string("1.") + leaf, {2}, "layer 1 (batch_norm)"});
  auto found = fitting;
  for (std::size_t i = plain.size(); i < wanted.size(); ++i) found.push_back({wanted[i].name, {2}});
  const names all{"0.bias",   "0.weight", "3.bias",         "3.weight",
                  "1.weight", "1.bias",   "1.running_mean", "1.running_var"};
  EXPECT_EQ(matched(wanted, found), all);
  found.push_back({"1.num_batches_tracked", {}, "I64"});
  names counted = all;
  counted.push_back("-");
  EXPECT_EQ(matched(wanted, found), counted);
  EXPECT_EQ(matched(wanted, prefixed(found, "module.")), counted);
  found.push_back({"2.num_batches_tracked", {}, "I64"});
  expect_in(message_of(wanted, found), {"'2' is a batch norm (num_batches_tracked)"});
  // A batch norm under another index than the wanted one has moved.
  auto moved = fitting;
  for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
    moved.push_back({std::string("2.") + leaf, {2}});
  expect_in(message_of(wanted, moved),
            {"have '2.weight' (2) where layer 1 (batch_norm) looks for '1.weight'"});
}

TEST(match_tensors, dimensions_and_types_must_fit) {
  auto found = fitting;
  found[1].dimensions = {2, 1, 5, 5};
  expect_in(message_of(plain, found),
            {"'0.weight' is 2x1x5x5, but layer 0 (conv2d) expects 2x1x3x3", "use the weights"});
  found[3].dimensions = {8, 3};
  expect_in(message_of(plain, found),
            {"'0.weight' is"});  // the first in the network's order, wherever it is in the file
  found[1].dimensions = {3, 3, 1, 2};
  expect_in(
      message_of(plain, found),
      {"'0.weight' is 3x3x1x2", "transpose it to PyTorch's order, filters x channels x height x width"});
  found[1] = fitting[1];
  expect_in(message_of(plain, found), {"'3.weight' is 8x3", "outputs x inputs"});
  found[3] = {"3.weight", {3, 8}, "I8"};
  expect_in(message_of(plain, found),
            {"'3.weight' holds values of type I8, but layer 3 (dense) expects floats"});
}

TEST(match_tensors, surplus_tensors_are_listed) {
  auto found = fitting;
  found.push_back({"7.weight", {3, 4}});
  expect_in(message_of(plain, found), {"have '7.weight' (3x4), which belongs to no layer", "leave it out"});
  found.push_back({"10.weight", {3, 4}});
  found.push_back({"8.weight", {}});
  expect_in(
      message_of(plain, found),
      {"have '7.weight' (3x4), '8.weight' (a scalar) and 1 more, which belong to no", "leave them out"});
  found.push_back({"0.bias", {2}});
  expect_in(message_of(plain, found), {"hold '0.bias' twice"});
}

TEST(match_tensors, messages_hold_names_that_fit_a_line) {
  auto found = fitting;
  found.push_back({"two\nlines" + std::string(1000, 'n'), {3}});
  const std::string message = message_of(plain, found);
  expect_in(message, {"'two\\x0alines"});
  EXPECT_LT(message.size(), 600u);
}

}  // namespace
}  // namespace salient::detail
