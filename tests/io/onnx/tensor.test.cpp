// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "io/allocation_meter.hpp"
#include "io/onnx/onnx_builder.hpp"

namespace salient::test {
namespace {

using onnx::element;

class onnx_tensor : public in_folder {
 protected:
  onnx::tensor read(const bytes& content) { return onnx::read_tensor(save("t.pb", content), kept_); }

  void expect_refusal(const bytes& content, const words& expected) {
    expect_error(path("t.pb"), expected, [&] { read(content); });
  }

  std::shared_ptr<const void> kept_;
};

struct stored {
  element type;
  bytes raw;                       // little-endian
  std::vector<std::int64_t> list;  // of int32_data or int64_data
  std::vector<float> floats;
};

TEST_F(onnx_tensor, every_type_raw_packed_and_one_by_one) {
  const float least = std::ldexp(1.0F, -24);
  const std::vector<stored> cases = {
      {element::u8, raw<std::uint8_t>({0, 255}), {0, 255}, {0, 255}},
      {element::i8, raw<std::int8_t>({-128, 127}), {-128, 127}, {-128, 127}},
      {element::u16, raw<std::uint16_t>({1, 65535}), {1, 65535}, {1, 65535}},
      {element::i16, raw<std::int16_t>({-32768, 32767}), {-32768, 32767}, {-32768, 32767}},
      {element::i32, raw<std::int32_t>({-5, 1 << 30}), {-5, 1 << 30}, {-5, 0x1p30F}},
      {element::i64, raw<std::int64_t>({-5, 1LL << 40}), {-5, 1LL << 40}, {-5, 0x1p40F}},
      {element::boolean, raw<std::uint8_t>({1, 0}), {1, 0}, {1, 0}},
      {element::f16, raw<std::uint16_t>({0x3c00, 0xc000}), {0x3c00, 0xc000}, {1, -2}},
      {element::f16, raw<std::uint16_t>({0x0001, 0x83ff}), {0x0001, 0x83ff}, {least, -1023 * least}},
      {element::f16, raw<std::uint16_t>({0x7bff, 0x8000}), {0x7bff, 0x8000}, {65504, -0.0F}},
      {element::bf16, raw<std::uint16_t>({0x3f80, 0xc2f7}), {0x3f80, 0xc2f7}, {1, -123.5F}},
  };
  for (const stored& c : cases) {
    const int type = static_cast<int>(c.type);
    const unsigned field = c.type == element::i64 ? 7 : 5;
    const bytes head = proto::tensor("t", type, {2, 1});
    for (const bytes& values :
         {proto::raw_data(c.raw), proto::packed(field, c.list), proto::numbers(field, c.list)}) {
      const onnx::tensor found = read(values + head);
      EXPECT_EQ(found.type, c.type);
      EXPECT_EQ(found.name, "t");
      EXPECT_EQ(found.dimensions, (std::vector<std::int64_t>{2, 1}));
      EXPECT_EQ(found.count(), 2U);
      EXPECT_EQ(bytes(found.bytes.begin(), found.bytes.end()), c.raw) << onnx::name_of(type);
      EXPECT_EQ(found.floats(), c.floats) << onnx::name_of(type);
      std::vector<float> some(3);
      found.read(std::vector<std::int64_t>{1, 0, 1}, some);
      EXPECT_EQ(some, (std::vector{c.floats[1], c.floats[0], c.floats[1]})) << onnx::name_of(type);
      if (c.type == element::f16 || c.type == element::bf16)
        EXPECT_TRUE(message_of([&] { found.integers(); }));
      else
        EXPECT_EQ(found.integers().at(0), static_cast<std::int64_t>(c.floats[0])) << onnx::name_of(type);
    }
  }
}

TEST_F(onnx_tensor, floats_and_doubles_raw_packed_and_one_by_one) {
  const bytes single = proto::tensor("", 1, {3}), twice = proto::tensor("", 11, {2});
  const std::vector<float> floats = {1, -2, 0x1p-149F}, doubles = {0.1F, -3};
  EXPECT_EQ(read(single + proto::raw_data(raw<float>({1, -2, 0x1p-149F}))).floats(), floats);
  EXPECT_EQ(read(single + proto::message(4, raw<float>({1, -2, 0x1p-149F}))).floats(), floats);
  EXPECT_EQ(read(proto::fixed32(4, 1) + single + proto::message(4, raw<float>({-2, 0x1p-149F}))).floats(),
            floats);
  EXPECT_EQ(read(twice + proto::raw_data(raw<double>({0.1, -3}))).floats(), doubles);
  EXPECT_EQ(read(twice + proto::message(10, raw<double>({0.1, -3}))).floats(), doubles);
  EXPECT_EQ(read(twice + proto::fixed64(10, 0.1) + proto::fixed64(10, -3)).floats(), doubles);
}

TEST_F(onnx_tensor, negative_numbers_without_their_upper_half) {
  const auto half = static_cast<std::int64_t>(0xffff'fffbU);
  EXPECT_EQ(read(proto::tensor("", 6, {1}) + proto::number(5, half)).integers().at(0), -5);
}

TEST_F(onnx_tensor, scalars_and_empty_tensors) {
  EXPECT_EQ(read(proto::tensor("s", 1, {}) + proto::fixed32(4, 7)).floats(), std::vector<float>{7});
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  for (const bytes& values : {bytes(), proto::raw_data({})}) {
    const onnx::tensor none = read(proto::tensor("e", 1, {most, 0, most}) + values);
    EXPECT_EQ(none.count(), 0U);
    EXPECT_TRUE(none.floats().empty());
    EXPECT_TRUE(none.absent.empty());
  }
}

TEST_F(onnx_tensor, values_that_are_not_finite_are_refused) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  const std::vector<bytes> cases = {
      proto::tensor("t", 1, {2}) + proto::raw_data(raw<float>({1, NAN})),
      proto::tensor("t", 1, {2}) + proto::message(4, raw<float>({1, infinite})),
      proto::tensor("t", 11, {2}) + proto::raw_data(raw<double>({1, 1e39})),
      proto::tensor("t", 10, {2}) + proto::raw_data(raw<std::uint16_t>({0, 0x7c00})),
      proto::tensor("t", 16, {2}) + proto::raw_data(raw<std::uint16_t>({0, 0x7fc0})),
  };
  for (const bytes& content : cases) {
    const onnx::tensor found = read(content);
    expect_error(path("t.pb"), {"tensor \"t\" is not finite", "element 1"}, [&] { found.floats(); });
  }
}

TEST_F(onnx_tensor, types_that_are_not_read_keep_a_sentence) {
  for (const auto& [type, name] :
       {std::pair(8, "string"), {12, "uint32"}, {13, "uint64"}, {17, "type 17"}, {0, "undefined"}}) {
    const onnx::tensor found = read(proto::tensor("t", type, {2}) + proto::string(6, "a"));
    EXPECT_TRUE(found.bytes.empty());
    expect_error(path("t.pb"), {"tensor \"t\"", name}, [&] { found.floats(); });
    expect_error(path("t.pb"), {"tensor \"t\"", name}, [&] { found.integers(); });
  }
  EXPECT_EQ(onnx::name_of(10), "float16");
  EXPECT_EQ(onnx::name_of(-1), "type -1");
}

TEST_F(onnx_tensor, sizes_that_do_not_fit_are_refused) {
  const bytes four = proto::raw_data(bytes(4));
  expect_refusal(proto::tensor("t", 1, {2}) + four, {"tensor \"t\"", "needs 8 bytes", "has 4"});
  expect_refusal(proto::tensor("t", 1, {}) + proto::raw_data({}), {"a scalar", "needs 1 values", "has 0"});
  expect_refusal(proto::tensor("t", 1, {2}), {"needs 2 values", "has 0"});
  expect_refusal(proto::tensor("t", 1, {2}) + proto::fixed32(4, 1), {"needs 2 values", "has 1"});
  expect_refusal(proto::tensor("t", 7, {2}) + proto::packed(7, {1, 2, 3}), {"needs 2 values", "has 3"});
  expect_refusal(proto::tensor("t", 7, {2}) + proto::packed(5, {1, 2}), {"of its own type"});
  expect_refusal(proto::tensor("t", 1, {}) + proto::string(6, "a") + proto::fixed32(4, 1),
                 {"of its own type"});
  expect_refusal(proto::tensor("t", 1, {}) + four + proto::fixed32(4, 1), {"twice"});
  expect_refusal(proto::tensor("t", 1, {2}) + proto::fixed32(4, 1) + proto::number(5, 1), {"two fields"});
  expect_refusal(proto::tensor("t", 1, {-1}) + four, {"impossible dimensions -1"});
  expect_refusal(proto::tensor("t", 1, {-1, 0}), {"impossible dimensions -1x0"});
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  for (const auto& huge : {proto::tensor("t", 1, {most}), proto::tensor("t", 2, {1LL << 32, 1LL << 31}),
                           proto::tensor("t", 8, {most, 2})})
    expect_refusal(huge + four, {"impossible dimensions"});
}

TEST_F(onnx_tensor, numbers_outside_of_their_type_are_refused) {
  for (const auto& [type, number] : {std::pair(2, 256),
                                     {2, -1},
                                     {3, 128},
                                     {3, -129},
                                     {4, 65536},
                                     {5, 40000},
                                     {9, 2},
                                     {10, 65536},
                                     {16, -1}})
    expect_refusal(proto::tensor("t", type, {}) + proto::number(5, number),
                   {"has the value " + std::to_string(number), onnx::name_of(type)});
}

TEST_F(onnx_tensor, memory_does_not_grow_with_what_is_claimed) {
  const bytes claims = proto::tensor("t", 7, {1LL << 50}) + proto::packed(7, {1, 2, 3});
  const bytes sound = proto::tensor("t", 1, {1 << 20}) + proto::raw_data(bytes(4 << 20));
  save("t.pb", claims);
  EXPECT_LT(allocated_by([&] { message_of([&] { onnx::read_tensor(path("t.pb"), kept_); }); }), 20000U);
  save("t.pb", sound);
  EXPECT_LT(allocated_by([&] { onnx::read_tensor(path("t.pb"), kept_); }), 20000U);  // it is mapped
}

}  // namespace
}  // namespace salient::test
