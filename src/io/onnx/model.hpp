// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// ONNX files, read without trust: https://github.com/onnx/onnx/blob/main/docs/IR.md.
namespace salient::onnx {

/// Types of elements that are read (TensorProto.DataType).
enum class element {
  f32 = 1,
  u8 = 2,
  i8 = 3,
  u16 = 4,
  i16 = 5,
  i32 = 6,
  i64 = 7,
  boolean = 9,
  f16 = 10,
  f64 = 11,
  bf16 = 16
};

/// Name of a type in ONNX's words, "float16"; "type 17" for others.
std::string name_of(int data_type);

/// A tensor of constants. Its values stay in the file's bytes until they are asked for.
struct tensor {
  std::string name;
  std::vector<std::int64_t> dimensions;
  element type = element::f32;
  /// Little-endian elements, as many as the dimensions say. They belong to the model.
  std::span<const std::uint8_t> bytes;
  /// Why there are no bytes, one sentence: a type that is not read, or external data that are missing. Empty
  /// for other tensors. floats() and integers() throw it.
  std::string absent{};
  std::filesystem::path file{};  ///< the model's, for messages

  /// Number of elements, the product of the dimensions.
  std::size_t count() const;
  /// float16, bfloat16, double and integers become float. Throws salient::error for a value that is not
  /// finite.
  std::vector<float> floats() const;
  /// The same of some elements, by their indexes.
  void read(std::span<const std::int64_t> which, std::span<float> to) const;
  /// For integers and bool. Throws salient::error for other types.
  std::vector<std::int64_t> integers() const;
  void read(std::span<const std::int64_t> which, std::span<std::int64_t> to) const;
};

struct graph;

struct attribute {
  std::optional<float> number;
  std::optional<std::int64_t> integer;
  std::optional<std::string> text;
  std::optional<onnx::tensor> value;
  std::vector<float> numbers;
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  /// Reads a subgraph, if there is one. Throws salient::error. Its tensors' bytes belong to the model.
  std::function<onnx::graph()> graph{};
};

struct node {
  std::string name;                          ///< may be empty
  std::string op;                            ///< "Conv"
  std::string domain;                        ///< empty for ONNX's own operators ("ai.onnx" is read as empty)
  std::vector<std::string> inputs, outputs;  ///< an absent optional one is ""
  std::map<std::string, attribute> attributes;
  std::map<std::string, std::string> metadata;
};

/// A dimension is a number, or -1 if it is free: named or not stated.
struct value_info {
  std::string name;
  int type = 0;                                         ///< of elements, 0 if it is not a tensor
  std::optional<std::vector<std::int64_t>> dimensions;  ///< nothing if the rank is not stated
};

struct graph {
  std::vector<node> nodes;
  std::map<std::string, tensor> initialisers;
  std::vector<value_info> inputs;  ///< without initialisers that are listed as inputs (IR 3)
  std::vector<value_info> outputs;
  std::map<std::string, value_info> values;  ///< stated shapes of inner values
};

struct model {
  std::int64_t ir_version = 0;
  std::string producer, producer_version;
  std::map<std::string, std::int64_t> opsets;  ///< by domain; ONNX's own is ""
  bool has_functions = false;                  ///< of the model's own (ModelProto.functions)
  bool training = false;                       ///< it has training information (ModelProto.training_info)
  onnx::graph graph;
  std::shared_ptr<const void> storage;  ///< keeps the bytes alive that tensors point to
  std::string sha256;                   ///< of the file, 64 hexadecimal digits
  /// Files of external data that are missing or too short: tensor name to what is wrong, one sentence.
  std::map<std::string, std::string> missing;
};

enum class weights { needed, optional };

/// Reads a model. Throws salient::error if the file is not a complete model, names a type or a size that
/// cannot be, or places external data outside the model's folder. Memory is bounded by the sizes of the
/// files. With weights::optional, tensors whose external file is missing are listed in `missing` and have no
/// bytes.
model read_model(const std::filesystem::path& path, weights = weights::needed);

/// Reads a serialised TensorProto, as the test data of ONNX's backends are. The tensor's bytes live in
/// `storage`.
tensor read_tensor(const std::filesystem::path& path, std::shared_ptr<const void>& storage);

}  // namespace salient::onnx
