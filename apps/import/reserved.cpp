// SPDX-License-Identifier: MIT
#include "import/reserved.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "import/names.hpp"

namespace importer {

bool is_reserved(const std::string& name) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case",
       "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield",
       "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit", "continue",
       "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export",
       "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "main", "mutable",
       "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
       "protected", "public", "register", "reinterpret_cast", "requires", "return", "salient", "short",
       "signed", "sizeof", "static", "static_assert", "static_cast", "std", "struct", "switch", "template",
       "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned",
       "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
       // Macros of compilers and of C's headers.
       "NULL", "linux", "unix", "i386", "errno", "assert", "EOF", "stdin", "stdout", "stderr", "INFINITY",
       "NAN"});
  for (const char* prefix : {"M_", "INT_", "UINT_", "FLT_", "DBL_", "SIZE_"})
    if (name.starts_with(prefix)) return true;
  // Identifiers with two underscores, or one and a capital, are the compiler's.
  const bool compilers =
      name.find("__") != std::string::npos ||
      (name.size() > 1 && name[0] == '_' && std::isupper(static_cast<unsigned char>(name[1])) != 0);
  return compilers || std::ranges::find(words, name) != words.end();
}

bool uses(const std::string& code, const std::string& name) {
  const auto within = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t i = 0; i < code.size();) {
    if (code.compare(i, 2, "//") == 0) {
      i = std::min(code.find('\n', i), code.size());
    } else if (code[i] == '"') {
      for (++i; i < code.size() && code[i] != '"'; ++i)
        if (code[i] == '\\') ++i;
      ++i;
    } else if (within(code[i])) {
      std::size_t end = i;
      while (end < code.size() && within(code[end])) ++end;
      if (code.compare(i, end - i, name) == 0) return true;
      i = end;
    } else {
      ++i;
    }
  }
  return false;
}

bool is_namespace(const std::string& text) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find("::", begin);
    const std::string part = text.substr(begin, end == std::string::npos ? end : end - begin);
    if (!is_identifier(part) || (is_reserved(part) && part != "salient")) return false;
    if (end == std::string::npos) return true;
    begin = end + 2;
  }
}

}  // namespace importer
