// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "explainer/explained.hpp"
#include "explainer/map_pictures.hpp"
#include "explainer/shard_folder.hpp"

namespace salient::explainer {

/// Explains the pictures of a shard and writes its files:
///
/// maps: safetensors, with a row for each of the n pictures that could be explained, in the order of their
/// numbers. "index" (n, I64): the pictures' numbers; "classes" (n, I64): the explained classes; "scores"
/// (n x classes): the network's; and for each method a tensor, n x H x W x C, whose name is the method's with
/// its base, statistic and layers if they were chosen: "grad_cam", "grad_cam-1+3-maximum". With --top K,
/// "classes" is n x K and a method's tensor n x K x H x W x C.
///
/// table: a line of JSON for each picture, also for one that could not be explained.
class shard_writer {
 public:
  shard_writer(const introduction& setup, const network_facts& network, const request& asked,
               const shard_folder& folder, explained_model& model);

  using progress_handler = std::function<void(const std::string& task, long picture)>;
  void write(long number, const progress_handler& progress);

 private:
  struct content;
  void take(const shard& s, const explained_batch& b, content& to) const;
  void draw(const shard& s, const explained_batch& b, std::size_t n, explained_picture& p, content& to) const;
  void write_maps(const shard& s, const content& c) const;

  const introduction& setup_;
  const request& asked_;
  const shard_folder& folder_;
  explaining explaining_;
  map_pictures pictures_;
};

}  // namespace salient::explainer
