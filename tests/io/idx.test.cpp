// SPDX-License-Identifier: MIT
#include "salient/io/idx.hpp"

#include <algorithm>
#include <zlib.h>

#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"
#include "salient/io/image_set.hpp"

namespace salient::test {
namespace {

class idx : public in_folder {};

bytes file_of(const std::vector<std::uint32_t>& dimensions, const bytes& values, std::uint8_t type = 8) {
  bytes result = {0, 0, type, static_cast<std::uint8_t>(dimensions.size())};
  for (const auto d : dimensions) result = result + big_endian(d, 4);
  return result + values;
}

bytes gzip(bytes plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
  bytes packed(deflateBound(&stream, plain.size()) + 64);
  stream.next_in = plain.data();
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

const bytes two_images = file_of({2, 2, 3}, {0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255});
const bytes two_labels = file_of({2}, {7, 0});

TEST_F(idx, raw_and_gzip_are_told_by_content) {
  const bytes packed = gzip(two_images);
  const bytes half(two_images.begin(), two_images.begin() + 9),
      rest(two_images.begin() + 9, two_images.end());
  const std::vector<std::pair<std::string, bytes>> cases = {{"raw", two_images},
                                                            {"raw.gz", two_images},
                                                            {"packed", packed},
                                                            {"members", gzip(half) + gzip(rest) + gzip({})}};
  for (const auto& [name, file] : cases) {
    const auto found = read_idx(save(name, file));
    EXPECT_EQ(found.dimensions, (std::vector<int>{2, 2, 3})) << name;
    EXPECT_EQ(found.values, (bytes{0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255})) << name;
  }
  EXPECT_TRUE(read_idx(save("none", file_of({0, 28, 28}, {}))).values.empty());
}

TEST_F(idx, more_values_than_any_buffer_holds) {
  bytes values(300'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * i >> 3);
  const bytes file = file_of({300'000}, values);
  EXPECT_EQ(read_idx(save("a", file)).values, values);
  EXPECT_EQ(read_idx(save("a", gzip(file))).values, values);
}

TEST_F(idx, bad_files_are_named) {
  const std::uint32_t most = 0xffffffff;
  const bytes packed = gzip(two_images);
  bytes wrong_crc = packed, wrong_block = packed;
  wrong_crc[wrong_crc.size() - 8] ^= 1;
  wrong_block[10] = 0xff;
  const std::vector<std::pair<bytes, words>> cases = {
      {{}, {"not an IDX file"}},
      {{0, 0, 8}, {"not an IDX file"}},
      {text("\x89PNG\r\n and more"), {"not an IDX file"}},
      {{0, 0, 8, 0, 1}, {"header is cut short"}},
      {{0, 0, 8, 255, 1}, {"header is cut short"}},
      {file_of({2}, bytes(8), 0x0d), {"type 13", "expected 8"}},
      {file_of({2}, {1}), {"declares 2 bytes", "but 1 follow"}},
      {file_of({2}, {1, 2, 3}), {"declares 2 bytes", "but 3 follow"}},
      {file_of({most, 28, 28}, bytes(9)), {"declares 4294967295x28x28", "1 GiB"}},
      {file_of({most, 0}, {}), {"declares 4294967295x0", "1 GiB"}},
      {file_of({most, most, most}, bytes(9)), {"1 GiB"}},
      {file_of({1U << 30}, bytes(9)), {"declares 1073741824 bytes", "but 9 follow"}},
      {gzip(file_of({1U << 30}, bytes(9))), {"declares 1073741824 bytes", "but 9 follow"}},
      {gzip(file_of({2}, {1, 2, 3})), {"declares 2 bytes", "but more follow"}},
      {gzip(file_of({2}, {1, 2})) + gzip({3}), {"declares 2 bytes", "but more follow"}},
      {packed + text("x"), {"trailing bytes"}},
      {packed + bytes{0x1f, 0}, {"corrupt"}},
      {bytes(packed.begin(), packed.end() - 1), {"cut short"}},
      {wrong_crc, {"corrupt", "incorrect data check"}},
      {wrong_block, {"corrupt"}},
  };
  for (const auto& [file, expected] : cases) {
    const auto bad = save("bad-idx", file);
    SCOPED_TRACE(expected.front());
    EXPECT_LT(allocated_by([&] { expect_error(bad, expected, [&] { read_idx(bad); }); }), 1U << 19);
  }
}

TEST_F(idx, a_bomb_stops_at_the_declared_size) {
  const auto bomb = save("bomb", gzip(file_of({10}, bytes(50'000'000))));
  EXPECT_LT(std::filesystem::file_size(bomb), 100'000U);
  EXPECT_LT(allocated_by([&] { expect_error(bomb, {"more follow"}, [&] { read_idx(bomb); }); }), 1U << 19);
}

TEST_F(idx, reader_laws) {
  for (const bytes& sound : {two_images, gzip(two_images)}) {
    const auto save_bad = [&](const bytes& file) { return save("bad", file); };
    every_prefix_throws(sound, save_bad, [](const auto& at) { read_idx(at); });
    every_flip_is_survived(sound, save_bad, [](const auto& at) { return read_idx(at).values; });
  }
}

TEST_F(idx, mnist_scales_images_and_pairs_labels) {
  const auto found = read_mnist(save("i", two_images), save("l", two_labels));
  EXPECT_EQ(found.images.batch, 2);
  EXPECT_EQ(found.images.extent, (shape{2, 3, 1}));
  EXPECT_EQ(found.images(0, 0, 1, 0), 1.0F / 255);
  EXPECT_EQ(found.images(1, 1, 2, 0), 1.0F);
  EXPECT_EQ(found.labels, (std::vector<int>{7, 0}));
}

TEST_F(idx, labels_may_be_of_any_number_of_classes) {
  // EMNIST's letters have labels 1 to 26, its balanced set has 47 classes.
  const auto images = save("i", two_images);
  for (const bytes& labels : {bytes{1, 26}, {46, 0}, {255, 9}})
    EXPECT_EQ(read_mnist(images, save("l", file_of({2}, labels))).labels,
              (std::vector<int>{labels[0], labels[1]}));
}

TEST_F(idx, mnist_is_found_in_its_folder) {
  save("train-images-idx3-ubyte.gz", gzip(two_images));
  save("train-labels-idx1-ubyte", two_labels);
  EXPECT_EQ(read_mnist(path(""), split::train).labels, (std::vector<int>{7, 0}));
  expect_error(path("."), {"holds no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz"},
               [&] { read_mnist(path("."), split::test); });
  save("t10k-images-idx3-ubyte", two_images);
  save("t10k-labels-idx1-ubyte.gz", gzip(file_of({2}, {3, 4})));
  EXPECT_EQ(read_mnist(path(""), split::test).labels, (std::vector<int>{3, 4}));
}

/// Ten images of 4 x 5 noise.
bytes ten_images() {
  bytes values(200);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * i * 37 >> 4);
  return file_of({10, 4, 5}, values);
}
const bytes ten_labels = file_of({10}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0});

TEST_F(idx, some_of_mnist_are_those_of_all) {
  const bytes packed = gzip(ten_images()), all = ten_images();
  const bytes members = gzip({all.begin(), all.begin() + 90}) + gzip({all.begin() + 90, all.end()});
  save("t10k-labels-idx1-ubyte", ten_labels);
  for (const bytes& file : {all, packed, members}) {
    save("t10k-images-idx3-ubyte", file);
    EXPECT_EQ(mnist_size(path(""), split::test), 10);
    const auto every = read_mnist(path(""), split::test);
    for (const std::vector<long>& numbers :
         {std::vector<long>{0}, {9}, {3, 3}, {7, 2, 9, 0}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {}}) {
      const auto some = read_mnist(path(""), split::test, numbers);
      ASSERT_EQ(some.images.batch, static_cast<long>(numbers.size()));
      EXPECT_EQ(some.images.extent, every.images.extent);
      for (std::size_t n = 0; n < numbers.size(); ++n) {
        EXPECT_TRUE(
            std::ranges::equal(some.images.image(static_cast<long>(n)), every.images.image(numbers[n])));
        EXPECT_EQ(some.labels[n], 9 - numbers[n]);
      }
    }
  }
}

TEST_F(idx, some_of_mnist_need_memory_for_themselves) {
  const bytes pixels(20'000'000);
  const bytes file = file_of({20'000, 20, 50}, pixels);
  save("t10k-labels-idx1-ubyte.gz", gzip(file_of({20'000}, bytes(20'000))));
  for (const bytes& stored : {file, gzip(file)}) {
    save("t10k-images-idx3-ubyte", stored);
    EXPECT_LT(allocated_by([&] { read_mnist(path(""), split::test, std::vector<long>{19'999, 5}); }),
              1U << 18);
  }
}

TEST_F(idx, a_set_gives_its_images_in_any_order) {
  const bytes packed = gzip(ten_images()), all = ten_images();
  const bytes members = gzip({all.begin(), all.begin() + 90}) + gzip({all.begin() + 90, all.end()});
  const shape extent{4, 5, 1};
  save("labels", ten_labels);
  EXPECT_TRUE(is_image_set(path("labels")) && !is_image_set(path("absent")));
  for (const bytes& file : {all, packed, members}) {
    const auto at = save("images", file);
    EXPECT_TRUE(is_image_set(at));
    const tensor every = read_mnist(at, path("labels")).images;
    image_set set(at);
    EXPECT_EQ(set.size(), 10);
    EXPECT_NO_THROW(set.check(extent));
    for (const long n : {0, 1, 9, 3, 3, 4, 8, 0})
      EXPECT_TRUE(std::ranges::equal(set.read(n, extent).values, every.image(n))) << n;
    EXPECT_EQ(set.read(2, {4, 5, 3}).values[3 * 7 + 2], every(2, 1, 2, 0));  // grey fills colours
    expect_error(at, {"images 0 to 9, got 10"}, [&] { set.read(10, extent); });
    expect_error(at, {"needs a 5x5x1 image, got 4x5"}, [&] { set.check({5, 5, 1}); });
    expect_error(at, {"needs a 5x5x1 image, got 4x5"}, [&] { set.read(0, {5, 5, 1}); });
  }
  const auto labels = path("labels");
  expect_error(labels, {"holds 10 values, expected images"}, [&] { image_set set(labels); });
}

TEST_F(idx, a_set_is_read_where_it_is_asked) {
  const bytes file = file_of({20'000, 20, 50}, bytes(20'000'000));
  for (const bytes& stored : {file, gzip(file)}) {
    const auto at = save("images", stored);
    EXPECT_LT(allocated_by([&] {
                image_set set(at);
                set.read(19'999, {20, 50, 1});
                set.read(5, {20, 50, 1});
              }),
              1U << 18);
  }
}

TEST_F(idx, sets_follow_the_readers_laws) {
  const auto save_bad = [&](const bytes& file) { return save("bad", file); };
  const auto read_all = [](const auto& at) {
    std::vector<float> values;
    image_set set(at);
    for (long n = 0; n < set.size(); ++n)
      for (const float v : set.read(n, {4, 5, 1}).values) values.push_back(v);
    return values;
  };
  for (const bytes& sound : {ten_images(), gzip(ten_images())}) {
    every_prefix_throws(sound, save_bad, read_all);
    every_flip_is_survived(sound, save_bad, read_all);
  }
}

TEST_F(idx, some_of_mnist_are_refused_where_all_would_be_for_their_length) {
  save("t10k-labels-idx1-ubyte", ten_labels);
  const auto images = path("t10k-images-idx3-ubyte");
  const auto save_bad = [&](const bytes& file) { return save("t10k-images-idx3-ubyte", file); };
  const std::vector<long> first{0};
  const auto read_first = [&](const auto&) { return read_mnist(path(""), split::test, first).images.values; };
  for (const bytes& sound : {ten_images(), gzip(ten_images())}) {
    every_prefix_throws(sound, save_bad, read_first);
    every_flip_is_survived(sound, save_bad, read_first);
    save_bad(sound + bytes{0});
    EXPECT_TRUE(message_of([&] { read_first(images); }));
  }
  for (const long bad : {-1L, 10L}) {
    save_bad(ten_images());
    expect_error(images, {"has no image " + std::to_string(bad), "0 to 9"},
                 [&] { read_mnist(path(""), split::test, std::vector<long>{3, bad}); });
  }
  save("t10k-labels-idx1-ubyte", file_of({9}, bytes(9)));
  expect_error(path("t10k-labels-idx1-ubyte"), {"9 labels", "each of 10"}, [&] { read_first(images); });
}

TEST_F(idx, mnist_pairs_must_fit) {
  const auto images = save("images", two_images);
  const auto labels = save("labels", two_labels);
  const std::vector<std::pair<bytes, words>> bad_labels = {
      {file_of({3}, {1, 2, 3}), {"3 labels", "each of 2 images"}},
      {file_of({2, 1}, {1, 2}), {"2x1 labels"}},
  };
  for (const auto& [file, expected] : bad_labels) {
    const auto bad = save("bad", file);
    expect_error(bad, expected, [&] { read_mnist(images, bad); });
  }
  expect_error(labels, {"holds 2 bytes", "height x width"}, [&] { read_mnist(labels, labels); });
  const auto none = save("none", file_of({0, 2, 3}, {}));
  expect_error(none, {"holds 0x2x3 bytes"}, [&] { read_mnist(none, labels); });
}

}  // namespace
}  // namespace salient::test
