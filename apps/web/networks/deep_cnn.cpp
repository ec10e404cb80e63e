// SPDX-License-Identifier: MIT
#include "web/typed_classifier.hpp"

const web::network_facts& web::deep_cnn() {
  static const network_facts facts = facts_of<salient::digits::deep_cnn>("deep_cnn");
  return facts;
}
