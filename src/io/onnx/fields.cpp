// SPDX-License-Identifier: MIT
#include "io/onnx/fields.hpp"

#include "io/message.hpp"

namespace salient::onnx {

using protozero::pbf_wire_type;

bool fields::next() {
  try {
    if (!reader_.next()) return false;
  } catch (const protozero::exception&) {
    damaged(reader_.data().data());
  }
  number_ = reader_.tag();
  type_ = reader_.wire_type();
  return true;
}

std::int64_t fields::integer() {
  need(pbf_wire_type::varint);
  try {
    return reader_.get_int64();
  } catch (const protozero::exception&) {
    damaged(reader_.data().data());
  }
}

float fields::real() {
  need(pbf_wire_type::fixed32);
  try {
    return reader_.get_float();
  } catch (const protozero::exception&) {
    damaged(reader_.data().data());
  }
}

std::string_view fields::bytes() {
  need(pbf_wire_type::length_delimited);
  check_length();
  const auto view = reader_.get_view();
  return {view.data(), view.size()};
}

void fields::skip() {
  if (type_ == pbf_wire_type::length_delimited) check_length();
  try {
    reader_.skip();
  } catch (const protozero::exception&) {
    damaged(reader_.data().data());
  }
}

std::string_view fields::fixed(std::size_t width) {
  const auto single = width == 4 ? pbf_wire_type::fixed32 : pbf_wire_type::fixed64;
  if (type_ == single) {
    const char* const first = reader_.data().data();
    skip();
    return {first, width};
  }
  const std::string_view packed = bytes();
  if (packed.size() % width != 0) damaged(packed.data());
  return packed;
}

void fields::need(pbf_wire_type type) const {
  if (type_ != type) wrong_type();
}

void fields::check_length() const {
  // protozero keeps lengths in 32 bits, and lets those above 2 GB pass where pointers have 32 bits.
  const char *at = reader_.data().data(), *const first = at, *const end = at + reader_.length();
  if (varint(at, end) > static_cast<std::size_t>(end - at)) damaged(first);
}

void fields::damaged(const char* at) const {
  detail::fail(path_, std::string("is no ONNX file, or not a whole one: ") + what_ +
                          " cannot be read from byte " + std::to_string(at - file_) +
                          " on; copy or export the file again");
}

void fields::wrong_type() const {
  detail::fail(path_, "is no ONNX file: field " + std::to_string(number_) + " of " + what_ +
                          ", before byte " + std::to_string(reader_.data().data() - file_) +
                          ", has wire type " + std::to_string(static_cast<int>(type_)) +
                          ", which ONNX does not give it; export the file again");
}

}  // namespace salient::onnx
