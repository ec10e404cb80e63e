// SPDX-License-Identifier: MIT
#include "io/safetensors_header.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>

#include "io/file_kind.hpp"
#include "io/message.hpp"
#include "io/safetensors_json.hpp"

namespace salient::detail {
namespace {

constexpr char remedy[] = "; export the file again";

struct type {
  std::string_view name;
  std::size_t bytes;
  std::optional<number> kind{};
};
constexpr type types[] = {{"F32", 4, number::f32},
                          {"F64", 8, number::f64},
                          {"F16", 2, number::f16},
                          {"BF16", 2, number::bf16},
                          {"I64", 8},
                          {"I32", 4},
                          {"I16", 2},
                          {"I8", 1},
                          {"U64", 8},
                          {"U32", 4},
                          {"U16", 2},
                          {"U8", 1},
                          {"BOOL", 1},
                          {"F8_E4M3", 1},
                          {"F8_E5M2", 1},
                          {"F8_E8M0", 1},
                          {"C64", 8}};

const type& type_of(const input_file& in, const std::string& tensor,
                    const std::optional<std::string>& dtype) {
  if (!dtype) fail(in.path(), tensor + " has no dtype" + remedy);
  const auto known = std::ranges::find(types, *dtype, &type::name);
  if (known == std::end(types))
    fail(in.path(), tensor + " has dtype " + in_quotes(*dtype) +
                        ", which is not known here; convert it to float or leave it out");
  return *known;
}

/// Reads a list of whole numbers, none above T's maximum.
template <class T>
std::vector<T> integers(const input_file& in, const std::string& tensor, const char* key,
                        const std::optional<std::vector<std::uint64_t>>& list) {
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  if (!list || std::ranges::any_of(*list, [](std::uint64_t v) { return v > largest; }))
    fail(in.path(), tensor + " needs \"" + key + "\", a list of whole numbers from 0" + remedy);
  return {list->begin(), list->end()};
}

safetensors_entry entry_of(const input_file& in, const safetensors_words& words) {
  const std::string tensor = "tensor " + in_quotes(words.name);
  if (!words.object) fail(in.path(), tensor + " is not described by a JSON object" + remedy);

  safetensors_entry result;
  result.name = words.name;
  const type& stored = type_of(in, tensor, words.dtype);
  result.dtype = stored.name;
  result.kind = stored.kind;
  result.dimensions = integers<long>(in, tensor, "shape", words.shape);
  const auto offsets = integers<std::uint64_t>(in, tensor, "data_offsets", words.data_offsets);
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    fail(in.path(), tensor + " needs two data_offsets, begin and end" + remedy);
  result.begin = offsets[0];
  result.end = offsets[1];

  const auto count = element_count(result.dimensions, stored.bytes);
  const std::string shape = dimensions_text(result.dimensions);
  if (!count) fail(in.path(), tensor + " has impossible dimensions " + shape + remedy);
  result.count = *count;
  if (result.end - result.begin != result.count * stored.bytes)
    fail(in.path(), tensor + " of " + shape + " needs " + std::to_string(result.count * stored.bytes) +
                        " bytes, its data_offsets span " + std::to_string(result.end - result.begin) +
                        remedy);
  return result;
}

std::vector<std::uint8_t> read_text(input_file& in) {
  const std::string kind = kind_of(in, "a safetensors file");
  const auto prefix = in.read_up_to(8);
  if (prefix.size() < 8)
    fail(in.path(), "is " + std::to_string(prefix.size()) +
                        " bytes long, too short for a safetensors file; check that it was copied whole");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= std::uint64_t{prefix[i]} << 8 * i;
  if (length > longest_safetensors_header)
    fail(in.path(), kind + " (its header would have " + std::to_string(length) +
                        " bytes); save the state_dict with safetensors.torch.save_file");
  const auto too_long = [&](std::uintmax_t found) {
    fail(in.path(), "declares a header of " + std::to_string(length) + " bytes, but only " +
                        std::to_string(found) + " follow; check that it was copied whole");
  };
  if (in.remaining() && *in.remaining() < length) too_long(*in.remaining());
  auto text = in.read_up_to(length);
  if (text.size() < length) too_long(text.size());
  return text;
}

/// The data must be contiguous, without holes or overlaps.
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
  safetensors_json words = parse_safetensors_json(in, read_text(in));
  if (!words.metadata) fail(in.path(), std::string("__metadata__ must map text to text") + remedy);
  safetensors_header result;
  result.metadata = std::move(*words.metadata);
  for (const safetensors_words& tensor : words.tensors) result.entries.push_back(entry_of(in, tensor));
  // Empty tensors sort before the one that begins at the same byte.
  std::ranges::sort(result.entries, {},
                    [](const auto& entry) { return std::tie(entry.begin, entry.end, entry.name); });
  check_layout(in, result.entries);
  return result;
}

}  // namespace salient::detail
