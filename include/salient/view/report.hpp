// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// A term and its text; `link` makes the text a link.
struct fact {
  std::string term;
  std::string text;
  std::string link{};
};

struct figure {
  std::vector<std::uint8_t> png;  ///< an encoded PNG file; its size is read from its header
  std::string alt;                ///< alternative text for readers who cannot see the picture
  std::string caption{};          ///< empty for none
  int magnify = 1;                ///< display scale; each pixel becomes a crisp square
  bool wide = false;              ///< may use the whole window instead of the text column
  std::string
      file{};  ///< if set, the page shows this file, a path from its folder, and does not hold the bytes
};

struct table {
  std::string caption{};            ///< empty for none
  std::vector<std::string> header;  ///< one title per column
  /// Each as long as the header. Columns of numbers, in which a dash says that there is none, align to the
  /// right.
  std::vector<std::vector<std::string>> rows;
  bool wide = false;  ///< may use the whole window instead of the text column
};

/// Builds one HTML page without scripts; self-contained, unless a figure names a file. It follows the
/// reader's light or dark mode and suits narrow screens and print. All text is plain UTF-8 and is escaped
/// here. Blocks appear in the order of the calls.
///
///     const std::string page = report("Saliency").lead("What the network saw.").section("Gradients")
///                                                .paragraph("...").figures({map}).html();
class SALIENT_EXPORT report {
 public:
  explicit report(std::string title, std::string language = "en");

  /// A paragraph in larger type, for the top of the page.
  report& lead(std::string_view text);
  /// A heading. Sections have numbered anchors (#section-1); two or more are listed at the top.
  report& section(std::string_view heading);
  report& subsection(std::string_view heading);
  /// A paragraph; an empty line starts another.
  report& paragraph(std::string_view text);
  /// Preformatted lines in a fixed-width font, such as a command.
  report& code(std::string_view lines);
  /// Throws salient::error if a link is not http, https, an anchor of this page or a path
  /// from its folder, "./other.html".
  report& facts(const std::vector<fact>& facts);
  /// Pictures side by side, as many as fit the window. Throws salient::error if bytes are not a PNG, `alt` is
  /// empty, or magnify is outside [1, 64].
  report& figures(const std::vector<figure>& figures);
  /// Throws salient::error if a row's length differs from the header's.
  report& add(const table& table);
  /// A line in small type, such as how and when the page was made.
  report& note(std::string_view text);

  std::string html() const;

 private:
  std::string title_;
  std::string language_;
  std::vector<std::string> headings_;
  std::string top_;   // content before the first section
  std::string body_;  // the sections

  std::string& out() { return headings_.empty() ? top_ : body_; }
};

}  // namespace salient
