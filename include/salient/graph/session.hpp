// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/recorder.hpp"
#include "salient/graph/fetched_scores.hpp"
#include "salient/graph/model.hpp"
#include "salient/graph/runner.hpp"

namespace salient {

namespace detail {
// For float and double. They throw salient::error.
template <class T>
SALIENT_EXPORT void check_extent(const basic_tensor<T>& images, shape expected, long capacity);
/// Refuses values that are not finite.
template <class T>
SALIENT_EXPORT void check_pixels(const basic_tensor<T>& images);
/// Both.
template <class T>
SALIENT_EXPORT void check_images(const basic_tensor<T>& images, shape expected, long capacity);
SALIENT_EXPORT long checked_capacity(long capacity, long most);

/// Sessions of other kinds, one of each at most. Without types, so that programs contain it once.
class SALIENT_EXPORT side_sessions {
 public:
  /// Of one type. Its address tells kinds apart, and so it is not constant: a linker may merge constants that
  /// are equal.
  struct kind {
    void* (*make)(const void* model, long capacity);
    void (*destroy)(void* session);
  };

  side_sessions();
  ~side_sessions();
  side_sessions(side_sessions&&) noexcept;
  side_sessions& operator=(side_sessions&&) noexcept;

  /// The session of this kind: the one that is kept if it has room for `capacity` images, or a new one in its
  /// place.
  void* get(const kind&, const void* model, long capacity);

 private:
  struct one {
    const kind* of;
    long capacity;
    std::unique_ptr<void, void (*)(void*)> session;
  };
  std::vector<one> kept_;
};
}  // namespace detail

/// Runs a model's passes on up to `capacity` images at a time. The constructor takes all memory; later calls
/// allocate nothing on the device. A session belongs to one thread; the model is shared.
///
/// On a GPU, a pass that is run often is recorded as a CUDA graph and replayed from then on (`recorder`).
///
/// Activations are numbered as by `network::find`: 0 is the input. Passes start and stop at the input, the
/// scores, the output and the pass's taps. These activations can be read and written. The pass overwrites the
/// input unless it is a tap.
template <class Model, class Pass = pass::saliency<>>
class session {
 public:
  using model_type = Model;
  using pass_type = Pass;
  using network = typename Model::network;
  using device_type = typename Model::device_type;
  using scalar = typename Model::scalar;

  explicit session(const Model& model, long capacity = 1)
      : model_(&model),
        capacity_(detail::checked_capacity(capacity, most)),
        memory_(model.device(), network::template memory<Pass, scalar>(capacity)),
        record_(model.device()),
        marks_(pass_marks::size(network::graph.rows.size())),
        scores_(model.device(), network::classes, capacity),
        input_(passes_pixels_on() ? 0 : static_cast<std::size_t>(network::input_shape.elements())) {}

  /// A session of another kind for the same model with room for `capacity` images, for a method that needs
  /// one beside this session. It is kept as long as this one, memory and recorded passes, and handed out
  /// again: only one method may use it at a time.
  template <class Other>
  Other& beside(long capacity) {
    static detail::side_sessions::kind kind{[](const void* model, long room) -> void* {
                                              return new Other(*static_cast<const Model*>(model), room);
                                            },
                                            [](void* made) { delete static_cast<Other*>(made); }};
    return *static_cast<Other*>(beside_.get(kind, model_, capacity));
  }

  /// The model must outlive the session.
  explicit session(const Model&& model, long capacity = 1) = delete;

  const Model& model() const { return *model_; }
  long capacity() const { return capacity_; }
  /// Images in the current batch.
  long batch() const { return batch_; }

  /// Preprocesses a batch of images (pixels) into activation 0. Throws salient::error for a wrong shape, none
  /// or too many images, or a value that is not finite.
  void load(const basic_tensor<scalar>& images) {
    detail::check_images(images, network::input_shape, capacity_);
    place(images);
  }

  /// Starts a batch whose preprocessed inputs the caller writes to activation 0 on the device;
  /// batch <= capacity.
  void begin(long batch) {
    assert(batch >= 1 && batch <= capacity_);
    batch_ = batch;
    copies_ = shown_ = 1;
  }

  // Scores that are not finite throw salient::error. A CPU has the scores when a forward pass returns, and
  // throws then. A GPU is still working: it throws from the next call of `scores` or `read`, which wait for
  // it. A map that was read therefore is one of finite scores on every device.

  /// Loads the images, runs the forward pass and fetches the scores.
  void forward(const basic_tensor<scalar>& images) {
    if constexpr (runs_ahead<device_type>) {
      detail::check_extent(images, network::input_shape, capacity_);
      place(images);
      forward_inputs("at the image");
      detail::check_pixels(images);  // while the device computes
    } else {
      load(images);
      forward_inputs("at the image");
    }
  }

  /// Runs the forward pass on the inputs of a batch that `begin` started and fetches the scores. `where`, a
  /// literal, is for the message about scores that are not finite.
  void forward_inputs(std::string_view where) { forward_from(0, where); }
  /// The same from activation `from`, which the caller has written.
  void forward_from(int from, std::string_view where) {
    forward(from, network::output);
    scores_.fetch(activation(network::scores), batch_, where);
  }

  /// Runs a part of the forward pass: computes activation `to` from activation `from`.
  void forward(int from, int to) {
    assert(planned(from) && planned(to) && network::every_path_crosses(from));
    if (from == to) return;
    record_.run(key(pass_key::kind::forward, from, to), [&] { run().forward(batch_, from, to); });
  }

  /// After a forward pass of a batch: makes the batch these images `copies` times over, scores and all that
  /// backward passes read, as if the forward pass had run on them. So backward passes about several targets
  /// become one. repeat(1) makes the batch what it was. The copies must fit into the capacity. Only for
  /// devices in the host's memory.
  void repeat(long copies) {
    static_assert(!runs_ahead<device_type>);
    const long images = batch_ / shown_;
    assert(images * copies <= capacity_);
    if (copies > copies_) run().repeat(images, copies_, copies);
    copies_ = std::max(copies_, copies);
    scores_.repeat(images, copies);
    shown_ = copies;
    batch_ = images * copies;
  }

  // Parts of the forward pass between activations where `plan_crops` begins and ends its stages. They need
  // not be taps: a value that is stored at one is read before the pass goes on.

  scalar* stored(int i) { return workspace().at(plan.activations[static_cast<std::size_t>(i)]); }
  /// Computes activation `to` from activation `from` of a batch of crops, whose extents `graph` has.
  void forward_crops(const graph_view& graph, int from, int to) {
    auto cropped = code;
    cropped.graph = graph;
    runner<device_type, scalar>(model_->device(), cropped, model_->parameters(), workspace(), marks_.data())
        .forward(batch_, from, to);
  }
  /// Computes the scores from activation `from` of whole images, and fetches them.
  void forward_rest(int from, std::string_view where) {
    if (from == 0) return forward_inputs(where);
    forward_crops(network::graph, from, network::output);
    scores_.fetch(activation(network::scores), batch_, where);
  }

  /// Computes the signal at activation `to` from the signal at activation `from`, along all connecting paths.
  template <rule Rule = gradient>
  void backward(int from, int to) {
    static_assert(Pass::backward,
                  "this session keeps nothing for a backward pass; use pass::saliency or pass::training");
    assert(planned(from) && planned(to));
    if (from == to) return;
    record_.run(key(pass_key::kind::backward, from, to, rules::index<Rule>),
                [&] { run().backward(batch_, from, to, rules::index<Rule>); });
  }

  /// For a pass::path session, whose batch is at most half its capacity. Runs the forward pass from points at
  /// activation 0 with directions at slope(0). Lowers reach[n] (device memory) to the distance along line n
  /// at which its linear piece ends.
  void follow(scalar* reach) {
    static_assert(std::is_same_v<Pass, pass::path>, "only a session for pass::path follows lines");
    assert(2 * batch_ <= capacity_);
    record_.run(key(pass_key::kind::follow, 0, network::scores, 0, reach),
                [&] { run().follow(batch_, network::scores, reach); });
  }
  scalar* slope(int i) { return activation(i) + capacity_ / 2 * network::extent(i).elements(); }

  /// Gradients of all parameters, in the layout of `model::values()`, from the signal at activation `from`.
  void parameter_gradients(int from, scalar* gradients) {
    static_assert(Pass::parameters, "this session keeps nothing for parameter gradients; use pass::training");
    record_.run(key(pass_key::kind::parameter_gradients, from, 0, 0, gradients),
                [&] { run().parameter_gradients(batch_, from, gradients); });
  }
  /// Updates the running averages in `parameters`, in the layout of `model::values()`, with the statistics of
  /// the last forward pass.
  void move_averages(std::span<scalar> parameters) const {
    static_assert(Pass::parameters, "only pass::training records the statistics of a batch");
    std::vector<scalar> found;
    for (const parameter_place& p : network::parameter_layout.places) {
      const auto row = static_cast<std::size_t>(p.row);
      if (!has_parameters(p) || !code.operations[row]->averages) continue;
      const shape in = network::graph.in(p.row);
      found.resize(static_cast<std::size_t>(network::graph.facts(p.row).statistics(in)));
      read(workspace().statistics + plan.statistics[row], found);
      std::array<scalar*, parameter_list::most> tensors{};
      for (std::size_t t = 0; t < p.list.count; ++t) tensors[t] = parameters.data() + p.tensor[t];
      code.operations[row]->average(in, batch_ * in.positions(), found.data(), tensors.data());
    }
  }

  // Activations and signals in device memory: (batch, shape of the activation).
  scalar* activation(int i) { return at(plan.activations[static_cast<std::size_t>(i)], i); }
  scalar* signal(int i) { return at(plan.signals[static_cast<std::size_t>(i)], i); }

  /// Class scores (before a final softmax) of the last forward pass: batch x 1 x 1 x classes, in host memory.
  const basic_tensor<scalar>& scores() const { return scores_.get(); }
  /// Reads the scores of the last pass to them, and does not check them.
  void read_scores() { scores_.read(activation(network::scores), batch_); }

  /// Copies to this session's memory.
  void write(scalar* to, std::span<const scalar> from) {
    copy_in(model_->device(), to, from.data(), from.size_bytes());
  }
  /// Copies to host memory. Waits for all that was enqueued before.
  void read(const scalar* from, std::span<scalar> to) const {
    copy_out(model_->device(), to.data(), from, to.size_bytes());
    scores_.receive();
  }
  /// The same from two places, which waits once.
  void read(const scalar* from, std::span<scalar> to, const scalar* from2, std::span<scalar> to2) const {
    if constexpr (runs_ahead<device_type>) {
      host_buffer<scalar, device_type> first(model_->device(), to.size());
      first.receive(from, to.size());
      read(from2, to2);
      std::ranges::copy(first.values(), to.begin());
    } else {
      read(from, to);
      read(from2, to2);
    }
  }

 private:
  /// Preprocesses images into activation 0.
  void place(const basic_tensor<scalar>& images) {
    if (passes_pixels_on()) {
      write(activation(0), images.values);
    } else {
      for (long n = 0; n < images.batch; ++n) {
        detail::preprocess(model_->input_preprocessing(), network::input_shape.channels, images.image(n),
                           std::span(input_));
        write(activation(0) + n * network::input_shape.elements(), input_);
      }
    }
    batch_ = images.batch;
    copies_ = shown_ = 1;
  }

  /// Whether the network's input is the unchanged pixels.
  bool passes_pixels_on() const { return model_->input_preprocessing() == preprocessing{}; }

  static constexpr auto& plan = network::template plan<Pass, scalar>;
  static constexpr auto code = program_of<network, Pass, device_type, scalar>();

  static constexpr bool trainable() {
    for (const parameter_place& p : network::parameter_layout.places)
      for (const parameter_tensor& t : p.list.all())
        if (t.trained && !code.operations[static_cast<std::size_t>(p.row)]->has_parameter_gradient)
          return false;
    return true;
  }
  static_assert(!Pass::parameters || trainable(),
                "salient: a layer of this network cannot be trained: it has parameters, but no "
                "parameter_gradient(device, io)");

  static constexpr long most = std::numeric_limits<long>::max() / 64 / (plan.bytes + 1);

  static constexpr bool planned(int i) { return network::template planned<Pass>.declared(i); }
  scalar* at(const workspace_place& place, [[maybe_unused]] int i) const {
    assert(planned(i) && "the pass was not planned to keep this activation: name it as a tap");
    return workspace().at(place);
  }

  workspace_view<scalar> workspace() const {
    // Not const in fact: the workspace belongs to this session.
    auto* const memory = const_cast<std::byte*>(memory_.data());
    auto* const tail = reinterpret_cast<scalar*>(memory + capacity_ * plan.bytes);
    return {memory, tail, tail + plan.all_statistics, capacity_};
  }

  runner<device_type, scalar> run() {
    return {model_->device(), code, model_->parameters(), workspace(), marks_.data()};
  }

  pass_key key(pass_key::kind of, int from, int to, std::size_t rule = 0,
               const void* result = nullptr) const {
    return {of, from, to, rule, batch_, model_->parameters().values, result};
  }

  const Model* model_;
  long capacity_;
  long batch_ = 0;
  long shown_ = 1;   ///< times that the images of the last forward pass are in the batch
  long copies_ = 1;  ///< times that the workspace has what backward passes read of them
  buffer<std::byte, device_type> memory_;
  recorder<device_type> record_;
  std::vector<std::uint8_t> marks_;
  detail::fetched_scores<device_type, scalar> scores_;
  std::vector<scalar> input_;  // one preprocessed image
  detail::side_sessions beside_;
};

}  // namespace salient
