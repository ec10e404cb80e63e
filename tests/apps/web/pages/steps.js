// SPDX-License-Identifier: MIT

// What a person does on the page, which is in a frame of this one.

export const report = what => fetch('/report', {method: 'POST', body: JSON.stringify(what)});

export const until = async (condition, what) => {
  for (const end = performance.now() + 60000; !condition();) {
    if (performance.now() > end) throw new Error(`it never happened: ${what}`);
    await new Promise(done => setTimeout(done, 20));
  }
};

/// The page in a frame of this width, with all weights loaded.
export async function open(width) {
  const frame = document.createElement('iframe');
  Object.assign(frame, {src: '/', width, height: 900, frameBorder: 0});
  document.body.append(frame);
  await loaded(frame);
  return frame;
}
export const loaded = frame => until(() => frame.contentDocument?.documentElement?.dataset.open === 'all', 'all is loaded');

/// Waits until everything is drawn.
export async function drawn(frame) {
  await new Promise(done => frame.contentWindow.requestAnimationFrame(done));
  await until(() => frame.contentDocument.getElementById('maps').dataset.ready === 'yes', 'the maps are drawn');
}

/// Draws straight lines through these points, in pixels of the digit.
export async function stroke(frame, ...points) {
  const canvas = frame.contentDocument.getElementById('digit'), box = canvas.getBoundingClientRect();
  points.forEach(([x, y], i) => {
    const kind = i ? 'pointermove' : 'pointerdown';
    const at = {clientX: box.left + (x + 0.5) / 28 * box.width, clientY: box.top + (y + 0.5) / 28 * box.height};
    canvas.dispatchEvent(new frame.contentWindow.PointerEvent(kind, {...at, button: 0, pointerId: 1, bubbles: true}));
  });
  canvas.dispatchEvent(new frame.contentWindow.PointerEvent('pointerup', {pointerId: 1, bubbles: true}));
  await drawn(frame);
}

export const press = async (frame, id) => {
  frame.contentDocument.getElementById(id).click();
  await drawn(frame);
};

/// Sets a slider, a number or a choice.
export async function set(frame, id, value) {
  const input = frame.contentDocument.getElementById(id);
  input.value = value;
  for (const kind of ['input', 'change']) input.dispatchEvent(new frame.contentWindow.Event(kind, {bubbles: true}));
  await drawn(frame);
}

/// For each network: the digit that it reads, and its percentage.
export const readings = frame => Object.fromEntries(
    [...frame.contentDocument.querySelectorAll('#readings tbody tr')].map(row => {
      const shares = [...row.querySelectorAll('td')].map(cell => Number(cell.textContent));
      return [row.textContent.match(/[a-z_]+/)[0], [shares.indexOf(Math.max(...shares)), Math.max(...shares)]];
    }));

/// How many colours each canvas in an element shows, if it is shown.
export const colours = (frame, id) =>
    [...frame.contentDocument.querySelectorAll(`#${id} canvas, canvas#${id}`)].filter(c => !c.hidden).map(canvas => {
      const copy = Object.assign(document.createElement('canvas'), {width: canvas.width, height: canvas.height});
      const context = copy.getContext('2d', {willReadFrequently: true});
      context.drawImage(canvas, 0, 0);
      const {data} = context.getImageData(0, 0, copy.width, copy.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
