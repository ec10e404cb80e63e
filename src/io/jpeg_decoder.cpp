// SPDX-License-Identifier: MIT
#include "io/jpeg_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace salient::detail {
namespace {

/// A progressive picture is decoded once for each of its scans. Cameras and encoders write some ten; a small
/// file may have thousands of empty ones, and take hours.
constexpr int most_scans = 500;

constexpr unsigned longest_segment = 0xffff;

jpeg_decoder& decoder_of(j_common_ptr c) { return *static_cast<jpeg_decoder*>(c->client_data); }

}  // namespace

jpeg_decoder::jpeg_decoder(std::span<const std::uint8_t> bytes) {
  jpeg_.err = jpeg_std_error(&errors_);
  errors_.error_exit = fail;
  errors_.emit_message = hear;
  errors_.output_message = ignore;
  jpeg_.client_data = this;
  if (setjmp(back_) != 0) return;
  jpeg_create_decompress(&jpeg_);
  progress_.progress_monitor = watch;
  jpeg_.progress = &progress_;
  // libjpeg 8 and libjpeg-turbo differ in whether the bytes are const.
  jpeg_mem_src(&jpeg_, const_cast<unsigned char*>(bytes.data()), static_cast<unsigned long>(bytes.size()));
}

jpeg_decoder::~jpeg_decoder() { jpeg_destroy_decompress(&jpeg_); }

bool jpeg_decoder::read_header() {
  if (code_ != 0 || setjmp(back_) != 0) return false;
  jpeg_save_markers(&jpeg_, JPEG_APP0 + 1, longest_segment);
  jpeg_read_header(&jpeg_, TRUE);
  return true;
}

bool jpeg_decoder::decode(J_COLOR_SPACE to, std::span<std::uint8_t> pixels) {
  if (setjmp(back_) != 0) return false;
  jpeg_.out_color_space = to;
  jpeg_start_decompress(&jpeg_);
  const std::size_t row = std::size_t{jpeg_.output_width} * static_cast<std::size_t>(jpeg_.output_components);
  if (row * jpeg_.output_height != pixels.size()) ERREXIT(&jpeg_, JERR_IMAGE_TOO_BIG);
  while (jpeg_.output_scanline < jpeg_.output_height) {
    JSAMPROW line = pixels.data() + jpeg_.output_scanline * row;
    jpeg_read_scanlines(&jpeg_, &line, 1);
  }
  jpeg_finish_decompress(&jpeg_);
  return true;
}

std::span<const std::uint8_t> jpeg_decoder::exif() const {
  for (jpeg_saved_marker_ptr m = jpeg_.marker_list; m != nullptr; m = m->next)
    if (m->marker == JPEG_APP0 + 1 && m->data_length >= 6 && std::memcmp(m->data, "Exif\0", 6) == 0)
      return {m->data, m->data_length};
  return {};
}

void jpeg_decoder::fail(j_common_ptr c) {
  jpeg_decoder& d = decoder_of(c);
  d.code_ = c->err->msg_code;
  c->err->format_message(c, d.problem_);
  std::longjmp(d.back_, 1);
}

void jpeg_decoder::hear(j_common_ptr c, int level) {
  if (level >= 0) return;
  // After most warnings pixels differ from those that were saved. These leave them as they are.
  const int code = c->err->msg_code;
  if (code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM) fail(c);
  jpeg_decoder& d = decoder_of(c);
  if (d.flaw_[0] == '\0') c->err->format_message(c, d.flaw_);
}

void jpeg_decoder::watch(j_common_ptr c) {
  if (c->is_decompressor != FALSE && reinterpret_cast<j_decompress_ptr>(c)->input_scan_number > most_scans)
    ERREXIT(c, JERR_BAD_PROGRESSION);
}

}  // namespace salient::detail
