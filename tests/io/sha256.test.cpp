// SPDX-License-Identifier: MIT
#include "io/sha256.hpp"

#include <span>

#include "io/bad_input.hpp"

namespace salient::test {
namespace {

// The vectors of NIST's examples for FIPS 180-4, and of its SHAVS.
TEST(sha256, nist_vectors) {
  const std::vector<std::pair<bytes, std::string>> cases = {
      {text(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {text("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
            "mnopqrstnopqrstu"),
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {{0xbd}, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
      {{0xc9, 0x8c, 0x8e, 0x55}, "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
      {bytes(55), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
      {bytes(56), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
      {bytes(57), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
      {bytes(64), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
      {bytes(1000), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"},
      {bytes(1000, 'A'), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"},
      {bytes(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {bytes(1000000), "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025"},
  };
  for (const auto& [content, digest] : cases)
    for (const bool plain : {false, true})
      EXPECT_EQ(salient::detail::sha256(std::span(content), plain), digest) << content.size();
}

class sha256_of_file : public in_folder {};

TEST_F(sha256_of_file, is_that_of_its_bytes) {
  for (const std::size_t length : {0UL, 63UL, 64UL, 65'535UL, 65'536UL, 65'600UL, 200'001UL}) {
    const std::string content(length, static_cast<char>('a' + length % 26));
    EXPECT_EQ(detail::sha256_of_file(save("a", text(content))), detail::sha256(content)) << length;
  }
  EXPECT_THROW(detail::sha256_of_file(path("absent")), error);
}

}  // namespace
}  // namespace salient::test
