// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "salient/salient.hpp"
#include "salient/train/initialise.hpp"

/// What the comparison asks of the library's side, whatever the network.
namespace salient::peer {

/// Where a job runs, and as what: a number of the CPU's threads, or the GPU if it is 0.
struct place {
  int threads = 0;
  salient::precision arithmetic = salient::precision::float32;  ///< on the GPU
};

/// A job's words, before anything is loaded. Weights are drawn at random if no file is named, and images, one
/// for each class, if there are none.
struct case_of {
  std::string network, weights;
  tensor images;
  std::vector<int> classes;
  std::string method;
  place on;
};

/// A map that is made again and again.
class job {
 public:
  virtual ~job() = default;
  virtual void make() = 0;
  /// Writes the last one made (N, H, W, C).
  virtual void save(const std::string& file) const = 0;
};

/// A network of torchvision, which takes the images as they are; null if it is none of those compared.
std::unique_ptr<job> torchvision_job(const case_of&);

inline tensor random_images(const shape& extent, std::size_t count) {
  tensor images(extent, static_cast<long>(count));
  std::mt19937 engine(1);
  for (float& v : images.values) v = static_cast<float>(engine()) / 4294967296.0F;
  return images;
}

/// A device and a model on it, which stay where they are.
template <class Network, class Device>
struct loaded {
  Device device;
  model<Network, Device> weights;

  loaded(Device on, const case_of& c, const load_options<Network>& how)
      : device(std::move(on)),
        weights(c.weights.empty() ? model<Network, Device>(device, random_parameters<Network>(1), how.images)
                                  : load<Network>(c.weights, device, how)) {}
};

template <class Network, class Device, class Method>
class map_job : public job {
 public:
  map_job(Device on, const case_of& c, const load_options<Network>& how, Method method)
      : loaded_(std::move(on), c, how),
        images_(c.images.batch > 0 ? c.images : random_images(Network::input_shape, c.classes.size())),
        session_(loaded_.weights, images_.batch),
        target_(c.classes),
        method_(std::move(method)) {}

  void make() override { map_ = std::get<0>(explain(session_, images_, target_, method_)).map; }
  void save(const std::string& file) const override {
    write_npy(file, map_.values, {map_.batch, map_.extent.height, map_.extent.width, map_.extent.channels});
  }

 private:
  loaded<Network, Device> loaded_;
  tensor images_;
  session<model<Network, Device>, pass_for<Network, Method>> session_;
  logit target_;
  Method method_;
  tensor map_;
};

/// The scores, by forward passes that keep nothing.
template <class Network, class Device>
class forward_job : public job {
 public:
  forward_job(Device on, const case_of& c, const load_options<Network>& how)
      : loaded_(std::move(on), c, how),
        images_(c.images.batch > 0 ? c.images : random_images(Network::input_shape, c.classes.size())),
        session_(loaded_.weights, images_.batch) {}

  void make() override {
    session_.forward(images_);
    static_cast<void>(session_.scores());  // waits for them
  }
  void save(const std::string& file) const override {
    const tensor& scores = session_.scores();
    write_npy(file, scores.values, {scores.batch, 1, 1, Network::classes});
  }

 private:
  loaded<Network, Device> loaded_;
  tensor images_;
  session<model<Network, Device>, pass::forward> session_;
};

template <class Network, class Device>
std::unique_ptr<job> forward_of(Device device, const case_of& c, const load_options<Network>& how) {
  return std::make_unique<forward_job<Network, Device>>(std::move(device), c, how);
}

/// Calls body(device) with the device of a place.
template <class F>
auto on_device(const place& where, const F& body) {
#ifdef SALIENT_WITH_CUDA
  if (where.threads == 0) return body(gpu(0, where.arithmetic));
#else
  if (where.threads == 0) gpu();  // says why there is none
#endif
  if (where.threads == 1) return body(cpu{});
  return body(cpu_pool(where.threads));
}

template <class Network, class Device, class Method>
std::unique_ptr<job> job_of(Device device, const case_of& c, const load_options<Network>& how,
                            const Method& method) {
  if constexpr (applies<Method, Network>)
    return std::make_unique<map_job<Network, Device, Method>>(std::move(device), c, how, method);
  else
    throw error("the method does not apply to the network");
}

}  // namespace salient::peer
