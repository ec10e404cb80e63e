// SPDX-License-Identifier: MIT

// The parts of the page that show maps. Each has update(state), which draws for the state's digit, network and class;
// `slow` tells that this may take a tenth of a second.

const element = (kind, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
};
const find = id => document.getElementById(id);
const sum = values => values.reduce((a, b) => a + b, 0);
const figures = value => value.toPrecision(3).replace('-', '\u2212');

function put(canvas, image, smooth) {
  if (canvas.width !== image.width || canvas.height !== image.height)
    Object.assign(canvas, {width: image.width, height: image.height});
  canvas.classList.toggle('smooth', smooth);
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/// Where a map is strongest and how much of it speaks for the class, in words.
export function describe({values, width, height}) {
  let best = 0, all = 0, positive = 0;
  values.forEach((v, i) => {
    if (Math.abs(v) > Math.abs(values[best])) best = i;
    all += Math.abs(v);
    positive += Math.max(v, 0);
  });
  if (!all) return 'zero everywhere';
  if (values.every(v => v === values[0])) return 'the same at every position';
  const third = (at, count, names) => names[Math.min(2, Math.floor(3 * at / count))];
  const row = third(Math.floor(best / width), height, ['upper', 'middle', 'lower']);
  const column = third(best % width, width, ['left', 'centre', 'right']);
  return `strongest in the ${row} ${column}, where it speaks ${values[best] < 0 ? 'against' : 'for'} the class; ` +
      `${Math.round(100 * positive / all)} % of it is for the class`;
}

/// One method's map and its words.
export class MethodPanel {
  #canvas = element('canvas', {role: 'img'});
  #none = element('div', {className: 'none'});

  constructor(engine, method) {
    this.method = method;
    this.about = engine.methods[method];
    this.slow = this.about.name === 'integrated_gradients';
    this.time = element('span', {className: 'small'});
    const words = element(
        'details', {}, element('summary', {}, this.about.title, ' ', this.time), element('p', {}, this.about.does),
        element('p', {}, element('b', {}, 'Good: '), this.about.good),
        element('p', {}, element('b', {}, 'Bad: '), this.about.bad),
        element('p', {}, element('a', {href: this.about.link, rel: 'noreferrer'}, 'The paper')));
    find('maps').append(element('figure', {id: `map-${this.about.name}`}, this.#canvas, this.#none,
                                element('figcaption', {}, words)));
  }

  update({engine, network, about}) {
    const lacks = engine.networks[network].lacks[this.method];
    this.#canvas.hidden = lacks !== '';
    this.#none.hidden = lacks === '';
    this.#none.textContent = `Not of ${engine.networks[network].name}: ${this.about.title} needs ${lacks}.`;
    this.time.textContent = '';
    if (lacks) return;
    const start = performance.now();
    const map = engine.explain(network, this.method, about);
    this.milliseconds = performance.now() - start;
    this.time.textContent = `${this.milliseconds < 1 ? 'under 1' : Math.round(this.milliseconds)} ms`;
    put(this.#canvas, engine.draw(map, this.about.ofLayer), this.about.ofLayer);
    this.#canvas.ariaLabel = `${this.about.title} of class ${about}: ${describe(map)}`;
  }
}

/// Integrated Gradients at a number of steps.
export class PathPanel {
  slow = true;
  #method;

  constructor(engine, changed) {
    this.#method = engine.methods.findIndex(m => m.name === 'integrated_gradients');
    find('steps').addEventListener('input', () => changed(this));
  }

  update({engine, network, about}) {
    const steps = Number(find('steps').value);
    const map = engine.explain(network, this.#method, about, steps);
    const change = map.value - map.baselineValue;
    find('steps-said').textContent = steps;
    find('path-change').textContent = figures(change);
    find('path-sum').textContent = figures(sum(map.values));
    find('path-gap').textContent = `${figures(map.gap)}, ${figures(100 * Math.abs(map.gap / change))} %`;
    put(find('path-map'), engine.draw(map), false);
    find('path-map').ariaLabel = `Integrated Gradients of class ${about}: ${describe(map)}`;
  }
}

/// The maps of two classes and their difference.
export class TwoPanel {
  #figures;

  constructor(engine, changed) {
    for (const id of ['first', 'second'])
      find(id).append(element('option', {value: ''}, id === 'first' ? 'explained' : 'next best'),
                      ...Array.from({length: 10}, (_, digit) => element('option', {value: digit}, digit)));
    find('two-method').append(...engine.methods.map((m, value) => element('option', {value}, m.title)));
    for (const id of ['first', 'second', 'two-method']) find(id).addEventListener('change', () => changed(this));
    this.#figures = ['one', 'other', 'difference'].map(id => {
      const canvas = element('canvas', {role: 'img', id: `two-${id}`}), caption = element('figcaption');
      find('two').append(element('figure', {}, canvas, caption));
      return {canvas, caption};
    });
  }

  get slow() {
    return find('two-method').selectedOptions[0].text === 'Integrated Gradients';
  }

  update({engine, network, about, probabilities}) {
    const {lacks} = engine.networks[network];
    [...find('two-method').options].forEach((option, method) => option.disabled = lacks[method] !== '');
    if (find('two-method').selectedOptions[0].disabled) find('two-method').value = '0';
    const method = Number(find('two-method').value), {ofLayer} = engine.methods[method];
    const first = find('first').value === '' ? about : Number(find('first').value);
    const others = probabilities[network].map((p, digit) => [digit === first ? -1 : p, digit]);
    const second = find('second').value === '' ? others.sort((a, b) => b[0] - a[0])[0][1] : Number(find('second').value);
    const [one, other] = [first, second].map(digit => engine.explain(network, method, digit));
    const difference = {...one, values: one.values.map((v, i) => v - other.values[i])};
    const titles = [`${first}`, `${second}`, `${first} rather than ${second}`];
    [one, other, difference].forEach((map, i) => {
      put(this.#figures[i].canvas, engine.draw(map, ofLayer), ofLayer);
      this.#figures[i].canvas.ariaLabel = `${engine.methods[method].title}, ${titles[i]}: ${describe(map)}`;
      this.#figures[i].caption.textContent = titles[i];
    });
  }
}

/// A deconvolution at one layer after another.
export class DownPanel {
  slow = false;
  #network = -1;

  constructor(_, changed) {
    const step = find('down-step');
    const move = by => {
      step.value = Number(step.value) + by;
      changed(this);
    };
    step.addEventListener('input', () => changed(this));
    find('down-before').addEventListener('click', () => move(-1));
    find('down-next').addEventListener('click', () => move(1));
  }

  update({engine, network, about}) {
    const {layers, name} = engine.networks[network], step = find('down-step');
    for (const id of ['down-sum', 'down-channels', 'down-before', 'down-next', 'down-step'])
      find(id).hidden = !layers.length;
    find('down-said').textContent = layers.length ? '' : `${name} has no convolution to go back through.`;
    find('down-words').textContent = '';
    if (!layers.length) return;
    step.max = layers.length;
    if (this.#network !== network) step.value = 0;
    this.#network = network;
    const at = layers.length - Number(step.value);  // 0: the pixels
    const label = at ? `Layer ${layers[at - 1].name}` : 'The pixels';
    find('down-said').textContent = `Step ${Number(step.value) + 1} of ${layers.length + 1}: ${label}`;
    step.ariaValueText = label;
    find('down-before').disabled = at === layers.length;
    find('down-next').disabled = at === 0;

    const {values, height, width, channels} = engine.deconvolve(network, about, at ? layers[at - 1].activation : 0);
    const maps = Array.from({length: channels}, (_, c) => {
      const one = {values: new Float32Array(height * width), height, width, channel: c};
      for (let i = 0; i < height * width; ++i) one.values[i] = values[i * channels + c];
      return one;
    });
    const total = {values: new Float32Array(height * width), height, width};
    for (const map of maps) map.values.forEach((v, i) => total.values[i] += v);
    put(find('down-map'), engine.draw(total), false);
    find('down-map').ariaLabel = `Deconvolution of class ${about} at ${label}: ${describe(total)}`;
    const strength = map => sum(map.values.map(Math.abs));
    const strongest = maps.length === 1 ? [] : maps.sort((a, b) => strength(b) - strength(a)).slice(0, 16);
    find('down-words').textContent = strongest.length ?
        `${strongest.every(m => describe(m) === 'the same at every position') ?
            'A global average pool has spread the score evenly: each channel is the same at every position. ' : ''}` +
        `The ${strongest.length} strongest of ${channels} channels, the strongest first, of one scale:` :
        'The signal has arrived at the pixels: this is the map of Deconvolution.';
    find('down-channels').ariaLabel = strongest.length ? `Channels ${strongest.map(m => m.channel).join(', ')}` : 'none';
    while (find('down-channels').children.length < strongest.length) find('down-channels').append(element('canvas'));
    const all = {values: strongest.flatMap(m => [...m.values]), height: strongest.length * height, width};
    const drawn = strongest.length ? engine.draw(all).data : [];
    [...find('down-channels').children].forEach((canvas, i) => {
      canvas.hidden = i >= strongest.length;
      const size = 4 * height * width;
      if (!canvas.hidden) put(canvas, new ImageData(drawn.slice(i * size, (i + 1) * size), width, height), false);
    });
  }
}
