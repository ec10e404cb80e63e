// SPDX-License-Identifier: MIT
#include "common/demo.hpp"

#include <iostream>

#include "salient/core/error.hpp"

namespace apps {

demo::demo(const introduction& about)
    : command_line("salient-" + about.name, about.title + ": " + about.summary), about_(about) {
  settings_.network = about.network;
  settings_.out = about.name + ".png";
  outcome_.title = about.title;
  outcome_.of_feature_maps = about.of_feature_maps;
  heading("Options of this method");
}

void demo::parse(int count, const char* const* arguments) {
  heading("Options of every demo");
  add_common_options(*this, settings_);
  command_line::parse(count, arguments);
  check_common_options(*this, settings_);
}

void demo::without_target(const std::string& why) {
  refuse({"--target", "--score"}, why);
  outcome_.by_target = false;
}

const layer_choice& demo::show_layer(const layer_list& layers, const std::string& wanted,
                                     const std::string& by_default) {
  const layer_choice& chosen = layers.choices[choose_layer(layers, wanted.empty() ? by_default : wanted)];
  figure("layer", describe(layers, chosen));
  return chosen;
}
void demo::figure(const std::string& title, const std::string& value) {
  for (apps::figure& known : outcome_.figures)
    if (known.title == title) {
      known.values.push_back(value);
      return;
    }
  outcome_.figures.push_back({title, {value}});
}

void demo::inapplicable() const {
  wrong_usage(about_.title + " cannot explain " + settings_.network + ": it needs " + about_.needs);
}

const layer_choice& demo::layer_named(const layer_list& layers, const std::string& flag,
                                      const std::string& wanted) const {
  try {
    return layers.choices[choose_layer(layers, wanted)];
  } catch (const salient::error& e) {
    wrong_usage(flag + ": " + e.what());
  }
}

void demo::finish(const salient::explanation<float>& result, double milliseconds) {
  outcome_.asked = settings_;
  outcome_.explained = result;
  outcome_.milliseconds = milliseconds;
  std::cout << report(outcome_);
  write(outcome_);
}

}  // namespace apps
