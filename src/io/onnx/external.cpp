// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <string_view>

#include <sys/stat.h>

#include "io/message.hpp"
#include "io/onnx/reader.hpp"

namespace salient::onnx {
namespace {

namespace fs = std::filesystem;
using detail::in_quotes;

/// Whether a location stays in its folder as far as its text says.
bool is_local(const std::string& location) {
  const fs::path path(location);
  return !location.empty() && location.find('\0') == std::string::npos && !path.is_absolute() &&
         std::ranges::find(path, fs::path("..")) == path.end();
}

/// The file in which `values` lies.
storage::external open(const tensor& values, const std::string& location, const context& with) {
  const auto refuse = [&](const std::string& what) {
    detail::fail(with.path, "places " + title(values) + " in " + in_quotes(location) + ", which " + what +
                                "; put it into a file in the model's folder");
  };
  if (!is_local(location)) refuse("is no file's name within the model's folder");
  std::error_code failed;
  const fs::path parent = with.path.parent_path();
  const fs::path folder = fs::canonical(parent.empty() ? "." : parent, failed);
  const fs::path path = failed ? fs::path() : fs::canonical(folder / location, failed);
  const std::string missing = "cannot be found; put it into the model's folder";
  if (failed) return {{}, missing};

  // Symbolic links within the folder are harmless, others may lead to any file of the user.
  if (std::ranges::mismatch(folder, path).in1 != folder.end())
    refuse("is a symbolic link that leaves the model's folder");
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status{};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0)
    return {{}, "cannot be read; make it readable"};
  if (!S_ISREG(status.st_mode)) refuse("is no regular file");
  return {mapped_file(path, file, static_cast<std::uintmax_t>(status.st_size)), {}};
}

/// A whole number, or nothing if the entry is absent.
std::optional<std::uint64_t> number(const tensor& of, const external_entries& entries, const char* key,
                                    const context& with) {
  const auto entry = entries.find(key);
  if (entry == entries.end()) return {};
  const std::string& text = entry->second;
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size())
    detail::fail(with.path, title(of) + " has the " + key + ' ' + in_quotes(text) +
                                " in its external data, expected a whole number; export the model again");
  return value;
}

/// What is wrong if the bytes are not there, one sentence; otherwise finds them.
std::string problem(tensor& values, std::size_t size, std::uint64_t offset, const std::string& location,
                    const storage::external& found) {
  if (!found.file) return title(values) + " lies in " + in_quotes(location) + ", which " + found.absent;
  const auto bytes = found.file->bytes();
  if (offset > bytes.size() || bytes.size() - offset < size)
    return title(values) + " needs " + std::to_string(size) + " bytes from byte " + std::to_string(offset) +
           " of " + in_quotes(location) + ", which has " + std::to_string(bytes.size()) +
           "; copy that file again";
  values.bytes = bytes.subspan(static_cast<std::size_t>(offset), size);
  return {};
}

}  // namespace

void find_external(tensor& values, std::size_t size, const external_entries& entries, context& with) {
  const auto entry = entries.find("location");
  const std::string location = entry == entries.end() ? "" : entry->second;
  const auto offset = number(values, entries, "offset", with).value_or(0);
  const auto length = number(values, entries, "length", with).value_or(size);
  if (length != size)
    detail::fail(with.path, title(values) + " needs " + std::to_string(size) + " bytes, and has " +
                                std::to_string(length) + " in " + in_quotes(location) +
                                "; export the model again");
  auto known = with.storage->externals.find(location);
  if (known == with.storage->externals.end())
    known = with.storage->externals.emplace(location, open(values, location, with)).first;
  values.absent = problem(values, size, offset, location, known->second);
  if (values.absent.empty()) return;
  if (with.external == weights::needed) detail::fail(with.path, values.absent);
  with.missing.emplace(values.name, values.absent);
}

}  // namespace salient::onnx
