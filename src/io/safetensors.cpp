// SPDX-License-Identifier: MIT
#include "salient/io/safetensors.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "io/message.hpp"
#include "io/safetensors_header.hpp"
#include "salient/core/finite.hpp"

namespace salient {
namespace {

using detail::fail;
using detail::in_quotes;

void check_names(const std::filesystem::path& path, const std::vector<tensor_source>& tensors) {
  std::set<std::string> names{"__metadata__"};
  for (const auto& tensor : tensors)
    if (!names.insert(tensor.name).second)
      fail(path, "tensor " + in_quotes(tensor.name) + " is a name already taken; give it another");
}

/// Values of a tensor from `first` on.
void check_finite(const std::filesystem::path& path, const std::string& tensor, std::size_t first,
                  std::span<const float> values) {
  const auto bad = std::ranges::find_if_not(values, [](const float& v) { return is_finite(v); });
  if (bad == values.end()) return;
  const std::size_t index = first + static_cast<std::size_t>(bad - values.begin());
  fail(path, "tensor " + in_quotes(tensor) + " is not finite: element " + std::to_string(index) + " is " +
                 std::to_string(*bad) + "; nothing was written");
}

/// Quotes text for JSON. Without a nlohmann::json tree: its destructor allocates, which may
/// terminate the process.
std::string quoted(const std::filesystem::path& path, const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    fail(path, "a tensor's name or the metadata is not UTF-8; rename it");
  }
}

std::string header_text(const std::filesystem::path& path, const std::vector<tensor_source>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  std::string text = "{";
  const auto begin = [&](const std::string& name) {
    if (text.back() != '{') text += ',';
    text += quoted(path, name) + ':';
  };
  if (!metadata.empty()) {
    begin("__metadata__");
    text += '{';
    for (const auto& [key, value] : metadata) {
      begin(key);
      text += quoted(path, value);
    }
    text += '}';
  }
  std::size_t at = 0;
  for (const auto& tensor : tensors) {
    begin(tensor.name);
    text += std::string(R"({"dtype":")") + (tensor.whole ? "I64" : "F32") + R"(","shape":[)";
    for (std::size_t i = 0; i < tensor.dimensions.size(); ++i)
      text += (i > 0 ? "," : "") + std::to_string(tensor.dimensions[i]);
    const std::size_t width = tensor.whole ? sizeof(std::int64_t) : sizeof(float);
    const auto count = detail::element_count(tensor.dimensions, width);
    if (!count) fail(path, "tensor " + in_quotes(tensor.name) + " is too large; write smaller ones");
    const std::size_t end = at + *count * width;
    text += R"(],"data_offsets":[)" + std::to_string(at) + ',' + std::to_string(end) + "]}";
    at = end;
  }
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > detail::longest_safetensors_header)
    fail(path, "the header would be longer than the format's 100000000 bytes; write fewer tensors");
  return text;
}

}  // namespace

state_dict read_safetensors(const std::filesystem::path& path) {
  input_file in(path);
  const auto header = detail::read_safetensors_header(in);
  state_dict result;
  for (const auto& entry : header.entries) {
    const std::string tensor = "tensor " + in_quotes(entry.name);
    if (!entry.kind)
      fail(path, tensor + " has dtype " + in_quotes(entry.dtype) +
                     ", expected F32, F64, F16 or BF16; convert it to float or leave it out");
    auto values = detail::read_floats(in, *entry.kind, entry.count, tensor);
    result.push_back({entry.name, entry.dimensions, std::move(values)});
  }
  if (!in.peek(1).empty()) fail(path, "has trailing bytes after the last tensor; export it again");
  return result;
}

namespace {

/// Reads the values of a file's tensors in order.
class values_in_turn {
 public:
  values_in_turn(input_file in, std::vector<detail::safetensors_entry> entries)
      : in_(std::move(in)), entries_(std::move(entries)) {
    expect_end_after_last();
  }

  void read(std::span<float> to) {
    while (!current_) {
      if (entries_[next_].count > 0)
        current_.emplace(in_, entries_[next_].kind.value(), entries_[next_].count, what());
      ++next_;
    }
    current_->read(to);
    at_ += to.size() * detail::bytes_of(*entries_[next_ - 1].kind);
    if (current_->remaining() == 0) current_.reset();
    expect_end_after_last();
  }

  void skip(std::size_t tensor) {
    std::vector<std::uint8_t> unused(std::size_t{1} << 16);
    current_.reset();
    for (std::uint64_t left = entries_[tensor].end - at_; left > 0;) {
      const auto part = std::span(unused).first(std::min<std::uint64_t>(left, unused.size()));
      const std::size_t got = in_.read(part);
      if (got < part.size())
        fail(in_.path(),
             "tensor " + in_quotes(entries_[tensor].name) + " is cut short; copy or make the file again");
      left -= got;
    }
    at_ = entries_[tensor].end;
    next_ = tensor + 1;
    expect_end_after_last();
  }

 private:
  void expect_end_after_last() {
    if ((entries_.empty() || at_ == entries_.back().end) && !in_.peek(1).empty())
      fail(in_.path(), "has trailing bytes after the last tensor; export it again");
  }

  std::string what() const { return "tensor " + in_quotes(entries_[next_].name); }

  input_file in_;
  std::vector<detail::safetensors_entry> entries_;
  std::uint64_t at_ = 0;  // bytes of data read
  std::size_t next_ = 0;  // index of the tensor after the current one
  std::optional<detail::float_reader> current_;
};

}  // namespace

tensor_stream stream_safetensors(const std::filesystem::path& path) {
  input_file in(path);
  auto header = detail::read_safetensors_header(in);
  tensor_stream result{detail::one_line(path.string()) + ": ", {}, {}, {}};
  for (const auto& entry : header.entries)
    result.headings.push_back({entry.name, entry.dimensions, entry.kind ? "" : entry.dtype});
  const auto values = std::make_shared<values_in_turn>(std::move(in), std::move(header.entries));
  result.read = [values](std::span<float> to) {
    if (!to.empty()) values->read(to);
  };
  result.skip = [values](std::size_t tensor) { values->skip(tensor); };
  return result;
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& path) {
  input_file in(path);
  return detail::read_safetensors_header(in).metadata;
}

void write_safetensors_stream(const std::filesystem::path& path, const std::vector<tensor_source>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  check_names(path, tensors);
  const std::string header = header_text(path, tensors, metadata);
  std::uint8_t length[8];
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(header.size() >> 8 * i);

  output_file out(path);
  out.write(length);
  out.write(std::span(reinterpret_cast<const std::uint8_t*>(header.data()), header.size()));
  constexpr std::size_t part = 1 << 14;
  std::vector<float> values;
  for (const auto& tensor : tensors) {
    if (tensor.whole)
      out.write({reinterpret_cast<const std::uint8_t*>(tensor.whole->data()),
                 tensor.whole->size() * sizeof(std::int64_t)});
    const std::size_t count = tensor.whole ? 0 : detail::element_count(tensor.dimensions).value();
    for (std::size_t first = 0; first < count; first += values.size()) {
      values.resize(std::min(count - first, part));
      tensor.read(first, values);
      check_finite(path, tensor.name, first, values);
      out.write(
          std::span(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(float)));
    }
  }
  out.commit();
}

void write_safetensors(const std::filesystem::path& path, const state_dict& tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<tensor_source> sources;
  sources.reserve(tensors.size());
  for (const auto& tensor : tensors)
    sources.push_back({tensor.name, tensor.dimensions, [&tensor](std::size_t first, std::span<float> to) {
                         std::ranges::copy(std::span(tensor.values).subspan(first, to.size()), to.begin());
                       }});
  // Before a pipe or device gets a part of them.
  check_names(path, sources);
  for (const auto& tensor : tensors) {
    if (detail::element_count(tensor.dimensions, sizeof(float)) != tensor.values.size())
      fail(path, "tensor " + in_quotes(tensor.name) + " of " + detail::dimensions_text(tensor.dimensions) +
                     " has " + std::to_string(tensor.values.size()) + " values; make both agree");
    check_finite(path, tensor.name, 0, tensor.values);
  }
  write_safetensors_stream(path, sources, metadata);
}

}  // namespace salient
