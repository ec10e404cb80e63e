// SPDX-License-Identifier: MIT
#include "salient/view/html.hpp"

namespace salient {
namespace {

/// Length of the well-formed UTF-8 character at the start of `text`, or 0. RFC 3629: no overlong form, no
/// surrogate, nothing above U+10FFFF.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned least = 0x80, most = 0xBF;  // range of the second byte
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (lead == 0xE0) least = 0xA0;
  if (lead == 0xED) most = 0x9F;
  if (lead == 0xF0) least = 0x90;
  if (lead == 0xF4) most = 0x8F;
  if (length == 0 || second < least || second > most) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  return length;
}

/// A C1 control character, U+0080 to U+009F.
bool c1_control(std::string_view character) {
  return character.size() == 2 && character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0) {
      result += "\xEF\xBF\xBD";
    } else if (length > 1) {
      if (!c1_control(text.substr(0, length))) result += text.substr(0, length);
    } else {
      switch (c) {
        case '&':
          result += "&amp;";
          break;
        case '<':
          result += "&lt;";
          break;
        case '>':
          result += "&gt;";
          break;
        case '"':
          result += "&quot;";
          break;
        case '\'':
          result += "&#39;";
          break;
        default:
          if ((c >= ' ' && c != '\x7F') || c == '\t' || c == '\n') result += c;
      }
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t here = bytes.size() - i;
    const unsigned group = static_cast<unsigned>(bytes[i]) << 16U |
                           (here > 1 ? static_cast<unsigned>(bytes[i + 1]) << 8U : 0U) |
                           (here > 2 ? static_cast<unsigned>(bytes[i + 2]) : 0U);
    result += digits[group >> 18U];
    result += digits[group >> 12U & 63U];
    result += here > 1 ? digits[group >> 6U & 63U] : '=';
    result += here > 2 ? digits[group & 63U] : '=';
  }
  return result;
}

}  // namespace salient
