// SPDX-License-Identifier: MIT

// A canvas of 28 x 28 pixels to draw a digit on, by pointer or keyboard.

const side = 28;

export class Pad {
  values = new Float32Array(side * side);
  #canvas;
  #changed;
  #say;
  #pointer = null;  // that draws: a second finger or the palm does not
  #box;             // of the canvas, since the pointer came down: to ask for it lays out the page
  #at = {x: 14, y: 6};  // the keyboard's pen, in pixels
  #down = false;
  #byKeyboard = false;

  /// Calls changed() after each change of `values`, and says in words where the keyboard's pen is and what was done.
  constructor(canvas, changed, say) {
    this.#canvas = canvas;
    this.#changed = changed;
    this.#say = say;
    let last;
    canvas.addEventListener('pointerdown', event => {
      if (event.button !== 0 || this.#pointer !== null) return;
      this.#pointer = event.pointerId;
      try {
        canvas.setPointerCapture(event.pointerId);
      } catch {  // a pointer that is gone already
      }
      this.#box = canvas.getBoundingClientRect();
      this.#byKeyboard = false;
      last = this.#place(event);
      this.#say('Your digit');
      this.#stroke(last, last);
    });
    canvas.addEventListener('pointermove', event => {
      if (event.pointerId !== this.#pointer) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length ? all : [event]) {
        const next = this.#place(each);
        this.#ink(last, next);
        last = next;
      }
      this.#paint();
      this.#changed();
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
      canvas.addEventListener(end, event => {
        if (event.pointerId === this.#pointer) this.#pointer = null;
      });
    canvas.addEventListener('keydown', event => this.#key(event));
    canvas.addEventListener('blur', () => {
      this.#byKeyboard = this.#down = false;
      this.#paint();
    });
  }

  get blank() {
    return this.values.every(v => v === 0);
  }

  clear() {
    this.#say('Nothing is drawn');
    this.show(new Float32Array(side * side));
  }

  show(values) {
    this.values.set(values);
    this.#paint();
    this.#changed();
  }

  #paint() {
    const context = this.#canvas.getContext('2d');
    const image = context.createImageData(side, side);
    for (let i = 0; i < this.values.length; ++i) {
      image.data.fill(255 * this.values[i], 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    if (!this.#byKeyboard) return;
    context.fillStyle = this.#down ? '#ff9d00' : '#4da3ff';
    context.fillRect(this.#at.x, this.#at.y, 1, 1);
  }

  /// In pixels of the digit: 0, 0 is the middle of the first.
  #place({clientX, clientY}) {
    const box = this.#box;
    return {x: (clientX - box.left) / box.width * side - 0.5, y: (clientY - box.top) / box.height * side - 0.5};
  }

  /// Draws a line as wide as those of MNIST's digits, soft at the border.
  #ink(from, to) {
    const radius = 1.5, across = to.x - from.x, along = to.y - from.y, square = across * across + along * along;
    for (let y = 0; y < side; ++y)
      for (let x = 0; x < side; ++x) {
        const share = square ? Math.min(1, Math.max(0, ((x - from.x) * across + (y - from.y) * along) / square)) : 0;
        const away = Math.hypot(x - from.x - share * across, y - from.y - share * along);
        const ink = Math.min(1, Math.max(0, radius - away + 0.5));
        const i = y * side + x;
        this.values[i] = Math.max(this.values[i], ink);
      }
  }

  #stroke(from, to) {
    this.#ink(from, to);
    this.#paint();
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
    this.#say(`Pen ${this.#down ? 'down' : 'up'}, column ${this.#at.x + 1}, row ${this.#at.y + 1}`);
    if (this.#down) this.#stroke(from, this.#at);
    else this.#paint();
  }
}
