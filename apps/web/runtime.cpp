// SPDX-License-Identifier: MIT

// What the C++ runtime for WebAssembly lacks: exceptions. Debian's libc++abi has none. The page needs no more
// of them than their words, so a throw hands these to the page and ends the module. Nothing is unwound, and
// no handler runs; the page says so and must be loaded again.

#include <cstddef>
#include <cstdlib>
#include <exception>

extern "C" {
[[clang::import_module("page"), clang::import_name("fail")]] [[noreturn]] void fail(const char* message);

void* __cxa_allocate_exception(std::size_t bytes) { return std::malloc(bytes); }

/// All that the library throws derives from std::exception alone, which is at the beginning of the object.
[[noreturn]] void __cxa_throw(void* thrown, void*, void (*)(void*)) {
  fail(static_cast<std::exception*>(thrown)->what());
}

/// The only thread does not end.
int __cxa_thread_atexit(void (*)(void*), void*, void*) { return 0; }
}
