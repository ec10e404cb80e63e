// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace salient {

/// The style sheet of a report. Text has a readable column width; wide figures may exceed it on both sides.
inline constexpr std::string_view report_style = R"css(
:root {
  --paper: #fcfcfa; --raised: #f3f3f0; --ink: #1d1f25; --quiet: #5d616b; --line: #dcdcd8; --accent: #1f5fbf;
  --shade: #0003;
  --text: 42rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171c; --raised: #1e2128; --ink: #e4e5e9; --quiet: #9a9eaa; --line: #333740; --accent: #8ab4f8;
    --shade: #fff3;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif;
  text-rendering: optimizeLegibility; overflow-wrap: break-word;
}
main { padding: 3.5rem 1.25rem 5rem; }
header > *, nav, section > * { max-width: var(--text); margin-left: auto; margin-right: auto; }
h1, h2, h3 { line-height: 1.25; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
h1 { font-size: 2.25rem; margin-top: 0; margin-bottom: 1rem; }
h2 { font-size: 1.5rem; margin-top: 3.5rem; margin-bottom: 0.75rem; padding-top: 1.5rem;
     border-top: 1px solid var(--line); scroll-margin-top: 0.5rem; }
h3 { font-size: 1.125rem; margin-top: 2rem; margin-bottom: 0.5rem; }
p { margin-top: 0; margin-bottom: 1rem; text-wrap: pretty; }
.lead { font-size: 1.25rem; line-height: 1.5; color: var(--quiet); }
.note { font-size: 0.875rem; color: var(--quiet); }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
nav { margin-top: 2rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.2rem 0.75rem; border: 1px solid var(--line); border-radius: 1rem;
        background: var(--raised); font-size: 0.9375rem; text-decoration: none; }
nav a:hover { border-color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.25rem; margin-top: 1.25rem;
     margin-bottom: 1.5rem; padding: 0.9rem 1.1rem; background: var(--raised); border-radius: 0.5rem;
     font-size: 0.9688rem; line-height: 1.5; }
dt { color: var(--quiet); }
dd { margin: 0; }
.figures { display: flex; flex-wrap: wrap; gap: 1.25rem; margin-top: 1.5rem; margin-bottom: 1.75rem; }
.wide { max-width: 90rem; justify-content: center; }
figure { margin: 0; max-width: 100%; }
img { display: block; max-width: 100%; height: auto; border-radius: 0.25rem; box-shadow: 0 0 0 1px var(--line); }
.crisp { image-rendering: pixelated; border-radius: 0; }
figcaption { margin-top: 0.6rem; font-size: 0.875rem; line-height: 1.45; color: var(--quiet); }
/* A shadow at an edge says that a table goes on there: the paper over it scrolls away with the table. */
.scroll { overflow-x: auto; margin-top: 1.25rem; margin-bottom: 1.75rem;
          background: linear-gradient(to right, var(--paper) 40%, transparent) left / 3rem 100% no-repeat local,
                      linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100% no-repeat local,
                      linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat,
                      linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat; }
table { border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: 0.9375rem; line-height: 1.4; }
caption { text-align: left; padding-bottom: 0.6rem; color: var(--quiet); font-size: 0.875rem; }
/* Rules belong to the row below them: what stays in sight is painted row by row, and where a row's height is not a
   whole number of pixels, its paper would cover a rule at the bottom of the row above. */
th, td { padding: 0.4375rem 0.9rem; text-align: left; vertical-align: baseline; }
td { border-top: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; color: var(--quiet); }
.wide table { min-width: min(100%, var(--text)); margin-left: auto; margin-right: auto; }
.wide :is(th, td):not(:first-child, :last-child) { padding-left: 0.6rem; padding-right: 0.6rem; }
.scroll :is(th, td):first-child { position: sticky; left: 0; background: var(--paper); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; margin-top: 1.25rem; margin-bottom: 1.5rem; padding: 0.9rem 1.1rem; background: var(--raised);
      border-radius: 0.5rem; line-height: 1.45; }
code { font: 0.875rem ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
@media (max-width: 34rem) {
  main { padding-top: 2rem; }
  h1 { font-size: 1.75rem; }
  h2 { margin-top: 2.5rem; }
  .lead { font-size: 1.125rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.6rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  body { font-size: 10.5pt; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  figure { break-inside: avoid; }
}
)css";

}  // namespace salient
