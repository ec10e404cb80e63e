// SPDX-License-Identifier: MIT

// Times every method on every digit classifier in batches of 1, 8 and 64: time, images per second, and the
// peak of memory for the model and a map.

#include <benchmark/benchmark.h>
#include <boost/hana/append.hpp>
#include <boost/hana/for_each.hpp>

#include "measure.hpp"
#include "memory.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/asked.hpp"
#include "salient/method/list.hpp"

namespace {

using namespace salient;

/// The exact integral runs image by image and takes seconds on a convolutional network.
constexpr auto measured =
    boost::hana::append(methods::all, boost::hana::type_c<methods::exact_integrated_gradients>);

template <class Method>
std::string name_of() {
  if constexpr (std::is_same_v<Method, methods::exact_integrated_gradients>)
    return "exact_integrated_gradients";
  else if constexpr (std::is_same_v<Method, methods::rise>)
    return "rise_" + std::to_string(apps::fewer_masks);
  else if constexpr (requires(Method m) { m.steps; })
    return std::string(Method::words.name) + "_" + std::to_string(Method{}.steps);
  else
    return std::string(Method::words.name);
}

const tensor& digits_of(long batch) {
  static const tensor all = [] {
    std::vector<long> first(64);
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<long>(i);
    return apps::test_digits(first).images;
  }();
  static tensor some;
  some = tensor(all.extent, batch);
  std::copy_n(all.values.begin(), some.values.size(), some.values.begin());
  return some;
}

template <class Network, class Method, class D>
void run(benchmark::State& state, const D& device, const std::string& network, const Method& method) {
  const tensor& images = digits_of(state.range(0));
  const bench::memory_watch memory;
  const auto model = load<Network>(apps::weights_file(network), device);
  session<std::remove_const_t<decltype(model)>, pass_for<Network, Method>> session(model, images.batch);
  const auto make = [&] { benchmark::DoNotOptimize(explain(session, images, logit(), method)); };
#ifdef SALIENT_WITH_CUDA
  if constexpr (std::is_same_v<D, gpu>) {
    // How long the card is at it, from its first work to its last: what real time has beside is the host's.
    bench::device_timer timer(device);
    make();
    timer.start();
    make();
    timer.stop();
    state.counters["device_us"] = 1e6 * timer.seconds();
  }
#endif
  for (auto _ : state) make();
  state.SetItemsProcessed(state.iterations() * images.batch);
  state.counters["peak_MiB"] = memory.peak_mebibytes();
}

/// The options with which programs ask a method of their list; another has its defaults.
template <class Method>
Method options() {
  if constexpr (std::is_same_v<Method, methods::exact_integrated_gradients>)
    return {};
  else
    return apps::asked<Method>();
}

template <class D>
void add_all(const bench::subject<D>& on) {
  boost::hana::for_each(digits::networks, [&](const auto& e) {
    using network = typename std::remove_cvref_t<decltype(e)>::network;
    boost::hana::for_each(measured, [&](auto m) {
      using chosen = typename decltype(m)::type;
      if constexpr (applies<chosen, network>) {
        const std::string called(e.name);
        auto* b = benchmark::RegisterBenchmark((name_of<chosen>() + "/" + called + "/" + on.name).c_str(),
                                               [&device = on.device, called](benchmark::State& state) {
                                                 run<network>(state, device, called, options<chosen>());
                                               });
        b->Arg(1)->ArgName("batch")->UseRealTime()->Unit(benchmark::kMicrosecond);
        if constexpr (!std::is_same_v<chosen, methods::exact_integrated_gradients>) b->Arg(8)->Arg(64);
      }
    });
  });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::for_each_device([](const auto& on) { add_all(on); });
  benchmark::RunSpecifiedBenchmarks();
}
