# SPDX-License-Identifier: MIT
"""The page in a browser, as a person uses it: python3 page.py BUILD SALIENT_EXPLAIN"""

import os
import pathlib
import shutil
import tempfile
import time
import unittest

from chromium import Chromium, Server, main

BUILD, _ = main()
NETWORKS = ("perceptron", "cnn", "deep_cnn", "pooled_cnn", "resnet")
ONE = [(14, y) for y in range(5, 24, 3)]  # a 1, in pixels of the digit

# For the tests: what the page asks its threads and hears of them, in turn, and what else a test adds.
WATCH = """
const happened = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function(what) {
  this.jobs ??= (this.addEventListener('message', ({data}) => happened.push(`answered ${this.jobs.get(data.id)}`)), new Map());
  const name = what.job === 'map' ? `map of ${what.steps ?? 50} steps` : what.job;
  this.jobs.set(what.id, name);
  happened.push(`asked ${name}`);
  post.call(this, what);
  if (window.onasked) window.onasked(name);
};
const boxOf = Element.prototype.getBoundingClientRect;
let boxes = 0;
Element.prototype.getBoundingClientRect = function() {
  ++boxes;
  return boxOf.call(this);
};
const find = id => document.getElementById(id);
/// For each network: the digit that it reads, and its percentage; null without one.
const readings = () => Object.fromEntries([...document.querySelectorAll('#readings tbody tr')].map(row => {
  const shares = [...row.querySelectorAll('td')].map(cell => cell.textContent);
  const most = Math.max(...shares.map(Number));
  return [row.querySelector('th').textContent, shares.join('') ? [shares.map(Number).indexOf(most), most] : null];
}));
const shown = id => [...find(id).querySelectorAll('canvas')].filter(c => c.checkVisibility());
const names = id => shown(id).map(c => c.ariaLabel);
const bytes = canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data;
};
/// How many colours a canvas shows.
const colours = canvas => new Set(new Uint32Array(bytes(canvas).buffer)).size;
/// The places of the digit's pixels that are not black.
const ink = () => [...bytes(find('digit'))].filter((_, i) => i % 4 === 0).map((v, i) => v ? i : -1).filter(i => i >= 0);
const bottom = id => Math.ceil(boxOf.call(find(id)).bottom);
const set = (id, value) => {
  find(id).value = value;
  for (const kind of ['input', 'change']) find(id).dispatchEvent(new Event(kind, {bubbles: true}));
};
"""


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Chromium()
        cls.browser.before_each_page(WATCH)
        cls.server = Server({"/": BUILD / "site"})
        cls.browser.size(1280, 900)
        cls.browser.open(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.browser.close()

    def setUp(self):
        self.browser.events.clear()
        self.loaded()
        self.device(1280, 900)
        self.do("document.activeElement.blur(), document.querySelectorAll('#readings tbody input')[3].click(), "
                "find('readings').querySelector('input').click(), set('second', ''), set('number', 0)")

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def device(self, width, height, phone=False, dark=False):
        self.browser.size(width, height, phone)
        self.browser.dark(dark)
        self.browser.call("Emulation.setTouchEmulationEnabled", enabled=phone, maxTouchPoints=2)
        self.js("scrollTo(0, 0)")

    def loaded(self):
        self.browser.wait("document.documentElement.dataset.open === 'all'")
        self.drawn()

    def drawn(self):
        self.browser.wait("find('maps').dataset.ready === 'yes'")

    def js(self, expression):
        return self.browser.js(expression)

    def do(self, *statements):
        for statement in statements:
            self.js(f"void ({statement})")
            self.drawn()

    def clear(self):
        self.do("find('clear').click()")

    def at(self, x, y):
        left, top, width, height = self.js("(b => [b.left, b.top, b.width, b.height])(boxOf.call(find('digit')))")
        return left + (x + 0.5) / 28 * width, top + (y + 0.5) / 28 * height

    def stroke(self, points, phone=False, end=True):
        """By mouse or by finger; drawn when the last point is reached, before the mouse or finger is lifted."""
        points = [self.at(*point) for point in points]
        if phone:
            self.browser.touch("Start", {0: points[0]})
            for point in points[1:]:
                self.browser.touch("Move", {0: point})
        else:
            self.browser.mouse("Moved", *points[0])
            self.browser.mouse("Pressed", *points[0])
            for point in points[1:]:
                self.browser.mouse("Moved", *point)
        self.drawn()
        if end and phone:
            self.browser.touch("End")
        elif end:
            self.browser.mouse("Released", *points[-1])

    def test_readings_and_maps_are_in_sight_while_one_draws_at_three_widths_dark_and_light(self):
        for width, height, dark in ((320, 640, False), (768, 1024, True), (1280, 900, False), (320, 640, True)):
            with self.subTest(width=width, dark=dark):
                phone = width < 1000
                self.device(width, height, phone, dark)
                self.do("set('number', 0)")
                self.assertEqual(self.js("getComputedStyle(document.body).backgroundColor"),
                                 "rgb(21, 23, 28)" if dark else "rgb(252, 252, 250)")
                self.assertEqual(self.js("find('label').textContent"), "Test digit 0, a 7")
                for network, reading in self.js("readings()").items():
                    self.assertEqual(reading[0], 7, network)
                self.clear()
                self.stroke(ONE, phone, end=False)
                for network, (digit, percent) in self.js("readings()").items():
                    self.assertEqual(digit, 1, network)
                    self.assertGreater(percent, 50, network)
                self.assertEqual(self.js("scrollY"), 0)
                self.assertEqual(self.js("shown('maps').length"), 8)
                for count in self.js("shown('maps').map(colours)"):
                    self.assertGreater(count, 20)
                for part in ("digit", "readings", "maps"):
                    self.assertLessEqual(self.js(f"bottom('{part}')"), height, part)
                if phone:
                    self.browser.touch("End")
                else:
                    self.browser.mouse("Released", *self.at(*ONE[-1]))
                self.fits(width)

    def fits(self, width):
        self.assertEqual(self.js("innerWidth"), width)
        self.assertLessEqual(self.js("document.documentElement.scrollWidth"), width, "the page scrolls sideways")
        self.assertEqual(
            self.js("[...document.querySelectorAll('#readings td, #readings span, figcaption a, button')]"
                    ".filter(e => e.scrollWidth > e.clientWidth && getComputedStyle(e).display !== 'inline')"
                    ".map(e => e.textContent)"), [], "a text is wider than its place")
        self.assertEqual(
            self.js("[...document.querySelectorAll('button, input, select, summary, #readings td, figcaption a, #words a')]"
                    ".map(e => [e.id || e.textContent || e.ariaLabel, boxOf.call(e)])"
                    ".filter(([, b]) => b.width && Math.min(b.width, b.height) < 23.9).map(([name, b]) => [name, b.width, b.height])"),
            [], "smaller than 24 pixels")

    def test_a_touch_explains_another_class_of_another_network(self):
        self.clear()
        self.stroke(ONE)
        for name in self.js("names('maps')"):
            self.assertIn("of class 1: strongest in the ", name)
        self.assertEqual(self.js("find('title').textContent"), "Why does it read a 1?")
        self.do("document.querySelectorAll('#readings tbody tr')[4].cells[9].click()")
        names = self.js("names('maps')")
        self.assertEqual(len(names), 8)
        for name in names:
            self.assertIn("of class 8: ", name)
        self.assertEqual(self.js("find('title').textContent"), "Why an 8 rather than its 1?")
        self.browser.wait("/^resnet reads 1, at .* The maps are of class 8, at /.test(find('said').textContent)")
        # What it says of a map is what the method's values mean.
        self.assertRegex(names[0], "Gradients of class 8: .*, where (a brighter pixel raises|it lowers) the score; ")
        self.do("document.querySelectorAll('#readings tbody input')[0].click()")  # the perceptron
        self.assertEqual(self.js("shown('maps').length"), 4)
        self.assertIn("Not of perceptron: CAM needs a network that ends in a global average pool",
                      self.js("find('lacking').textContent"))
        self.assertEqual(self.js("find('down-said').textContent"), "perceptron has no convolution to go back through.")

    def test_steps_of_integrated_gradients_classes_and_layers(self):
        percent = []
        for steps in (1, 100):
            self.do(f"set('steps', {steps})")
            percent.append(float(self.js("find('path-gap').textContent").split(", ")[1].split()[0]))
        self.assertGreater(percent[0], 5 * percent[1])
        self.do("set('second', 3)")
        self.assertEqual(self.js("[...document.querySelectorAll('#two figcaption')].map(c => c.textContent)"),
                         ["7", "3", "7 rather than 3"])
        for count in self.js("shown('two').map(colours)"):
            self.assertGreater(count, 20)
        self.do("document.querySelectorAll('#readings tbody input')[4].click()")  # resnet
        steps = []
        self.assertGreater(self.js("colours(find('down-map'))"), 2, "it begins where there is something to see")
        self.do("find('down-before').click(), find('down-before').click()")
        while not steps or steps[-1][0] != self.js("find('down-said').textContent"):
            steps.append(self.js("[find('down-said').textContent, colours(find('down-map'))]"))
            if len(steps) == 1:
                self.assertRegex(self.js("find('down-total').textContent"),
                                 r"^Sum over the channels: .?\d[\d.e+-]* at every position$")
            self.do("find('down-next').click()")
        self.assertEqual(len(steps), 12)
        self.assertEqual(steps[0], ["Step 1 of 12: Layer layer3.0.1 (relu, 7x7x64)", 1], "the pool spreads the score evenly")
        self.assertEqual(steps[-1][0], "Step 12 of 12: The pixels")
        for said, count in steps[2:]:
            self.assertGreater(count, 20, said)

    def test_by_keyboard_one_hears_where_the_pen_is(self):
        focus = "document.activeElement.id || document.activeElement.ariaLabel || document.activeElement.name"
        self.browser.reload()
        self.loaded()
        order = []
        for _ in range(7):
            self.browser.key("Tab")
            order.append(self.js(focus))
        self.assertEqual(order[:6], ["digit", "clear", "another", "number", "Maps of the class that is read", "pooled_cnn"])
        self.assertEqual(self.js("document.activeElement.textContent"), "What each map means")
        self.js("find('digit').focus()")
        self.assertEqual(self.js("find('label').ariaLive"), "polite")
        self.browser.key("Delete")
        self.assertEqual(self.js("find('label').textContent"), "Nothing is drawn")
        self.browser.key("ArrowLeft")
        self.assertEqual(self.js("find('label').textContent"), "Pen up, column 14, row 7")
        self.assertEqual(self.js("ink()"), [6 * 28 + 13], "the pen, which draws nothing")
        self.browser.key("ArrowRight")
        self.browser.key(" ")
        for _ in range(17):
            self.browser.key("ArrowDown")
        self.assertEqual(self.js("find('label').textContent"), "Pen down, column 15, row 24")
        self.browser.key(" ")
        self.drawn()
        for network, reading in self.js("readings()").items():
            self.assertEqual(reading[0], 1, network)

    def test_everything_has_a_name_of_its_own(self):
        self.browser.call("Accessibility.enable")
        nodes = [n for n in self.browser.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
        self.browser.call("Accessibility.disable")
        named = [(n["role"]["value"], n["name"]["value"]) for n in nodes
                 if n["role"]["value"] in ("button", "link", "radio", "slider", "spinbutton", "combobox", "image", "img")]
        self.assertGreater(len(named), 50)
        self.assertEqual([n for n in named if not n[1].strip() or n[1].strip().endswith(":")], [])
        self.assertEqual(sorted(n for n in set(named) if named.count(n) > 1), [])
        self.assertIn(("slider", "Steps from black to the digit"), named)
        self.assertIn(("link", "The paper on Grad-CAM"), named)

    def test_without_a_digit_nothing_is_read_or_explained(self):
        self.clear()
        self.assertEqual(set(self.js("Object.values(readings())")), {None})
        self.assertEqual(self.js("['maps', 'two', 'down-sum'].flatMap(names)"), [])
        self.assertFalse(self.js("find('path-gap').checkVisibility()"))
        self.assertEqual(self.js("find('title').textContent"), "Nothing is drawn: draw a digit")
        self.browser.wait("find('said').textContent.startsWith('Nothing is drawn')")
        self.do("document.querySelectorAll('#readings tbody tr')[1].cells[3].click()")
        self.assertEqual(set(self.js("Object.values(readings())")), {None})
        self.stroke(ONE)
        self.assertEqual(self.js("shown('maps').length"), 7, "cnn has no CAM")

    def test_a_second_finger_draws_nothing(self):
        self.device(768, 1024, phone=True)
        self.clear()
        at = lambda *points: [{n: self.at(*point)} for n, point in enumerate(points)]
        self.browser.touch("Start", *at((5, 4)))
        self.browser.touch("Start", *at((5, 4), (22, 4)))
        for y in (8, 14, 23):
            self.browser.touch("Move", *at((5, y), (22, y)))
        self.browser.touch("End", {0: self.at(5, 23)})  # the second is lifted
        self.browser.touch("Move", *at((5, 25)))
        self.browser.touch("End")
        self.drawn()
        self.assertEqual({i % 28 for i in self.js("ink()")}, {4, 5, 6})
        self.assertEqual({i // 28 for i in self.js("ink()")}, set(range(3, 27)))

    def test_the_number_is_that_of_the_digit_that_is_shown(self):
        for text, number, label in (("31", "31", "Test digit 31, a 1"), ("77", "49", "Test digit 49, a 4"), ("-3", "0", "Test digit 0, a 7")):
            self.do(f"set('number', '{text}')")
            self.assertEqual(self.js("[find('number').value, find('label').textContent]"), [number, label])
        self.do("find('another').click()")
        self.assertEqual(self.js("find('number').value"), "1")
        self.stroke(ONE)
        self.assertEqual(self.js("[find('number').value, find('label').textContent]"), ["", "Your digit"])
        self.do("find('another').click()")
        self.assertEqual(self.js("find('number').value"), "2")

    def test_the_pad_and_the_fast_maps_do_not_wait_for_slow_ones(self):
        self.do("document.querySelectorAll('#readings tbody input')[4].click(), set('steps', 99)")
        for _ in range(5):  # a thread may have to wait for a core
            happened = self.drawn_while_slow()
            order = [happened.index(what) for what in ("asked map of 99 steps", "drawn", "answered frame",
                                                       "answered map of 99 steps")]
            if order == sorted(order):
                break
        self.assertEqual(order, sorted(order), happened)
        # Slow maps are of what was read: they are asked for after it was.
        self.assertLess(happened.index("answered frame"), happened.index("asked map of 50 steps"))

    def drawn_while_slow(self):
        """What happened in turn, as Integrated Gradients of 99 steps was asked for, and then drawn on the pad."""
        self.do("find('clear').click(), set('number', 0)")
        self.js("""void (window.onasked = name => {
          if (name !== 'map of 99 steps') return;
          window.onasked = null;
          setTimeout(() => {
            const box = boxOf.call(find('digit')), before = ink().length;
            for (const kind of ['pointerdown', 'pointermove', 'pointerup'])
              find('digit').dispatchEvent(new PointerEvent(kind, {clientX: box.left + (kind === 'pointerdown' ? 9 : 60),
                                                                  clientY: box.top + 9, pointerId: 7, bubbles: true}));
            happened.push(ink().length > before + 8 ? 'drawn' : 'not drawn');
          });
        }, happened.length = 0, set('steps', 99))""")
        self.drawn()
        return self.js("happened")

    def test_a_stroke_asks_for_the_pads_place_once(self):
        self.clear()
        points = [self.at(*point) for point in ONE]
        self.js("void (boxes = 0)")
        self.browser.mouse("Pressed", *points[0])
        for point in points[1:]:
            self.browser.mouse("Moved", *point)
        self.browser.mouse("Released", *points[-1])
        self.drawn()
        self.assertGreater(self.js("ink().length"), 50)
        self.assertEqual(self.js("boxes"), 1)

    def test_the_page_is_kept_for_use_without_a_network_until_it_changes(self):
        with tempfile.TemporaryDirectory() as folder:
            site = pathlib.Path(folder) / "site"
            shutil.copytree(BUILD / "site", site)
            for file in site.iterdir():  # browsers take files that are old for fresh
                os.utime(file, (time.time() - 40 * 86400,) * 2)
            server = Server({"/": site})
            try:
                self.browser.open(server)
                self.kept()
                for name, old, new in (("panels.js", "'Good: '", "'Fine: '"), ("offline.js", "kind + '", "kind + 'new-")):
                    text = (site / name).read_text()
                    self.assertIn(old, text)
                    (site / name).write_text(text.replace(old, new))
                good = "document.querySelector('#words b').textContent"
                self.assertEqual(self.js(good), "Good: ")
                self.browser.reload()
                self.browser.wait("caches.keys().then(names => names.every(name => name.startsWith('salient-new-')))")
                self.kept()
                self.browser.reload()
                self.kept()
                self.assertEqual(self.js(good), "Fine: ")
            finally:
                server.stop()
            self.assertFalse(self.js("fetch('/no-such-file').then(() => true, () => false)"))
            self.browser.reload()
            self.loaded()
            for network, reading in self.js("readings()").items():
                self.assertEqual(reading[0], 7, network)
            self.assertEqual(self.js(good), "Fine: ")
        self.browser.events.clear()  # the console tells of the server that is gone
        self.browser.open(self.server)

    def kept(self):
        self.browser.wait("document.documentElement.dataset.kept === 'yes'")
        self.browser.wait("navigator.serviceWorker.controller?.state === 'activated'")


if __name__ == "__main__":
    unittest.main()
