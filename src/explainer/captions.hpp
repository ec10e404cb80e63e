// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "explainer/request.hpp"
#include "explainer/results.hpp"

namespace salient::explainer {

/// The names of a method's maps.
map_name name_of_maps(const network_facts& network, const request& asked, method_kind method);

/// Whether there is nothing to see in map n of a batch: it has one value only.
bool is_empty(const tensor& maps, long n);

/// What a reader must know of a map, for a caption: "completeness gap 0.10 %", "standard error 17.00 %,
/// empty: nothing speaks for the class". Mostly nothing.
std::string remark_on(const request& asked, const written_map& m);

}  // namespace salient::explainer
