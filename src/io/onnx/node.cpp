// SPDX-License-Identifier: MIT
#include <array>
#include <cstring>

#include "io/message.hpp"
#include "io/onnx/reader.hpp"

namespace salient::onnx {
namespace {

/// AttributeProto's fields of values by AttributeProto.AttributeType, which counts from 1.
constexpr std::array<std::uint32_t, 14> value_fields = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 22, 23, 14, 15};

/// Takes field 2 to 11; false for others.
bool take_value(fields& f, attribute& to, context& with) {
  switch (f.number()) {
    case 2:
      to.number = f.real();
      return true;
    case 3:
      to.integer = f.integer();
      return true;
    case 4:
      to.text = f.text();
      return true;
    case 5:
      to.value = read_tensor(f.message("a tensor"), with);
      return true;
    case 7: {
      const std::string_view packed = f.fixed(4);
      for (std::size_t at = 0; at < packed.size(); at += 4)
        std::memcpy(&to.numbers.emplace_back(), packed.data() + at, 4);
      return true;
    }
    case 8:
      f.integers(to.integers);
      return true;
    case 9:
      to.texts.push_back(f.text());
      return true;
    case 6:
    case 11:
      // Only the branch that is taken is read, so that nothing deep is followed.
      to.graph = [inner = f.message("a graph"), with] {
        context own = with;
        return read_graph(inner, own);
      };
      return true;
    default:
      return false;
  }
}

/// Whether a field has a value other than the one that writers of proto3 leave out.
bool says_something(std::uint32_t field, const attribute& value) {
  switch (field) {
    case 2:
      return value.number && *value.number != 0;
    case 3:
      return value.integer && *value.integer != 0;
    case 4:
      return value.text && !value.text->empty();
    case 5:
      return value.value.has_value();
    case 7:
      return !value.numbers.empty();
    case 8:
      return !value.integers.empty();
    case 9:
      return !value.texts.empty();
    default:
      return bool(value.graph);
  }
}

/// Fits the values to the type that the attribute states, if it states one.
void apply_type(const std::string& name, std::int64_t type, attribute& value, context& with) {
  if (type == 0) return;
  const std::uint32_t stated = type > 0 && type <= static_cast<std::int64_t>(value_fields.size())
                                   ? value_fields[static_cast<std::size_t>(type) - 1]
                                   : 0;
  for (const std::uint32_t field : {2U, 3U, 4U, 5U, 7U, 8U, 9U, 6U})
    if (field != stated && !(field == 6 && stated == 11) && says_something(field, value))
      detail::fail(with.path, "attribute " + detail::in_quotes(name) + " states type " +
                                  std::to_string(type) +
                                  " and has a value of another one; export the model again");
  if (stated != 2) value.number.reset();
  if (stated != 3) value.integer.reset();
  if (stated != 4) value.text.reset();
  if (stated == 2 && !value.number) value.number = 0.0F;
  if (stated == 3 && !value.integer) value.integer = 0;
  if (stated == 4 && !value.text) value.text = "";
}

void read_attribute(fields f, node& to, context& with) {
  std::string name;
  std::int64_t type = 0;
  attribute value;
  while (f.next()) {
    if (f.number() == 1)
      name = f.text();
    else if (f.number() == 20)
      type = f.integer();
    else if (f.number() == 21 && !f.bytes().empty())
      detail::fail(with.path, "attribute " + detail::in_quotes(name) +
                                  " refers to a function's, outside of functions; export the model again");
    else if (f.number() != 21 && !take_value(f, value, with))
      f.skip();
  }
  apply_type(name, type, value, with);
  if (!to.attributes.emplace(name, std::move(value)).second)
    detail::fail(with.path,
                 "a node has attribute " + detail::in_quotes(name) + " twice; export the model again");
}

}  // namespace

std::pair<std::string, std::string> read_entry(fields f) {
  std::pair<std::string, std::string> result;
  while (f.next()) {
    if (f.number() == 1)
      result.first = f.text();
    else if (f.number() == 2)
      result.second = f.text();
    else
      f.skip();
  }
  return result;
}

node read_node(fields f, context& with) {
  node result;
  while (f.next()) {
    switch (f.number()) {
      case 1:
        result.inputs.push_back(f.text());
        break;
      case 2:
        result.outputs.push_back(f.text());
        break;
      case 3:
        result.name = f.text();
        break;
      case 4:
        result.op = f.text();
        break;
      case 5:
        read_attribute(f.message("an attribute"), result, with);
        break;
      case 7:
        result.domain = f.text();
        break;
      case 9:
        result.metadata.insert(read_entry(f.message("a node's metadata")));
        break;
      default:
        f.skip();
    }
  }
  if (result.domain == "ai.onnx") result.domain.clear();
  if (result.op.empty())
    detail::fail(with.path,
                 "node " + detail::in_quotes(result.name) + " has no operator; export the model again");
  return result;
}

}  // namespace salient::onnx
