// SPDX-License-Identifier: MIT
#include "explainer/picture_files.hpp"

#include "io/bad_input.hpp"

namespace salient::test {
namespace {

using explainer::picture_files;

class files : public in_folder {
 protected:
  std::vector<std::string> found(const std::vector<std::string>& names) {
    std::vector<std::string> given, result;
    for (const std::string& name : names) given.push_back(path(name).string());
    for (const auto& file : picture_files(given))
      result.push_back(file.lexically_relative(path("")).string());
    return result;
  }
};

TEST_F(files, of_folders_and_lists_are_all_named) {
  std::filesystem::create_directories(path("photos/inner.png"));
  for (const char* name : {"photos/b.JPG", "photos/a.png", "photos/c.txt", "photos/d.npy", "photos/e.jpeg"})
    save(name, text("x"));
  save("list.txt", text("# some\n\nphotos/a.png  \r\nabsent.png\nphotos\n"));
  EXPECT_EQ(found({"photos"}),
            (std::vector<std::string>{"photos/a.png", "photos/b.JPG", "photos/d.npy", "photos/e.jpeg"}));
  EXPECT_EQ(found({"x.bin", "list.txt"}),
            (std::vector<std::string>{"x.bin", "photos/a.png", "absent.png", "photos/a.png", "photos/b.JPG",
                                      "photos/d.npy", "photos/e.jpeg"}));
}

TEST_F(files, that_name_nothing_are_refused) {
  std::filesystem::create_directory(path("empty"));
  expect_error(path("empty"), {"holds no PNG"}, [&] { found({"empty"}); });
  expect_error(save("a.txt", text("#\n")), {"names no picture"}, [&] { found({"a.txt"}); });
  expect_error(save("a.txt", text("b.txt\n")), {"another list"}, [&] { found({"a.txt"}); });
  expect_error(save("a.txt", bytes{'a', 0}), {"is not a text file"}, [&] { found({"a.txt"}); });
}

}  // namespace
}  // namespace salient::test
