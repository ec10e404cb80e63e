// SPDX-License-Identifier: MIT

// The parts of the page that show maps. Each has the name of its `thread`, job(view), which tells what to ask of this thread for
// a digit, network and class, or null, and show(answer, view); some have blank(), without a digit, and settle(), for what need
// not follow every frame of a stroke.

import {describe, meaning} from './words.js';

const element = (kind, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
};
const find = id => document.getElementById(id);
const narrow = title => title.replace(/(?<=Decon|Back)(?=volution|propagation)/, '\u00ad');  // where it may break
const sum = values => values.reduce((a, b) => a + b, 0);
const figures = value => value.toPrecision(3).replace('-', '\u2212');

function put(canvas, {picture, ofLayer}) {
  if (canvas.width !== picture.width || canvas.height !== picture.height)
    Object.assign(canvas, {width: picture.width, height: picture.height});
  canvas.classList.toggle('smooth', ofLayer);
  canvas.getContext('2d').putImageData(picture, 0, 0);
}

/// One method's map and its words.
export class MethodPanel {
  #canvas;
  #none = element('div', {className: 'none'});
  #time = element('p', {className: 'small'});
  #about;
  #networks;
  #map = null;
  #of;

  constructor({methods, networks}, method) {
    this.method = method;
    this.#about = methods[method];
    this.#networks = networks;
    const {name, title, does, good, bad, link} = this.#about, [red, blue] = meaning(name);
    const colours = `Red: ${red}.` + (blue ? ` Blue: ${blue}.` : '');
    this.#canvas = element('canvas', {role: 'img', title: colours});
    this.thread = name === 'integrated_gradients' ? 'slow' : 'fast';
    find('maps').append(element('figure', {id: `map-${name}`}, this.#canvas, this.#none,
                                element('figcaption', {}, element('a', {href: `#means-${name}`}, narrow(title)))));
    find('words').append(element(
        'article', {id: `means-${name}`}, element('h3', {}, title), element('p', {}, does),
        element('p', {}, colours),
        element('p', {}, element('b', {}, 'Good: '), good), element('p', {}, element('b', {}, 'Bad: '), bad),
        element('p', {}, element('a', {href: link, rel: 'noreferrer'}, `The paper on ${title}`)), this.#time));
    this.blank();
  }

  job({digit, network, about}) {
    this.clear(network);
    return this.applies(network) ? ['map', {digit, network, method: this.method, about}] : null;
  }

  applies(network) {
    return this.#networks[network].lacks[this.method] === '';
  }

  /// Shows no map of a network that this method does not apply to.
  clear(network) {
    if (!this.applies(network)) this.#hide(`not of ${this.#networks[network].name}`);
  }

  blank() {
    this.#hide('');
  }

  #hide(why) {
    this.#map = null;
    this.#canvas.hidden = true;
    this.#none.hidden = false;
    this.#none.textContent = why;
  }

  show(map, {network, about}) {
    this.#map = map;
    this.#of = `${this.#about.title} of class ${about}`;
    this.#canvas.hidden = false;
    this.#none.hidden = true;
    put(this.#canvas, map);
  }

  settle() {
    if (this.#map) this.#canvas.ariaLabel = `${this.#of}: ${describe(this.#map, meaning(this.#about.name))}`;
    this.#time.textContent = this.#map ?
        `This map took ${this.#map.milliseconds < 1 ? 'less than 1' : Math.round(this.#map.milliseconds)} ms.` : '';
  }
}

/// The maps of the fast methods, which come with what the networks read.
export class FramePanel {
  thread = 'fast';
  #panels;
  #about;

  constructor(about, panels) {
    this.#about = about;
    this.#panels = panels;
  }

  job({digit, network, asked}) {
    const methods = this.#panels.filter(p => p.applies(network)).map(p => p.method);
    return ['frame', {digit, network, asked, methods}];
  }

  show({maps, about}, {network}) {
    for (const panel of this.#panels) panel.clear(network);
    const {name, lacks} = this.#about.networks[network], titles = new Map();
    lacks.forEach((lack, m) => titles.set(lack, [...titles.get(lack) ?? [], this.#about.methods[m].title]));
    titles.delete('');
    find('lacking').textContent = [...titles].map(
        ([lack, of]) => `Not of ${name}: ${of.join(', ')} ${of.length === 1 ? 'needs' : 'need'} ${lack}.`).join(' ');
    for (const map of maps) this.#panels.find(p => p.method === map.method).show(map, {network, about});
  }

  blank() {
    for (const panel of this.#panels) panel.blank();
  }
  settle() {
    for (const panel of this.#panels) panel.settle();
  }
}

/// Integrated Gradients at a number of steps.
export class PathPanel {
  thread = 'slow';
  #method;
  #map = null;

  constructor({methods}, changed) {
    this.#method = methods.findIndex(m => m.name === 'integrated_gradients');
    find('steps').addEventListener('input', () => {
      find('steps-said').textContent = find('steps').value;
      changed(this);
    });
  }

  job({digit, network, about}) {
    return ['map', {digit, network, method: this.#method, about, steps: Number(find('steps').value)}];
  }

  show(map, {about}) {
    this.#map = {...map, about};
    const change = map.value - map.baselineValue;
    find('path-change').textContent = figures(change);
    find('path-sum').textContent = figures(sum(map.values));
    find('path-gap').textContent = figures(map.gap) + (change ? `, ${figures(100 * Math.abs(map.gap / change))} %` : '');
    put(find('path-map'), map);
  }

  blank() {
    this.#map = null;
  }
  settle() {
    const map = this.#map;
    if (map) find('path-map').ariaLabel = `Integrated Gradients by steps, of class ${map.about}: ${describe(map)}`;
  }
}

/// The maps of two classes and their difference.
export class TwoPanel {
  #figures;
  #methods;
  #networks;

  constructor({methods, networks}, changed) {
    this.#methods = methods;
    this.#networks = networks;
    for (const id of ['first', 'second'])
      find(id).append(element('option', {value: ''}, id === 'first' ? 'explained' : 'next best'),
                      ...Array.from({length: 10}, (_, digit) => element('option', {value: digit}, digit)));
    find('two-method').append(...methods.map((m, value) => element('option', {value}, m.title)));
    for (const id of ['first', 'second', 'two-method']) find(id).addEventListener('change', () => changed(this));
    this.#figures = ['one', 'other', 'difference'].map(id => {
      const canvas = element('canvas', {role: 'img', id: `two-${id}`}), caption = element('figcaption');
      find('two').append(element('figure', {}, canvas, caption));
      return {canvas, caption};
    });
  }

  get thread() {
    return find('two-method').selectedOptions[0].text === 'Integrated Gradients' ? 'slow' : 'fast';
  }

  job({digit, network, about, probabilities}) {
    const {lacks} = this.#networks[network];
    [...find('two-method').options].forEach((option, method) => option.disabled = lacks[method] !== '');
    if (find('two-method').selectedOptions[0].disabled) find('two-method').value = '0';
    const first = find('first').value === '' ? about : Number(find('first').value);
    const others = probabilities[network].map((p, digit) => [digit === first ? -1 : p, digit]);
    const second = find('second').value === '' ? others.sort((a, b) => b[0] - a[0])[0][1] : Number(find('second').value);
    return ['two', {digit, network, method: Number(find('two-method').value), classes: [first, second]}];
  }

  show(maps) {
    const [one, other, difference] = maps;
    this.shown = {maps, classes: [one.about, other.about]};
    const titles = [`${one.about}`, `${other.about}`, `${one.about} rather than ${other.about}`];
    [one, other, difference].forEach((map, i) => {
      put(this.#figures[i].canvas, map);
      this.#figures[i].caption.textContent = titles[i];
    });
  }

  settle() {
    this.shown?.maps.forEach((map, i) => {
      const {title, name} = this.#methods[map.method], of = this.#figures[i].caption.textContent;
      const [first, second] = this.shown.classes;
      const said = i < 2 ? meaning(name) : [`there is more for ${first}`, `there is more for ${second}`];
      this.#figures[i].canvas.ariaLabel = `${title}, ${of}: ${describe(map, said)}`;
    });
  }
}

/// A deconvolution at one layer after another.
export class DownPanel {
  thread = 'fast';
  #network = -1;
  #networks;
  #at;               // the number of the layer that was asked for, from the input on; 0 for the pixels
  #looking = false;  // for the first layer with a picture
  #move;

  constructor({networks}, changed) {
    this.#networks = networks;
    const step = find('down-step');
    this.#move = by => {
      step.value = Number(step.value) + by;
      changed(this);
    };
    const byHand = by => () => {
      this.#looking = false;
      this.#move(by);
    };
    step.addEventListener('input', byHand(0));
    find('down-before').addEventListener('click', byHand(-1));
    find('down-next').addEventListener('click', byHand(1));
  }

  job({digit, network, about}) {
    const {layers, name} = this.#networks[network], step = find('down-step');
    for (const id of ['down-sum', 'down-channels', 'down-before', 'down-next', 'down-step'])
      find(id).hidden = !layers.length;
    find('down-said').textContent = layers.length ? '' : `${name} has no convolution to go back through.`;
    find('down-words').textContent = '';
    if (!layers.length) return null;
    step.max = layers.length;
    if (this.#network !== network) {
      step.value = 0;
      this.#looking = true;
    }
    this.#network = network;
    this.#at = layers.length - Number(step.value);
    return ['down', {digit, network, about, activation: this.#at ? layers[this.#at - 1].activation : 0, most: 16}];
  }

  show({total, strongest, channels}, {network, about}) {
    const {layers} = this.#networks[network], at = this.#at, label = at ? `Layer ${layers[at - 1].name}` : 'The pixels';
    const flat = map => map.values.every(v => v === map.values[0]);
    if (this.#looking && at && strongest.every(flat)) return this.#move(1);
    this.#looking = false;
    find('down-said').textContent = `Step ${layers.length - at + 1} of ${layers.length + 1}: ${label}`;
    find('down-step').ariaValueText = label;
    find('down-before').disabled = at === layers.length;
    find('down-next').disabled = at === 0;
    put(find('down-map'), total);
    find('down-map').ariaLabel = `Deconvolution of class ${about} at ${label}: ${describe(total, meaning('deconvolution'))}`;
    find('down-total').textContent = 'Sum over the channels' +
        (flat(total) ? `: ${figures(total.values[0])} at every position` : '');
    find('down-words').textContent = strongest.length ?
        `${strongest.every(flat) ?
            'A global average pool has spread the score evenly: each channel is the same at every position. ' : ''}` +
        `The ${strongest.length} strongest of ${channels} channels, the strongest first, of one scale:` :
        'The signal has arrived at the pixels: this is the map of Deconvolution.';
    find('down-channels').ariaLabel = strongest.length ? `Channels ${strongest.map(m => m.channel).join(', ')}` : 'none';
    while (find('down-channels').children.length < strongest.length) find('down-channels').append(element('canvas'));
    [...find('down-channels').children].forEach((canvas, i) => {
      canvas.hidden = i >= strongest.length;
      if (!canvas.hidden) put(canvas, {picture: strongest[i].picture, ofLayer: false});
    });
  }
}
