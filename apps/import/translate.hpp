// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "import/axes.hpp"
#include "import/constant.hpp"
#include "import/pointwise.hpp"
#include "import/rows.hpp"
#include "io/onnx/model.hpp"

namespace importer {

/// A value of the ONNX graph: a constant, or a view of an element-wise function of an activation, with zeros
/// around it. Functions, views and zeros become layers only where no other layer takes them in.
struct value {
  std::optional<constant> known;
  int activation = 0;
  axes view;
  function f = variable();
  border zeros{};
  const salient::onnx::node* by = nullptr;  ///< the last node that made it, for names and messages
  /// The integers of a quantised activation, of which only the float value is known. A scale of 0: of an
  /// image of integers, which are the values that the network is given.
  bool quantised = false;
  double scale = 0, zero_point = 0;
  bool logarithm = false;  ///< of a softmax, where the softmax itself stands for it
  bool expanded = false;   ///< one value for each channel, which stands for the same value at each position
  /// A vector that joins these flattened maps of several sizes: a dense layer of it is the sum of dense
  /// layers of the maps. Only the extent of its view means something.
  std::vector<value> parts{};
};

struct network {
  salient::shape input;
  bool channels_last = false;  ///< the file's input is N x H x W x C
  std::int64_t batch = 1;
  bool any_batch = false;  ///< the file leaves the number of images open, which is taken as 1
  /// Of the ONNX values that are known.
  std::map<std::string, dimensions> shapes;
  std::vector<row> rows;
  int output = 0;
  std::string input_name, output_name;
  /// Branches of conditions, whose tensors the rows read.
  std::vector<std::shared_ptr<const salient::onnx::graph>> branches;
  std::vector<std::string> notes;     ///< what was changed, for a comment
  std::vector<std::string> refusals;  ///< whole sentences, in the order of the nodes
};

struct wishes {
  std::string output;                 ///< empty: the only one
  std::optional<extent2> input_size;  ///< empty: as the file says
};

/// The network of a model. What it cannot have is in `refusals`; then the rows are incomplete. Throws
/// salient::error if the model has no input or output that could be taken.
network translate(const salient::onnx::model& m, const wishes& w);

/// Nodes that these values depend on, in the file's order. ONNX requires that a node follows those that it
/// reads.
std::vector<const salient::onnx::node*> needed_nodes(const salient::onnx::graph& g,
                                                     std::set<std::string> wanted);

/// The operators that can be imported, "Add, AveragePool, ...".
std::string all_operators();

/// The translation of nodes, one after another.
class translator {
  using node = salient::onnx::node;

 public:
  translator(const salient::onnx::model& m, network& n) : model_(m), net_(n) {}

  void define(const std::string& name, value v);
  /// Defines the outputs of the node, or adds a refusal.
  void translate(const node& n);
  /// The activation that holds the value that the node writes, channels first and without anything pending;
  /// 0, and a refusal, if there is none.
  int finished(const node& last, const std::string& name);

 private:
  friend std::string all_operators();
  using handler = void (translator::*)();
  static const std::map<std::string, handler>& handlers();
  int finish(const std::string& name);
  void refuse(const std::string& why);

  // The node being translated.
  bool has(std::size_t input) const;
  const value& in(std::size_t input) const;
  const constant& known(std::size_t input) const;
  bool is_known(std::size_t input) const { return has(input) && in(input).known.has_value(); }
  void out(value v, std::size_t output = 0);
  std::int64_t integer(const char* name, std::int64_t otherwise) const;
  double real(const char* name, double otherwise) const;
  std::string text(const char* name, const std::string& otherwise) const;
  std::vector<std::int64_t> integers(const char* name, std::vector<std::int64_t> otherwise) const;
  /// From an attribute in older opsets, from an input in newer ones.
  std::optional<std::vector<std::int64_t>> listed(const char* name, std::size_t input) const;
  std::int64_t opset() const;
  std::size_t axis_of(std::int64_t axis, std::size_t rank) const;

  // Activations.
  salient::shape extent(int activation) const;
  int put(row r);
  int put_plain(const std::string& layer, int input, salient::shape extent);
  int put_join(row_kind what, std::vector<int> inputs);
  /// The value's function as layers; the view and the zeros stay.
  int computed(const value& v);
  int computed(int activation, const function& f);
  int layers_of(int activation, const function& f);
  /// Of a function of all channels of a position.
  int normalised(int activation, const function& f);
  /// A long function becomes layers: those that have names are short.
  value shortened(value v);
  /// With pending zeros as a layer.
  value settled(value v);
  salient::shape seen(const value& v) const;
  /// The ONNX tensor's dimensions.
  dimensions extent_of(const value& v) const;
  /// As channels first; `zeros` takes pending zeros if the caller can have them.
  int map_of(const value& v, border* zeros = nullptr);
  value map_value(int activation) const;
  /// All values of an image as one vector, in PyTorch's order. Returns that order of the view's last axis.
  std::vector<std::int64_t> vector_of(const value& v, int& activation);

  // Operators.
  void fold();  // on constants
  void conv();
  void max_pool();
  void average_pool();
  void global_average_pool();
  void global_max_pool();
  void reduce_mean();
  void batch_normalization();
  void layer_normalization();
  void lrn();
  /// Whether it is a mean over neighbouring channels, as in a local response normalisation.
  bool averages_channels();
  void gemm();
  void mat_mul();
  void arithmetic();
  void activation();
  void clip();
  void prelu();
  void softmax();
  void sum();
  void where();
  void expand();
  void concat();
  void split();
  void slice();
  void pad();
  void transpose();
  void reshape();
  void flatten();
  void gather();
  void squeeze();
  void unsqueeze();
  void shape_of();
  void constant_node();
  void pass_on();
  void branch();
  void quantize();
  void dequantize();
  void check_readers() const;
  void mark_outputs();

  std::vector<std::size_t> reduced_axes(std::size_t rank) const;
  salient::shape slid(salient::shape in, const sliding& w, int channels) const;
  bool is_non_negative(int activation) const;
  static bool is_non_negative(const function& f);

  sliding window_of(salient::shape in, extent2 kernel) const;
  /// Adds pending zeros to the window's padding, or makes a layer of them if it cannot have them.
  int taken_in(int activation, const border& zeros, sliding& w);
  void global_pool(const char* layer);
  value sliced(value v, std::size_t axis, std::int64_t first, std::int64_t count, std::int64_t step);
  /// A dense layer of the vector v, with the columns of the weight from `first` on.
  int dense_row(const value& v, const constant& weight, bool transposed, double alpha, std::int64_t first);
  void dense_of(const constant& weight, bool transposed, double alpha, const constant* bias, double beta);
  /// A scale or shift of each channel, as a layer.
  int with_each(int activation, pointwise::kind what, const values& c, bool constant_first);
  void with_constant(const value& v, std::size_t constant, pointwise::kind what);
  /// A vector's values at every position of a map: a map of ones times the vector.
  int spread_over(int map, int vector);
  void joined(row_kind kind, std::vector<value> operands);
  void reviewed(const dimensions& to);

  const salient::onnx::model& model_;
  network& net_;
  std::map<std::string, value> values_;
  std::size_t scope_ =
      0;  ///< number of the branch that is translated, in which names are its own; 0: of none
  std::map<std::pair<int, const pointwise*>, int> computed_;
  /// The node that made a function, whose layers are made later. The functions are kept, so that their
  /// addresses stay their own.
  struct origin {
    function f;
    const node* by;
    std::string name;  ///< of the value, if it is seen channels first
  };
  std::map<const pointwise*, origin> origins_;
  std::map<std::pair<int, std::int64_t>, int> shuffled_;  ///< by activation and groups
  std::map<std::string, std::string> undefined_;          ///< outputs that are not available, and why
  const node* node_ = nullptr;
  std::int64_t folded_elements_ = 0;  ///< read and written by fold()
  int normalised_steps_ = 0;          ///< of functions that normalised() looked at
};

}  // namespace importer
