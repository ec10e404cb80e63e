// SPDX-License-Identifier: MIT
#include "salient/view/text.hpp"

#include <algorithm>
#include <utility>

#include "salient/core/error.hpp"
#include "salient/view/canvas.hpp"
#include "view/font.hpp"

namespace salient {
namespace {

constexpr int gap = 1;  // between two characters, at scale 1

void check_scale(int scale) {
  if (scale < 1 || scale > 1000)
    throw error("text: a scale lies between 1 and 1000, got " + std::to_string(scale));
}

/// Whether a byte continues a UTF-8 character, so takes no width of its own.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Splits at every `separator`: n separators make n + 1 parts.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end; (end = text.find(separator)) != std::string_view::npos; text.remove_prefix(end + 1))
    parts.push_back(text.substr(0, end));
  parts.push_back(text);
  return parts;
}

int line_width(std::string_view line, int scale) {
  long long width = 0;
  for (const char c : line)
    if (!continues(c)) width += font::glyph_of(c).width + gap;
  return static_cast<int>(std::min(std::max(width - gap, 0LL) * scale, 1LL << 30));
}

/// The pieces between which a line may break: words, and the parts of a hyphenated word with their hyphens.
std::vector<std::string> pieces(std::string_view word) {
  std::vector<std::string> result{""};
  for (std::size_t i = 0; i < word.size(); ++i) {
    result.back() += word[i];
    if (word[i] == '-' && i > 0 && i + 1 < word.size()) result.emplace_back();
  }
  return result;
}

/// Builds the lines of a paragraph piece by piece.
class wrapper {
 public:
  wrapper(int width, int scale) : width_(width), scale_(scale) {}

  void add_word(std::string_view word) {
    if (!line_.empty() && !fits(line_ + " " + std::string(word))) end_line();
    if (!line_.empty()) line_ += ' ';
    if (fits(line_ + std::string(word))) {
      line_ += word;
    } else {
      for (const auto& piece : pieces(word)) add_piece(piece);
    }
  }

  std::vector<std::string> lines() && {
    if (!line_.empty() || lines_.empty()) lines_.push_back(line_);
    return std::move(lines_);
  }

 private:
  void add_piece(const std::string& piece) {
    if (!fits(line_ + piece)) end_line();
    for (const char c : piece) {
      if (!continues(c) && !line_.empty() && !fits(line_ + c)) end_line();
      line_ += c;
    }
  }
  bool fits(const std::string& line) const { return line_width(line, scale_) <= width_; }
  void end_line() {
    if (!line_.empty()) lines_.push_back(std::exchange(line_, {}));
  }

  int width_;
  int scale_;
  std::string line_;
  std::vector<std::string> lines_;
};

}  // namespace

int text_width(std::string_view text, int scale) {
  check_scale(scale);
  int widest = 0;
  for (const auto line : split(text, '\n')) widest = std::max(widest, line_width(line, scale));
  return widest;
}

void draw_text(picture& on, int x, int y, std::string_view text, rgb colour, int scale) {
  check_scale(scale);
  const int left = x;
  for (const char c : text) {
    if (c == '\n') {
      x = left;
      y += line_height * scale;
    } else if (!continues(c)) {
      const font::glyph& glyph = font::glyph_of(c);
      for (int row = 0; row < text_height; ++row)
        for (int column = 0; column < glyph.width; ++column)
          if (glyph.rows[static_cast<std::size_t>(row)] >> column & 1)
            fill(on, x + column * scale, y + row * scale, scale, scale, colour);
      x += (glyph.width + gap) * scale;
    }
  }
}

std::vector<std::string> wrap(std::string_view text, int width, int scale) {
  check_scale(scale);
  std::vector<std::string> result;
  for (const auto paragraph : split(text, '\n')) {
    wrapper lines(width, scale);
    for (const auto word : split(paragraph, ' '))
      if (!word.empty()) lines.add_word(word);
    for (auto& line : std::move(lines).lines()) result.push_back(std::move(line));
  }
  return result;
}

}  // namespace salient
