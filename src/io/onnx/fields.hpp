// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/varint.hpp>

namespace salient::onnx {

/// The fields of a protobuf message, in turn. Every function throws salient::error if the bytes end early or
/// are no protobuf, or if the field's wire type is not the one that is asked for.
class fields {
 public:
  /// A file. `path` and `what`, "the model", appear in messages and must outlive this.
  fields(const std::filesystem::path& path, std::string_view file, const char* what)
      : fields(path, file.data(), file, what) {}

  /// Goes to the next field, whose value must then be taken or skipped; false at the end.
  bool next();
  /// The field's number.
  std::uint32_t number() const { return number_; }

  std::int64_t integer();
  float real();
  std::string_view bytes();
  std::string text() { return std::string(bytes()); }
  fields message(const char* what) { return {path_, file_, bytes(), what}; }
  void skip();

  /// One or several (packed) numbers of `width` bytes, 4 or 8, as they lie in the file.
  std::string_view fixed(std::size_t width);

  /// Calls take(std::uint64_t) for one or several (packed) integers.
  template <class F>
  void varints(F take) {
    if (type_ == protozero::pbf_wire_type::varint) return take(static_cast<std::uint64_t>(integer()));
    const std::string_view packed = bytes();
    const char *at = packed.data(), *const end = at + packed.size();
    while (at != end) take(varint(at, end));
  }
  void integers(std::vector<std::int64_t>& to) {
    varints([&](std::uint64_t value) { to.push_back(static_cast<std::int64_t>(value)); });
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  fields(const std::filesystem::path& path, const char* file, std::string_view message, const char* what)
      : path_(path), file_(file), reader_(message.data(), message.size()), what_(what) {}

  std::uint64_t varint(const char*& at, const char* end) const {
    try {
      return protozero::decode_varint(&at, end);
    } catch (const protozero::exception&) {
      damaged(at);
    }
  }
  void need(protozero::pbf_wire_type type) const;
  void check_length() const;
  [[noreturn]] void damaged(const char* at) const;
  [[noreturn]] void wrong_type() const;

  const std::filesystem::path& path_;
  const char* file_;  // the first byte, for positions in messages
  protozero::pbf_reader reader_;
  const char* what_;
  std::uint32_t number_ = 0;
  protozero::pbf_wire_type type_ = protozero::pbf_wire_type::unknown;
};

}  // namespace salient::onnx
