// SPDX-License-Identifier: MIT

// A canvas of 28 x 28 pixels to draw a digit on, by pointer or keyboard.

const side = 28;

export class Pad {
  values = new Float32Array(side * side);
  drawing = false;
  #canvas;
  #changed;
  #at = {x: 14, y: 6};  // the keyboard's pen, in pixels
  #down = false;
  #byKeyboard = false;

  /// Calls changed() after each change of `values`.
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    let last;
    canvas.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      try {
        canvas.setPointerCapture(event.pointerId);
      } catch {  // a pointer that is gone already
      }
      this.drawing = true;
      this.#byKeyboard = false;
      last = this.#place(event);
      this.#stroke(last, last);
    });
    canvas.addEventListener('pointermove', event => {
      if (!this.drawing) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length ? all : [event]) {
        const next = this.#place(each);
        this.#stroke(last, next);
        last = next;
      }
    });
    for (const end of ['pointerup', 'pointercancel'])
      canvas.addEventListener(end, () => {
        this.drawing = false;
        this.#changed();
      });
    canvas.addEventListener('keydown', event => this.#key(event));
    canvas.addEventListener('blur', () => {
      this.#byKeyboard = this.#down = false;
      this.paint();
    });
  }

  clear() {
    this.show(new Float32Array(side * side));
  }

  show(values) {
    this.values.set(values);
    this.paint();
    this.#changed();
  }

  paint() {
    const context = this.#canvas.getContext('2d');
    const image = context.createImageData(side, side);
    for (let i = 0; i < this.values.length; ++i)
      image.data.set([...Array(3).fill(255 * this.values[i]), 255], 4 * i);
    context.putImageData(image, 0, 0);
    if (!this.#byKeyboard) return;
    context.fillStyle = this.#down ? '#ff9d00' : '#4da3ff';
    context.fillRect(this.#at.x, this.#at.y, 1, 1);
  }

  /// In pixels of the digit: 0, 0 is the middle of the first.
  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {x: (event.clientX - box.left) / box.width * side - 0.5, y: (event.clientY - box.top) / box.height * side - 0.5};
  }

  /// Draws a line as wide as those of MNIST's digits, soft at the border.
  #stroke(from, to) {
    const radius = 1.5, across = to.x - from.x, along = to.y - from.y, square = across * across + along * along;
    for (let y = 0; y < side; ++y)
      for (let x = 0; x < side; ++x) {
        const share = square ? Math.min(1, Math.max(0, ((x - from.x) * across + (y - from.y) * along) / square)) : 0;
        const away = Math.hypot(x - from.x - share * across, y - from.y - share * along);
        const ink = Math.min(1, Math.max(0, radius - away + 0.5));
        const i = y * side + x;
        this.values[i] = Math.max(this.values[i], ink);
      }
    this.paint();
    this.#changed();
  }

  #key(event) {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!move && ![' ', 'Delete'].includes(event.key)) return;
    event.preventDefault();
    this.#byKeyboard = true;
    if (event.key === 'Delete') return this.clear();
    const from = {...this.#at};
    if (move) {
      this.#at.x = Math.min(side - 1, Math.max(0, this.#at.x + move[0]));
      this.#at.y = Math.min(side - 1, Math.max(0, this.#at.y + move[1]));
    } else {
      this.#down = !this.#down;
    }
    if (this.#down) this.#stroke(from, this.#at);
    else this.paint();
  }
}
