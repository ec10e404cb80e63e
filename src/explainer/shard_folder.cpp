// SPDX-License-Identifier: MIT
#include "explainer/shard_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "explainer/files.hpp"
#include "explainer/json_parts.hpp"
#include "io/sha256.hpp"
#include "salient/core/error.hpp"
#include "salient/io/file.hpp"

namespace salient::explainer {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

constexpr std::size_t most_bytes = std::size_t{1} << 30;

std::string numbered(const char* before, long number, const char* after) {
  char text[64];
  std::snprintf(text, sizeof text, "%s%05ld%s", before, number, after);
  return text;
}

/// An empty object for a file that is not there, or not whole.
json read_json(const fs::path& file) {
  json found;
  if (std::error_code ignored; fs::is_regular_file(file, ignored)) {
    const auto bytes = input_file(file).read_up_to(most_bytes);
    found = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  }
  return found.is_object() ? found : json::object();
}

json described(const fs::path& folder, const fs::path& file) {
  return {{"file", file.lexically_relative(folder).generic_string()},
          {"bytes", fs::file_size(file)},
          {"sha256", salient::detail::sha256_of_file(file)}};
}

/// Whether a file is there as it was described. Its bytes are not read.
bool is_there(const fs::path& folder, const json& file) {
  std::error_code absent;
  const auto bytes = fs::file_size(folder / file.value("file", "?"), absent);
  return !absent && bytes == file.value("bytes", std::uintmax_t{0});
}

/// A value for a sentence; empty for one that is long.
std::string short_text(const json& value) {
  const std::string text = value.dump();
  return text.size() > 40 ? "" : text;
}

}  // namespace

shard_folder::shard_folder(fs::path folder, long pictures, long shard_size)
    : folder_(std::move(folder)), pictures_(pictures), shard_size_(shard_size) {}

const std::string& shard_folder::run_hash() const {
  if (run_hash_.empty()) run_hash_ = salient::detail::sha256_of_file(folder_ / "run.json");
  return run_hash_;
}

shard shard_folder::at(long number) const {
  const long first = number * shard_size_;
  return {number, first, std::min(first + shard_size_, pictures_)};
}

fs::path shard_folder::maps(long number) const { return folder_ / numbered("maps-", number, ".safetensors"); }
fs::path shard_folder::table(long number) const {
  return folder_ / "parts" / numbered("table-", number, ".jsonl");
}
fs::path shard_folder::pictures(long number) const { return folder_ / numbered("pictures-", number, ""); }
fs::path shard_folder::part(long number) const {
  return folder_ / "parts" / numbered("shard-", number, ".json");
}

void shard_folder::check_run(const json& run) const {
  const json found = read_json(folder_ / "run.json");
  if (found == run) return;
  std::string differ;
  for (const auto& [key, value] : run.items()) {
    const json other = found.value(key, json());
    if (other == value) continue;
    const std::string was = short_text(other), is = short_text(value);
    differ += (differ.empty() ? "" : ", ") + key +
              (was.empty() || is.empty() ? "" : " (" + was + " there, " + is + " now)");
  }
  if (differ.empty()) differ = "its run.json";
  throw error(folder_.string() + ": holds another run, which differs in " + differ +
              "; name another folder with --out, or begin anew with --restart");
}

/// Removes files that were being written when a process ended; with `all`, every file of a run.
void shard_folder::clean(bool all) const {
  std::vector<fs::path> gone;
  const auto look_in = [&](const fs::path& folder) {
    std::error_code absent;
    for (fs::directory_iterator at(folder, absent), end; !absent && at != end; at.increment(absent)) {
      const std::string name = at->path().filename().string();
      if (name.starts_with(".tmp-") ||
          (all &&
           ((name.starts_with("maps-") && name.ends_with(".safetensors")) || name.starts_with("pictures-"))))
        gone.push_back(at->path());
    }
  };
  look_in(folder_);
  look_in(folder_ / "parts");
  for (long s = 0; !all && s < shards(); ++s)
    if (fs::exists(pictures(s))) look_in(pictures(s));
  if (all)
    for (const char* name : {"index.json", "table.jsonl", "index.html", "parts", "run.json"})
      gone.push_back(folder_ / name);
  for (const fs::path& file : gone) {
    std::error_code failure;
    fs::remove_all(file, failure);
    if (failure)
      throw error(file.string() + ": cannot be removed (" + failure.message() + "); remove it by hand");
  }
}

std::vector<long> shard_folder::begin(const json& run, bool restart) const {
  prepare_folder(folder_);
  std::error_code ignored;
  const bool earlier = fs::exists(folder_ / "run.json", ignored);
  if (earlier && !restart) check_run(run);
  if (earlier) clean(restart);
  if (!earlier || restart) {
    write_file(folder_ / "run.json", text_of(run, 2));
    sync_to_disk(folder_ / "run.json");
  }
  std::vector<long> missing;
  const json index = read_index();
  for (long s = 0; s < shards(); ++s) {
    // Once there is an index, the parts are not needed.
    const bool complete = index.is_null()
                              ? is_complete(s)
                              : is_there(folder_, index["shards"][static_cast<std::size_t>(s)]["maps"]);
    if (!complete) missing.push_back(s);
  }
  if (!missing.empty()) prepare_folder(folder_ / "parts");
  return missing;
}

/// Null if it was not written, or a shard's maps were lost.
json shard_folder::read_index() const {
  json index = read_json(folder_ / "index.json");
  if (index.value("run", json()) != read_json(folder_ / "run.json") || !index.contains("shards") ||
      !index.contains("table") || index["shards"].size() != static_cast<std::size_t>(shards()) ||
      !is_there(folder_, index["table"]))
    return {};
  return index;
}

bool shard_folder::is_complete(long number) const {
  const json found = read_json(part(number));
  return found.value("run", "") == run_hash() && is_there(folder_, found.value("maps", json::object())) &&
         is_there(folder_, found.value("table", json::object()));
}

void shard_folder::complete(long number, long explained) const {
  for (const fs::path& file : {maps(number), table(number), folder_, folder_ / "parts"}) sync_to_disk(file);
  if (std::error_code ignored; fs::is_directory(pictures(number), ignored)) {
    for (const auto& file : fs::directory_iterator(pictures(number))) sync_to_disk(file.path());
    sync_to_disk(pictures(number));
  }
  const auto [unused, first, end] = at(number);
  const json found{{"run", run_hash()},
                   {"first", first},
                   {"images", end - first},
                   {"explained", explained},
                   {"maps", described(folder_, maps(number))},
                   {"table", described(folder_, table(number))}};
  write_file(part(number), text_of(found, -1));
  sync_to_disk(part(number));
}

shard_folder::totals shard_folder::finish() const {
  json index = read_index();
  totals all{.earlier = !index.is_null()};
  if (index.is_null()) {
    json found = json::array();
    output_file table_file(folder_ / "table.jsonl");
    std::uintmax_t bytes = 0;
    for (long s = 0; s < shards(); ++s) {
      found.push_back(read_json(part(s)));
      found.back().erase("run");
      table_file.write(input_file(table(s)).read_up_to(most_bytes));
      bytes += found.back().at("maps").at("bytes").get<std::uintmax_t>();
    }
    table_file.commit();
    sync_to_disk(folder_ / "table.jsonl");
    index = {{"metadata", {{"total_size", bytes}}},
             {"run", read_json(folder_ / "run.json")},
             {"table", described(folder_, folder_ / "table.jsonl")},
             {"shards", std::move(found)}};
    write_file(folder_ / "index.json", text_of(index, 2));
    sync_to_disk(folder_ / "index.json");
    sync_to_disk(folder_);
  }
  for (const json& s : index["shards"]) all.explained += s.at("explained").get<long>();
  all.failed = pictures_ - all.explained;
  return all;
}

}  // namespace salient::explainer
