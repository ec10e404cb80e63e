// SPDX-License-Identifier: MIT
#include "explainer/map_pictures.hpp"

#include <utility>

#include "explainer/files.hpp"
#include "salient/io/file.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"
#include "salient/method/enlarge.hpp"

namespace salient::explainer {
namespace {

/// Where on the image the cells of a method's maps lie, if they are of a layer and not stretched.
std::optional<cell_centres> centres_of_cells(const network_facts& network, const request& asked,
                                             method_kind method) {
  const int layer = layer_read(network, asked, method);
  if (asked.open.asked.alignment == map_alignment::stretch || !drawn_words(asked, method).of_layer ||
      layer <= 0)
    return {};
  const graph_view& graph = network.layers.graph;
  std::vector<receptive_fields> fields(static_cast<std::size_t>(layer) + 1);
  salient::detail::find_fields(graph, 0, layer, fields.data());
  return salient::detail::centres_of(fields.back(), graph.extent(layer), network.input);
}

}  // namespace

map_pictures::map_pictures(const network_facts& network, const request& asked) : asked_(asked) {
  for (const method_kind m : asked.methods) centres_.push_back(centres_of_cells(network, asked, m));
}

void map_pictures::write(const std::filesystem::path& folder, const std::string& stem,
                         const explained_batch& b, std::size_t n, explained_picture& p, page& on) const {
  const auto at = static_cast<long>(n);
  std::vector<std::vector<std::uint8_t>> encoded;
  auto w = p.maps.begin();
  for (const explained_batch::asked_class& one : b.asked)
    for (std::size_t m = 0; m < asked_.methods.size(); ++m, ++w) {
      const tensor& maps = one.answers[m].map;
      const method_words drawn = drawn_words(asked_, w->method);
      const std::string name = stem + "." + w->name.part + "." + std::to_string(w->label);
      w->picture = name + ".png";
      encoded.push_back(encode_png(beside_its_map(b.images, at, drawn, maps, at, centres_[m])));
      write_file(folder / w->picture, encoded.back());
      if (asked_.raw) {
        w->raw = name + ".npy";
        std::vector<long> dimensions{maps.extent.height, maps.extent.width};
        if (!drawn.of_layer || maps.extent.channels > 1) dimensions.push_back(maps.extent.channels);
        const auto map = maps.image(at);
        write_npy(folder / w->raw, {map.begin(), map.end()}, dimensions);
      }
    }
  on.add(p, encode_png(alone(b.images, at)), encoded);
}

}  // namespace salient::explainer
