// SPDX-License-Identifier: MIT
#include "salient/io/npy.hpp"

#include <cmath>

#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

class npy : public in_folder {};

bytes file_of(std::string_view header, const bytes& data, int version = 1) {
  return bytes{0x93} + text("NUMPY") + bytes{static_cast<std::uint8_t>(version), 0} +
         little_endian(header.size(), version == 1 ? 2 : 4) + text(header) + data;
}

std::string header(const std::string& descr, const std::string& shape, const std::string& order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }     \n";
}

TEST_F(npy, round_trip) {
  const std::vector<float> values = {1, -2, 3.5F, 0, 1e-30F, 1e30F};
  for (const std::vector<long>& dimensions :
       std::vector<std::vector<long>>{{6}, {2, 3}, {1, 2, 3, 1}, {6, 1}}) {
    write_npy(path("a.npy"), values, dimensions);
    const auto found = read_npy(path("a.npy"));
    EXPECT_EQ(found.dtype, "f4");
    EXPECT_EQ(found.dimensions, dimensions);
    EXPECT_EQ(found.values, values);
    EXPECT_EQ((content(path("a.npy")).size() - sizeof(float) * 6) % 64, 0U);  // the format aligns data
  }
  write_npy(path("a.npy"), std::vector<float>{7}, {});
  EXPECT_TRUE(read_npy(path("a.npy")).dimensions.empty());
  write_npy(path("a.npy"), {}, {3, 0});
  EXPECT_TRUE(read_npy(path("a.npy")).values.empty());
}

TEST_F(npy, the_header_is_padded_to_64_bytes_and_no_further) {
  for (std::size_t rank = 0; rank < 64; ++rank) {
    write_npy(path("a.npy"), std::vector<float>{7}, std::vector<long>(rank, 1));
    const std::size_t unpadded =
        10 + std::string_view("{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n").size() + 3 * rank;
    EXPECT_EQ(content(path("a.npy")).size(), (unpadded + 63) / 64 * 64 + sizeof(float)) << rank;
  }
}

TEST_F(npy, every_supported_type_and_version_is_read) {
  const std::vector<std::tuple<std::string, bytes, std::string>> cases = {
      {"<f4", raw<float>({0.5F, 3}), "f4"},
      {"<f8", raw<double>({0.5, 3}), "f8"},
      {"<f2", raw<std::uint16_t>({0x3800, 0x4200}), "f2"},
  };
  for (int version = 1; version <= 3; ++version) {
    for (const auto& [descr, data, dtype] : cases) {
      const auto found = read_npy(save("a", file_of(header(descr, "(2,)"), data, version)));
      EXPECT_EQ(found.dtype, dtype);
      EXPECT_EQ(found.values, (std::vector<float>{0.5F, 3}));
    }
    const auto found = read_npy(save("a", file_of(header("|u1", "(1, 2)"), {0, 255}, version)));
    EXPECT_EQ(found.dtype, "u1");
    EXPECT_EQ(found.values, (std::vector<float>{0, 255}));
  }
}

TEST_F(npy, integers_become_the_nearest_float) {
  const std::vector<std::tuple<std::string, bytes, std::vector<float>>> cases = {
      {"|u1", {0, 255}, {0, 255}},
      {"|i1", {0x80, 0x7f}, {-128, 127}},
      {"<u2", raw<std::uint16_t>({1, 65535}), {1, 65535}},
      {"<i2", raw<std::int16_t>({-32768, 32767}), {-32768, 32767}},
      {"<u4", raw<std::uint32_t>({7, 4294967295U}), {7, 4294967296.0F}},
      {"<i4", raw<std::int32_t>({-2147483647 - 1, 16777217}), {-2147483648.0F, 16777216}},
      {"<u8", raw<std::uint64_t>({7, ~0ULL}), {7, 18446744073709551616.0F}},
      {"<i8", raw<std::int64_t>({-(1LL << 62), 3}), {-4611686018427387904.0F, 3}},
      {"|b1", {1, 0}, {1, 0}},
      {"|b1", {0, 255}, {0, 1}},
      {">u1", {3, 4}, {3, 4}},
  };
  for (const auto& [descr, data, expected] : cases) {
    const auto found = read_npy(save("a", file_of(header(descr, "(2,)"), data)));
    EXPECT_EQ(found.values, expected) << descr;
    EXPECT_EQ(found.dtype, descr.substr(1));
  }
}

TEST_F(npy, the_header_may_be_spelled_in_any_way_python_allows) {
  for (const std::string spelled : {
           R"({"shape":(2,1),"descr":"<f4","fortran_order":False})",
           "{ 'fortran_order' : False , 'shape' : ( 2 , 1 , ) , 'descr' : '<f4' }\n",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }",  // as Python 2 writes it
       })
    EXPECT_EQ(read_npy(save("a", file_of(spelled, raw<float>({1, 2})))).dimensions,
              (std::vector<long>{2, 1}));
}

TEST_F(npy, bad_files_are_named) {
  const bytes eight(8);
  const std::vector<std::pair<bytes, words>> cases = {
      {{}, {"is empty, expected an NPY file"}},
      {text("words"), {"is not an NPY file"}},
      {text("PK\x03\x04 an archive"), {"is a ZIP archive", ".npz", "numpy.save"}},
      {bytes{0x93} + text("NUMPY\x04") + bytes(9), {"version 4.0"}},
      {bytes{0x93} + text("NUMPY\x01\x01") + bytes(9), {"version 1.1"}},
      {bytes{0x93} + text("NUMPY\x02") + bytes{0} + little_endian(0xffffffff, 4),
       {"header of 4294967295 bytes"}},
      {bytes{0x93} + text("NUMPY\x01") + bytes{0} + little_endian(0xffff, 2), {"header is cut short"}},
      {file_of(header("<f4", "(2,)", "True"), eight), {"Fortran order", "ascontiguousarray"}},
      {file_of(header("<f4", "(2,)", "Maybe"), eight), {"malformed", "Maybe"}},
      {file_of(header(">i8", "(1,)"), eight), {"\">i8\"", "most significant byte first", ".astype(\"<i8\")"}},
      {file_of(header(">f4", "(2,)"), eight), {"\">f4\"", ".astype(\"<f4\")"}},
      {file_of(header("<c8", "(1,)"), eight), {"\"<c8\"", "real numbers", ".astype(numpy.float32)"}},
      {file_of(header("|O", "(1,)"), eight), {"\"|O\"", ".astype(numpy.float32)"}},
      {file_of(header("<f4", "(2LL,)"), eight), {"malformed", "L,)"}},
      {file_of(header("<f4", "(L,)"), eight), {"malformed", "L,)"}},
      {file_of(header("", "(2,)"), eight), {"dtype \"\""}},
      {file_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", eight), {"records"}},
      {file_of("", eight), {"malformed"}},
      {file_of("{}", eight), {"malformed"}},
      {file_of("{'descr': '<f4', 'shape': (2,)}", eight), {"malformed"}},
      {file_of("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", eight),
       {"malformed"}},
      {file_of("{'descr': '<f4', 'more': 1, 'fortran_order': False, 'shape': (2,)}", eight), {"malformed"}},
      {file_of(header("<f4", "(2,)") + "x", eight), {"malformed", "\"x\""}},
      {file_of(header("<f4", "(2)"), eight), {"malformed"}},
      {file_of(header("<f4", "(,)"), eight), {"malformed"}},
      {file_of(header("<f4", "(-2,)"), eight), {"malformed", "-2"}},
      {file_of(header("<f4", "(2"), eight), {"malformed"}},
      {file_of(header("<f4", "(99999999999999999999,)"), eight), {"malformed", "9999"}},
      {file_of(header("<f4", "(4294967296, 4294967296)"), eight), {"impossible", "4294967296x4294967296"}},
      {file_of(header("<f4", "(1099511627776,)"), eight), {"cut short", "8 of 4398046511104"}},
      {file_of(header("<f4", "(3,)"), eight), {"cut short", "8 of 12"}},
      {file_of(header("<f4", "(1,)"), eight), {"trailing bytes"}},
      {file_of(header("<f4", "(2,)"), raw<float>({1, NAN})), {"of 2", "not finite", "element 1", "nan"}},
      {file_of(header("<f8", "(1,)"), raw<double>({-1e300})), {"not finite", "element 0", "-inf"}},
  };
  for (const auto& [file, expected] : cases) {
    const auto bad = save("bad.npy", file);
    SCOPED_TRACE(expected.front());
    EXPECT_LT(allocated_by([&] { expect_error(bad, expected, [&] { read_npy(bad); }); }), 1U << 18);
  }
}

TEST_F(npy, reader_laws) {
  write_npy(path("sound"), std::vector<float>{1, -2}, {2, 1});
  const auto save_bad = [&](const bytes& file) { return save("bad", file); };
  every_prefix_throws(content(path("sound")), save_bad, [](const auto& at) { read_npy(at); });
  every_flip_is_survived(content(path("sound")), save_bad,
                         [](const auto& at) { return read_npy(at).values; });
}

TEST_F(npy, writing_says_what_is_wrong) {
  const std::vector<float> two(2);
  expect_error(path("a"), {"array of 3", "2 values"}, [&] { write_npy(path("a"), two, {3}); });
  expect_error(path("a"), {"array of -2", "2 values"}, [&] { write_npy(path("a"), two, {-2}); });
  expect_error(path("a"), {"so many dimensions"},
               [&] { write_npy(path("a"), std::vector<float>(1), std::vector<long>(30'000, 1)); });
  EXPECT_TRUE(listing().empty());
  expect_error("/dev/full", {"no space"}, [&] { write_npy("/dev/full", two, {2}); });
}

}  // namespace
}  // namespace salient::test
