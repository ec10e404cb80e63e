// SPDX-License-Identifier: MIT
// label: threads
#include "salient/graph/session.hpp"

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "laws/compose.hpp"
#include "laws/devices.hpp"
#include "laws/layer_laws.hpp"
#include "laws/message_of.hpp"
#include "laws/networks.hpp"
#include "laws/random_model.hpp"

namespace salient {
namespace {

using laws::numbers;

template <class Session>
auto read(Session& s, const typename Session::scalar* from, int activation) {
  const shape extent = Session::network::extent(activation);
  std::vector<typename Session::scalar> values(static_cast<std::size_t>(s.batch() * extent.elements()));
  s.read(from, values);
  return values;
}

template <class Session>
auto scores_signal(const Session& s) {
  return laws::noise<typename Session::scalar>(s.batch() * Session::network::classes, 11);
}

/// The signal at activation 0 after a backward pass of `Rule` in parts that meet at the activations `stops`.
template <class Rule, class Session>
auto backward_by(Session& s, std::initializer_list<int> stops) {
  int at = Session::network::scores;
  s.write(s.signal(at), scores_signal(s));
  for (const int stop : stops) s.template backward<Rule>(std::exchange(at, stop), stop);
  s.template backward<Rule>(at, 0);
  return read(s, s.signal(0), 0);
}

template <class Network, class Device>
void gradients_are_central_differences(const Device& device) {
  auto m = laws::random_model<Network, double>(device);
  session<decltype(m), pass::training> s(m, 2);
  basic_tensor<double> images = laws::random_images<double>(Network::input_shape, 2);
  s.forward(images);
  const numbers signal = scores_signal(s);
  const numbers dx = backward_by<gradient>(s, {});

  s.write(s.signal(Network::scores), signal);
  constexpr auto elements = static_cast<std::size_t>(Network::parameter_layout.elements);
  buffer<double, Device> gradients(device, elements);
  s.parameter_gradients(Network::scores, gradients.data());
  numbers dp(elements);
  gradients.download(dp);

  numbers parameters = m.values();
  const double step = 1e-6;
  const auto slope = [&](double& v, const auto& value) {
    const double at = v;
    v = at + step;
    const double above = value();
    v = at - step;
    const double below = value();
    v = at;
    return (above - below) / (2 * step);
  };
  const auto score = [&] {
    m.assign(parameters);
    s.forward(images);
    return laws::dot(s.scores().values, signal);
  };
  for (std::size_t i = 0; i < images.values.size(); i += 7)
    ASSERT_NEAR(dx[i], slope(images.values[i], score), 1e-7) << "input " << i;
  for (const parameter_place& p : Network::parameter_layout.places) {
    for (std::size_t t = 0; t < p.list.count; ++t) {
      const long count = p.list.tensors[t].elements();
      for (long i = 0; i < count; i += 1 + count / 30) {
        const auto at = static_cast<std::size_t>(p.tensor[t] + i);
        ASSERT_NEAR(dp[at], slope(parameters[at], score), 1e-7)
            << parameter_name(Network::graph, p, t) << ", element " << i;
      }
    }
  }
}

TEST(session, gradients_are_central_differences) {
  laws::for_each_network([]<class Network>() {
    gradients_are_central_differences<Network>(cpu{});
    gradients_are_central_differences<Network>(cpu_pool(2));
  });
}

TEST(session, parts_of_passes_compose) {
  laws::for_each_network([]<class Network>() { laws::passes_compose_anywhere<Network>(); });
}

/// Keeps every activation, so that no layers are fused.
template <int... I>
pass::saliency<I...> keep_all(std::integer_sequence<int, I...>);
template <class Network>
using all_apart = decltype(keep_all(std::make_integer_sequence<int, Network::output + 1>{}));

TEST(session, a_layer_does_its_neighbours_work_as_the_neighbour_would) {
  laws::for_each_network([]<class Network>() {
    for (const implementation kernels :
         {implementation::fastest, implementation::direct, implementation::eigen}) {
      const cpu device(kernels);
      const auto m = laws::random_model<Network>(device);
      session<model<Network>> together(m, 3);
      session<model<Network>, all_apart<Network>> alone(m, 3);
      const auto images = laws::random_images(Network::input_shape, 3);
      together.forward(images);
      alone.forward(images);
      const auto output = [](auto& s) { return read(s, s.activation(Network::output), Network::output); };
      EXPECT_EQ(output(together), output(alone));
      EXPECT_EQ(backward_by<gradient>(together, {}), backward_by<gradient>(alone, {}));
      EXPECT_EQ(backward_by<guided>(together, {}), backward_by<guided>(alone, {}));
      EXPECT_EQ(backward_by<deconv>(together, {}), backward_by<deconv>(alone, {}));
    }
  });
}

/// A user-defined identity layer that cannot be fused.
struct passing : layer_defaults {
  static constexpr std::string_view name = "passing";
  static constexpr shape output(shape in) { return in; }
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::apply(d, t.x, {}, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::apply(d, t.dy, {}, t.dx);
  }
};

TEST(session, a_layer_that_does_no_neighbours_work_is_not_taken_to) {
  using with = network<input<6, 5, 2>, conv2d<3, 2>, passing, relu, passing, flatten, dense<4>>;
  using without = network<input<6, 5, 2>, conv2d<3, 2>, relu, flatten, dense<4>>;
  const cpu device;
  auto weights = laws::random_weights<without>();
  const model<without> plain(device, weights);
  weights[2].name = "5.weight";
  weights[3].name = "5.bias";
  const model<with> longer(device, weights);
  session<model<without>> expected(plain, 2);
  session<model<with>> found(longer, 2);
  const auto images = laws::random_images(with::input_shape, 2);
  expected.forward(images);
  found.forward(images);
  EXPECT_EQ(found.scores().values, expected.scores().values);
  EXPECT_EQ(backward_by<gradient>(found, {}), backward_by<gradient>(expected, {}));
  EXPECT_EQ(backward_by<guided>(found, {}), backward_by<guided>(expected, {}));
  EXPECT_EQ(backward_by<deconv>(found, {}), backward_by<deconv>(expected, {}));
}

TEST(session, backward_passes_follow_one_another) {
  laws::for_each_network([]<class Network>() {
    const cpu device;
    const auto m = laws::random_model<Network>(device);
    session<model<Network>> s(m);
    s.forward(laws::random_images(Network::input_shape));
    const auto first = backward_by<gradient>(s, {});
    backward_by<guided>(s, {});
    backward_by<deconv>(s, {});
    EXPECT_EQ(backward_by<gradient>(s, {}), first);
  });
}

TEST_ON_EVERY_DEVICE(session, every_pass_and_device_gives_the_same_scores) {
  laws::for_each_network([]<class Network>() {
    const cpu device;
    const cpu_pool pool(3);
    const auto m = laws::random_model<Network>(device);
    const auto parallel = laws::random_model<Network>(pool);
    const auto images = laws::random_images(Network::input_shape, 4);
    session<model<Network>, pass::forward> forward(m, 4);
    session<model<Network>> saliency(m, 5);
    session<model<Network>, pass::training> training(m, 4);
    session<model<Network, cpu_pool>> pooled(parallel, 4);
    forward.forward(images);
    saliency.forward(images);
    training.forward(images);
    pooled.forward(images);
    EXPECT_EQ(saliency.scores().values, forward.scores().values);
    EXPECT_EQ(training.scores().values, forward.scores().values);
    const numbers expected(forward.scores().values.begin(), forward.scores().values.end());
    if (const gpu* card = laws::tested_gpu()) {
      const auto there = laws::random_model<Network>(*card);
      session<model<Network, gpu>> on_gpu(there, 5);
      on_gpu.forward(images);
      return laws::expect_close<float>(on_gpu.scores().values, expected, 1000, "gpu");
    }
    laws::expect_close<float>(pooled.scores().values, expected, 1000, "cpu_pool");
  });
}

TEST(session, a_batch_is_as_many_single_images) {
  laws::for_each_network([]<class Network>() {
    const cpu device;
    const auto m = laws::random_model<Network>(device);
    session<model<Network>> all(m, 5), one(m);
    const auto images = laws::random_images(Network::input_shape, 5);
    all.forward(images);
    for (long n = 0; n < 5; ++n) {
      tensor image(Network::input_shape);
      std::ranges::copy(images.image(n), image.values.begin());
      one.forward(image);
      const auto expected = all.scores().image(n);
      laws::expect_close<float>(one.scores().values, numbers(expected.begin(), expected.end()), 1000,
                                "scores");
    }
  });
}

using laws::message_of;

constexpr preprocessing of_bytes{
    .range = 255, .mean = {104, 117, 124}, .deviation = {58, 57, 56}, .order = channel_order::bgr};

template <class Network, class Declared, class Device>
void makes_the_input_from_pixels(const Device& device) {
  const auto weights = laws::random_weights<Network>();
  const auto images = laws::random_images(Network::input_shape, 3);
  const model<Network, Device> plain(device, weights), told(device, weights, of_bytes);
  const model<Declared, Device> declared(device, weights);
  EXPECT_TRUE(plain.input_preprocessing() == preprocessing{} && told.input_preprocessing() == of_bytes);
  EXPECT_TRUE(declared.input_preprocessing() == of_bytes);

  const tensor inputs = preprocess(of_bytes, images);
  session<model<Network, Device>> by_hand(plain, 3), when_told(told, 4);
  session<model<Declared, Device>> when_declared(declared, 3);
  by_hand.forward(inputs);
  when_told.forward(images);
  when_declared.forward(images);
  EXPECT_EQ(read(when_told, when_told.activation(0), 0), inputs.values);
  EXPECT_EQ(when_told.scores().values, by_hand.scores().values);
  EXPECT_EQ(when_declared.scores().values, by_hand.scores().values);
}

TEST_ON_EVERY_DEVICE(session, makes_the_input_from_pixels_as_the_model_is_told) {
  using net = network<input<9, 7, 3>, conv2d<4, 3>, relu, flatten, dense<5>>;
  using declared = network<input<9, 7, 3, of_bytes>, conv2d<4, 3>, relu, flatten, dense<5>>;
  if (const gpu* card = laws::tested_gpu()) return makes_the_input_from_pixels<net, declared>(*card);
  makes_the_input_from_pixels<net, declared>(cpu{});
  makes_the_input_from_pixels<net, declared>(cpu_pool(2));
}

TEST(session, refuses_bad_input_in_words) {
  const cpu device;
  const auto m = laws::random_model<laws::perceptron>(device);
  using session_type = session<model<laws::perceptron>>;
  session_type s(m, 2);
  EXPECT_EQ(message_of([&] { s.forward(tensor({4, 5, 1})); }),
            "the network needs images of 5x4x1 (height x width x channels), got 4x5x1");
  EXPECT_EQ(message_of([&] { s.forward(tensor({5, 4, 1}, 3)); }),
            "this session takes 1 to 2 images at a time, got 3");
  EXPECT_EQ(message_of([&] { s.forward(tensor({5, 4, 1}, 0)); }),
            "this session takes 1 to 2 images at a time, got 0");
  tensor image({5, 4, 1});
  image.values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of([&] { s.forward(image); }),
            "the image has a value that is not finite at element 7 of 20; saliency of it means nothing");
  tensor second({5, 4, 1}, 2);
  second.values[33] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(message_of([&] { s.forward(second); }),
            "the image has a value that is not finite at element 33 of 40; saliency of it means nothing")
      << "every image of a batch is looked at";
  EXPECT_EQ(
      message_of([&] { s.forward(tensor({5, 4, 1}, 2, 3e38F)); }),
      "the class scores at the image are not finite: the values there, or the network's weights, are too "
      "large; images hold pixels from 0 to 1");
  EXPECT_EQ(message_of(
                [&] { model<laws::perceptron>(device, laws::random_weights<laws::perceptron>(), of_bytes); }),
            "preprocessing: the mean must be one number, or one for each channel of the input, which has 1 "
            "channel");
  EXPECT_EQ(message_of([&] { session_type(m, 0); }), "a session needs room for at least one image, got 0");
  EXPECT_EQ(message_of([&] { session_type(m, -3); }), "a session needs room for at least one image, got -3");
}

/// Many threads, each with its own session over one model, get the same results as a single thread.
template <class Device>
void shared_by_threads(const Device& device) {
  using network = laws::pooling;
  const auto m = laws::random_model<network>(device);
  const auto explained = [&] {
    session<model<network, Device>> s(m, 2);
    std::vector<float> all;
    for (unsigned seed = 0; seed < 5; ++seed) {
      s.forward(laws::random_images(network::input_shape, 2, seed));
      const auto dx = backward_by<guided>(s, {});
      all.insert(all.end(), dx.begin(), dx.end());
    }
    return all;
  };
  const auto alone = explained();
  std::vector<std::vector<float>> results(6);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = explained(); });
  for (std::thread& t : threads) t.join();
  for (const auto& result : results) EXPECT_EQ(result, alone);
}

TEST_ON_EVERY_DEVICE(session, threads_share_a_model) {
  if (const gpu* card = laws::tested_gpu()) return shared_by_threads(*card);
  shared_by_threads(cpu{});
}
TEST(session, threads_share_a_pool) { shared_by_threads(cpu_pool(3)); }

#ifdef SALIENT_WITH_CUDA

TEST_ON_GPU(session, that_replays_its_passes_gives_the_bits_of_the_first_run) {
  laws::for_each_network([]<class Network>() {
    const auto m = laws::random_model<Network>(*laws::tested_gpu());
    session<model<Network, gpu>> kept(m, 3);
    const auto explained = [](auto& s, long batch, unsigned seed) {
      s.forward(laws::random_images(Network::input_shape, batch, seed));
      std::vector<float> all = s.scores().values;
      const auto add = [&](const std::vector<float>& more) {
        all.insert(all.end(), more.begin(), more.end());
      };
      add(backward_by<gradient>(s, {}));
      add(backward_by<guided>(s, {}));
      return all;
    };
    for (unsigned turn = 0; turn < 5; ++turn)
      for (const long batch : {3L, 1L, 2L}) {
        session<model<Network, gpu>> once(m, 3);
        EXPECT_EQ(explained(kept, batch, turn), explained(once, batch, turn)) << "turn " << turn;
      }
  });
}

TEST_ON_GPU(session, that_replays_follows_its_model_when_it_is_trained) {
  using network = laws::convolutional;
  auto m = laws::random_model<network>(*laws::tested_gpu());
  session<model<network, gpu>> s(m);
  const auto images = laws::random_images(network::input_shape);
  for (int turn = 0; turn < 4; ++turn) s.forward(images);
  auto values = m.values();
  for (float& v : values) v *= 0.5F;
  m.assign(values);
  s.forward(images);
  session<model<network, gpu>> fresh(m);
  fresh.forward(images);
  EXPECT_EQ(s.scores().values, fresh.scores().values);
}

TEST_ON_GPU(session, says_that_scores_are_not_finite_before_anything_is_read) {
  const auto m = laws::random_model<laws::perceptron>(*laws::tested_gpu());
  session<model<laws::perceptron, gpu>> s(m, 2);
  const std::string words = "the class scores at the image are not finite";
  const tensor bright({5, 4, 1}, 2, 3e38F), fine({5, 4, 1}, 2, 0.5F);
  std::vector<float> somewhere(4);
  s.forward(bright);
  EXPECT_TRUE(message_of([&] { s.scores(); }).starts_with(words));
  s.forward(bright);
  s.write(s.signal(laws::perceptron::scores), std::vector<float>(6, 1));
  s.backward(laws::perceptron::scores, 0);
  EXPECT_TRUE(message_of([&] { s.read(s.signal(0), somewhere); }).starts_with(words));
  s.forward(fine);
  EXPECT_NO_THROW(s.read(s.signal(0), somewhere));
  EXPECT_EQ(s.scores().values.size(), 6u);
}

#endif

}  // namespace
}  // namespace salient
