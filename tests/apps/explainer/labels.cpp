// SPDX-License-Identifier: MIT
#include "explainer/class_labels.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

using explainer::class_labels;

class labels : public in_folder {};

TEST_F(labels, are_found_by_number_name_and_part) {
  const class_labels l(save("a.txt", text("tench, Tinca tinca\r\ncrane\nCrane\nGreat Owl\n\n")), 4);
  EXPECT_EQ(l.text(0), "0 tench, Tinca tinca");
  EXPECT_EQ(l.find("0"), 0);
  EXPECT_EQ(l.find("tinca TINCA"), 0);
  EXPECT_EQ(l.find("great owl"), 3);
  EXPECT_THROW(l.find("crane"), error);
  EXPECT_THROW(l.find("owl"), error);
  EXPECT_THROW(l.find("4"), error);
  EXPECT_THROW(l.find("99999999999999999999"), error);
  EXPECT_THROW(l.find(""), error);
}

TEST_F(labels, skip_tensorflows_background) {
  EXPECT_EQ(class_labels(save("a.txt", text("background\ncat\ndog")), 2).label(0), "cat");
  EXPECT_EQ(class_labels(save("a.txt", text("background\ncat")), 2).label(0), "background");
  expect_error(save("a.txt", text("a\nb\nc")), {"has 3 names", "2 classes"},
               [&] { class_labels(path("a.txt"), 2); });
}

TEST_F(labels, may_be_absent) {
  const class_labels none(3);
  EXPECT_EQ(none.text(2), "2");
  EXPECT_EQ(none.find("2"), 2);
  EXPECT_THROW(none.find("cat"), error);
}

}  // namespace
}  // namespace salient::test
