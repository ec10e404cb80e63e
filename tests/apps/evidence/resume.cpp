// SPDX-License-Identifier: MIT
#include "evidence/store.hpp"
#include "made.hpp"

namespace {

namespace evidence = salient::evidence;

const std::string longer = "--networks cnn --images 30 --methods gradients,integrated_gradients --threads 1";

/// Starts the program, waits for a finished part, and kills it. False if it ended before.
bool interrupt(const workshop& here, const std::string& arguments) {
  return here.kill_once("evidence.parts.json", "evidence", words(arguments));
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
  EXPECT_EQ(std::filesystem::exists(here / "evidence.parts.json"), false);
}

TEST(resume, uses_what_is_in_the_file) {
  const workshop here;
  ASSERT_TRUE(interrupt(here, longer));
  // Other numbers with a right checksum: if the JSON has them, the part was read and not measured again.
  nlohmann::ordered_json file = nlohmann::ordered_json::parse(read(here / "evidence.parts.json"));
  ASSERT_GE(file["parts"].size(), 1U);
  ASSERT_EQ(file["parts"].back()["method"], "random values");
  for (auto& v : file["parts"].back()["figures"]["deletion"]) v = 0.25;
  file["checksum"] = evidence::hash_of(file["run"].dump() + file["parts"].dump());
  std::ofstream(here / "evidence.parts.json") << file.dump();
  const nlohmann::json all = made(here, longer).parsed();
  EXPECT_EQ(all["networks"][0]["random_values"]["deletion"]["mean"], 0.25);
}

/// The run begins anew, says why, and ends as if there had been no file.
void passes_over(const std::string& content, const std::string& why) {
  const workshop here, elsewhere;
  const std::string whole = made(elsewhere, small).lasting();
  std::ofstream(here / "evidence.parts.json") << content;
  const written w = made(here, small);
  EXPECT_EQ(w.err.rfind("salient-evidence: warning: evidence.parts.json " + why +
                            ": the run begins anew and replaces it\n",
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
  const std::string good = read(here / "evidence.parts.json");
  passes_over("", "is damaged");
  passes_over(good.substr(0, good.size() / 2), "is damaged");
  std::string digit = good;
  const std::size_t at = digit.find_last_of("12345678");
  digit[at] = static_cast<char>(digit[at] + 1);
  passes_over(digit, "is damaged");
  passes_over(good, "is of a run with another seed, other images, another device or another version");
}

}  // namespace
