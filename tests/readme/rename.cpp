// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it in a folder with links to the repository's.
// clang-format off
#include <salient/salient.hpp>

using namespace salient;
using digit_cnn = network<input<28, 28, 1>,
    conv2d<16, 3>, relu,
    named<"features", conv2d<32, 3>>, relu,
    flatten, dense<10>>;

int main() {
  const cpu device;
  const state_dict ours = read_safetensors("apps/weights/cnn.safetensors");
  state_dict theirs = ours;
  for (named_tensor& t : theirs) t.name = (t.name[0] == '5' ? "head." : "features." + t.name.substr(0, 2)) + t.name.substr(2);
  theirs.push_back({"step", {}, {7}});
  write_safetensors("theirs.safetensors", theirs);
  // [snippet]
  const auto model = load<digit_cnn>("theirs.safetensors", device, {.rename = [](const std::string& name) {
    if (name.starts_with("features.")) return name.substr(9);      // "features.0.weight"
    if (name.starts_with("head.")) return "5." + name.substr(5);   // "head.weight"
    return std::string();                                          // leave it out
  }});
  // [/snippet]
  const state_dict loaded = model.to_state_dict();
  bool same = loaded.size() == ours.size();
  for (const named_tensor& t : loaded)
    for (const named_tensor& our : ours) same = same && (our.name != t.name || our.values == t.values);
  return same ? 0 : 1;
}
