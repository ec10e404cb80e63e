// SPDX-License-Identifier: MIT

// A global object's constructor may read files before main. The library must not then use its own globals,
// which may not be constructed yet; a message would lack its remedy.

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "io/png_builder.hpp"
#include "salient/io/image.hpp"
#include "salient/io/safetensors.hpp"

namespace salient::test {
namespace {

struct bad_file {
  std::string name;
  bytes content;
};

bytes safetensors_of(std::string_view header) { return little_endian(header.size(), 8) + text(header); }

const auto read_any = [](const std::filesystem::path& path) {
  if (path.extension() == ".png")
    read_image(path, {1, 1, 1});
  else
    read_safetensors(path);
};

/// The messages for one bad file of each kind, without file names.
words messages() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("salient-early-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  words all;
  for (const auto& [name, content] : {
           bad_file{"header.png", png_of(png_chunk("IDAT", {}))},
           bad_file{"little.png", png_of(png_header(4000, 4000, 8, grey))},
           bad_file{"words.png", text("no picture")},
           bad_file{"json.safetensors", safetensors_of("{")},
           bad_file{"dtype.safetensors", safetensors_of(R"({"t":{}})")},
           bad_file{"shape.safetensors", safetensors_of(R"({"t":{"dtype":"F32"}})")},
           bad_file{"hole.safetensors",
                    safetensors_of(R"({"t":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})")},
       }) {
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    const auto message = message_of([&, at = folder / name] { read_any(at); });
    all.push_back(message ? message->substr(std::min(folder.string().size(), message->size())) : "no error");
  }
  std::filesystem::remove_all(folder);
  return all;
}

/// Constructed before all other objects of the program and the library.
[[gnu::init_priority(101)]] const words before_main = messages();

TEST(before_main, messages_are_the_same_as_later) {
  EXPECT_EQ(before_main, messages());
  EXPECT_EQ(before_main.size(), 7U);
  for (const std::string& message : before_main) EXPECT_NE(message.find("; "), std::string::npos) << message;
}

}  // namespace
}  // namespace salient::test
