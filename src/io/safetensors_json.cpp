// SPDX-License-Identifier: MIT
#include "io/safetensors_json.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "io/message.hpp"

namespace salient::detail {
namespace {

using json = nlohmann::json;
constexpr char remedy[] = "; export the file again";

/// Handler for nlohmann's SAX parser, which does not recurse. A nlohmann::json tree is avoided: its
/// destructor allocates, which may terminate the process, and it keeps only the last of two equal names.
class listener : public nlohmann::json_sax<json> {
 public:
  explicit listener(const input_file& in) : in_(in) {}

  safetensors_json heard;

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(std::int64_t) override { return other(); }
  bool number_float(double, const std::string&) override { return other(); }
  bool binary(json::binary_t&) override { return other(); }
  bool number_unsigned(std::uint64_t value) override {
    if (!list_) return other();
    (*list_)->push_back(value);
    return true;
  }
  bool string(std::string& value) override {
    if (depth() != in_tensor || (!within_metadata_ && field_ != "dtype")) return other();
    if (!within_metadata_)
      heard.tensors.back().dtype = std::move(value);
    else if (heard.metadata)
      heard.metadata->emplace(field_, std::move(value));
    return true;
  }

  bool key(std::string& name) override {
    if (!names_.back().insert(name).second)
      fail(in_.path(), "the header has the name " + in_quotes(name) + " twice" + remedy);
    if (depth() == in_header) {
      within_metadata_ = name == "__metadata__";
      if (!within_metadata_) heard.tensors.emplace_back().name = std::move(name);
    } else {
      field_ = std::move(name);
    }
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth() != in_header)
      other();
    else if (!within_metadata_)
      heard.tensors.back().object = true;
    return open();
  }
  bool start_array(std::size_t) override {
    other();
    if (depth() == in_tensor && !within_metadata_ && heard.tensors.back().object)
      list_ = field_ == "shape"          ? &heard.tensors.back().shape
              : field_ == "data_offsets" ? &heard.tensors.back().data_offsets
                                         : nullptr;
    if (list_) list_->emplace();
    return open();
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception& e) override {
    const bool syntax = dynamic_cast<const json::parse_error*>(&e) != nullptr;
    fail(in_.path(), "the header is not valid JSON (" +
                         (syntax ? "at its byte " + std::to_string(at) : "a number is out of range") + ")" +
                         remedy);
  }

 private:
  /// Nesting depth at which tensor names, their fields, and the numbers of a field appear.
  enum : std::size_t { in_header = 1, in_tensor = 2, deepest = 3 };

  const input_file& in_;
  std::vector<std::set<std::string>> names_;  // one set for each open object; unused for lists
  bool within_metadata_ = false;
  std::string field_;
  std::optional<std::vector<std::uint64_t>>* list_ = nullptr;

  std::size_t depth() const { return names_.size(); }

  /// A value of a type that is not used at this place.
  bool other() {
    if (within_metadata_ && depth() > 0) heard.metadata.reset();
    if (list_) std::exchange(list_, nullptr)->reset();
    return true;
  }
  bool open() {
    if (depth() == deepest)
      fail(in_.path(), std::string("the header nests deeper than safetensors headers do") + remedy);
    names_.emplace_back();
    return true;
  }
  bool close() {
    list_ = nullptr;
    names_.pop_back();
    return true;
  }
};

}  // namespace

safetensors_json parse_safetensors_json(const input_file& in, const std::vector<std::uint8_t>& text) {
  // The parser takes a zero byte as the end of the text.
  if (text.empty() || text[0] != '{' || std::ranges::find(text, 0) != text.end())
    fail(in.path(), "the header is not a JSON object; check that it is a safetensors file");
  listener ear(in);
  // Parse as char: standard libraries need not provide char_traits for other types.
  const auto* const start = reinterpret_cast<const char*>(text.data());
  json::sax_parse(start, start + text.size(), &ear);
  return std::move(ear.heard);
}

}  // namespace salient::detail
