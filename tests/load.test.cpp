// SPDX-License-Identifier: MIT
#include "salient/load.hpp"

#include <fcntl.h>
#include <thread>

#include <sys/stat.h>

#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"

namespace salient::test {
namespace {

class loading : public in_folder {};

void expect_equal(const state_dict& found, const state_dict& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].dimensions, expected[i].dimensions);
    EXPECT_EQ(found[i].values, expected[i].values);
  }
}

TEST_F(loading, gives_back_what_was_saved) {
  laws::for_each_network([&]<class Network>() {
    const cpu device;
    const auto saved = laws::random_model<Network>(device);
    salient::save(saved, path("a"));
    expect_equal(load<Network>(path("a"), device).to_state_dict(), saved.to_state_dict());
    expect_equal(load<Network, double>(path("a"), device).to_state_dict(), saved.to_state_dict());
  });
}

TEST_F(loading, keeps_the_preprocessing_that_it_is_told) {
  constexpr preprocessing p{.mean = 0.1307, .deviation = 0.3081};
  const cpu device;
  salient::save(laws::random_model<laws::perceptron>(device), path("a"));
  EXPECT_TRUE((load<laws::perceptron>(path("a"), device, {.images = p}).input_preprocessing() == p));
  EXPECT_TRUE((load<laws::perceptron, double>(path("a"), device, {.images = p}).input_preprocessing() == p));
  EXPECT_TRUE(load<laws::perceptron>(path("a"), device).input_preprocessing() == preprocessing{});
}

/// 2.3 million parameters (9 MB), most of them in one layer.
using large = network<input<32, 32, 8>, conv2d<16, 5>, relu, flatten, dense<180>, relu, dense<10>>;

// Device buffers are not allocated by operator new, so this measures only the additional memory of loading.
template <class Scalar>
void little_besides(const std::filesystem::path& file, const state_dict& weights) {
  constexpr std::size_t little = 1 << 20;
  static_assert(large::parameters * sizeof(float) > 8 * little);
  const cpu device;
  EXPECT_LT(allocated_by([&] { (load<large, Scalar>(file, device)); }), little);
  EXPECT_LT(allocated_by([&] { (model<large, cpu, Scalar>(device, weights)); }), little);
  EXPECT_GT(allocated_by([&] { read_safetensors(file); }), 8 * little);  // the meter works
}

TEST_F(loading, needs_little_memory_besides_the_parameters) {
  const state_dict weights = laws::random_weights<large>();
  write_safetensors(path("large"), weights);
  little_besides<float>(path("large"), weights);
  little_besides<double>(path("large"), weights);
}

using small = network<input<2, 2, 1>, flatten, dense<2>>;
const state_dict small_weights = {{"1.weight", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}}, {"1.bias", {2}, {9, 10}}};

/// Writes to a pipe, whose total size the reader cannot know.
template <class Action>
void through_a_pipe(const std::filesystem::path& pipe, const bytes& all, Action action) {
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream(pipe, std::ios::binary)
        .write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
  });
  action();
  writer.join();
  std::filesystem::remove(pipe);
}

TEST_F(loading, takes_a_pipe_to_its_end_and_no_further) {
  write_safetensors(path("a"), small_weights);
  const bytes sound = content(path("a"));
  const cpu device;
  through_a_pipe(path("pipe"), sound,
                 [&] { expect_equal(load<small>(path("pipe"), device).to_state_dict(), small_weights); });
  through_a_pipe(path("pipe"), sound + bytes{0}, [&] {
    expect_error(path("pipe"), {"trailing bytes"}, [&] { load<small>(path("pipe"), device); });
  });
  through_a_pipe(path("pipe"), bytes(sound.begin(), sound.end() - 1), [&] {
    expect_error(path("pipe"), {"tensor \"1.bias\" is cut short", "7 of 8 bytes"},
                 [&] { load<small>(path("pipe"), device); });
  });
}

TEST_F(loading, refuses_in_one_line_that_names_the_file_once) {
  const cpu device;
  const auto refused = [&](const state_dict& tensors, const words& expected) {
    write_safetensors(path("bad"), tensors);
    expect_error(path("bad"), expected, [&] { load<small>(path("bad"), device); });
    const auto message = message_of([&] { load<small>(path("bad"), device); });
    EXPECT_EQ(message->find(path("bad").string(), 1), std::string::npos) << *message;
  };
  refused({small_weights[0]}, {"lack '1.bias'", "layer 1 (dense)"});
  refused({}, {"hold no tensors", "'1.weight'"});
  refused({{"1.weight", {4, 2}, std::vector<float>(8)}, small_weights[1]}, {"'1.weight' is 4x2", "2x4"});
  refused({small_weights[0], small_weights[1], {"2.bias", {0}, {}}}, {"'2.bias' (0)", "belongs to no layer"});
  refused({small_weights[0], small_weights[1], {"2\n.bias", {1}, {1}}}, {"'2\\x0a.bias'", "no layer"});

  write_safetensors(path("sound"), small_weights);
  bytes not_finite = content(path("sound"));
  not_finite.back() = 0x7f;
  not_finite[not_finite.size() - 2] = 0xc0;
  const auto bad = save("not_finite", not_finite);
  expect_error(bad, {"tensor \"1.bias\" is not finite", "element 1"}, [&] { load<small>(bad, device); });
}

bytes file_of(std::string_view header, const bytes& data) {
  return little_endian(header.size(), 8) + text(header) + data;
}

/// small_weights with a prefix, and further tensors of types that the library does not read.
bytes unusual_file(const std::string& weight, const std::string& more) {
  return file_of(
      R"({"count":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"none":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},)"
      R"("m.)" +
          weight +
          R"(":{"dtype":"F32","shape":[2,4],"data_offsets":[8,40]},)"
          R"("half":{"dtype":"F16","shape":[2],"data_offsets":[40,44]},)"
          R"("m.1.bias":{"dtype":"F32","shape":[2],"data_offsets":[44,52]})" +
          more + "}",
      bytes(8, 0xff) + raw<float>({1, 2, 3, 4, 5, 6, 7, 8}) + raw<std::uint16_t>({0x7e00, 0x7e00}) +
          raw<float>({9, 10}));
}

TEST_F(loading, passes_over_what_is_left_out_whatever_its_type_and_values) {
  const bytes sound = unusual_file("old.weight", "");
  const cpu device;
  const rename_function rename = [](const std::string& name) -> std::string {
    if (name == "m.old.weight") return "1.weight";
    return name.starts_with("m.") ? name.substr(2) : "";
  };
  const auto loaded = [&](const auto& at) {
    return load<small>(at, device, {.rename = rename}).to_state_dict();
  };
  expect_equal(loaded(save("a", sound)), small_weights);
  through_a_pipe(path("pipe"), sound, [&] { expect_equal(loaded(path("pipe")), small_weights); });
  for (const std::size_t missing : {1, 8, 9, 12, 13, 45, 52}) {
    const bytes cut(sound.begin(), sound.end() - static_cast<std::ptrdiff_t>(missing));
    through_a_pipe(path("pipe"), cut,
                   [&] { expect_error(path("pipe"), {"is cut short"}, [&] { loaded(path("pipe")); }); });
  }
  // The last tensor may be skipped too.
  const bytes longer =
      unusual_file("old.weight", R"(,"last":{"dtype":"BOOL","shape":[3],"data_offsets":[52,55]})") + bytes(3);
  expect_equal(loaded(save("a", longer)), small_weights);
  through_a_pipe(path("pipe"), longer, [&] { expect_equal(loaded(path("pipe")), small_weights); });
  through_a_pipe(path("pipe"), longer + bytes{0},
                 [&] { expect_error(path("pipe"), {"trailing bytes"}, [&] { loaded(path("pipe")); }); });
}

TEST_F(loading, says_of_a_tensor_of_integers_where_it_has_no_place) {
  const cpu device;
  expect_error(save("a", unusual_file("1.weight", "")),
               {"the weights have 'm.1.weight' (2x4) where layer 1 (dense) looks for '1.weight'"},
               [&] { load<small>(path("a"), device); });
  const auto integers = save(
      "integers",
      file_of(
          R"({"1.weight":{"dtype":"I8","shape":[2,4],"data_offsets":[0,8]},"1.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
          bytes(16)));
  expect_error(integers, {"'1.weight' holds values of type I8, but layer 1 (dense) expects floats"},
               [&] { load<small>(integers, device); });
}

TEST_F(loading, survives_names_that_are_made_to_take_long) {
  const cpu device;
  std::string header = "{", dots(200'000, '.');
  for (int i = 0; i < 3; ++i)
    header += (i ? ",\"" : "\"") + dots + std::to_string(i) +
              R"(.running_mean":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  const auto bad = save("bad", file_of(header + "}", {}));
  const auto message = message_of([&] { load<small>(bad, device); });
  ASSERT_TRUE(message);
  EXPECT_LT(message->size(), 2000U);
}

TEST_F(loading, reader_laws) {
  write_safetensors(path("sound"), small_weights);
  const bytes sound = content(path("sound"));
  const cpu device;
  const auto save_bad = [&](const bytes& file) { return save("bad", file); };
  every_prefix_throws(sound, save_bad, [&](const auto& at) { load<small>(at, device); });
  every_flip_is_survived(sound, save_bad, [&](const auto& at) {
    std::vector<float> values;
    for (const auto& tensor : load<small>(at, device).to_state_dict())
      values.insert(values.end(), tensor.values.begin(), tensor.values.end());
    return values;
  });
}

}  // namespace
}  // namespace salient::test
