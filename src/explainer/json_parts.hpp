// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "explainer/request.hpp"
#include "explainer/results.hpp"

namespace salient::explainer {

/// What was asked of a method: its options, the layers that it reads, and the score.
nlohmann::ordered_json method_json(const network_facts& network, const request& asked, method_kind method);

/// A class, with its label if it has one.
nlohmann::ordered_json class_json(const class_labels& labels, int c);

/// What a map is of and how well it was made, after `to`.
void add_measured(const request& asked, const written_map& m, nlohmann::ordered_json& to);

nlohmann::ordered_json predictions_json(const request& asked, const std::vector<prediction>& best);

/// The picture's name, and the hash of its file or values if it was taken.
nlohmann::ordered_json picture_json(const explained_picture& p);

/// The network, the hash of its layers and its preprocessing; "weights_sha256" is null for weights that came
/// through a pipe, which cannot be read again.
nlohmann::ordered_json network_json(const introduction& setup, const network_facts& network,
                                    const request& asked);

nlohmann::ordered_json left_out_json(const request& asked);

/// Indented by `indent`, or on one line if it is -1, in UTF-8; bytes of file names that are not become
/// U+FFFD.
std::string text_of(const nlohmann::ordered_json& all, int indent);

}  // namespace salient::explainer
