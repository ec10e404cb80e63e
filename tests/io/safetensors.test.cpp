// SPDX-License-Identifier: MIT
#include "salient/io/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

class safetensors : public in_folder {};

bytes file_of(std::string_view header, const bytes& data) {
  return little_endian(header.size(), 8) + text(header) + data;
}

/// A file with one tensor "t" of two elements.
bytes two_of(const std::string& dtype, const bytes& data) {
  return file_of(R"({"t":{"dtype":")" + dtype + R"(","shape":[2],"data_offsets":[0,)" +
                     std::to_string(data.size()) + "]}}",
                 data);
}

const state_dict example = {
    {"5.weight", {2, 3}, {1, -2, 3.5F, 0, 1e-30F, std::numeric_limits<float>::max()}},
    {"0.bias", {1}, {0.25F}},
    {"scalar", {}, {7}},
    {"none", {0, 4}, {}},
    {"näme \"quoted\"", {1, 1}, {-0.0F}},
};

void expect_equal(const state_dict& found, const state_dict& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto same = std::ranges::find(expected, found[i].name, &named_tensor::name);
    ASSERT_NE(same, expected.end()) << found[i].name;
    EXPECT_EQ(found[i].dimensions, same->dimensions) << found[i].name;
    EXPECT_EQ(found[i].values, same->values) << found[i].name;
  }
}

TEST_F(safetensors, round_trip) {
  const std::map<std::string, std::string> metadata = {{"seed", "1"}, {"accuracy", "98.7 %"}};
  write_safetensors(path("a"), example, metadata);
  expect_equal(read_safetensors(path("a")), example);
  EXPECT_EQ(read_safetensors_metadata(path("a")), metadata);
  EXPECT_EQ(read_safetensors(path("a"))[0].name, "5.weight");  // in the order of the data

  write_safetensors(path("a"), {});
  EXPECT_TRUE(read_safetensors(path("a")).empty());
  EXPECT_TRUE(read_safetensors_metadata(path("a")).empty());
}

TEST_F(safetensors, header_is_padded_to_eight_bytes) {
  for (const std::string name : {"a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"}) {
    write_safetensors(path("a"), {{name, {1}, {1}}});
    const bytes file = content(path("a"));
    EXPECT_EQ(file.size() % 8, 4U);
    EXPECT_EQ(file[0] % 8, 0);
    EXPECT_EQ(file[8], '{');
  }
}

TEST_F(safetensors, every_float_type_is_read) {
  const std::vector<std::tuple<std::string, bytes, std::vector<float>>> cases = {
      {"F64", raw<double>({0.5, -1e30}), {0.5F, -1e30F}},
      {"F32", raw<float>({0.5F, -3}), {0.5F, -3}},
      {"F16", raw<std::uint16_t>({0x3c00, 0xc000}), {1, -2}},
      {"F16", raw<std::uint16_t>({0x7bff, 0x0001}), {65504, std::ldexp(1.0F, -24)}},
      {"F16", raw<std::uint16_t>({0x0400, 0x83ff}), {std::ldexp(1.0F, -14), -1023 * std::ldexp(1.0F, -24)}},
      {"F16", raw<std::uint16_t>({0x3555, 0x0000}), {0.333251953125F, 0}},
      {"BF16", raw<std::uint16_t>({0x3f80, 0xc2f7}), {1, -123.5F}},
  };
  for (const auto& [dtype, data, expected] : cases)
    EXPECT_EQ(read_safetensors(save("a", two_of(dtype, data))).at(0).values, expected) << dtype;
}

TEST_F(safetensors, order_of_the_header_does_not_matter) {
  const auto file = file_of(
      R"({"b":{"data_offsets":[4,8],"shape":[1],"dtype":"F32"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"more":1,"yet":[null,true],"still":{"more":null}}}   )",
      raw<float>({1, 2}));
  expect_equal(read_safetensors(save("a", file)), {{"a", {}, {1}}, {"b", {1}, {2}}});
}

TEST_F(safetensors, empty_tensors_may_be_listed_anywhere) {
  const std::string full = R"("full":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})",
                    more = R"("more":{"dtype":"F32","shape":[1],"data_offsets":[8,12]})",
                    first = R"("first":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})",
                    middle = R"("middle":{"dtype":"F32","shape":[3,0],"data_offsets":[8,8]})",
                    last = R"("last":{"dtype":"F32","shape":[0],"data_offsets":[12,12]})";
  std::vector<std::string> entries{full, more, first, middle, last};
  std::ranges::sort(entries);
  do {
    std::string header;
    for (const std::string& entry : entries) header += (header.empty() ? "{" : ",") + entry;
    const auto sound = save("a", file_of(header + "}", raw<float>({1, 2, 3})));
    expect_equal(read_safetensors(sound), {{"full", {2}, {1, 2}},
                                           {"more", {1}, {3}},
                                           {"first", {0}, {}},
                                           {"middle", {3, 0}, {}},
                                           {"last", {0}, {}}});
  } while (std::ranges::next_permutation(entries).found);
}

TEST_F(safetensors, bad_files_are_named) {
  const auto one = [](const std::string& entry, std::size_t data = 8) {
    return file_of(R"({"t":)" + entry + "}", bytes(data));
  };
  const std::string t = R"("t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const auto two = [&](const std::string& begin, const std::string& end, std::size_t data = 16) {
    return file_of(
        "{" + t + R"(,"u":{"dtype":"F32","shape":[2],"data_offsets":[)" + begin + "," + end + "]}}",
        bytes(data));
  };
  const float nan = NAN, infinity = INFINITY;
  const std::vector<std::pair<bytes, words>> cases = {
      {{}, {"0 bytes long", "too short"}},
      {little_endian(2, 7), {"7 bytes long", "too short"}},
      {little_endian(100, 8) + text("{}"), {"header of 100 bytes", "only 2"}},
      {little_endian(99'999'999, 8) + text("{}"), {"header of 99999999 bytes", "only 2"}},
      {little_endian(100'000'001, 8) + text("{}"),
       {"is not a safetensors file", "header would have 100000001 bytes"}},
      {little_endian(~std::uint64_t{0}, 8) + text("{}"),
       {"is not a safetensors file", "18446744073709551615 bytes"}},
      {text("PK\x03\x04") + bytes{0, 0, 8, 8} + text("{}"),
       {"is a ZIP archive", ".pt", "safetensors.torch.save_file"}},
      {text("\x80\x02}q\x01X\x08 and so on"), {"is a pickle", "safetensors.torch.save_file"}},
      {text("\x89HDF\r\n\x1a\n"), {"is an HDF5 file, as Keras writes, expected a safetensors file"}},
      {file_of("", {}), {"not a JSON object"}},
      {file_of("[]", {}), {"not a JSON object"}},
      {file_of(" {}", {}), {"not a JSON object"}},
      {file_of(std::string_view("{}\0x", 4), {}), {"not a JSON object"}},
      {file_of("{", {}), {"not valid JSON", "byte 2"}},
      {file_of("{} {}", {}), {"not valid JSON"}},
      {file_of("{\"\xff\":{}}", {}), {"not valid JSON"}},
      {file_of(R"({"t":1e999})", {}), {"not valid JSON", "out of range"}},
      {file_of(R"({"t":{"t":{"t":{"t":{}}}}})", {}), {"nests deeper"}},
      {file_of(R"({"__metadata__":{"a":1}})", {}), {"__metadata__", "text to text"}},
      {file_of(R"({"__metadata__":"a"})", {}), {"__metadata__", "text to text"}},
      {file_of("{" + t + "," + t + "}", bytes(8)), {"\"t\" twice"}},
      {one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"), {"\"dtype\" twice"}},
      {one("[]"), {"tensor \"t\"", "JSON object"}},
      {one("{}"), {"tensor \"t\"", "dtype"}},
      {one(R"({"dtype":3,"shape":[2],"data_offsets":[0,8]})"), {"tensor \"t\"", "no dtype"}},
      {one(R"({"dtype":"I64","shape":[1],"data_offsets":[0,8]})"), {"tensor \"t\"", "\"I64\"", "BF16"}},
      {one(R"({"dtype":"F32","data_offsets":[0,8]})"), {"tensor \"t\"", "\"shape\""}},
      {one(R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})"), {"\"shape\"", "whole numbers"}},
      {one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), {"\"shape\"", "whole numbers"}},
      {one(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), {"\"shape\"", "whole numbers"}},
      {one(R"({"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]})"), {"whole numbers"}},
      {one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"),
       {"impossible", "4294967296x"}},
      {one(R"({"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]})"), {"impossible"}},
      {one(R"({"dtype":"F32","shape":[2]})"), {"\"data_offsets\""}},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8]})"), {"two data_offsets"}},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})"), {"two data_offsets"}},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), {"two data_offsets"}},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})"), {"\"data_offsets\"", "whole numbers"}},
      {one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), {"of 3 needs 12 bytes", "span 8"}},
      {one(R"({"dtype":"F64","shape":[2],"data_offsets":[0,8]})"), {"needs 16 bytes", "span 8"}},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,16]})", 16), {"\"t\"", "hole", "expected 0"}},
      {two("4", "12"), {"\"u\"", "inside"}},
      {two("0", "8"), {"\"u\"", "inside"}},
      {two("12", "20", 20), {"\"u\"", "hole"}},
      {two("8", "16", 12), {"cut short", "16 bytes", "has 12"}},
      {two("8", "16", 17), {"trailing bytes", "has 17"}},
      {file_of("{}", bytes(1)), {"trailing bytes"}},
      {one(R"({"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]})"),
       {"4398046511104", "cut short"}},
      {two_of("F32", raw<float>({1, nan})), {"tensor \"t\"", "not finite", "element 1", "nan"}},
      {two_of("F32", raw<float>({-infinity, 1})), {"tensor \"t\"", "not finite", "element 0", "-inf"}},
      {two_of("F64", raw<double>({1, 1e300})), {"not finite", "element 1", "inf"}},
      {two_of("F64", raw<double>({NAN, 1})), {"not finite", "element 0", "nan"}},
      {two_of("F16", raw<std::uint16_t>({0x3c00, 0xfc00})), {"not finite", "element 1", "-inf"}},
      {two_of("F16", raw<std::uint16_t>({0x7c01, 0})), {"not finite", "element 0", "nan"}},
      {two_of("BF16", raw<std::uint16_t>({0, 0x7f80})), {"not finite", "element 1", "inf"}},
  };
  for (const auto& [file, expected] : cases) {
    const auto bad = save("bad.safetensors", file);
    SCOPED_TRACE(expected.front());
    EXPECT_LT(allocated_by([&] { expect_error(bad, expected, [&] { read_safetensors(bad); }); }), 1U << 18);
  }
}

TEST_F(safetensors, a_value_that_is_not_finite_is_counted_from_the_tensors_start) {
  const std::string start = R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"t":{"dtype":")";
  for (const auto& [dtype, width] : {std::pair{"F16", 2}, {"BF16", 2}, {"F32", 4}, {"F64", 8}})
    for (const int element : {0, 8191, 8192, 16'383, 16'384, 20'000, 39'999}) {
      bytes values(static_cast<std::size_t>(40'000 * width));
      // Sets the bits of a quiet NaN in all four formats: sign, exponent and the highest fraction bit.
      for (const int byte : {1, 2}) values[static_cast<std::size_t>((element + 1) * width - byte)] = 0xff;
      const auto bad = save("bad", file_of(start + dtype + R"(","shape":[40000],"data_offsets":[12,)" +
                                               std::to_string(12 + 40'000 * width) + "]}}",
                                           bytes(12) + values));
      expect_error(bad, {"\"t\"", "element " + std::to_string(element) + " is"},
                   [&] { read_safetensors(bad); });
    }
}

TEST_F(safetensors, streamed_tensors_can_be_skipped) {
  const auto file =
      save("a", file_of(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},)"
                        R"("b":{"dtype":"I16","shape":[2],"data_offsets":[12,16]},)"
                        R"("c":{"dtype":"F64","shape":[0],"data_offsets":[16,16]},)"
                        R"("d":{"dtype":"F64","shape":[2],"data_offsets":[16,32]},)"
                        R"("e":{"dtype":"F32","shape":[1],"data_offsets":[32,36]}})",
                        raw<float>({1, 2, 3}) + bytes(4, 0xff) + raw<double>({4, 5}) + raw<float>({6})));
  const auto next = [](const tensor_stream& s, std::size_t count) {
    std::vector<float> values(count);
    s.read(values);
    return values;
  };
  using floats = std::vector<float>;
  {
    const tensor_stream s = stream_safetensors(file);
    ASSERT_EQ(s.headings.size(), 5U);
    EXPECT_EQ(s.headings[0].unread_type, "");
    EXPECT_EQ(s.headings[1].unread_type, "I16");
    EXPECT_EQ(next(s, 3), (floats{1, 2, 3}));
    s.skip(1);
    s.skip(2);
    EXPECT_EQ(next(s, 2), (floats{4, 5}));
    EXPECT_EQ(next(s, 1), (floats{6}));
  }
  {
    const tensor_stream s = stream_safetensors(file);
    EXPECT_EQ(next(s, 1), (floats{1}));
    s.skip(1);  // the rest of the first tensor and all of the second
    EXPECT_EQ(next(s, 1), (floats{4}));
    EXPECT_EQ(next(s, 1), (floats{5}));
    s.skip(4);
  }
  {
    const tensor_stream s = stream_safetensors(file);
    s.skip(3);
    EXPECT_EQ(next(s, 1), (floats{6}));
  }
}

TEST_F(safetensors, every_type_of_the_format_has_its_size) {
  for (const auto& [dtype, size] : {std::pair{"I64", 8},
                                    {"U64", 8},
                                    {"C64", 8},
                                    {"I32", 4},
                                    {"U32", 4},
                                    {"I16", 2},
                                    {"U16", 2},
                                    {"I8", 1},
                                    {"U8", 1},
                                    {"BOOL", 1},
                                    {"F8_E4M3", 1},
                                    {"F8_E5M2", 1},
                                    {"F8_E8M0", 1}}) {
    const auto two = save("a", two_of(dtype, bytes(static_cast<std::size_t>(2 * size))));
    EXPECT_EQ(stream_safetensors(two).headings.at(0).unread_type, dtype);
    EXPECT_TRUE(read_safetensors_metadata(two).empty());
    expect_error(two, {"tensor \"t\" has dtype \"" + std::string(dtype) + "\""},
                 [&] { read_safetensors(two); });
    const auto more = save("a", two_of(dtype, bytes(static_cast<std::size_t>(2 * size + 1))));
    expect_error(more, {"of 2 needs " + std::to_string(2 * size) + " bytes"},
                 [&] { stream_safetensors(more); });
  }
  const auto unknown = save("a", two_of("F4", bytes(1)));
  expect_error(unknown, {"\"F4\"", "not known"}, [&] { stream_safetensors(unknown); });
}

TEST_F(safetensors, long_or_deep_headers_cost_a_small_multiple_of_their_size) {
  const std::size_t size = 2'000'000;
  for (const std::string start : {"{\"t\":", "{\"t\":[", "{\"t\":{\"dtype\":\""}) {
    const auto bad = save("bad", file_of(start + std::string(size, '['), {}));
    EXPECT_LT(allocated_by([&] { EXPECT_TRUE(message_of([&] { read_safetensors(bad); })); }), 16 * size);
  }
}

TEST_F(safetensors, a_long_name_is_cut_in_messages) {
  const std::string name(100'000, 'n');
  const auto bad = save("bad", file_of("{\"" + name + "\\n\":1}", {}));
  const auto message = message_of([&] { read_safetensors(bad); });
  ASSERT_TRUE(message);
  EXPECT_LT(message->size(), 1000U);
}

TEST_F(safetensors, reader_laws) {
  write_safetensors(path("sound"), {{"a", {2}, {1, -2}}, {"b", {1, 1}, {0.5F}}}, {{"k", "v"}});
  const bytes sound = content(path("sound"));
  const auto save_bad = [&](const bytes& file) { return save("bad", file); };
  every_prefix_throws(sound, save_bad, [](const auto& at) { read_safetensors(at); });
  every_prefix_throws(sound, save_bad, [](const auto& at) { read_safetensors_metadata(at); });
  every_flip_is_survived(sound, save_bad, [](const auto& at) {
    std::vector<float> values;
    for (const auto& tensor : read_safetensors(at))
      values.insert(values.end(), tensor.values.begin(), tensor.values.end());
    return values;
  });
}

TEST_F(safetensors, whole_numbers_are_written_as_such) {
  const std::vector<float> values{1, 2};
  const auto fill = [&](std::size_t first, std::span<float> to) {
    std::ranges::copy(std::span(values).subspan(first, to.size()), to.begin());
  };
  write_safetensors_stream(path("a"),
                           {{"n", {3}, {}, std::vector<std::int64_t>{1, -2, 1L << 40}}, {"v", {2}, fill}});
  std::string header = R"({"n":{"dtype":"I64","shape":[3],"data_offsets":[0,24]},)"
                       R"("v":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  EXPECT_EQ(content(path("a")), file_of(header, raw<std::int64_t>({1, -2, 1L << 40}) + raw<float>({1, 2})));
}

TEST_F(safetensors, writes_values_in_parts) {
  constexpr long count = 50000;
  std::size_t next = 0, longest = 0;
  const auto write = [&](std::size_t bad) {
    const auto read = [&, bad](std::size_t first, std::span<float> to) {
      EXPECT_EQ(first, next);
      for (float& x : to) x = next++ == bad ? NAN : static_cast<float>(next);
      longest = std::max(longest, to.size());
    };
    next = 0;
    write_safetensors_stream(path("a"), {{"t", {2, count / 2}, read}, {"none", {0}, {}}});
  };
  expect_error(path("a"), {"\"t\"", "not finite", "element 40000"}, [&] { write(40000); });
  EXPECT_TRUE(listing().empty());
  write(count);
  EXPECT_EQ(next, static_cast<std::size_t>(count));
  EXPECT_LT(longest, static_cast<std::size_t>(count));
  const state_dict found = read_safetensors(path("a"));
  ASSERT_EQ(found.size(), 2U);
  for (std::size_t i = 0; i < next; ++i) ASSERT_EQ(found[0].values[i], static_cast<float>(i + 1));
}

TEST_F(safetensors, writes_nothing_that_it_would_not_read) {
  const std::vector<std::pair<state_dict, words>> cases = {
      {{{"t", {1}, {1}}, {"t", {1}, {1}}}, {"\"t\"", "already taken"}},
      {{{"__metadata__", {1}, {1}}}, {"already taken"}},
      {{{"t", {2}, {1}}}, {"\"t\" of 2", "1 values"}},
      {{{"t", {-1}, {1}}}, {"\"t\" of -1", "1 values"}},
      {{{"t", {2}, {1, NAN}}}, {"\"t\"", "not finite", "element 1"}},
      {{{"\xff", {1}, {1}}}, {"UTF-8"}},
  };
  for (const auto& [tensors, expected] : cases)
    expect_error(path("a"), expected, [&] { write_safetensors(path("a"), tensors); });
  EXPECT_TRUE(listing().empty());
  expect_error("/dev/full", {"no space"}, [] { write_safetensors("/dev/full", example); });
}

}  // namespace
}  // namespace salient::test
