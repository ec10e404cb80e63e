// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "salient/core/export.hpp"
#include "salient/graph/program.hpp"

namespace salient {

/// The state of a backward pass: one entry for each activation.
struct pass_marks {
  std::uint8_t* wanted;   ///< whether its signal is needed
  std::uint8_t* written;  ///< whether its signal has been written
  std::uint8_t* done;     ///< whether its row has run backward

  static constexpr std::size_t size(std::size_t rows) { return 3 * (rows + 1); }
};

/// Runs the rows of a program on a workspace. Only enqueues kernels; allocates nothing. Compiled in the
/// library for every device and scalar.
template <class D, class T>
class SALIENT_EXPORT runner {
 public:
  /// `marks`: pass_marks::size(rows) bytes of temporary memory for the runner.
  runner(const D& device, const program<D, T>& program, const parameters_view<T>& parameters,
         const workspace_view<T>& workspace, std::uint8_t* marks);

  /// Computes activation `to` from activation `from`, which every path crosses.
  void forward(long batch, int from, int to) const;

  /// Computes the signal at activation `to` from the signal at activation `from`, to <= from, along all paths
  /// between them. `rule` is an index in `rules`.
  void backward(long batch, int from, int to, std::size_t rule) const;

  /// Copies all that backward passes read of the first `images` images, whose forward pass has run, to the
  /// following ones: as many as make [from, to) copies, where the images themselves are copy 0. Only for
  /// devices in the host's memory.
  void repeat(long images, long from, long to) const;

  /// Computes activations and their slopes on `batch` lines up to activation `to`. Lowers reach_n to the step
  /// along line n at which the first layer's linear piece ends. Slopes are stored in the second half of the
  /// workspace's images.
  void follow(long batch, int to, T* reach) const;

  /// Computes the gradients of all parameters, in the layout of the parameters, from the signal at
  /// activation `from`.
  void parameter_gradients(long batch, int from, T* gradients) const;

 private:
  std::size_t size() const { return program_.graph.rows.size(); }
  const operation<D, T>& of(int row) const { return *program_.operations[static_cast<std::size_t>(row)]; }

  view<T> value(long batch, int activation) const;
  view<T> signal(long batch, int activation) const;
  io<T> arguments(long batch, int row) const;

  void concatenate(long batch, int row) const;
  io<T> with_epilogue(long batch, int row) const;
  int run_blocks(long batch, int row) const;
  void mark_between(int from, int to) const;
  void mark_parameters(int from) const;
  void run_back(long batch, int row, std::size_t rule) const;
  void split(long batch, int row) const;
  void run_chain(long batch, int head, std::size_t rule) const;
  int join_chain(long batch, int head, std::size_t rule, kernel::epilogue<T>& e) const;
  void aim(long batch, int row, int activation, std::size_t rule, view<T>& dx, kernel::epilogue<T>& e) const;

  const D& device_;
  const program<D, T>& program_;
  parameters_view<T> parameters_;
  workspace_view<T> workspace_;
  pass_marks marks_;
};

}  // namespace salient
