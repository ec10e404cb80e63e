// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace salient::fake_cuda {

// A program that is linked with fake_cuda.cpp has a GPU that keeps the rules of CUDA's streams, as late as
// they allow: copies are made when the host waits, in their order. Kernels do nothing; its memory begins as
// zeros.

/// What the library has asked CUDA for since `begin`, in order: "copy in 40", "copy out 40", "clear 4",
/// "kernel", "graph of 3", "wait", "record", "allocate 512", "page-lock 512".
std::vector<std::string> asked();
void begin();

/// Blocks of memory, the device's and page-locked, that were taken and not given back.
long blocks_held();

/// Whether there is no memory for graphs: they cannot be instantiated.
void refuse_graphs(bool from_now_on);

/// How many of them begin with this word.
long count(const std::vector<std::string>& asked, const std::string& word);

}  // namespace salient::fake_cuda
