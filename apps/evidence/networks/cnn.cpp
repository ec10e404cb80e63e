// SPDX-License-Identifier: MIT
#include "evidence/typed_subject.hpp"
#include "networks.hpp"

template std::unique_ptr<evidence::subject> evidence::open<salient::digits::cnn>(const std::string&,
                                                                                 const apps::device_options&);
