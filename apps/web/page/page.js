// SPDX-License-Identifier: MIT

// Who asks what of whom: the pad and the choices change what is asked, threads compute it, and panels show it.

import {bytesOf} from './engine.js';
import {Pad} from './pad.js';
import {DownPanel, FramePanel, MethodPanel, PathPanel, TwoPanel} from './panels.js';
import {Readings} from './readings.js';

const find = id => document.getElementById(id);
const first = 'pooled_cnn';  // the smallest that every method applies to

function fail(error) {
  find('trouble').hidden = false;
  find('trouble').textContent = `This does not work: ${error.message ?? error}. Load the page again.`;
  throw error;
}

/// An engine on a thread of its own.
class Thread {
  busy = false;
  #worker = new Worker(new URL('thread.js', import.meta.url), {type: 'module'});
  #waiting = new Map();
  #asked = 0;

  constructor() {
    this.#worker.addEventListener('message', ({data: {id, answer, error}}) => {
      const {done, failed} = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) done(answer);
      else failed(new Error(error));
    });
    this.#worker.addEventListener('error', event => fail(new Error(event.message ?? 'a part of it cannot be loaded')));
  }

  /// The answer to one of the jobs of thread.js.
  ask(job, what = {}) {
    return new Promise((done, failed) => {
      this.#waiting.set(++this.#asked, {done, failed});
      this.#worker.postMessage({id: this.#asked, job, ...what});
    });
  }
}

/// What is asked, and what is due. Each thread does one job at a time, so that what it is asked next is of the newest
/// drawing: none waits for old ones. First comes a frame, which is what the networks read and the fast methods' maps; the other
/// panels are of the last frame. What takes longer than a frame has the second thread to itself.
class Page {
  #threads = {fast: new Thread(), slow: new Thread()};
  #asked = {network: 0, asked: null, digit: {drawing: 0}};
  #shown = null;  // of the last frame: {digit, network, about, probabilities}
  #panels;
  #frame;
  #due = new Set();

  async start() {
    const {fast, slow} = this.#threads;
    const about = await fast.ask('about');
    for (const [kind, colour] of [['for', about.red], ['against', about.blue]])
      document.querySelector(`.key.${kind}`).style.background = colour;
    this.#asked.network = about.networks.findIndex(n => n.name === first);
    this.pad = new Pad(find('digit'), () => this.#drawn(), what => this.#said(what));
    this.readings = new Readings(about.networks, this.#asked.network, what => {
      Object.assign(this.#asked, what);
      this.#ask(this.#frame);
    });
    const methods = about.methods.map((_, method) => new MethodPanel(about, method));
    this.#frame = new FramePanel(about, methods.filter(m => m.thread === 'fast'));
    const changed = panel => this.#ask(panel);
    this.#panels = [this.#frame, ...methods.filter(m => m.thread === 'slow'),
                    ...[PathPanel, TwoPanel, DownPanel].map(Panel => new Panel(about, changed))];
    find('clear').addEventListener('click', () => this.pad.clear());
    const order = about.networks.map((_, network) => network);
    order.sort((a, b) => (b === this.#asked.network) - (a === this.#asked.network));
    await Promise.all([fast.ask('open', {network: order[0]}), this.#chooseDigits()]);
    for (const network of order) {
      await fast.ask('open', {network});
      this.#ask(this.#frame);
    }
    document.documentElement.dataset.open = 'all';
  }

  /// The test digits, from two files of MNIST's form.
  async #chooseDigits() {
    const [images, labels] = await Promise.all([bytesOf('digits.bin'), bytesOf('labels.bin')]);
    const number = find('number');
    let last = 0;
    const show = n => {
      last = Math.min(49, Math.max(0, Math.floor(n)));
      number.value = last;
      find('label').textContent = `Test digit ${last}, a ${labels[8 + last]}`;
      this.pad.show(Float32Array.from(images.subarray(16 + 784 * last, 16 + 784 * (last + 1)), byte => byte / 255));
    };
    number.addEventListener('input', () => {
      if (number.value !== '') show(Number(number.value));
    });
    find('another').addEventListener('click', () => show((last + 1) % 50));
    show(0);
  }

  /// What was done on the pad, by hand.
  #said(what) {
    find('label').textContent = what;
    if (!what.startsWith('Pen up')) find('number').value = '';  // it is no test digit any more
  }

  #drawn() {
    this.#asked.digit = {drawing: this.#asked.digit.drawing + 1, pixels: this.pad.values.slice()};
    this.#ask(this.#frame);
  }

  #ask(...panels) {
    find('maps').dataset.ready = '';
    const {blank} = this.pad;
    document.body.classList.toggle('blank', blank);
    if (blank) {
      this.#shown = null;
      this.#due.clear();
      this.readings.blank(this.#asked.network);
      for (const panel of this.#panels) panel.blank?.();
    } else {
      for (const panel of panels) this.#due.add(panel);
    }
    for (const name of ['fast', 'slow']) this.#serve(name).catch(fail);
  }

  async #serve(name) {
    const thread = this.#threads[name];
    if (thread.busy) return;
    thread.busy = true;
    for (let panel; panel = this.#panels.find(p => p.thread === name && this.#due.has(p));) {
      this.#due.delete(panel);
      const view = panel === this.#frame ? {...this.#asked} : this.#shown;
      const job = view && panel.job(view);
      if (!job) continue;
      const answer = await thread.ask(...job);
      if (this.pad.blank) continue;  // since then
      panel.show(answer, view);
      if (panel === this.#frame) this.#framed(answer, view);
    }
    thread.busy = false;
    if (!this.#due.size && !Object.values(this.#threads).some(t => t.busy)) {
      for (const panel of this.#panels) panel.settle?.();
      find('maps').dataset.ready = 'yes';
    }
  }

  #framed({probabilities, about}, view) {
    this.#shown = about === undefined ? null : {...view, probabilities, about};
    this.readings.show({...view, probabilities, about});
    if (this.#shown) this.#ask(...this.#panels.filter(p => p !== this.#frame));
  }
}

/// Keeps the page for use without a network.
async function keep() {
  await navigator.serviceWorker.register('offline.js');
  await navigator.serviceWorker.ready;
  find('offline').textContent = 'It is kept: it works without a network from now on.';
  document.documentElement.dataset.kept = 'yes';
}

new Page().start().catch(fail)
    .then(() => keep().catch(() => {}));  // a browser may refuse; then the page needs its server each time
