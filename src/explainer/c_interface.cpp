// SPDX-License-Identifier: MIT
#include "salient/explainer/c_interface.hpp"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <limits>
#include <memory>
#include <new>

#include "explainer/c_options.hpp"
#include "explainer/class_labels.hpp"
#include "explainer/network_files.hpp"
#include "salient.h"
#include "salient/core/error.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/image.hpp"

using namespace salient;
using namespace salient::explainer;

struct salient_model {
  const salient_network* network;
  class_labels labels;
  device_options where;
  opening open;
  std::unique_ptr<explained_model> model;
};

namespace {

struct owned_map : salient_map {
  std::vector<float> held_values, held_scores;
  std::vector<int> held_classes;
};

// An array, because to say that memory is short must not take any.
thread_local char last_error[1024] = "";

void fail(const char* why) noexcept {
  const std::size_t length = std::min(std::strlen(why), sizeof last_error - 1);
  std::memcpy(last_error, why, length);
  last_error[length] = '\0';
  for (char* c = last_error; *c != '\0'; ++c)  // a file's name may hold line breaks
    if (static_cast<unsigned char>(*c) < ' ' || *c == '\x7f') *c = '?';
}

/// What f returns, or `otherwise` with the reason noted.
template <class T, class F>
T attempt(T otherwise, const F& f) noexcept {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    fail("not enough memory");
  } catch (const std::exception& e) {
    fail(e.what());
  } catch (...) {
    fail("an exception of an unknown type was thrown");
  }
  return otherwise;
}

template <class T>
T& given(T* pointer, const char* name) {
  if (!pointer) throw error(std::string(name) + " is a null pointer");
  return *pointer;
}

const subject& subject_of(const salient_network* network) {
  const salient_network& n = given(network, "network");
  if (std::strcmp(n.version, SALIENT_VERSION) != 0)
    throw error("the network's library was made by salient " + std::string(n.version) +
                ", and the functions that this program calls are of " SALIENT_VERSION
                "; make all of a program's libraries with one version");
  return n.what;
}

/// Calls f(images) for parts of at most the model's batch.
template <class F>
void in_parts(const salient_model& m, const float* images, long count, const F& f) {
  given(images, "images");
  const shape input = m.network->what.facts.input;
  const auto elements = static_cast<std::size_t>(input.elements());
  if (count < 1 ||
      static_cast<std::size_t>(count) > std::numeric_limits<long>::max() / sizeof(float) / elements)
    throw error("count must be at least 1 and that of images in memory, got " + std::to_string(count));
  for (long first = 0; first < count; first += m.open.batch) {
    tensor part(input, std::min(m.open.batch, count - first));
    std::copy_n(images + static_cast<std::size_t>(first) * elements, part.values.size(), part.values.begin());
    f(first, part);
  }
}

/// Whether each of these may be a class.
void check_classes(const int* classes, long count, int most) {
  for (long n = 0; classes && n < count; ++n)
    if (classes[n] < 0 || classes[n] >= most)
      throw error("class " + std::to_string(classes[n]) + " of image " + std::to_string(n) +
                  " is out of range; the network has classes 0 to " + std::to_string(most - 1));
}

/// The model, opened anew if a layer is named for the first time.
explained_model& model_for(salient_model& m, const question& q) {
  if (!q.activations.empty() && m.open.asked.activations.empty()) {
    opening all = m.open;
    all.asked.activations = q.activations;
    m.model = m.network->what.open(m.where, all);
    m.open = all;
  }
  m.model->asked = q;
  return *m.model;
}

void append(const answer& found, const std::vector<int>& classes, owned_map& to) {
  to.height = found.map.extent.height, to.width = found.map.extent.width;
  to.channels = found.map.extent.channels;
  to.held_values.insert(to.held_values.end(), found.map.values.begin(), found.map.values.end());
  to.held_scores.insert(to.held_scores.end(), found.values.begin(), found.values.end());
  to.held_classes.insert(to.held_classes.end(), classes.begin(), classes.end());
}

}  // namespace

const char* salient::explainer::version() noexcept { return SALIENT_VERSION; }

extern "C" {

const char* salient_version() { return SALIENT_VERSION; }

const char* salient_error() { return last_error; }

salient_shape salient_input_shape(const salient_network* network) {
  return attempt(salient_shape{0, 0, 0}, [&] {
    const shape s = subject_of(network).facts.input;
    return salient_shape{s.height, s.width, s.channels};
  });
}

int salient_classes(const salient_network* network) {
  return attempt(-1, [&] { return subject_of(network).facts.classes; });
}

const char* salient_method(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= methods_count) return nullptr;
  return all_method_words[static_cast<std::size_t>(index)].name.data();
}

const char* salient_missing(const salient_network* network, const char* method) {
  return attempt<const char*>(nullptr, [&]() -> const char* {
    static thread_local std::string missing;
    missing = subject_of(network).facts.missing_for(to_method(&given(method, "method")));
    return missing.c_str();
  });
}

const char* salient_method_options(const char* method) {
  return attempt<const char*>(nullptr, [&]() -> const char* {
    static thread_local std::string lines;
    lines = option_lines(to_method(&given(method, "method")));
    return lines.c_str();
  });
}

int salient_read_image(const salient_network* network, const char* file, float* pixels) {
  return attempt(-1, [&] {
    const network_facts& facts = subject_of(network).facts;
    given(pixels, "pixels");
    const tensor image = read_image(&given(file, "file"), facts.input,
                                    fitting_of(network->setup.fit, facts.images, facts.input));
    std::ranges::copy(image.values, pixels);
    return 0;
  });
}

salient_model* salient_open(const salient_network* network, const char* weights, const char* labels,
                            const char* options) {
  return attempt<salient_model*>(nullptr, [&] {
    const subject& what = subject_of(network);
    const c_opening o = to_opening(options);
    Dl_info library{};
    dladdr(network, &library);  // the network is a variable of its library
    const auto file = [&](const char* named, const std::string& preset) {
      return named ? std::filesystem::path(named)
                   : beside(preset, library.dli_fname ? library.dli_fname : "");
    };
    const std::filesystem::path names = file(labels, network->setup.labels);
    auto m = std::make_unique<salient_model>(salient_model{
        network,
        names.empty() ? class_labels(what.facts.classes) : class_labels(names, what.facts.classes),
        o.where,
        {.weights = file(weights, network->setup.weights), .images = what.facts.images, .batch = o.batch},
        nullptr});
    m->model = what.open(m->where, m->open);
    return m.release();
  });
}

void salient_close(salient_model* model) { delete model; }

const char* salient_class_name(const salient_model* model, int index) {
  return attempt<const char*>(nullptr, [&]() -> const char* {
    const salient_model& m = given(model, "model");
    check_classes(&index, 1, m.network->what.facts.classes);
    const std::string& name = m.labels.label(index);
    return name.empty() ? nullptr : name.c_str();
  });
}

int salient_predict(salient_model* model, const float* images, long count, float* scores) {
  return attempt(-1, [&] {
    salient_model& m = given(model, "model");
    float* to = &given(scores, "scores");
    explained_model& asked = model_for(m, {});
    in_parts(m, images, count,
             [&](long, const tensor& part) { to = std::ranges::copy(asked.look(part).values, to).out; });
    return 0;
  });
}

salient_map* salient_explain(salient_model* model, const float* images, long count, const int* classes,
                             const char* method, const char* options) {
  return attempt<salient_map*>(nullptr, [&] {
    salient_model& m = given(model, "model");
    const subject& what = m.network->what;
    const method_kind kind = to_method(&given(method, "method"));
    const question q = to_question(what, kind, m.open.batch, options);
    check_classes(classes, count, what.facts.classes);
    explained_model& asked = model_for(m, q);
    auto result = std::make_unique<owned_map>();
    in_parts(m, images, count, [&](long first, const tensor& part) {
      const tensor& scores = asked.look(part);
      const std::vector<int> chosen = classes
                                          ? std::vector<int>(classes + first, classes + first + part.batch)
                                          : predicted_classes(scores);
      append(asked.explain(kind, chosen), chosen, *result);
    });
    result->count = count;
    result->values = result->held_values.data();
    result->classes = result->held_classes.data();
    result->scores = result->held_scores.data();
    return static_cast<salient_map*>(result.release());
  });
}

void salient_free_map(salient_map* map) { delete static_cast<owned_map*>(map); }

}  // extern "C"
