// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient {

/// A term and what is said of it; with `link`, what is said leads there.
struct fact {
  std::string term;
  std::string text;
  std::string link{};
};

struct figure {
  std::vector<std::uint8_t> png;  ///< an encoded PNG file; its size is read from its header
  std::string alt;                ///< what the picture shows, for those who do not see it
  std::string caption{};          ///< empty for none
  int magnify = 1;                ///< shown at magnify times its size, each pixel a crisp square
  bool wide = false;              ///< may use the whole window, not only the column of text
};

struct table {
  std::string caption{};                       ///< empty for none
  std::vector<std::string> header;             ///< one per column
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header; numbers align to the right
};

/// Builds one self-contained HTML page: no script, nothing fetched, light and dark as the reader's system is,
/// at home on narrow screens and on paper. All text is plain UTF-8 and is escaped here. Blocks stand in the
/// order of the calls.
///
///     const std::string page = report("Saliency").lead("What the network saw.").section("Gradients")
///                                                .paragraph("...").figures({map}).html();
class report {
 public:
  explicit report(std::string title, std::string language = "en");

  /// A paragraph in larger type, for the top of the page.
  report& lead(std::string_view text);
  /// A heading. Sections are numbered from 1 as anchors (#section-1), and two or more are listed at the top.
  report& section(std::string_view heading);
  report& subsection(std::string_view heading);
  /// A paragraph; an empty line begins another.
  report& paragraph(std::string_view text);
  /// Lines kept as they are, in fixed-width type, such as a command.
  report& code(std::string_view lines);
  /// Throws salient::error when a link is neither http, https nor an anchor of this page.
  report& facts(const std::vector<fact>& facts);
  /// Pictures side by side, as many as the window has room for. Throws salient::error when bytes are no PNG,
  /// when there is no `alt`, or when magnify is outside [1, 64].
  report& figures(const std::vector<figure>& figures);
  /// Throws salient::error when a row is not as long as the header.
  report& add(const table& table);
  /// A line in small type, such as how and when the page was made.
  report& note(std::string_view text);

  std::string html() const;

 private:
  std::string title_;
  std::string language_;
  std::vector<std::string> headings_;
  std::string top_;   // what stands before the first section
  std::string body_;  // the sections

  std::string& out() { return headings_.empty() ? top_ : body_; }
};

}  // namespace salient
