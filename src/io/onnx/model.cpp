// SPDX-License-Identifier: MIT
#include "io/onnx/model.hpp"

#include <string_view>

#include "io/message.hpp"
#include "io/onnx/not_onnx.hpp"
#include "io/onnx/reader.hpp"
#include "io/sha256.hpp"
#include "salient/core/error.hpp"

namespace salient::onnx {
namespace {

constexpr std::int64_t oldest_ir = 3, oldest_opset = 7;

std::string_view text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void read_opset(fields f, model& to, const context& with) {
  std::string domain;
  std::int64_t version = 0;
  while (f.next()) {
    if (f.number() == 1)
      domain = f.text();
    else if (f.number() == 2)
      version = f.integer();
    else
      f.skip();
  }
  if (domain == "ai.onnx") domain.clear();
  const auto [entry, is_new] = to.opsets.emplace(domain, version);
  if (!is_new && entry->second != version)
    detail::fail(with.path, "imports two versions of the operators " +
                                detail::in_quotes(domain.empty() ? "ai.onnx" : domain) +
                                "; export the model again");
}

void check_versions(const model& read, const context& with) {
  if (read.ir_version < oldest_ir)
    detail::fail(
        with.path,
        (read.ir_version == 0 ? "states no version of the ONNX format"
                              : "has version " + std::to_string(read.ir_version) + " of the ONNX format") +
            ", expected " + std::to_string(oldest_ir) + " or later; export the model again");
  const auto own = read.opsets.find("");
  if (own == read.opsets.end())
    detail::fail(
        with.path,
        "states no version of ONNX's operators (opset), so it is incomplete; copy or export it again");
  if (own->second < oldest_opset)
    detail::fail(with.path, "uses opset " + std::to_string(own->second) + ", expected " +
                                std::to_string(oldest_opset) +
                                " or later; convert it with onnx.version_converter or export it again");
}

model parse(context& with) {
  model result;
  bool has_graph = false;
  for (fields f(with.path, text(with.storage->file.bytes()), "the model"); f.next();) {
    switch (f.number()) {
      case 1:
        result.ir_version = f.integer();
        break;
      case 2:
        result.producer = f.text();
        break;
      case 3:
        result.producer_version = f.text();
        break;
      case 7:
        if (has_graph) detail::fail(with.path, "has two graphs, expected one; export the model again");
        result.graph = read_graph(f.message("the graph"), with);
        has_graph = true;
        break;
      case 8:
        read_opset(f.message("an opset"), result, with);
        break;
      case 20:
        f.bytes();
        result.training = true;
        break;
      case 25:
        f.bytes();
        result.has_functions = true;
        break;
      default:
        f.skip();
    }
  }
  check_versions(result, with);
  if (!has_graph) detail::fail(with.path, "has no graph, so it is incomplete; copy or export it again");
  return result;
}

/// Calls `read`. If that fails and the file is of another known kind, says so instead.
template <class F>
auto unless_other_kind(const context& with, const std::string& expected, F read) {
  try {
    return read();
  } catch (const error&) {
    if (const auto kind = other_kind(with.storage->file.bytes(), expected)) detail::fail(with.path, *kind);
    throw;
  }
}

}  // namespace

model read_model(const std::filesystem::path& path, weights external) {
  context with(path, external);
  return unless_other_kind(with, "an ONNX model", [&] {
    model result = parse(with);
    result.missing = std::move(with.missing);
    result.sha256 = salient::detail::sha256(with.storage->file.bytes());
    result.storage = with.storage;
    return result;
  });
}

tensor read_tensor(const std::filesystem::path& path, std::shared_ptr<const void>& kept) {
  context with(path, weights::needed);
  return unless_other_kind(with, "a tensor of ONNX", [&] {
    tensor result = read_tensor(fields(with.path, text(with.storage->file.bytes()), "the tensor"), with);
    kept = with.storage;
    return result;
  });
}

}  // namespace salient::onnx
