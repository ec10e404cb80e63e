// SPDX-License-Identifier: MIT
#pragma once

/// Marks what is declared in a header and compiled into the library, so that the shared library shows it: a
/// function, a function template, a class with such members, or one for which a template is compiled, such as
/// a device. All else is hidden, because the library is compiled with -fvisibility=hidden.
#define SALIENT_EXPORT [[gnu::visibility("default")]]
