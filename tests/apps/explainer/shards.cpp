// SPDX-License-Identifier: MIT
#include "explainer/shards.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <sys/resource.h>

#include "explainer/networks.hpp"
#include "explainer/pictures.hpp"
#include "io/sha256.hpp"
#include "program.hpp"
#include "salient/io/safetensors.hpp"

namespace {

using namespace salient;
using nlohmann::json;

/// Random images of the network's size, whose values are those of bytes.
tensor images_of(long count) {
  tensor images(tested::tiny::input_shape, count);
  unsigned state = 1;
  for (float& v : images.values) v = static_cast<float>((state = state * 1664525 + 1013904223) >> 24) / 255;
  return images;
}

void save(const std::filesystem::path& file, const tensor& images) {
  write_safetensors(file, {{"pixels", {images.batch, 32, 32, 3}, images.values}});
}

ending explain(const workshop& here, const std::string& line) {
  return here.run("explain-tiny", words(line + " --write maps"));
}

TEST(explainer_shards, hold_what_the_library_computes) {
  const workshop here;
  const tensor images = images_of(5);
  save(here / "set.safetensors", images);
  const ending e =
      explain(here, "set.safetensors --method grad_cam,gradients --top 2 --shard-size 2 --out o");
  ASSERT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(e.err, "");
  EXPECT_NE(e.out.find("explained   5 of 5\n"), std::string::npos) << e.out;

  const cpu device;
  const auto model = load<tested::tiny>(SALIENT_TINY_WEIGHTS, device);
  const tensor scores = predict(model, images);
  const auto table = read_table(here / "o/table.jsonl");
  const json index = json::parse(content_of(here / "o/index.json"));
  ASSERT_EQ(table.size(), 5U);
  ASSERT_EQ(index.at("shards").size(), 3U);
  EXPECT_EQ(index.at("run").at("preprocessing").at("channels"), "rgb");
  EXPECT_EQ(index.at("run").at("methods")[0].at("score"), "logit");
  for (long n = 0; n < 5; ++n) {
    const json& line = table[static_cast<std::size_t>(n)];
    EXPECT_EQ(line.at("image"), n);
    EXPECT_EQ(line.at("file"), "set.safetensors#" + std::to_string(n));
    const auto values = images.image(n);
    EXPECT_EQ(
        line.at("values_sha256"),
        salient::detail::sha256({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()}));
    EXPECT_EQ(line.at("shard"), n / 2);
    EXPECT_EQ(line.at("row"), n % 2);
    const auto file = index.at("shards")[static_cast<std::size_t>(n / 2)].at("maps").at("file");
    const auto shard = read_shard(here / "o" / file.get<std::string>());
    const long rows = n == 4 ? 1 : 2;
    EXPECT_EQ(shard.at("index").whole[static_cast<std::size_t>(n % 2)], n);
    EXPECT_EQ(shard.at("classes").shape, (std::vector<long>{rows, 2}));
    EXPECT_EQ(shard.at("scores").shape, (std::vector<long>{rows, 4}));
    EXPECT_EQ(shard.at("grad_cam").shape, (std::vector<long>{rows, 2, 16, 16, 1}));
    EXPECT_EQ(shard.at("gradients").shape, (std::vector<long>{rows, 2, 32, 32, 3}));
    for (int k = 0; k < 2; ++k) {
      const auto at = static_cast<std::size_t>(n % 2 * 2 + k);
      const auto c = static_cast<int>(shard.at("classes").whole[at]);
      EXPECT_EQ(line.at("predictions")[static_cast<std::size_t>(k)].at("class"), c);
      const tensor image = images.slice(n, 1);
      const auto expect = [&](const char* name, const tensor& map, std::size_t place) {
        const auto& found = shard.at(name).values;
        ASSERT_GE(found.size(), (at + 1) * map.values.size());
        for (std::size_t i = 0; i < map.values.size(); ++i)
          ASSERT_NEAR(found[at * map.values.size() + i], map.values[i], 1e-5) << name;
        const json& said = line.at("maps")[place];
        EXPECT_EQ(said.at("method"), name);
        EXPECT_EQ(said.at("class"), c);
        EXPECT_NEAR(said.at("highest"), std::ranges::max(map.values), 1e-5);
      };
      expect("grad_cam", grad_cam(model, image, logit(c)).map, static_cast<std::size_t>(2 * k));
      expect("gradients", gradients(model, image, logit(c)).map, static_cast<std::size_t>(2 * k + 1));
      EXPECT_NEAR(shard.at("scores").values[static_cast<std::size_t>(n % 2 * 4 + c)], scores(n, 0, 0, c),
                  1e-5);
    }
  }
}

TEST(explainer_shards, are_the_same_for_every_kind_of_file) {
  const workshop here;
  const tensor images = images_of(3);
  save(here / "set.safetensors", images);
  std::vector<std::uint8_t> bytes;
  for (const float v : images.values) bytes.push_back(static_cast<std::uint8_t>(v * 255 + 0.5F));
  const std::string pixels(bytes.begin(), bytes.end());
  std::ofstream(here / "bytes", std::ios::binary)
      << std::string("\0\0\10\4\0\0\0\3\0\0\0\40\0\0\0\40\0\0\0\3", 20) << pixels;
  std::string header = R"({"images":{"dtype":"U8","shape":[3,32,32,3],"data_offsets":[0,9216]}})";
  header.resize(88, ' ');
  std::ofstream(here / "u8", std::ios::binary) << std::string("\130\0\0\0\0\0\0\0", 8) << header << pixels;
  std::filesystem::create_directory(here / "folder");
  for (long n = 0; n < 3; ++n)
    write_png(here / ("folder/" + std::to_string(n) + ".png"), show(images.slice(n, 1)));
  tensor planes = images;  // channels first, as PyTorch's
  for (long n = 0; n < 3; ++n)
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 1024; ++i)
        planes.image(n)[static_cast<std::size_t>(c * 1024 + i)] =
            images.image(n)[static_cast<std::size_t>(i * 3 + c)];
  write_safetensors(here / "planes", {{"other", {1}, {0}}, {"images", {3, 3, 32, 32}, planes.values}});
  std::ofstream(here / "list.txt") << "bytes#0:2\n# the last of another\nu8#2\n";

  std::map<std::string, shard_tensor> first;
  for (const char* name : {"set.safetensors", "bytes", "u8", "folder", "planes", "list.txt"}) {
    const ending e =
        explain(here, std::string(name) + " --resize 0 --method integrated_gradients --out " + name + "-out");
    ASSERT_EQ(e.code, 0) << name << e.err;
    EXPECT_EQ(e.err, "");
    const auto found = read_shard(here / (std::string(name) + "-out/maps-00000.safetensors"));
    if (first.empty()) first = found;
    EXPECT_EQ(found.at("integrated_gradients").values == first.at("integrated_gradients").values, true)
        << name;
    EXPECT_EQ(found.at("index").whole, (std::vector<std::int64_t>{0, 1, 2}));
  }
  EXPECT_GT(std::ranges::max(first.at("integrated_gradients").values), 0);
  const auto table = read_table(here / "list.txt-out/table.jsonl");
  EXPECT_EQ(table[1].at("file"), "bytes#1");
  EXPECT_EQ(table[2].at("file"), "u8#2");
}

TEST(explainer_shards, record_a_bad_picture_and_go_on) {
  const workshop here;
  tensor images = images_of(4);
  images.image(1)[5] = 3e38F;  // scores overflow
  save(here / "set", images);
  std::string bytes = content_of(here / "set");
  bytes.replace(bytes.size() - 4, 4, "\xff\xff\xff\x7f");  // the last value of the last image
  std::ofstream(here / "set", std::ios::binary) << bytes;
  const ending e = explain(here, "set absent.png --method gradients --shard-size 2 --out o");
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("set: image 3 is not finite: element 3071 is nan"), std::string::npos) << e.err;
  EXPECT_NE(e.err.find("3 of 5 pictures could not be explained; o/table.jsonl says why"), std::string::npos)
      << e.err;
  const auto table = read_table(here / "o/table.jsonl");
  ASSERT_EQ(table.size(), 5U);
  for (const std::size_t n : {1U, 3U, 4U}) {
    EXPECT_TRUE(table[n].contains("error")) << table[n];
    EXPECT_FALSE(table[n].contains("row"));
  }
  EXPECT_EQ(table[2].at("row"), 0);
  EXPECT_EQ(read_shard(here / "o/maps-00000.safetensors").at("index").whole, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(read_shard(here / "o/maps-00001.safetensors").at("index").whole, (std::vector<std::int64_t>{2}));
  const auto none = read_shard(here / "o/maps-00002.safetensors");
  EXPECT_EQ(none.at("index").shape, (std::vector<long>{0}));
  EXPECT_EQ(none.contains("gradients"), false);
  EXPECT_EQ(explain(here, "set absent.png --method gradients --shard-size 2 --out o").code, 1) << "again";
}

TEST(explainer_shards, of_a_set_that_cannot_be_used_are_not_begun) {
  const workshop here;
  save(here / "good", images_of(3));
  std::ofstream(here / "short", std::ios::binary)
      << std::string("\0\0\10\3\0\0\0\2\0\0\0\40\0\0\0\40", 16) << "few";
  std::ofstream(here / "labels", std::ios::binary) << std::string("\0\0\10\1\0\0\0\2ab", 10);
  write_safetensors(here / "wide", {{"images", {1, 32, 33, 3}, std::vector<float>(32UL * 33 * 3)}});
  write_safetensors(here / "weights", {{"a", {1}, {0}}, {"b", {1}, {0}}});
  for (const auto& [name, message] : std::vector<std::pair<std::string, std::string>>{
           {"short", "short: its header declares 2x32x32 bytes, but 3 follow"},
           {"labels", "labels: holds 2 values, expected images x height x width"},
           {"wide", "wide: the network needs a 32x32x3 image, got 32x33x3"},
           {"weights", "weights: has 2 tensors, none of them called images"},
           {"good#3", "good: has images 0 to 2, got 3"},
           {"good#2:4", "good: has images 0 to 2, got 2:4"},
           {"good#2:2", "good: has images 0 to 2, got 2:2"}}) {
    const ending e = explain(here, name + " --method gradients --out o");
    EXPECT_EQ(e.code, 1) << name << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << e.err;
    EXPECT_EQ(std::filesystem::exists(here / "o"), false);
  }
  const ending e = explain(here, "good --method gradients --weights /dev/null");
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("/dev/null: is no file, by whose hash"), std::string::npos) << e.err;
}

const std::string some = "set --method gradients,smooth_grad --shard-size 4 --out ";

TEST(explainer_shards, are_the_same_however_often_a_run_is_killed) {
  const workshop here;
  save(here / "set", images_of(22));
  ASSERT_EQ(explain(here, some + "whole --threads 1").code, 0);
  const auto whole = all_of(here / "whole");
  EXPECT_EQ(whole.size(), 3U + 6 * 3);
  int killed = 0;
  for (const char* appears : {"o/run.json", "o/parts/table-00000.jsonl", "o/parts/shard-00001.json",
                              "o/maps-00003.safetensors", "o/table.jsonl"}) {
    killed += here.kill_once([&] { return std::filesystem::exists(here / appears); }, "explain-tiny",
                             words(some + "o --write maps"));
    std::ofstream(here / "o/.tmp-1") << "half";
    std::ofstream(here / "o/parts/.tmp-2") << "half";
  }
  EXPECT_GE(killed, 2);
  const ending e = explain(here, some + "o");
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(all_of(here / "o") == whole, true);
}

TEST(explainer_shards, that_are_complete_are_not_computed_again) {
  const workshop here;
  save(here / "set", images_of(10));
  ASSERT_EQ(explain(here, some + "o").code, 0);
  const auto whole = all_of(here / "o");
  // If the file still has another byte afterwards, nobody has written it.
  std::fstream(here / "o/maps-00000.safetensors", std::ios::in | std::ios::out).seekp(-1, std::ios::end)
      << 'x';
  for (const char* gone : {"o/index.json", "o/table.jsonl", "o/maps-00001.safetensors"})
    std::filesystem::remove(here / gone);
  std::ofstream(here / "o/parts/shard-00002.json") << "{";  // power failed
  const ending again = explain(here, some + "o");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out.find("earlier"), std::string::npos) << again.out;
  auto found = all_of(here / "o");
  EXPECT_EQ(found["maps-00000.safetensors"].back(), 'x');
  found["maps-00000.safetensors"] = whole.at("maps-00000.safetensors");
  EXPECT_EQ(found == whole, true);

  std::filesystem::remove_all(here / "o/parts");  // no longer needed
  const ending finished = explain(here, some + "o --weights " + SALIENT_TINY_WEIGHTS);
  EXPECT_EQ(finished.code, 0);
  EXPECT_NE(finished.out.find("explained   10 of 10, in an earlier run"), std::string::npos) << finished.out;
}

TEST(explainer_shards, of_another_run_are_kept_unless_told) {
  const workshop here;
  save(here / "set", images_of(6));
  ASSERT_EQ(explain(here, "set --method gradients --shard-size 1 --out o").code, 0);
  std::ofstream(here / "o/notes.txt") << "mine";
  const auto before = all_of(here / "o");
  const std::string other = "set --method gradients --shard-size 3 --target 1 --out o";
  const ending e = explain(here, other);
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("o: holds another run, which differs in target (null there, 1 now), shard_size (1 "
                       "there, 3 now); name another folder with --out, or begin anew with --restart"),
            std::string::npos)
      << e.err;
  EXPECT_EQ(all_of(here / "o") == before, true);
  EXPECT_EQ(explain(here, other + " --restart").code, 0);
  const auto after = all_of(here / "o");
  EXPECT_EQ(after.contains("maps-00001.safetensors"), true);
  EXPECT_EQ(after.contains("maps-00002.safetensors"), false);
  EXPECT_EQ(after.at("notes.txt"), "mine");
}

/// No file may be longer in programs that are started meanwhile, as on a full disk.
struct short_files {
  explicit short_files(rlim_t bytes) : handler(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit less{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~short_files() {
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
  }
  short_files(const short_files&) = delete;
  short_files& operator=(const short_files&) = delete;

  void (*handler)(int);
  rlimit before{};
};

TEST(explainer_shards, that_are_complete_outlast_a_full_disk) {
  const workshop here;
  save(here / "set", images_of(5));
  const std::string line = "set --method gradients --shard-size 3 --out ";
  ASSERT_EQ(explain(here, line + "whole").code, 0);
  std::filesystem::create_directory(here / "o");
  {
    const short_files less(30'000);  // the second shard's maps fit, the first one's do not
    const ending e = explain(here, line + "o");
    EXPECT_EQ(e.code, 1);
    EXPECT_NE(e.err.find("o/maps-00000.safetensors: cannot be written"), std::string::npos) << e.err;
  }
  EXPECT_EQ(all_of(here / "o").size(), 1U) << "run.json";
  EXPECT_EQ(explain(here, line + "o").code, 0);
  EXPECT_EQ(all_of(here / "o") == all_of(here / "whole"), true);
}

TEST(explainer_shards, can_have_pictures_and_pages) {
  const workshop here;
  save(here / "set", images_of(3));
  const ending e =
      here.run("explain-tiny", words("set --method grad_cam --shard-size 2 --out o --write pictures,maps"));
  ASSERT_EQ(e.code, 0) << e.err;
  const auto files = all_of(here / "o");
  const std::string page = files.at("index.html");
  EXPECT_NE(page.find("<a href=\"./pictures-00001/index.html\">pictures 2 to 2</a>"), std::string::npos)
      << page;
  for (const json& line : read_table(here / "o/table.jsonl")) {
    const std::string picture = line.at("maps")[0].at("picture");
    ASSERT_EQ(files.contains(picture), true) << picture;
    const auto slash = picture.find('/');
    EXPECT_NE(files.at(picture.substr(0, slash) + "/index.html").find(picture.substr(slash + 1)),
              std::string::npos);
  }
  EXPECT_EQ(files.contains("pictures-00000/1-set-1.grad_cam.1.png") ||
                files.contains("pictures-00000/1-set-1.grad_cam.0.png") ||
                files.contains("pictures-00000/1-set-1.grad_cam.2.png") ||
                files.contains("pictures-00000/1-set-1.grad_cam.3.png"),
            true);
}

TEST(explainer_shards, options_need_them) {
  const workshop here;
  draw(here / "a.png");
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"a.png --shard-size 2", "--shard-size needs --write maps"},
           {"a.png --restart", "--restart needs --write maps"},
           {"a.png --write maps --raw", "--raw needs --write pictures"},
           {"a.png --write map", "--write 'map' is none of pictures, maps"}}) {
    const ending e = here.run("explain-tiny", words(line));
    EXPECT_EQ(e.code, 2) << e.err;
    EXPECT_NE(e.err.find(message), std::string::npos) << e.err;
  }
  save(here / "set", images_of(1001));
  const ending many = here.run("explain-tiny", words("set --method gradients"));
  EXPECT_EQ(many.code, 2);
  EXPECT_NE(many.err.find("1001 pictures are too many for a page"), std::string::npos) << many.err;
}

}  // namespace
