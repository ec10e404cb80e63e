// SPDX-License-Identifier: MIT
#include "import/paths.hpp"
#include "import/write.hpp"
#include "salient/core/error.hpp"
#include "salient/io/safetensors.hpp"

namespace importer {

void write_weights(const network& n, const salient::onnx::model& m, const declaration& d,
                   const std::filesystem::path& to) {
  std::vector<salient::tensor_source> all;
  for (const row& r : n.rows) {
    if (!has_parameters(r)) continue;
    for (parameter& p : parameters_of(r, r.extent.channels)) {
      std::string key = r.path + (p.name.empty() ? "" : "." + p.name);
      const std::string title = "the weight '" + key + "'";
      if (p.values.count() != count_of(p.extent))
        throw salient::error(title + " of " + text_of(p.extent) + " has " + std::to_string(p.values.count()) +
                             " values");
      auto read = [title, values = std::move(p.values)](std::size_t first, std::span<float> to) {
        try {
          values.read(static_cast<std::int64_t>(first), to);
        } catch (const refusal& why) {
          throw salient::error(title + ": " + why.why);
        }
      };
      all.push_back({std::move(key), {p.extent.begin(), p.extent.end()}, std::move(read)});
    }
  }
  salient::write_safetensors_stream(to, all,
                                    {{"format", "pt"}, {"source", d.source}, {"source_sha256", m.sha256}});
}

}  // namespace importer
