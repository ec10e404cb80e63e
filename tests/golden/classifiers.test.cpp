// SPDX-License-Identifier: MIT
// label: unsanitized
#include "golden/classifiers.hpp"

#include "golden/compare.hpp"
#include "salient/io/idx.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(classifiers, golden, testing::ValuesIn(comparisons<classifiers>::all()));

namespace {

template <class Network>
void expect_same_classes(const std::string& name, const labelled_images& test, const array& expected) {
  const cpu_pool device;
  const auto model = load<Network>(root / "apps/weights" / (name + ".safetensors"), device);
  constexpr long at_once = 100;
  session<std::decay_t<decltype(model)>, pass::forward> session(model, at_once);
  const auto size = static_cast<std::size_t>(test.images.extent.elements() * at_once);
  tensor images(test.images.extent, at_once);
  int wrong = 0;
  ASSERT_EQ(test.labels.size(), 10'000u);
  ASSERT_EQ(expected.values.size(), test.labels.size());
  for (std::size_t first = 0; first < test.labels.size(); first += at_once) {
    const auto from = test.images.values.begin() + static_cast<long>(first / at_once * size);
    std::copy(from, from + static_cast<long>(size), images.values.begin());
    session.forward(images);
    for (long n = 0; n < at_once; ++n) {
      const auto i = first + static_cast<std::size_t>(n);
      const int ours = predicted_class(session.scores().image(n));
      EXPECT_EQ(ours, expected.values[i]) << "digit " << i;
      wrong += ours != test.labels[i];
    }
  }
  std::cout << name << ": " << (10'000 - wrong) / 100.0
            << " % of 10000 test digits, each classified as by PyTorch\n";
}

/// The expected classes are PyTorch's; load_in_torch.py --write stores them.
TEST(trained_weights, classify_every_test_digit_as_in_torch) {
  const auto test = read_mnist(root / "apps/data", split::test);
  auto classes = read_arrays(folder / "data/classes.safetensors");
  boost::hana::for_each(digits::networks, [&](const auto& e) {
    using network = typename std::remove_cvref_t<decltype(e)>::network;
    const std::string name(e.name);
    expect_same_classes<network>(name, test, classes.at(name));
    classes.erase(name);
  });
  EXPECT_TRUE(classes.empty());
}

/// The largest difference of float32's scores of real digits from those in double, as a share of the largest.
template <class Twin>
void expect_scores_of_double(const labelled_images& test) {
  constexpr long count = 100;
  const cpu device;
  const cpu_pool pool(3);
  const std::string file = references_of(Twin::name)["weights"];
  const auto exact = load<typename Twin::network, double>(root / file, device);
  const auto model = load<typename Twin::network, float>(root / file, pool);
  session<std::decay_t<decltype(exact)>, typename interpreter<Twin>::pass> expected(exact, count);
  session<std::decay_t<decltype(model)>, typename interpreter<Twin>::pass> got(model, count);
  const tensor images = test.images.slice(0, count);
  expected.forward(basic_tensor<double>(images));
  got.forward(images);
  double largest = 0, off = 0;
  for (std::size_t i = 0; i < got.scores().values.size(); ++i) {
    largest = std::max(largest, std::abs(expected.scores().values[i]));
    off = std::max(off, std::abs(got.scores().values[i] - expected.scores().values[i]));
  }
  EXPECT_LT(off, 2e-5 * largest) << Twin::name;
}

TEST(trained_weights, score_real_digits_as_in_double) {
  const auto test = read_mnist(root / "apps/data", split::test);
  [&]<class... Twin>(twins<Twin...>) { (expect_scores_of_double<Twin>(test), ...); }(classifiers{});
}

TEST(trained_weights, are_explained_on_the_committed_digits) {
  const auto test = read_mnist(root / "apps/data", split::test);
  const auto images = to_tensor<float>(read_arrays(folder / "data/cnn.maps.safetensors").at("images"));
  ASSERT_EQ(images.batch, 2);
  EXPECT_TRUE(std::ranges::equal(images.image(0), test.images.image(4)));
  EXPECT_TRUE(std::ranges::equal(images.image(1), test.images.image(7)));
}

}  // namespace
}  // namespace salient::golden
