// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace salient::explainer {

/// Pictures of a run that are computed together, and the files that hold what came out.
struct shard {
  long number = 0;
  long first = 0, end = 0;  ///< pictures
};

/// The folder of a run in shards. A run's files are
///
///     run.json                      what the run depends on, written first
///     maps-00000.safetensors        of each shard
///     parts/table-00000.jsonl       its lines of the table
///     parts/shard-00000.json        written last: the shard is complete
///     table.jsonl, index.json       written when all shards are complete
///
/// and pictures-00000/ with a shard's pictures, if they were asked. Files appear whole, under their names, or
/// not at all. A shard is said to be complete when its files are on the disk, so that a failure of power
/// loses what is computed since, and no more.
class shard_folder {
 public:
  shard_folder(std::filesystem::path folder, long pictures, long shard_size);

  /// Of one process, before the others write: creates the folder, or recognises an earlier start of the same
  /// run and removes what it left half written; after `restart` all that it left. `run`: all that the bytes
  /// of the files depend on. Throws salient::error for a folder with another run, which says how they differ.
  /// Returns the shards to be computed.
  std::vector<long> begin(const nlohmann::ordered_json& run, bool restart) const;

  long shards() const { return (pictures_ + shard_size_ - 1) / shard_size_; }
  shard at(long number) const;

  std::filesystem::path maps(long number) const;
  std::filesystem::path table(long number) const;
  std::filesystem::path pictures(long number) const;
  /// The SHA-256 of run.json.
  const std::string& run_hash() const;

  /// Says that a shard's files are written. `explained`: pictures that could be.
  void complete(long number, long explained) const;

  struct totals {
    long explained = 0, failed = 0;
    bool earlier = false;  ///< all was there already
  };
  /// Of one process, when all shards are complete: writes the table and the index, unless they are there.
  totals finish() const;

 private:
  nlohmann::ordered_json read_index() const;
  bool is_complete(long number) const;
  void check_run(const nlohmann::ordered_json& run) const;
  void clean(bool all) const;
  std::filesystem::path part(long number) const;

  std::filesystem::path folder_;
  long pictures_, shard_size_;
  mutable std::string run_hash_{};  // as soon as it is asked
};

}  // namespace salient::explainer
