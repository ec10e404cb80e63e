// SPDX-License-Identifier: MIT
// label: threads
#include "laws/network_laws.hpp"

TEST_ON_EVERY_DEVICE(random_networks, from_33_to_40) { salient::laws::random_network_laws<33, 40>(); }
