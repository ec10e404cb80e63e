// SPDX-License-Identifier: MIT

// Times every method on every digit classifier in batches of 1, 8 and 64: time, images per second, and the
// peak of memory for the model and a map.

#include <benchmark/benchmark.h>
#include <boost/hana/for_each.hpp>

#include "measure.hpp"
#include "memory.hpp"
#include "networks.hpp"
#include "paths.hpp"

namespace {

using namespace salient;

template <class Method>
struct named_method {
  const char* name;
  Method method;
};

const auto all_methods = boost::hana::make_tuple(
    named_method<methods::gradients>{"gradients", {}},
    named_method<methods::gradients_x_input>{"gradients_x_input", {}},
    named_method<methods::integrated_gradients>{"integrated_gradients_50", {.steps = 50}},
    named_method<methods::exact_integrated_gradients>{"exact_integrated_gradients", {}},
    named_method<methods::deconvolution<>>{"deconvolution", {}},
    named_method<methods::guided_backprop>{"guided_backprop", {}}, named_method<methods::cam<>>{"cam", {}},
    named_method<methods::grad_cam<>>{"grad_cam", {}},
    named_method<methods::guided_grad_cam<>>{"guided_grad_cam", {}});

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
  for (auto _ : state) benchmark::DoNotOptimize(explain(session, images, logit(), method));
  state.SetItemsProcessed(state.iterations() * images.batch);
  state.counters["peak_MiB"] = memory.peak_mebibytes();
}

template <class D>
void add_all(const bench::subject<D>& on) {
  boost::hana::for_each(digits::networks, [&](const auto& e) {
    using network = typename std::remove_cvref_t<decltype(e)>::network;
    boost::hana::for_each(all_methods, [&]<class Method>(const named_method<Method>& m) {
      if constexpr (Method::template applies<network>) {
        const std::string called(e.name);
        auto* b = benchmark::RegisterBenchmark((std::string(m.name) + "/" + called + "/" + on.name).c_str(),
                                               [&device = on.device, called, &m](benchmark::State& state) {
                                                 run<network>(state, device, called, m.method);
                                               });
        b->Arg(1)->ArgName("batch")->UseRealTime()->Unit(benchmark::kMicrosecond);
        // The exact integral runs image by image and takes seconds on a convolutional network.
        if constexpr (!std::is_same_v<Method, methods::exact_integrated_gradients>) b->Arg(8)->Arg(64);
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
