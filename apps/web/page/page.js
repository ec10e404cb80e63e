// SPDX-License-Identifier: MIT
import {start} from './engine.js';
import {Pad} from './pad.js';
import {DownPanel, MethodPanel, PathPanel, TwoPanel} from './panels.js';

const find = id => document.getElementById(id);
const frame = 12;     // milliseconds of a frame for maps
const pause = 250;    // between two slow maps while someone draws
const first = 'pooled_cnn';  // the smallest that every method applies to

function fail(error) {
  find('trouble').hidden = false;
  find('trouble').textContent = `This does not work: ${error.message ?? error}. Load the page again.`;
  throw error;
}

const largest = values => values.indexOf(Math.max(...values));

class Page {
  #state = {network: 0, about: 0, asked: null, probabilities: []};
  #panels = [];
  #due = new Set();
  #lastSlow = 0;
  #seen = false;  // whether the networks have looked at the digit
  #waiting = false;
  #said;

  constructor(engine) {
    this.#state.engine = engine;
    this.#state.network = engine.networks.findIndex(n => n.name === first);
    this.pad = new Pad(find('digit'), () => this.#drawn());
    this.#makeReadings();
    const changed = panel => this.#ask(panel);
    this.#panels = [
      ...engine.methods.map((_, method) => new MethodPanel(engine, method)),
      ...[TwoPanel, DownPanel, PathPanel].map(Panel => new Panel(engine, changed)),
    ];
    const colour = value => {
      const [r, g, b] = engine.draw({values: [value, 1, -1], height: 1, width: 3}).data;
      return `rgb(${r}, ${g}, ${b})`;
    };
    document.querySelector('.key.for').style.background = colour(1);
    document.querySelector('.key.against').style.background = colour(-1);
    find('clear').addEventListener('click', () => this.pad.clear());
  }

  /// The weights of `network` have come.
  opened(network) {
    this.#state.probabilities[network] = [];
    this.#drawn();
  }

  #makeReadings() {
    const {engine} = this.#state;
    const [head, body] = [find('readings').tHead.rows[0], find('readings').tBodies[0]];
    for (let digit = 0; digit < 10; ++digit) {
      const th = Object.assign(document.createElement('th'), {scope: 'col', textContent: digit});
      head.append(th);
    }
    engine.networks.forEach(({name, parameters}, network) => {
      const row = body.insertRow();
      row.innerHTML = '<th scope="row"><label><input type="radio" name="network"></label></th>';
      const label = row.querySelector('label'), input = row.querySelector('input');
      label.append(name);
      label.title = `${parameters.toLocaleString('en')} parameters`;
      input.checked = network === this.#state.network;
      input.addEventListener('change', () => this.#choose({network}));
      for (let digit = 0; digit < 10; ++digit)
        row.insertCell().addEventListener('click', () => {
          input.checked = true;
          find(`about-${digit}`).checked = true;
          this.#choose({network, asked: digit});
        });
    });
    for (const digit of [null, ...Array(10).keys()]) {
      const label = document.createElement('label');
      label.innerHTML = `<input type="radio" name="about" id="about-${digit ?? 'predicted'}">${digit ?? 'predicted'}`;
      label.firstChild.checked = digit === null;
      label.firstChild.addEventListener('change', () => this.#choose({asked: digit}));
      find('about').append(label);
    }
  }

  #choose(what) {
    Object.assign(this.#state, what);
    this.#ask(...this.#panels);
  }

  #drawn() {
    this.#seen = false;
    this.#ask(...this.#panels);
  }

  #ask(...panels) {
    for (const panel of panels) this.#due.add(panel);
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => this.#draw());
  }

  /// One frame: readings, then as many of the panels as fit. The others follow in the next frames, in turn.
  #draw() {
    this.#waiting = false;
    const begin = performance.now(), state = this.#state;
    try {
      if (!this.#seen) this.#look();
      this.#mark();
      if (state.probabilities[state.network]?.length)
        for (const panel of [...this.#due]) {
          if (panel.slow && this.pad.drawing && begin - this.#lastSlow < pause) continue;
          this.#due.delete(panel);  // and if it is due again, it is the last
          panel.update(state);
          if (panel.slow) this.#lastSlow = performance.now();
          if (performance.now() - begin > frame) break;
        }
      else
        this.#due.clear();
    } catch (error) {
      fail(error);
    }
    if (this.#due.size) this.#ask();
    else find('maps').dataset.ready = 'yes';
  }

  #look() {
    const {engine, probabilities} = this.#state;
    find('maps').dataset.ready = '';
    engine.show(this.pad.values);
    for (const network in probabilities) probabilities[network] = engine.look(Number(network));
    this.#seen = true;
  }

  /// Writes the probabilities and which of them is explained.
  #mark() {
    const {engine, network, asked, probabilities} = this.#state;
    const p = probabilities[network];
    if (p?.length) this.#state.about = asked ?? largest(p);
    const {about} = this.#state;
    find('maps').dataset.ready = '';
    [...find('readings').tBodies[0].rows].forEach((row, n) => {
      const best = probabilities[n] ? largest(probabilities[n]) : -1;
      for (let digit = 0; digit < 10; ++digit) {
        const cell = row.cells[digit + 1], share = 100 * (probabilities[n]?.[digit] ?? 0);
        const text = probabilities[n] ? share.toFixed(0) : '';
        if (cell.textContent !== text) cell.textContent = text;
        cell.style.setProperty('--share', `${share}%`);
        cell.classList.toggle('best', digit === best);
        cell.classList.toggle('asked', n === network && digit === about);
      }
    });
    if (!p?.length) return;
    find('title-digit').textContent = about;
    clearTimeout(this.#said);  // a screen reader hears what stays
    const sentence = `${engine.networks[network].name} reads ${largest(p)}, at ${(100 * Math.max(...p)).toFixed(1)} %. ` +
        `The maps are of class ${about}.`;
    this.#said = setTimeout(() => find('said').textContent = sentence, 400);
  }
}

/// The test digits, from two files of MNIST's form.
async function chooseDigits(page, bytesOf) {
  const [images, labels] = await Promise.all([bytesOf('digits.bin'), bytesOf('labels.bin')]);
  const number = find('number');
  const show = () => {
    const n = Math.min(49, Math.max(0, Math.floor(Number(number.value)) || 0));
    page.pad.show(Float32Array.from(images.subarray(16 + 784 * n, 16 + 784 * (n + 1)), byte => byte / 255));
    find('label').textContent = `Test digit ${n}, a ${labels[8 + n]}`;
  };
  number.addEventListener('input', show);
  find('another').addEventListener('click', () => {
    number.value = (Number(number.value) + 1) % 50;
    show();
  });
  for (const kind of ['pointerdown', 'keydown'])
    find('digit').addEventListener(kind, () => find('label').textContent = '');
  find('clear').addEventListener('click', () => find('label').textContent = '');
  show();
}

async function main() {
  const {engine, bytesOf} = await start();
  const page = new Page(engine);
  const order = engine.networks.map((_, network) => network);
  order.sort((a, b) => (engine.networks[b].name === first) - (engine.networks[a].name === first));
  await Promise.all([chooseDigits(page, bytesOf), engine.open(order[0]).then(() => page.opened(order[0]))]);
  for (const network of order.slice(1)) await engine.open(network).then(() => page.opened(network));
  document.documentElement.dataset.open = 'all';
  await keep().catch(() => {});  // a browser may refuse; then the page needs its server each time
}

/// Keeps the page for use without a network.
async function keep() {
  await navigator.serviceWorker.register('worker.js');
  await navigator.serviceWorker.ready;
  find('offline').textContent = 'It is kept: it works without a network from now on.';
  document.documentElement.dataset.kept = 'yes';
}

main().catch(fail);
