// SPDX-License-Identifier: MIT
#include "web/typed_classifier.hpp"

const web::network_facts& web::pooled_cnn() {
  static const network_facts facts = facts_of<salient::digits::pooled_cnn>("pooled_cnn");
  return facts;
}
