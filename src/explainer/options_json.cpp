// SPDX-License-Identifier: MIT
#include "explainer/options_json.hpp"

#include <string>
#include <type_traits>
#include <variant>

#include "explainer/option_text.hpp"

namespace salient::explainer {

nlohmann::ordered_json options_json(const method_settings& settings, method_kind method) {
  auto result = nlohmann::ordered_json::object();
  for (const listed_option& o : listed_options())
    if (o.method == method)
      std::visit(
          [&]<class T>(const T& value) {
            if constexpr (std::is_same_v<T, std::monostate>)
              result[std::string(o.name)] = nullptr;
            else if constexpr (std::is_same_v<T, size>)
              result[std::string(o.name)] = text_of(value);
            else
              result[std::string(o.name)] = value;
          },
          o.get(settings));
  return result;
}

}  // namespace salient::explainer
