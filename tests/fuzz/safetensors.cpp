// SPDX-License-Identifier: MIT
#include "salient/io/safetensors.hpp"

#include <algorithm>
#include <vector>

#include "graph/match_tensors.hpp"
#include "io/numbers.hpp"
#include "reader.hpp"

using namespace salient;

/// The values of a stream. Skips every third tensor, and those that are not floating point.
state_dict streamed(const std::filesystem::path& path) {
  const tensor_stream stream = stream_safetensors(path);
  state_dict result;
  for (std::size_t i = 0; i < stream.headings.size(); ++i) {
    const tensor_heading& t = stream.headings[i];
    if (!t.unread_type.empty() || i % 3 == 2) {
      stream.skip(i);
      continue;
    }
    std::vector<float> values(detail::element_count(t.dimensions).value());
    stream.read(values);
    result.push_back({t.name, t.dimensions, std::move(values)});
  }
  return result;
}

/// Each tensor is requested with its dimensions or left out, or the file is rejected.
void match(const std::filesystem::path& path) {
  const std::vector<detail::wanted_tensor> wanted = {
      {"0.weight", {2, 1}, "layer 0"}, {"0.bias", {2}, "layer 0"}, {"1.running_mean", {2}, "layer 1"}};
  const tensor_stream found = stream_safetensors(path);
  const auto places = detail::match_tensors(wanted, found);
  fuzz::require(places.size() == found.headings.size());
  std::size_t taken = 0;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i]) {
      ++taken;
      fuzz::require(found.headings[i].dimensions == wanted.at(*places[i]).dimensions &&
                    found.headings[i].name.ends_with(wanted[*places[i]].name));
    }
  fuzz::require(taken == wanted.size());
}

/// A readable file can be written and reads the same again, as a whole and in parts.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = fuzz::file_of({data, size});
  state_dict parts;
  fuzz::offer([&] { parts = streamed(path); });
  fuzz::offer([&] { match(path); });
  return fuzz::offer([&] {
    const state_dict tensors = read_safetensors(path);
    for (const named_tensor& part : parts) {
      const auto whole = std::ranges::find(tensors, part.name, &named_tensor::name);
      fuzz::require(whole != tensors.end() && whole->values == part.values);
    }
    const auto metadata = read_safetensors_metadata(path);
    write_safetensors(fuzz::scratch_file(), tensors, metadata);
    const state_dict again = read_safetensors(fuzz::scratch_file());
    fuzz::require(again.size() == tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i)
      fuzz::require(again[i].name == tensors[i].name && again[i].dimensions == tensors[i].dimensions &&
                    again[i].values == tensors[i].values);
    fuzz::require(read_safetensors_metadata(fuzz::scratch_file()) == metadata);
  });
}
