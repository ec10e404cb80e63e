// SPDX-License-Identifier: MIT
#include "evidence/store.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "salient/core/error.hpp"
#include "salient/core/timing.hpp"
#include "salient/io/file.hpp"

namespace salient::evidence {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

/// To be raised when a figure comes to mean something else.
constexpr int format = 5;
constexpr const char* program = "salient-evidence";  // whatever a user calls it
constexpr std::size_t most_bytes = std::size_t{1} << 30;

json values_to(const metrics::values& values) {
  json list = json::array();
  for (const auto& v : values) list.push_back(v ? json(*v) : json());
  return list;
}

json part_to(const part_key& key, const measured& m) {
  json figures = json::object();
  for (std::size_t f = 0; f < figures_count; ++f)
    figures[std::string(all_figures[f].name)] = values_to(m.of[f]);
  return {{"network", key.network}, {"weights", key.weights},
          {"method", key.method},   {"milliseconds", values_to(m.milliseconds)},
          {"bytes", m.bytes},       {"figures", figures}};
}

/// Throws json::exception, or salient::error for a list that is too long.
metrics::values values_from(const json& list, long most) {
  if (!list.is_array() || list.size() > static_cast<std::size_t>(most))
    throw error("a list has too many values");
  metrics::values values;
  for (const json& v : list) values.push_back(v.is_null() ? std::nullopt : std::optional(v.get<double>()));
  return values;
}

std::pair<part_key, measured> part_from(const json& from, long images) {
  measured m;
  m.bytes = from.at("bytes").get<long>();
  m.milliseconds = values_from(from.at("milliseconds"), salient::detail::timed_runs);
  for (std::size_t f = 0; f < figures_count; ++f)
    m.of[f] = values_from(from.at("figures").at(std::string(all_figures[f].name)), images);
  return {{from.at("network").get<std::string>(), from.at("weights").get<std::string>(),
           from.at("method").get<std::string>()},
          std::move(m)};
}

json run_to(const run_key& key) {
  return {{"seed", key.seed},
          {"images", key.images},
          {"arithmetic", key.arithmetic},
          {"sample", key.sample},
          {"salient", key.version}};
}

/// Why the file cannot be used, or nothing.
std::string take(const std::string& text, const run_key& key, std::map<part_key, measured>& to) {
  try {
    const json all = json::parse(text);
    if (!all.is_object() || all.value("program", "") != program) return "is not of " + std::string(program);
    if (all.at("format") != format) return "is of another version of this program";
    if (all.at("checksum") != hash_of(all.at("run").dump() + all.at("part").dump())) return "is damaged";
    if (all.at("run") != run_to(key))
      return "is of a run with another seed, other images, another device or another version";
    to.insert(part_from(all.at("part"), key.images));
    return "";
  } catch (const std::exception&) {
    return "is damaged";
  }
}

std::string file_of(const part_key& part) {
  return hash_of(part.network + "\n" + part.weights + "\n" + part.method) + ".json";
}

bool is_part(const fs::path& file) {
  const std::string name = file.stem();
  return file.extension() == ".json" && name.size() == 16 &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// The files in a folder, in the order of their names; none if there is no folder.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (fs::directory_iterator f(folder, none), end; !none && f != end; f.increment(none))
    if (f->is_regular_file(none)) files.push_back(f->path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

void store::take(const salient::warning_handler& warn) {
  parts_.clear();
  std::map<std::string, std::vector<fs::path>> useless;  // by the reason
  for (const fs::path& file : files_in(folder_)) {
    if (!is_part(file)) continue;
    const auto bytes = salient::input_file(file).read_up_to(most_bytes);
    const std::string why = evidence::take(std::string(bytes.begin(), bytes.end()), key_, parts_);
    if (!why.empty()) useless[why].push_back(file);
  }
  for (const auto& [why, files] : useless) {
    if (warn)
      warn(files[0].string() + " " + why + ": it is removed, and this part is measured again" +
           (files.size() > 1 ? "; so are " + std::to_string(files.size() - 1) + " more" : ""));
    for (const fs::path& file : files) fs::remove(file);
  }
}

const measured* store::find(const part_key& part) const {
  const auto at = parts_.find(part);
  return at == parts_.end() ? nullptr : &at->second;
}

void store::keep(const part_key& part, const measured& values) const {
  std::error_code exists;
  fs::create_directories(folder_, exists);  // write_file says what is wrong with it
  const json run = run_to(key_), content = part_to(part, values);
  write_file(folder_ / file_of(part), json{{"program", program},
                                           {"format", format},
                                           {"run", run},
                                           {"checksum", hash_of(run.dump() + content.dump())},
                                           {"part", content}}
                                          .dump());
}

void store::clear() {
  std::error_code ignored;
  for (const fs::path& file : files_in(folder_))  // and what a killed process was writing
    if (is_part(file) || file.filename().string().starts_with(".tmp-")) fs::remove(file, ignored);
  fs::remove(folder_, ignored);
}

}  // namespace salient::evidence
