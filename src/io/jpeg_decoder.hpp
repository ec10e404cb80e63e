// SPDX-License-Identifier: MIT
#pragma once

#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <jerror.h>
#include <jpeglib.h>
#include <span>
#include <string>
#include <vector>

namespace salient::detail {

/// libjpeg over bytes in memory. libjpeg reports an error by a function that must not return; this one jumps
/// back to the call of libjpeg in one of the members below, which then return false. They hold no objects
/// with destructors, for a jump would pass over these.
class jpeg_decoder {
 public:
  explicit jpeg_decoder(std::span<const std::uint8_t> bytes);
  jpeg_decoder(const jpeg_decoder&) = delete;
  jpeg_decoder& operator=(const jpeg_decoder&) = delete;
  ~jpeg_decoder();

  /// Reads what stands before the pixels.
  bool read_header();
  /// Decodes as `to`, of which a pixel takes `stride` bytes, to the end of the file. `pixels` must hold them
  /// all.
  bool decode(J_COLOR_SPACE to, std::span<std::uint8_t> pixels);

  const jpeg_decompress_struct& facts() const { return jpeg_; }
  /// The EXIF segment; empty if there is none.
  std::span<const std::uint8_t> exif() const;

  /// What libjpeg said of an error, and of the first defect that changes no pixel. Empty for none.
  const char* problem() const { return problem_; }
  const char* flaw() const { return flaw_; }
  bool cut_short() const {
    return code_ == JWRN_JPEG_EOF || code_ == JWRN_HIT_MARKER || code_ == JERR_INPUT_EOF;
  }
  bool out_of_memory() const { return code_ == JERR_OUT_OF_MEMORY; }

 private:
  [[noreturn]] static void fail(j_common_ptr);
  static void hear(j_common_ptr, int level);
  static void ignore(j_common_ptr) {}
  static void watch(j_common_ptr);

  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_;
  int code_ = 0;
  char problem_[JMSG_LENGTH_MAX] = "";
  char flaw_[JMSG_LENGTH_MAX] = "";
};

}  // namespace salient::detail
