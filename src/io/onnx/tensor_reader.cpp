// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "io/message.hpp"
#include "io/onnx/reader.hpp"

namespace salient::onnx {
namespace {

constexpr char remedy[] = "; export the model again";

/// Numbers of TensorProto's fields with values.
enum list : std::uint32_t { floats = 4, int32s = 5, int64s = 7, doubles = 10, uint64s = 11 };

/// TensorProto before its parts are compared.
struct parts {
  tensor result;
  std::int64_t type = 0;
  std::optional<std::string_view> raw;
  std::uint32_t list = 0;  // the field with values, 0 if there is none
  std::size_t listed = 0;  // the number of values in it
  std::size_t pieces = 0;  // the number of times that it occurs
  std::string_view piece;  // the last one, for types that lie in the file as they are used
  bool texts = false;      // it has string_data
  bool external = false;
  external_entries entries;
};

class tensor_parser {
 public:
  tensor_parser(fields from, context& with) : from_(from), with_(with) {}

  tensor read() {
    gather();
    tensor& result = parts_.result;
    const bool known = is_known(parts_.type);
    result.type = known ? static_cast<element>(parts_.type) : element::f32;
    const auto count = count_of(known ? bytes_of(result.type) : 1);
    if (!known) {
      const bool fits = parts_.type >= 0 && parts_.type <= std::numeric_limits<int>::max();
      result.absent =
          title(result) + " has elements of type " +
          (fits ? name_of(static_cast<int>(parts_.type)) : "type " + std::to_string(parts_.type)) +
          ", which is not read here; convert it to float or leave it out";
    } else if (parts_.external) {
      if (parts_.raw || parts_.list != 0) refuse(" has values both in this file and in another one");
      find_external(result, count * bytes_of(result.type), parts_.entries, with_);
    } else if (parts_.raw) {
      if (parts_.list != 0) refuse(" has its values twice");
      if (parts_.raw->size() != count * bytes_of(result.type))
        refuse(" of " + shape() + ' ' + name_of(static_cast<int>(parts_.type)) + " needs " +
               std::to_string(count * bytes_of(result.type)) + " bytes, and has " +
               std::to_string(parts_.raw->size()));
      result.bytes = bytes(*parts_.raw);
    } else {
      read_list(count);
    }
    return std::move(result);
  }

 private:
  void gather() {
    parts_.result.file = with_.path;
    for (fields f = from_; f.next();) {
      switch (f.number()) {
        case 1:
          f.integers(parts_.result.dimensions);
          break;
        case 2:
          parts_.type = f.integer();
          break;
        case list::floats:
        case list::doubles: {
          const std::size_t width = f.number() == list::floats ? 4 : 8;
          const auto piece = f.fixed(width);
          if (!piece.empty()) parts_.piece = piece;
          add(f.number(), piece.size() / width);
          break;
        }
        case list::int32s:
        case list::int64s:
        case list::uint64s: {
          std::size_t count = 0;
          f.varints([&](std::uint64_t) { ++count; });
          add(f.number(), count);
          break;
        }
        case 6:
          f.bytes();
          parts_.texts = true;
          break;
        case 8:
          parts_.result.name = f.text();
          break;
        case 9:
          if (const auto raw = f.bytes(); !raw.empty()) parts_.raw = raw;
          break;
        case 13:
          parts_.entries.insert(read_entry(f.message("an entry of external data")));
          break;
        case 14:
          parts_.external = f.integer() == 1;
          break;
        default:
          f.skip();
      }
    }
  }

  void add(std::uint32_t list, std::size_t count) {
    if (count == 0) return;
    if (parts_.list != 0 && parts_.list != list) refuse(" has its values in two fields");
    parts_.list = list;
    parts_.listed += count;
    ++parts_.pieces;
  }

  std::size_t count_of(std::size_t width) {
    const auto& dimensions = parts_.result.dimensions;
    constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max();
    const bool negative = std::ranges::any_of(dimensions, [](std::int64_t d) { return d < 0; });
    if (!negative && std::ranges::find(dimensions, 0) != dimensions.end()) return 0;
    std::size_t count = 1;
    for (const std::int64_t d : dimensions) {
      if (negative || static_cast<std::uint64_t>(d) > most / width / count)
        refuse(" has impossible dimensions " + shape());
      count *= static_cast<std::size_t>(d);
    }
    return count;
  }

  void read_list(std::size_t count) {
    const element type = parts_.result.type;
    const std::uint32_t right = type == element::f32   ? list::floats
                                : type == element::f64 ? list::doubles
                                : type == element::i64 ? list::int64s
                                                       : list::int32s;
    const std::size_t found = parts_.list == right ? parts_.listed : 0;
    if (found != count || found != parts_.listed || parts_.texts)
      refuse(" of " + shape() + ' ' + name_of(static_cast<int>(type)) + " needs " + std::to_string(count) +
             " values, and has " + std::to_string(found) +
             (found != parts_.listed || parts_.texts ? " of its own type" : ""));
    if (count == 0) return;
    if (parts_.pieces == 1 && !parts_.piece.empty()) {
      parts_.result.bytes = bytes(parts_.piece);
      return;
    }
    std::vector<std::uint8_t>& to = with_.storage->converted.emplace_back();
    to.reserve(count * bytes_of(type));
    for (fields f = from_; f.next();) {
      if (f.number() != right)
        f.skip();
      else if (type == element::f32 || type == element::f64)
        append(to, f.fixed(bytes_of(type)));
      else
        f.varints([&](std::uint64_t value) { append(to, value); });
    }
    parts_.result.bytes = to;
  }

  static void append(std::vector<std::uint8_t>& to, std::string_view piece) {
    to.insert(to.end(), piece.begin(), piece.end());
  }

  /// Appends a number of int32_data or int64_data in the width of its type.
  void append(std::vector<std::uint8_t>& to, std::uint64_t value) {
    // As protobuf does, whose writers may leave the upper half of negative numbers out.
    const auto number = static_cast<std::int32_t>(value);
    const auto within = [&](std::int32_t least, std::int32_t most) {
      if (number < least || number > most)
        refuse(" has the value " + std::to_string(number) + ", which is outside of " +
               name_of(static_cast<int>(parts_.type)));
    };
    switch (parts_.result.type) {
      case element::i8:
        within(-128, 127);
        break;
      case element::u8:
        within(0, 255);
        break;
      case element::boolean:
        within(0, 1);
        break;
      case element::i16:
        within(-32768, 32767);
        break;
      case element::u16:
      case element::f16:  // the number's bits
      case element::bf16:
        within(0, 65535);
        break;
      default:
        break;
    }
    for (std::size_t i = 0; i < bytes_of(parts_.result.type); ++i)
      to.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }

  static std::span<const std::uint8_t> bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  std::string shape() const {
    const auto& dimensions = parts_.result.dimensions;
    return detail::dimensions_text(std::vector<long>(dimensions.begin(), dimensions.end()));
  }

  [[noreturn]] void refuse(const std::string& what) const {
    detail::fail(with_.path, title(parts_.result) + what + remedy);
  }

  fields from_;
  context& with_;
  parts parts_;
};

}  // namespace

tensor read_tensor(fields from, context& with) { return tensor_parser(from, with).read(); }

}  // namespace salient::onnx
