// SPDX-License-Identifier: MIT
#pragma once

#include "salient/explainer/run.hpp"

/// What salient.h's salient_network is. Its version tells whether the functions that are given one are of the
/// same library: a program may link several such libraries, of which the first one's functions serve all.
struct salient_network {
  const char* version;
  salient::explainer::introduction setup;
  salient::explainer::subject what;
};

namespace salient::explainer {

/// The version of this library, "0.1.0".
const char* version() noexcept;

/// Makes the network that a C library gives out, where `setup` names its files. salient_add_c_library writes
/// the library. Throws std::bad_alloc alone.
template <class Network>
salient_network c_network(const introduction& setup) {
  return {version(), setup, subject_of<Network>()};
}

}  // namespace salient::explainer
