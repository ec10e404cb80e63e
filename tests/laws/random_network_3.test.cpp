// SPDX-License-Identifier: MIT
// label: threads
#include "laws/network_laws.hpp"

TEST_ON_EVERY_DEVICE(random_networks, from_17_to_24) { salient::laws::random_network_laws<17, 24>(); }
