// SPDX-License-Identifier: MIT
#include "web/typed_classifier.hpp"

const web::network_facts& web::cnn() {
  static const network_facts facts = facts_of<salient::digits::cnn>("cnn");
  return facts;
}
