// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "io/onnx/model.hpp"

namespace importer {

/// The module path of a node, "layer1.0.conv1", from what its exporter wrote: a module's name in its metadata
/// or in the node's name, or the name of its weight. For a node outside of any module, the path of what it
/// stands in.
std::string module_path(const salient::onnx::node& n, const salient::onnx::model& m);

/// What to say of an operator that only other kinds of networks have; empty for others.
std::string foreign_operator(const std::string& op);
/// What to say of an operator that is not available.
std::string unknown_operator(const std::string& op);

/// A C++ identifier from a file's name.
std::string identifier_of(const std::string& text);
bool is_identifier(const std::string& text);

/// Parts between dots.
std::vector<std::string> parts_of(const std::string& path);

}  // namespace importer
