// SPDX-License-Identifier: MIT
#include "evidence/store.hpp"
#include "made.hpp"

namespace {

namespace evidence = salient::evidence;

const std::string longer = "--networks cnn --images 30 --methods gradients,integrated_gradients --threads 1";

/// The first finished part of a run; empty without one.
std::filesystem::path part_in(const workshop& here) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(here / "evidence.parts", none))
    if (entry.path().extension() == ".json") return entry.path();
  return {};
}

/// Starts the program, waits for a finished part, and kills it. False if it ended before.
bool interrupt(const workshop& here, const std::string& arguments) {
  return here.kill_once([&] { return !part_in(here).empty(); }, "evidence", words(arguments));
}

TEST(resume, gives_the_bytes_of_a_run_that_was_not_interrupted) {
  const workshop here, elsewhere;
  const std::string whole = made(elsewhere, longer).lasting();
  ASSERT_TRUE(interrupt(here, longer));
  EXPECT_FALSE(std::filesystem::exists(here / "evidence.html"));
  const written w = made(here, longer);
  EXPECT_EQ(w.out.rfind("goes on  ", 0), 0U) << w.out;
  EXPECT_EQ(w.err.find("warning"), std::string::npos) << w.err;  // a slow run also says how far it is
  EXPECT_EQ(whole == w.lasting(), true);
  EXPECT_EQ(std::filesystem::exists(here / "evidence.parts"), false);
}

TEST(resume, uses_what_is_in_the_file) {
  const workshop here;
  ASSERT_TRUE(interrupt(here, longer));
  // Other numbers with a right checksum: if the JSON has them, the part was read and not measured again. One
  // process measures random values first.
  nlohmann::ordered_json file = nlohmann::ordered_json::parse(read(part_in(here)));
  ASSERT_EQ(file["part"]["method"], "random values");
  for (auto& v : file["part"]["figures"]["deletion"]) v = 0.25;
  file["checksum"] = evidence::hash_of(file["run"].dump() + file["part"].dump());
  std::ofstream(part_in(here)) << file.dump();
  const nlohmann::json all = made(here, longer).parsed();
  EXPECT_EQ(all["networks"][0]["random_values"]["deletion"]["mean"], 0.25);
}

/// The part is measured again, the run says why, and ends as if there had been no file.
void passes_over(const std::string& content, const std::string& why) {
  const workshop here, elsewhere;
  const std::string whole = made(elsewhere, small).lasting();
  std::filesystem::create_directory(here / "evidence.parts");
  std::ofstream(here / "evidence.parts/0123456789abcdef.json") << content;
  const written w = made(here, small);
  EXPECT_EQ(w.err.rfind("salient-evidence: warning: evidence.parts/0123456789abcdef.json " + why +
                            ": it is removed, and this part is measured again\n",
                        0),
            0U)
      << w.err;
  EXPECT_EQ(w.out.find("goes on"), std::string::npos);
  EXPECT_EQ(whole == w.lasting(), true);
}

TEST(resume, passes_over_a_file_that_is_not_its_own) {
  passes_over("{\"program\": \"another\"}", "is not of salient-evidence");
  passes_over("[]", "is not of salient-evidence");
}

TEST(resume, passes_over_a_damaged_file) {
  const workshop here;
  ASSERT_TRUE(interrupt(here, longer));
  const std::string good = read(part_in(here));
  passes_over("", "is damaged");
  passes_over(good.substr(0, good.size() / 2), "is damaged");
  std::string digit = good;
  const std::size_t at = digit.find_last_of("12345678");
  digit[at] = static_cast<char>(digit[at] + 1);
  passes_over(digit, "is damaged");
  passes_over(good, "is of a run with another seed, other images, another device or another version");
}

}  // namespace
