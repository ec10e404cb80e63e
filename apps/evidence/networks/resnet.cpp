// SPDX-License-Identifier: MIT
#include "networks.hpp"
#include "salient/evidence/typed_subject.hpp"

template std::unique_ptr<salient::evidence::subject> salient::evidence::open<salient::digits::resnet>(
    const salient::evidence::opening&);
