// SPDX-License-Identifier: MIT
// label: unsanitized

// Every allocation of everything that a user may call fails in turn.

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <utility>

#include <boost/hana/for_each.hpp>

#include "faults/folder.hpp"
#include "laws/allocations.hpp"
#include "laws/method_laws.hpp"
#include "salient/io/idx.hpp"
#include "salient/method/fused.hpp"
#include "salient/method/list.hpp"
#include "salient/method/smooth.hpp"
#include "salient/metrics.hpp"
#include "salient/train/evaluate.hpp"
#include "salient/train/fit.hpp"
#include "salient/train/initialise.hpp"
#include "salient/view/report.hpp"
#include "salient/view/sheet.hpp"

namespace salient {
namespace {

using namespace laws;

/// Runs `operation` repeatedly: its first allocation fails, then its second, and so on until none fails. Each
/// run must succeed or throw std::bad_alloc or salient::error, free all memory, and satisfy `leaves_nothing`.
template <class F, class G>
void survives(const F& operation, const G& leaves_nothing) {
  operation();  // makes one-time allocations
  for (const bool persistent : {false, true}) {
    SCOPED_TRACE(persistent ? "and all that follow" : "and no other");
    constexpr long enough = 100'000;
    long k = 0, thrown = 0;
    for (; k < enough; ++k) {
      SCOPED_TRACE("allocation " + std::to_string(k) + " fails");
      const long before = allocations - releases;
      bool met = false;
      for_good = persistent;
      until_failure = k;
      try {
        operation();
        met = until_failure < 0 || (persistent && until_failure == 0);
        until_failure = -1;
      } catch (const std::bad_alloc&) {
        met = true;
        ++thrown;
        until_failure = -1;
      } catch (const error&) {
        met = true;
        ++thrown;
        until_failure = -1;
      }
      ASSERT_EQ(allocations - releases - before, static_cast<long>(0)) << "blocks kept";
      ASSERT_TRUE(leaves_nothing());
      if (!met) break;
    }
    EXPECT_LT(k, enough);
    EXPECT_GT(thrown, 0);
  }
}

template <class F>
void survives(const F& operation) {
  survives(operation, [] { return true; });
}

const cpu device;
using net = pooled_net;

TEST(memory, a_model_and_a_session) {
  const state_dict weights = random_weights<net>();
  survives([&] {
    const model<net> m(device, weights);
    session<model<net>> s(m, 2);
    s.forward(random_images<float>(net::input_shape, 2));
  });
}

template <class Device, class Method>
void method_survives_on(const Device& on, const Method& method) {
  SCOPED_TRACE(Device::name);
  const auto m = random_model<net>(on);
  const auto images = random_images<float>(net::input_shape, 2);
  const auto whole = std::get<0>(explain(m, images, logit(1), method)).map.values;
  survives([&] { EXPECT_EQ(std::get<0>(explain(m, images, logit(1), method)).map.values, whole); });
}

template <class Method>
void method_survives(const Method& method) {
  method_survives_on(device, method);
  method_survives_on(cpu_pool(3), method);
}

/// Calls f with each method of the list, which shall not take long.
template <class F>
void for_each_method(const F& f) {
  boost::hana::for_each(methods::all, [&](auto m) {
    typename decltype(m)::type method;
    SCOPED_TRACE(method.words.name);
    if constexpr (requires { method.steps; }) method.steps = 3;
    if constexpr (requires { method.samples; }) method.samples = 2;
    if constexpr (requires { method.masks; }) method.masks = 2;
    f(method);
  });
}

TEST(memory, methods) {
  for_each_method([](const auto& method) { method_survives(method); });
}

/// What later calls allocate is results and the like. A method whose passes run in a session of its own has
/// its workspace from the first call on.
template <class Method>
void takes_its_workspace_once(const Method& method) {
  const auto m = random_model<net>(device);
  const auto images = random_images<float>(net::input_shape, 2);
  std::array<std::size_t, 4> bytes{};
  for (const bool warm : {false, true}) {
    session<model<net>, pass_for<net, Method>> s(m, 2);
    for (std::size_t& each : bytes) {
      const std::size_t before = allocated_bytes;
      explain(s, images, logit(1), method);
      each = allocated_bytes - before;
    }
    if (!warm) continue;
    EXPECT_EQ(bytes[2], bytes[1]);
    EXPECT_EQ(bytes[3], bytes[1]);
    constexpr bool own = requires { method.budget; } || requires { method.steps; };
    if (own) {
      EXPECT_GE(bytes[0], bytes[1] + net::memory<pass::forward>(1));
    }
  }
}
TEST(memory, of_a_methods_passes_is_taken_once) {
  for_each_method([](const auto& method) { takes_its_workspace_once(method); });
  takes_its_workspace_once(exact{});
  takes_its_workspace_once(methods::smooth<>{.samples = 3});
  takes_its_workspace_once(
      methods::smooth<methods::integrated_gradients>{.base = {.steps = 3}, .samples = 2});
}

/// Asks a warm session by one method and by another.
template <class Network, class Method>
std::array<long, 2> allocations_by(const Method& few, const Method& many) {
  const auto m = random_model<Network>(device);
  const auto image = random_images<float>(Network::input_shape);
  session<model<Network>, pass_for<Network, Method>> s(m, 1);
  std::array<long, 2> counts{};
  for (int warm = 0; warm < 2; ++warm)
    for (std::size_t i = 0; i < 2; ++i) {
      const long before = allocations;
      explain(s, image, probability(1), i == 0 ? few : many);
      counts[i] = allocations - before;
    }
  return counts;
}

TEST(memory, of_a_methods_passes_does_not_grow_with_their_number) {
  for_each_method([](auto few) {
    auto many = few;
    if constexpr (requires { few.steps; }) few.steps = 4, many.steps = 40;
    if constexpr (requires { few.samples; }) few.samples = 4, many.samples = 40;
    if constexpr (requires { few.masks; }) few.masks = 4, many.masks = 40;
    if constexpr (requires { few.stride; }) few.stride = size(4), many.stride = size(1);
    // One pass after the other. SmoothGrad's run together, for each batch of them has a result of its base.
    if constexpr (requires { few.budget; } && !requires { few.base; }) few.budget = many.budget = 1;
    const auto counts = allocations_by<net>(few, many);
    EXPECT_LE(counts[1], counts[0]);  // fewer where occlusion, by its windows, plans fewer stages
  });
}

template <int Channels>
using net_of_channels =
    network<input<9, 8, 2>, conv2d<Channels, 3>, relu, global_avg_pool, flatten, dense<3>>;

TEST(memory, of_passes_about_feature_maps_does_not_grow_with_their_number) {
  const auto same_for = [](const auto& method) {
    SCOPED_TRACE(method.words.name);
    const long few = allocations_by<net_of_channels<4>>(method, method)[0];
    EXPECT_EQ(allocations_by<net_of_channels<24>>(method, method)[0], few);
  };
  same_for(methods::score_cam<>{.budget = 1});
  same_for(methods::ablation_cam<>{.budget = 1});
}

TEST(memory, exact_integrated_gradients) { method_survives(exact{}); }
TEST(memory, fused_layers) {
  method_survives(methods::fused<methods::grad_cam<"features">, methods::layer_cam<1>>{
      .alignment = map_alignment::receptive_field});
}
TEST(memory, occlusion_of_what_windows_reach) {
  using wide = network<input<20, 18>, conv2d<4, 3>, relu, conv2d<4, 3>, relu, flatten, dense<3>>;
  const auto m = random_model<wide>(device);
  const auto image = random_images<float>(wide::input_shape);
  constexpr window_row y{5, 4, 4}, x{5, 4, 4};
  EXPECT_FALSE(
      plan_crops(wide::graph, wide::topology, wide::plan<pass::forward>, wide::scores, y, x).empty());
  const methods::occlusion options{.window = size(4), .stride = size(4)};
  const auto whole = occlusion(m, image, logit(1), options).map.values;
  survives([&] { EXPECT_EQ(occlusion(m, image, logit(1), options).map.values, whole); });
}
TEST(memory, smooth_grad) {
  method_survives(methods::smooth<>{.samples = 3, .budget = 1});
  method_survives(methods::smooth<methods::integrated_gradients>{.base = {.steps = 3}, .samples = 2});
}

TEST(memory, metrics_that_change_the_image) {
  const auto m = random_model<net>(device);
  const auto images = random_images<float>(net::input_shape, 2);
  const auto survive = [](const auto& metric) {
    const auto whole = metric();
    survives([&] { EXPECT_EQ(metric(), whole); });
  };
  survive([&] { return metrics::infidelity(m, images, images, logit(1), {.samples = 3}).mean; });
  survive([&] {
    return metrics::max_sensitivity(m, images, methods::gradients{}, logit(1), {.samples = 2, .at_once = 2});
  });
  survive([&] { return metrics::areas(metrics::road(m, images, images, probability(1), {.steps = 2})); });
  survive([&] { return metrics::areas(metrics::deletion(m, images, images, probability(1), {.steps = 2})); });
  survive(
      [&] { return metrics::areas(metrics::insertion(m, images, images, probability(1), {.steps = 2})); });
  survive([&] {
    const auto shown = metrics::explained_confidence(m, images, images, 1);
    return std::pair(metrics::average_drop(shown), metrics::increase_in_confidence(shown));
  });
}

TEST(memory, metrics_of_maps) {
  const auto maps = random_images<float>({12, 13, 2}, 2), others = random_images<float>({12, 13, 2}, 1);
  tensor both({12, 13, 2}, 2), mask({12, 13, 1}, 2);
  for (long n = 0; n < 2; ++n) std::ranges::copy(others.values, both.image(n).begin());
  mask(0, 3, 4, 0) = mask(1, 5, 6, 0) = 1;
  const auto survive = [](const auto& metric) {
    const metrics::values whole = metric();
    survives([&] { EXPECT_EQ(metric(), whole); });
  };
  survive([&] { return metrics::sparseness(maps); });
  survive([&] { return metrics::complexity(maps); });
  survive([&] { return metrics::total_variation(maps); });
  survive([&] { return metrics::effective_resolution(maps); });
  survive([&] { return metrics::pearson(maps, both); });
  survive([&] { return metrics::spearman(maps, both); });
  survive([&] { return metrics::structural_similarity(maps, both); });
  survive([&] { return metrics::pointing_game(maps, mask, 1); });
  survive([&] { return metrics::relevance_mass_accuracy(maps, mask); });
  survive([&] { return metrics::relevance_rank_accuracy(maps, mask); });
}

TEST(memory, training) {
  const auto images = random_images<float>(net::input_shape, 6);
  const std::vector<int> labels{0, 1, 2, 3, 4, 0};
  for (const auto kind : {optimiser_kind::adam, optimiser_kind::sgd})
    survives([&] {
      model<net> m(device, random_parameters<net>(1));
      fit(m, images, labels, {.epochs = 1, .batch = 4, .optimiser = kind, .shift = 1}, [](const auto&) {});
      accuracy(m, images, labels);
    });
}

TEST(memory, a_page_of_pictures) {
  const auto images = random_images<float>({6, 5, 1});
  survives([&] {
    const auto map = symmetric_percentile(resample(channel_sum(images), {12, 10})).map;
    const picture over = overlay(show(resample(images, {12, 10})), map, colour_map::diverging);
    const picture all =
        draw({.title = "Maps", .caption = "of noise", .columns = {"one"}, .rows = {{"7", {over}}}});
    report page("Maps");
    page.lead("Noise.").section("One").paragraph("A map.").figures({{encode_png(all), "a map", "noise"}});
    page.facts({{"a", "b"}}).add({"", {"a"}, {{"1"}}}).section("Two").note("made here").html();
  });
}

TEST(memory, a_pool_of_threads) {
  survives([] { const cpu_pool pool(3); });
}

template <class Write, class Read>
void format_survives(const std::string& name, const Write& write, const Read& read) {
  const faults::folder here;
  const auto kept = here / ("kept-" + name), target = here / name;
  write(kept);
  survives([&] { read(kept); });
  survives(
      [&] {
        write(target);
        std::filesystem::remove(target);
      },
      [&] {
        std::filesystem::remove(target);  // complete, if only its removal failed
        return here.names() == std::vector<std::string>{kept.filename()};
      });
}

TEST(memory, a_pool_at_work) {
  using wide = network<input<30, 30, 3>, conv2d<24, 3>, relu, max_pool<2>, flatten, dense<5>>;
  const cpu_pool pool(3);
  const auto m = random_model<wide>(pool);
  const auto images = random_images<float>(wide::input_shape, 2);
  const auto whole = gradients(m, images, logit(1)).map.values;
  survives([&] { EXPECT_EQ(gradients(m, images, logit(1)).map.values, whole); });
}

TEST(memory, safetensors) {
  const state_dict weights = random_weights<net>();
  format_survives(
      "a.safetensors", [&](const auto& path) { write_safetensors(path, weights, {{"made", "here"}}); },
      [&](const auto& path) { load<net>(path, device); });
}

TEST(memory, npy) {
  const auto image = random_images<float>({5, 4, 1});
  format_survives(
      "a.npy", [&](const auto& path) { write_npy(path, image.values, {5, 4, 1}); },
      [&](const auto& path) { read_image(path, {5, 4, 1}); });
}

TEST(memory, png) {
  const picture image = show(random_images({6, 5, 3}));
  format_survives(
      "a.png", [&](const auto& path) { write_png(path, image); },
      [&](const auto& path) {
        try {
          read_png(path, 3);
        } catch (const error& e) {
          EXPECT_EQ(std::string_view(e.what()).find("corrupt"), std::string_view::npos) << e.what();
          throw;
        }
      });
}

TEST(memory, idx) {
  const std::filesystem::path folder = SALIENT_SOURCE_DIR "/apps/data";
  constexpr long numbers[] = {3, 0};
  survives([&] { read_idx(folder / "t10k-labels-idx1-ubyte.gz"); });
  survives([&] { EXPECT_EQ(read_mnist(folder, split::test, numbers).labels.front(), 0); });
}

TEST(memory, a_pass_takes_none) {
  const auto m = random_model<net>(device);
  session<model<net>> s(m, 2);
  const auto images = random_images<float>(net::input_shape, 2);
  s.forward(images);
  until_failure = 0;
  for_good = true;
  s.forward(images);
  s.backward<guided>(net::scores, 0);
  until_failure = -1;
}

}  // namespace
}  // namespace salient
