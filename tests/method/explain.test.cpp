// SPDX-License-Identifier: MIT
#include "salient/method/explain.hpp"

#include <array>
#include <list>
#include <ranges>

#include "laws/method_laws.hpp"

namespace salient::tested {

/// A class's logit or its probability, chosen at run time.
struct either {
  kernel::score_function kind;
  std::vector<int> classes;

  float value(std::span<const float> z, int c) const {
    return kind == kernel::score_function::logit ? logit(c).value(z, c) : probability(c).value(z, c);
  }
  void derivative(std::span<const float> z, int c, std::span<float> dz) const {
    if (kind == kernel::score_function::logit)
      logit(c).derivative(z, c, dz);
    else
      probability(c).derivative(z, c, dz);
  }
};

}  // namespace salient::tested

namespace salient::detail {
template <>
struct kernel_of<tested::either> {
  static kernel::score_function of(const tested::either& t) { return t.kind; }
};
}  // namespace salient::detail

namespace salient {
namespace {

using namespace laws;

/// A user-defined identity layer that counts its forward passes.
struct counting : layer_defaults {
  static constexpr std::string_view name = "counting";
  static inline int forwards = 0, backwards = 0;

  static constexpr shape output(shape in) { return in; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    ++forwards;
    kernel::apply(d, t.x, {}, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    ++backwards;
    kernel::apply(d, t.dy, {}, t.dx);
  }
};

using counted = network<input<6, 6>, counting, conv2d<3, 3>, relu, conv2d<3, 3>, relu, flatten, dense<4>>;

TEST(explain, shares_one_forward_pass_between_methods) {
  const cpu device;
  const auto model = random_model<counted>(device);
  const auto images = random_images(counted::input_shape, 2);
  counting::forwards = counting::backwards = 0;
  const auto [gradient, guided, deconv, where, product] =
      explain(model, images, logit(1), methods::gradients{}, methods::guided_backprop{},
              methods::deconvolution<>{}, methods::grad_cam<>{}, methods::guided_grad_cam<>{});
  EXPECT_EQ(counting::forwards, 1);
  EXPECT_EQ(counting::backwards, 4) << "Grad-CAM stops at its layer";

  EXPECT_EQ(gradient.map.values, gradients(model, images, logit(1)).map.values);
  EXPECT_EQ(guided.map.values, guided_backprop(model, images, logit(1)).map.values);
  EXPECT_EQ(deconv.map.values, deconvolution(model, images, logit(1)).map.values);
  EXPECT_EQ(where.map.values, grad_cam(model, images, logit(1)).map.values);
  EXPECT_EQ(product.map.values, guided_grad_cam(model, images, logit(1)).map.values);
}

TEST(explain, shares_one_forward_pass_between_targets) {
  const cpu device;
  const auto model = random_model<counted>(device);
  const auto images = random_images(counted::input_shape, 2);
  session<salient::model<counted>, pass_for<counted, methods::guided_backprop, methods::grad_cam<>>> s(model,
                                                                                                       2);
  const std::vector<logit> every{logit(2), logit(0), logit({3, 1})};
  counting::forwards = counting::backwards = 0;
  const auto answers = explain_each(s, images, every, methods::guided_backprop{}, methods::grad_cam<>{});
  EXPECT_EQ(counting::forwards, 1);
  EXPECT_EQ(counting::backwards, 3);
  ASSERT_EQ(answers.size(), every.size());
  for (std::size_t i = 0; i < every.size(); ++i) {
    const auto& [guided, where] = answers[i];
    const auto alone = guided_backprop(model, images, every[i]);
    EXPECT_EQ(guided.map.values, alone.map.values);
    EXPECT_EQ(guided.classes, alone.classes);
    EXPECT_EQ(guided.values, alone.values);
    EXPECT_EQ(where.map.values, grad_cam(model, images, every[i]).map.values);
  }
  const std::vector<logit> beyond{logit(0), logit(4)};
  EXPECT_THROW(explain_each(s, images, beyond, methods::guided_backprop{}), error);
}

/// Blocks whose backward passes read masks, switches, derivatives and activations, from slices too.
using mixed = network<input<9, 9, 2>, named<"a", conv2d<5, 3, with{.padding = 1}>>, silu, max_pool<2>,
                      concat<identity, sequence<conv2d<3, 1>, relu>>,
                      product<identity, sequence<global_avg_pool, conv2d<8, 1>, sigmoid>>,
                      named<"b", conv2d<4, 3>>, relu, flatten, dense<6>, softmax>;

/// All answers of a session about these targets, as numbers.
template <class Session, class Target>
std::vector<float> numbers_about(Session& s, const tensor& images, const std::vector<Target>& targets) {
  std::vector<float> all;
  const auto add = [&](const auto& one) {
    for (const auto& some : {one.map.values, one.values, one.scores.values})
      all.insert(all.end(), some.begin(), some.end());
    all.insert(all.end(), one.classes.begin(), one.classes.end());
    all.push_back(static_cast<float>(one.map.batch));
  };
  const auto answers =
      explain_each(s, images, targets, methods::gradients{}, methods::integrated_gradients{.steps = 3},
                   methods::guided_backprop{}, methods::deconvolution<>{}, methods::gradients_x_input{},
                   methods::grad_cam<>{}, methods::grad_cam<"a">{}, methods::guided_grad_cam<>{});
  for (const auto& answer : answers) std::apply([&](const auto&... one) { (add(one), ...); }, answer);
  return all;
}

TEST(explain, asks_about_targets_side_by_side_as_about_one_at_a_time) {
  const auto check = [](const auto& device, const auto& targets) {
    using device_type = std::remove_cvref_t<decltype(device)>;
    const auto model = random_model<mixed>(device);
    using model_type = salient::model<mixed, device_type>;
    using pass = pass_for<mixed, methods::gradients_x_input, methods::grad_cam<>, methods::grad_cam<"a">>;
    const auto images = random_images(mixed::input_shape, 2);
    session<model_type, pass> narrow(model, 2);
    const auto expected = numbers_about(narrow, images, targets);
    for (const long capacity : {3, 4, 7, 12}) {
      session<model_type, pass> wide(model, capacity);
      for (int again = 0; again < 2; ++again)
        EXPECT_EQ(numbers_about(wide, images, targets), expected) << capacity;
    }
  };
  const std::vector<logit> logits{4, logit(), logit({3, 1}), 0, 5};
  const std::vector<probability> probabilities{1, probability(), 2};
  check(cpu{}, logits);
  check(cpu_pool(2), logits);
  check(cpu{}, probabilities);
  using tested::either;
  constexpr auto score = kernel::score_function::logit, share = kernel::score_function::probability;
  check(cpu{}, std::vector<either>{{score, {1}}, {score, {2}}, {share, {1}}, {share, {4}}, {score, {0}}});
}

TEST(explain, runs_one_backward_pass_for_targets_side_by_side) {
  const cpu device;
  const auto model = random_model<counted>(device);
  const auto images = random_images(counted::input_shape, 2);
  session<salient::model<counted>> s(model, 6);
  const std::vector<logit> every{0, 1, 2, 3};
  counting::forwards = counting::backwards = 0;
  EXPECT_EQ(explain_each(s, images, every, methods::gradients{}).size(), 4u);
  EXPECT_EQ(counting::forwards, 1);
  EXPECT_EQ(counting::backwards, 2) << "of three targets and of one";
  counting::backwards = 0;
  EXPECT_EQ(explain_each(model, images, every, methods::gradients{}).size(), 4u);
  EXPECT_EQ(counting::backwards, 1) << "without a session, as many as there are";
}

TEST(explain, takes_any_range_of_targets) {
  const cpu device;
  const auto model = random_model<counted>(device);
  const auto images = random_images(counted::input_shape, 2);
  session<salient::model<counted>> s(model, 2);
  const std::array every{probability(0), probability(1), probability(2), probability(3)};
  const auto maps = [](const auto& answers) {
    std::vector<std::vector<float>> all;
    for (const auto& [answer] : answers) all.push_back(answer.map.values);
    return all;
  };
  const auto expected = maps(explain_each(s, images, every, methods::gradients{}));
  EXPECT_EQ(expected.size(), 4u);
  EXPECT_EQ(expected[3], gradients(model, images, probability(3)).map.values);

  const auto classes = std::views::iota(0, counted::classes);
  const auto made = classes | std::views::transform([](int c) { return probability(c); });
  EXPECT_EQ(maps(explain_each(s, images, made, methods::gradients{})), expected) << "made one by one";
  EXPECT_EQ(maps(explain_each(s, images, std::span(every), methods::gradients{})), expected);
  EXPECT_EQ(maps(explain_each(s, images, std::list(every.begin(), every.end()), methods::gradients{})),
            expected);
  int seen = 0;  // its view cannot be iterated while const
  EXPECT_EQ(
      maps(explain_each(s, images, every | std::views::filter([&](const auto&) { return seen++ % 2 >= 0; }),
                        methods::gradients{})),
      expected);
  EXPECT_EQ(maps(explain_each(model, images, every, methods::gradients{})), expected) << "without a session";

  counting::forwards = 0;
  EXPECT_TRUE(explain_each(s, images, std::vector<logit>(), methods::gradients{}).empty());
  EXPECT_EQ(counting::forwards, 0) << "nothing was asked";
}

TEST(explain, takes_images_in_float_for_a_model_in_double) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const tensor narrow = random_images(conv_net::input_shape, 2);
  const basic_tensor<double> wide = narrow;
  const auto [g] = explain(model, narrow, logit(1), methods::gradients{});
  EXPECT_EQ(g.map.values, gradients(model, wide, logit(1)).map.values);
  EXPECT_EQ(gradients(model, narrow, logit(1)).map.values, g.map.values);
  EXPECT_EQ(predict(model, narrow).values, g.scores.values);
}

TEST(explain, gives_the_same_results_in_any_order) {
  const cpu device;
  const auto model = random_model<pooled_net>(device);
  const auto images = random_images(pooled_net::input_shape);
  const auto [a, b, c] = explain(model, images, logit(2), methods::gradients{}, methods::cam<>{},
                                 methods::integrated_gradients{});
  const auto [z, y, x] = explain(model, images, logit(2), methods::integrated_gradients{}, methods::cam<>{},
                                 methods::gradients{});
  EXPECT_EQ(a.map.values, x.map.values);
  EXPECT_EQ(b.map.values, y.map.values);
  EXPECT_EQ(c.map.values, z.map.values);
  EXPECT_EQ(c.gaps, z.gaps);
}

TEST(explain, runs_in_a_session_that_is_used_again) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  session<salient::model<conv_net>, pass_for<conv_net, methods::gradients, methods::grad_cam<"features">>> s(
      model, 3);
  for (const long batch : {3, 1, 2}) {
    const auto images = random_images(conv_net::input_shape, batch, static_cast<unsigned>(batch));
    const auto [g, c] = explain(s, images, logit(), methods::gradients{}, methods::grad_cam<"features">{});
    EXPECT_EQ(g.map.batch, batch);
    expect_near(g.map, gradients(model, images).map, 1e-6);
    expect_near(c.map, grad_cam<"features">(model, images).map, 1e-6);
  }
}

TEST(explain, works_on_images_that_are_not_square_and_have_any_number_of_channels) {
  using wide =
      network<input<3, 17, 5>, conv2d<4, size{2, 5}, with{.stride = size{1, 3}}>, relu, flatten, dense<2>>;
  const cpu device;
  const auto model = random_model<wide>(device);
  const auto images = random_images(wide::input_shape);
  EXPECT_TRUE((gradients(model, images).map.extent == shape{3, 17, 5}));
  EXPECT_TRUE((grad_cam(model, images).map.extent == shape{2, 5, 1}));
}

}  // namespace
}  // namespace salient
