# SPDX-License-Identifier: MIT
"""How fast the page of apps/web follows a stroke in Chromium: python3 bench/page.py [SITE, by default web]

For each network someone draws for some seconds, a point for each picture that the browser shows. Prints, in ms, the median and the
95th percentile of: the time between two pictures of the pad; that between two pictures of the readings and the fast maps; the time
from a point of the stroke to these; and of each method, its computing and colouring on its thread. The last lines are of Integrated
Gradients with 100 steps, and of how many pictures of the readings and maps there were in a second."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests/apps/web"))
from chromium import Chromium, Server

WATCH = """
const taken = {};  // milliseconds, by what took them
const note = (what, milliseconds) => (taken[what] ??= []).push(milliseconds);
const post = Worker.prototype.postMessage, began = new Map();
let last = null;
Worker.prototype.postMessage = function(what) {
  this.asked ??= (this.addEventListener('message', ({data}) => {
    const {job, at, steps} = this.asked.get(data.id), now = performance.now();
    this.asked.delete(data.id);
    if (job === 'frame') {
      note('point to maps', now - at);
      if (last) note('maps to maps', now - last);
      last = now;
      for (const {method, milliseconds} of data.answer.maps) note(method, milliseconds);
    } else if (job === 'map') {
      note(steps ? `${steps} steps` : data.answer.method, data.answer.milliseconds);
    }
  }), new Map());
  this.asked.set(what.id, {...what, at: performance.now()});
  post.call(this, what);
};
const find = id => document.getElementById(id);
const forget = () => {
  for (const what in taken) delete taken[what];
  last = null;
};
const ready = async () => {
  while (find('maps').dataset.ready !== 'yes') await new Promise(done => setTimeout(done, 10));
};
/// Draws figures of eight, each on a black pad.
async function draw(milliseconds) {
  await ready();
  const box = find('digit').getBoundingClientRect();
  const at = (kind, t) => find('digit').dispatchEvent(new PointerEvent(kind, {
    pointerId: 1, bubbles: true, clientX: box.left + box.width * (0.5 + 0.2 * Math.sin(2 * t)),
    clientY: box.top + box.height * (0.5 + 0.3 * Math.cos(t))}));
  forget();
  let before = performance.now();
  for (let i = 0, end = before + milliseconds; performance.now() < end; ++i) {
    if (i % 90 === 0) find('clear').click();
    at(i % 90 === 0 ? 'pointerdown' : i % 90 === 89 ? 'pointerup' : 'pointermove', i / 14);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    note('pad to pad', now - before);
    before = now;
  }
  await ready();
  return taken;
}
async function steps(count) {
  forget();
  find('steps').value = 100;
  for (let i = 0; i < count; ++i) {
    find('steps').dispatchEvent(new Event('input'));
    await ready();
  }
  return taken['100 steps'];
}
"""


def cell(values):
    values = sorted(values)
    return f"{values[len(values) // 2]:.1f}, {values[len(values) * 95 // 100]:.1f}" if values else ""


def main():
    site = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "web")
    with Server({"/": site}) as server, Chromium() as page:
        page.before_each_page(WATCH)
        page.size(1280, 900)
        page.open(server)
        page.wait("document.documentElement.dataset.open === 'all' && find('maps').dataset.ready === 'yes'")
        methods = page.js("[...document.querySelectorAll('#maps figcaption')].map(c => c.textContent.replace('\\u00ad', ''))")
        networks = page.js("[...document.querySelectorAll('#readings tbody th')].map(c => c.textContent)")
        seconds, rows = 5, {}
        for n in range(len(networks)):
            page.js(f"document.querySelectorAll('#readings tbody input')[{n}].click()")
            page.js("draw(500)")
            taken = page.js(f"draw({1000 * seconds})")
            for what, title in [("pad to pad", "the pad, one picture to the next"), ("maps to maps", "readings and maps, the same"),
                                ("point to maps", "a point to its maps")] + [(str(m), t) for m, t in enumerate(methods)]:
                rows.setdefault(title, []).append(cell(taken.get(what, [])))
            rows.setdefault("Integrated Gradients, 100 steps", []).append(cell(page.js("steps(10)")))
            rows.setdefault("readings and maps in a second", []).append(f"{len(taken['maps to maps']) / seconds:.0f}")
    print("| | " + " | ".join(f"`{n}`" for n in networks) + " |\n|---" * 1 + "|---" * len(networks) + "|")
    for title, cells in rows.items():
        print(f"| {title} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
