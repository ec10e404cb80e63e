// SPDX-License-Identifier: MIT
#include "io/safetensors_header.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "io/message.hpp"

namespace salient::detail {
namespace {

using json = nlohmann::json;
const std::string remedy = "; export the file again";

/// The header's JSON. nlohmann::json parses without recursion, but keeps the last of two equal names and
/// nests without bound; the callback, which it calls as it goes, refuses both.
json parse(const input_file& in, const std::vector<std::uint8_t>& text) {
  // nlohmann::json takes a zero byte for the end of the text.
  if (text.empty() || text[0] != '{' || std::ranges::find(text, 0) != text.end())
    fail(in.path(), "the header is not a JSON object; check that it is a safetensors file");
  constexpr int deepest = 3;  // header, tensor, shape
  std::vector<std::set<std::string>> names;
  const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (depth >= deepest) fail(in.path(), "the header nests deeper than safetensors headers do" + remedy);
      if (event == json::parse_event_t::object_start) names.emplace_back();
    }
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second)
      fail(in.path(), "the header has the name " + in_quotes(parsed.get<std::string>()) + " twice" + remedy);
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), check);
  } catch (const json::parse_error& e) {
    fail(in.path(), "the header is not valid JSON (at its byte " + std::to_string(e.byte) + ")" + remedy);
  } catch (const json::exception&) {
    fail(in.path(), "the header is not valid JSON (a number is out of range)" + remedy);
  }
}

number kind_of(const input_file& in, const std::string& tensor, const json& entry) {
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string()) fail(in.path(), tensor + " has no dtype" + remedy);
  const auto& text = dtype->get_ref<const std::string&>();
  if (text == "F32") return number::f32;
  if (text == "F64") return number::f64;
  if (text == "F16") return number::f16;
  if (text == "BF16") return number::bf16;
  fail(in.path(), tensor + " has dtype " + in_quotes(text) +
                      ", expected F32, F64, F16 or BF16; convert it to float or leave it out");
}

/// A JSON array of non-negative integers.
template <class T>
std::vector<T> integers(const input_file& in, const std::string& tensor, const json& entry, const char* key) {
  const auto array = entry.find(key);
  const auto valid = [](const json& item) {
    return item.is_number_unsigned() &&
           item.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  };
  if (array == entry.end() || !array->is_array() || !std::ranges::all_of(*array, valid))
    fail(in.path(), tensor + " needs \"" + key + "\", a list of whole numbers from 0" + remedy);
  return array->get<std::vector<T>>();
}

safetensors_entry parse_entry(const input_file& in, const std::string& name, const json& entry) {
  const std::string tensor = "tensor " + in_quotes(name);
  if (!entry.is_object()) fail(in.path(), tensor + " is not described by a JSON object" + remedy);

  safetensors_entry result;
  result.name = name;
  result.kind = kind_of(in, tensor, entry);
  result.dimensions = integers<long>(in, tensor, entry, "shape");
  const auto offsets = integers<std::uint64_t>(in, tensor, entry, "data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    fail(in.path(), tensor + " needs two data_offsets, begin and end" + remedy);
  result.begin = offsets[0];
  result.end = offsets[1];

  const auto count = element_count(result.dimensions, bytes_of(result.kind));
  const std::string shape = dimensions_text(result.dimensions);
  if (!count) fail(in.path(), tensor + " has impossible dimensions " + shape + remedy);
  result.count = *count;
  if (result.end - result.begin != result.count * bytes_of(result.kind))
    fail(in.path(),
         tensor + " of " + shape + " needs " + std::to_string(result.count * bytes_of(result.kind)) +
             " bytes, its data_offsets span " + std::to_string(result.end - result.begin) + remedy);
  return result;
}

std::map<std::string, std::string> parse_metadata(const input_file& in, const json& object) {
  if (!object.is_object() || !std::ranges::all_of(object, [](const json& item) { return item.is_string(); }))
    fail(in.path(), "__metadata__ must map text to text" + remedy);
  return object.get<std::map<std::string, std::string>>();
}

std::vector<std::uint8_t> read_text(input_file& in) {
  const auto prefix = in.read_up_to(8);
  if (prefix.size() < 8)
    fail(in.path(), "is " + std::to_string(prefix.size()) +
                        " bytes long, too short for a safetensors file; check that it was copied whole");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= std::uint64_t{prefix[i]} << 8 * i;
  if (length > longest_safetensors_header)
    fail(in.path(), "declares a header of " + std::to_string(length) +
                        " bytes, more than the format's 100000000" + "; check that it is a safetensors file");
  const auto too_long = [&](std::uintmax_t found) {
    fail(in.path(), "declares a header of " + std::to_string(length) + " bytes, but only " +
                        std::to_string(found) + " follow; check that it was copied whole");
  };
  if (in.remaining() && *in.remaining() < length) too_long(*in.remaining());
  auto text = in.read_up_to(length);
  if (text.size() < length) too_long(text.size());
  return text;
}

/// The data must be one block without holes or overlaps.
void check_layout(const input_file& in, const std::vector<safetensors_entry>& entries) {
  std::uint64_t at = 0;
  for (const auto& entry : entries) {
    if (entry.begin != at)
      fail(in.path(), "tensor " + in_quotes(entry.name) + " begins at byte " + std::to_string(entry.begin) +
                          ", " +
                          (entry.begin < at ? "inside the tensor before it" : "after a hole in the data") +
                          "; expected " + std::to_string(at) + remedy);
    at = entry.end;
  }
  if (in.remaining() && *in.remaining() != at)
    fail(in.path(), "the tensors need " + std::to_string(at) + " bytes of data, the file has " +
                        std::to_string(*in.remaining()) +
                        (*in.remaining() < at ? " (cut short)" : " (trailing bytes)") +
                        "; copy or export it again");
}

}  // namespace

safetensors_header read_safetensors_header(input_file& in) {
  const json object = parse(in, read_text(in));
  safetensors_header result;
  for (const auto& [name, value] : object.items()) {
    if (name == "__metadata__")
      result.metadata = parse_metadata(in, value);
    else
      result.entries.push_back(parse_entry(in, name, value));
  }
  // Empty tensors come before the one that begins at the same byte.
  std::ranges::stable_sort(result.entries, {},
                           [](const auto& entry) { return std::tuple(entry.begin, entry.end); });
  check_layout(in, result.entries);
  return result;
}

}  // namespace salient::detail
