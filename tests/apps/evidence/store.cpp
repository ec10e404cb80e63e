// SPDX-License-Identifier: MIT
#include "evidence/store.hpp"

#include "made.hpp"

namespace {

namespace evidence = salient::evidence;

using evidence::figure, evidence::measured, evidence::part_key, evidence::run_key, evidence::store;

const run_key run{3, 2, "cpu, direct", "89ab", "0.1.0"};
const part_key part{"cnn", "0123", "gradients"};

measured some() {
  measured m;
  m[figure::deletion] = {0.1, std::nullopt};
  m[figure::blind] = {1.0 / 3, -0.25};
  m.milliseconds = {0.7, 0.9};
  return m;
}

struct kept : ::testing::Test {
  workshop here;
  std::vector<std::string> warnings;
  salient::warning_handler warn = [this](const std::string& w) { warnings.push_back(w); };

  store open(const run_key& key = run) {
    store s(here / "parts", key);
    s.take(warn);
    return s;
  }
  std::filesystem::path file() const { return std::filesystem::directory_iterator(here / "parts")->path(); }
};

TEST_F(kept, comes_back_to_the_last_bit) {
  EXPECT_EQ(open().find(part), nullptr);
  open().keep(part, some());
  const store again = open();
  EXPECT_EQ(again.found(), 1U);
  ASSERT_NE(again.find(part), nullptr);
  EXPECT_EQ(again.find(part)->of, some().of);
  EXPECT_EQ(again.find(part)->milliseconds, some().milliseconds);
  EXPECT_TRUE(warnings.empty());
}

TEST_F(kept, is_of_one_network_its_weights_and_one_method) {
  open().keep(part, some());
  const store again = open();
  EXPECT_EQ(again.find({"resnet", "0123", "gradients"}), nullptr);
  EXPECT_EQ(again.find({"cnn", "0124", "gradients"}), nullptr);
  EXPECT_EQ(again.find({"cnn", "0123", "grad_cam"}), nullptr);
}

TEST_F(kept, is_passed_over_by_another_run) {
  for (const run_key& other : {run_key{4, 2, "cpu, direct", "89ab", "0.1.0"},
                               {3, 3, "cpu, direct", "89ab", "0.1.0"},
                               {3, 2, "gpu", "89ab", "0.1.0"},
                               {3, 2, "cpu, direct", "cdef", "0.1.0"},
                               {3, 2, "cpu, direct", "89ab", "0.1.1"}}) {
    warnings.clear();
    open().keep(part, some());
    EXPECT_EQ(open(other).found(), 0U);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(warnings[0].find("is of a run with another"), std::string::npos);
  }
}

TEST_F(kept, is_passed_over_with_any_byte_changed) {
  open().keep(part, some());
  const std::string good = read(file());
  const std::filesystem::path at = file();
  std::size_t seen = 0;
  for (std::size_t i = 0; i < good.size(); i += 7) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    std::ofstream(at) << bad;
    seen += open().found() == 0;
  }
  EXPECT_EQ(seen, (good.size() + 6) / 7);
}

TEST_F(kept, has_a_file_of_its_own) {
  const store s = open();  // which need not know what others have kept
  s.keep(part, some());
  open().keep({"resnet", "0123", "gradients"}, some());
  s.keep({"cnn", "0123", "grad_cam"}, some());
  EXPECT_EQ(open().found(), 3U);
  std::ofstream(file()) << "{";
  EXPECT_EQ(open().found(), 2U);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find(" is damaged: it is removed, and this part is measured again"),
            std::string::npos);
  warnings.clear();
  EXPECT_EQ(open().found(), 2U);
  EXPECT_TRUE(warnings.empty());
}

TEST_F(kept, is_removed_at_the_end) {
  store s = open();
  s.keep(part, some());
  std::ofstream(here / "parts/.tmp-killed") << "half";
  s.clear();
  EXPECT_TRUE(here.files().empty());
}

TEST_F(kept, leaves_files_of_others_alone) {
  std::filesystem::create_directory(here / "parts");
  std::ofstream(here / "parts/notes.json") << "{}";
  store s = open();
  s.keep(part, some());
  s.clear();
  EXPECT_TRUE(std::filesystem::exists(here / "parts/notes.json"));
  EXPECT_TRUE(warnings.empty());
}

TEST(hash_of, is_fnv_1a) {
  EXPECT_EQ(evidence::hash_of(""), "cbf29ce484222325");
  EXPECT_EQ(evidence::hash_of("a"), "af63dc4c8601ec8c");
}

}  // namespace
