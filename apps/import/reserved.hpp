// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace importer {

/// Whether a name is a word of C++, or one that a declaration at namespace scope cannot have.
bool is_reserved(const std::string& name);

/// Whether C++ text has this identifier outside of comments and string literals.
bool uses(const std::string& code, const std::string& name);

/// "name" or "outer::inner".
bool is_namespace(const std::string& text);

}  // namespace importer
