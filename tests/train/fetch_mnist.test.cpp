// SPDX-License-Identifier: MIT

// Tests cmake/fetch_mnist.sh with folders as mirrors.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "salient/io/idx.hpp"

namespace salient {
namespace {

namespace fs = std::filesystem;

const std::string images = "t10k-images-idx3-ubyte", labels = "t10k-labels-idx1-ubyte";
const std::string both = " " + images + " " + labels;
const fs::path published = fs::path(SALIENT_SOURCE_DIR) / "apps" / "data";

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

class fetch_mnist : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v curl >/dev/null") != 0)
      GTEST_SKIP() << "there is no curl, which reads folders as if they were mirrors";
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    scratch_ = fs::path(testing::TempDir()) / ("fetch_mnist." + std::string(test->name()));
    fs::remove_all(scratch_);
    fs::create_directories(scratch_ / "mirror");
    for (const std::string& name : {images, labels})
      fs::copy_file(published / (name + ".gz"), mirrored(name));
  }
  void TearDown() override { fs::remove_all(scratch_); }

  fs::path folder() const { return scratch_ / "mnist"; }
  fs::path mirrored(const std::string& name) const { return scratch_ / "mirror" / (name + ".gz"); }

  /// Runs the script and returns its exit code; said() returns its output.
  int fetch(const std::string& arguments, const std::string& mirrors) {
    const std::string command = "MNIST_MIRRORS='" + mirrors + "' sh '" + SALIENT_SOURCE_DIR +
                                "/cmake/fetch_mnist.sh' " + arguments + " >/dev/null 2>'" +
                                (scratch_ / "said").string() + "'";
    return WEXITSTATUS(std::system(command.c_str()));
  }
  int fetch(const std::string& names = both) {
    return fetch("'" + folder().string() + "'" + names, mirror());
  }

  std::string mirror() const { return "file://" + (scratch_ / "mirror").string(); }
  std::string said() const { return content(scratch_ / "said"); }

  /// Expects one line of output that contains `words`, and no folder.
  void expect_refusal(const std::string& words) const {
    EXPECT_NE(said().find(words), std::string::npos) << said();
    EXPECT_EQ(said().find('\n'), said().size() - 1) << said();
    EXPECT_FALSE(fs::exists(folder()));
  }

 private:
  fs::path scratch_;
};

TEST_F(fetch_mnist, brings_what_can_be_read) {
  ASSERT_EQ(fetch(), 0) << said();
  EXPECT_EQ(read_mnist(folder(), split::test).labels.size(), 10'000u);
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder())) found.insert(entry.path().filename());
  EXPECT_EQ(found, (std::set<std::string>{images + ".gz", labels + ".gz"}));
}

TEST_F(fetch_mnist, fetches_only_what_is_missing_or_wrong) {
  ASSERT_EQ(fetch(), 0) << said();
  write(folder() / (labels + ".gz"), "broken");
  fs::remove(mirrored(images));
  EXPECT_EQ(fetch(), 0) << said();
  EXPECT_EQ(content(folder() / (labels + ".gz")), content(published / (labels + ".gz")));
}

TEST_F(fetch_mnist, goes_on_to_the_next_mirror) {
  EXPECT_EQ(fetch("'" + folder().string() + "'" + both, "file:///absent " + mirror()), 0) << said();
}

TEST_F(fetch_mnist, takes_all_four_files_unless_told_otherwise) {
  EXPECT_EQ(fetch(""), 1);
  expect_refusal("train-images-idx3-ubyte.gz");
}

TEST_F(fetch_mnist, leaves_nothing_if_one_file_is_absent) {
  fs::remove(mirrored(labels));
  EXPECT_EQ(fetch(), 1);
  expect_refusal(labels);
}

TEST_F(fetch_mnist, leaves_nothing_if_one_file_is_another) {
  fs::copy_file(mirrored(images), mirrored(labels), fs::copy_options::overwrite_existing);
  EXPECT_EQ(fetch(), 1);
  expect_refusal("MD5");
}

TEST_F(fetch_mnist, leaves_nothing_if_one_file_is_cut_short) {
  write(mirrored(images), content(mirrored(images)).substr(0, 1'000'000));
  EXPECT_EQ(fetch(), 1);
  expect_refusal("MD5");
}

TEST_F(fetch_mnist, keeps_a_folder_that_was_there) {
  fs::create_directory(folder());
  write(folder() / "mine", "mine");
  fs::remove(mirrored(labels));
  EXPECT_EQ(fetch(), 1);
  EXPECT_EQ(content(folder() / "mine"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1);
}

TEST_F(fetch_mnist, refuses_a_raw_file_that_would_hide_what_it_brings) {
  fs::create_directory(folder());
  write(folder() / labels, "other");
  EXPECT_EQ(fetch(), 1);
  EXPECT_NE(said().find("move it away"), std::string::npos) << said();
}

TEST_F(fetch_mnist, tells_wrong_usage_from_bad_input) {
  EXPECT_EQ(fetch("", mirror()), 2);
  expect_refusal("usage");
  EXPECT_EQ(fetch(" train-images"), 2);
  expect_refusal("'train-images'");
  write(folder(), "a file");
  EXPECT_EQ(fetch(), 1);
  EXPECT_EQ(said().find("fetch_mnist.sh: cannot make the folder"), 0u) << said();
}

}  // namespace
}  // namespace salient
