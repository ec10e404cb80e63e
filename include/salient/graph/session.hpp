// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"
#include "salient/device/buffer.hpp"
#include "salient/graph/model.hpp"
#include "salient/graph/program.hpp"

namespace salient {

namespace detail {
// For float and double. They throw salient::error.
template <class T>
void check_images(const basic_tensor<T>& images, shape expected, long capacity);
template <class T>
void check_scores(std::span<const T> scores, std::string_view where);  ///< are the scores there finite?
long checked_capacity(long capacity, long most);
}  // namespace detail

/// A model's passes over up to `capacity` images at a time, and the memory they need, taken once. Whatever
/// runs after construction allocates nothing on the device. One session serves one thread; the model is
/// shared.
///
/// Activations are numbered: 0 is the input, i + 1 the output of layer i.
template <class Model, class Pass = pass::saliency<>>
class session {
 public:
  using model_type = Model;
  using network = typename Model::network;
  using device_type = typename Model::device_type;
  using scalar = typename Model::scalar;

  explicit session(const Model& model, long capacity = 1)
      : model_(&model),
        capacity_(detail::checked_capacity(capacity, most)),
        elements_(model.device(), static_cast<std::size_t>(capacity * plan.elements)),
        switches_(model.device(), static_cast<std::size_t>(capacity * plan.switch_elements)),
        signs_(model.device(), static_cast<std::size_t>(capacity * plan.sign_elements)),
        scratch_(model.device(), static_cast<std::size_t>(scratch_elements<Pass>(
                                     network::facts, network::inferred.shapes, capacity))),
        scores_({1, 1, network::classes}, capacity),
        input_(passes_pixels_on() ? 0 : static_cast<std::size_t>(network::input_shape.elements())) {}

  /// The model must outlive the session.
  explicit session(const Model&& model, long capacity = 1) = delete;

  const Model& model() const { return *model_; }
  long capacity() const { return capacity_; }
  /// Images in the current batch.
  long batch() const { return batch_; }

  /// Takes a batch of images in: pixels, from which activation 0 is made by the model's preprocessing. Throws
  /// salient::error for a wrong shape, none or too many, or a value not finite.
  void load(const basic_tensor<scalar>& images) {
    detail::check_images(images, network::input_shape, capacity_);
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
  }

  /// Starts a batch whose inputs, already preprocessed, the caller writes to activation 0 on the device;
  /// batch <= capacity.
  void begin(long batch) {
    assert(batch >= 1 && batch <= capacity_);
    batch_ = batch;
  }

  /// load, the whole forward pass, and the scores brought back. Throws salient::error if they are not finite.
  void forward(const basic_tensor<scalar>& images) {
    load(images);
    forward(0, network::size);
    read_scores();
    detail::check_scores(std::span<const scalar>(scores_.values), "at the image");
  }

  /// Sub-range of the forward pass: computes activation `to` from activation `from`.
  void forward(int from, int to) { run().forward(batch_, from, to); }

  /// Computes the signal at activation `to` from the signal at activation `from`.
  template <rule Rule = gradient>
  void backward(int from, int to) {
    static_assert(Pass::backward,
                  "this session keeps nothing for a backward pass; use pass::saliency or pass::training");
    run().template backward<Rule>(batch_, from, to);
  }

  /// For a pass::path session, whose batch is at most half its capacity: the whole forward pass from points
  /// at activation 0 with directions at slope(0); lowers reach[n] (device memory) to how far line n's piece
  /// goes on.
  void follow(scalar* reach) {
    static_assert(std::is_same_v<Pass, pass::path>, "only a session for pass::path follows lines");
    assert(2 * batch_ <= capacity_);
    run().follow(batch_, network::scores, detail::line_functions_of<device_type, scalar, network>::value,
                 reach);
  }
  scalar* slope(int i) {
    return activation(i) + capacity_ / 2 * network::inferred.shapes[static_cast<std::size_t>(i)].elements();
  }

  /// Gradients of all parameters, laid out as `model::values()`, from the signal at activation `from`.
  void parameter_gradients(int from, scalar* gradients) {
    static_assert(Pass::parameters, "this session keeps nothing for parameter gradients; use pass::training");
    run().parameter_gradients(batch_, from, gradients);
  }

  // Where activations and signals are, in device memory: (batch, shape of the activation). Of the activations
  // the input, the scores, the output, the pass's taps and what layers retain are still there after the pass.
  scalar* activation(int i) {
    return elements_.data() + plan.activation[static_cast<std::size_t>(i)] * capacity_;
  }
  scalar* signal(int i) { return elements_.data() + plan.signal[static_cast<std::size_t>(i)] * capacity_; }

  /// Class scores (before a final softmax) of the last forward pass: batch x 1 x 1 x classes, in host memory.
  const basic_tensor<scalar>& scores() const { return scores_; }
  void read_scores() {
    scores_.batch = batch_;
    scores_.values.assign(static_cast<std::size_t>(batch_ * network::classes), scalar{0});
    read(activation(network::scores), scores_.values);
  }

  /// Copies between host memory and this session's.
  void write(scalar* to, std::span<const scalar> from) {
    copy_in(model_->device(), to, from.data(), from.size_bytes());
  }
  void read(const scalar* from, std::span<scalar> to) const {
    copy_out(model_->device(), to.data(), from, to.size_bytes());
  }

 private:
  /// Whether the network's input is the pixels themselves.
  bool passes_pixels_on() const { return model_->input_preprocessing() == preprocessing{}; }

  static constexpr auto& plan = network::template plan<Pass>;
  static constexpr auto code = program_of<network, Pass, device_type, scalar>();

  static constexpr long most =
      std::numeric_limits<long>::max() / 64 / (plan.elements + plan.switch_elements + plan.sign_elements + 1);

  runner<device_type, scalar> run() {
    return {model_->device(),
            code,
            model_->parameters(),
            {elements_.data(), switches_.data(), signs_.data(), scratch_.data(), capacity_}};
  }

  const Model* model_;
  long capacity_;
  long batch_ = 0;
  buffer<scalar, device_type> elements_;
  buffer<int, device_type> switches_;
  buffer<bool, device_type> signs_;
  buffer<scalar, device_type> scratch_;
  basic_tensor<scalar> scores_;
  std::vector<scalar> input_;  // one preprocessed image
};

}  // namespace salient
