// SPDX-License-Identifier: MIT
// label: threads
#include "laws/network_laws.hpp"

TEST_ON_EVERY_DEVICE(random_networks, from_25_to_32) { salient::laws::random_network_laws<25, 32>(); }
