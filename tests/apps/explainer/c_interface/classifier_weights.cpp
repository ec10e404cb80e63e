// SPDX-License-Identifier: MIT

// classifier_weights FILE: writes random weights.

#include "install/consumer/tiny.hpp"
#include "salient/train/initialise.hpp"

int main(int, char** arguments) {
  salient::write_safetensors(arguments[1], salient::random_parameters<consumed::tiny>(1));
}
