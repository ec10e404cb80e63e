// SPDX-License-Identifier: MIT

// The engine on a thread of its own, so that the page answers while it computes. A message {id, job, ...} names one of the
// jobs; the answer is {id, answer} or {id, error}. Maps have their picture with them.

import {start} from './engine.js';

const started = start();
const opening = new Map(), open = new Set();
let drawing;             // the number of the digit that the engine shows
const seen = new Map();  // for each network that has looked at it, what it reads

const largest = values => values.indexOf(Math.max(...values));

function opened(engine, network) {
  if (!opening.has(network)) opening.set(network, engine.open(network).then(() => open.add(network)));
  return opening.get(network);
}

/// Shows the digit to a network unless it has seen it; returns what it reads.
function look(engine, digit, network) {
  if (drawing !== digit.drawing) {
    engine.show(digit.pixels);
    seen.clear();
    drawing = digit.drawing;
  }
  if (!seen.has(network)) seen.set(network, engine.look(network));
  return seen.get(network);
}

function drawn(engine, map, ofLayer = false) {
  return {...map, picture: engine.draw(map, ofLayer), ofLayer};
}

function explained(engine, {network, method, about, steps}) {
  const begin = performance.now();
  const map = drawn(engine, engine.explain(network, method, about, steps), engine.methods[method].ofLayer);
  return {...map, method, about, milliseconds: performance.now() - begin};
}

const jobs = {
  /// What there is, and the colours of the largest and the least value.
  about(engine) {
    const [red, , blue] = [0, 4, 8].map(i => engine.draw({values: [1, 0, -1], height: 1, width: 3}).data.slice(i, i + 3));
    return {methods: engine.methods, networks: engine.networks, red: `rgb(${red})`, blue: `rgb(${blue})`};
  },

  async open(engine, {network}) {
    await opened(engine, network);
  },

  /// What all open networks read in a digit, and these methods' maps of one of them, of the class that was asked for or that
  /// it reads.
  frame(engine, {digit, network, asked, methods}) {
    const probabilities = engine.networks.map((_, n) => open.has(n) ? look(engine, digit, n) : null);
    if (!probabilities[network]) return {probabilities, maps: []};
    const about = asked ?? largest(probabilities[network]);
    return {probabilities, about, maps: methods.map(method => explained(engine, {network, method, about}))};
  },

  async map(engine, {digit, ...what}) {
    await opened(engine, what.network);
    look(engine, digit, what.network);
    return explained(engine, what);
  },

  /// The maps of two classes and their difference.
  async two(engine, {digit, network, method, classes}) {
    await opened(engine, network);
    look(engine, digit, network);
    const [one, other] = classes.map(about => explained(engine, {network, method, about}));
    const difference = {...one, values: one.values.map((v, i) => v - other.values[i])};
    return [one, other, drawn(engine, difference, one.ofLayer)];
  },

  /// A deconvolution at an activation: the sum over the channels, and the strongest of these, of one scale.
  down(engine, {digit, network, about, activation, most}) {
    look(engine, digit, network);
    const {values, height, width, channels} = engine.deconvolve(network, about, activation);
    const size = height * width, total = new Float32Array(size);
    const maps = Array.from({length: channels}, (_, channel) => {
      const one = {values: new Float32Array(size), height, width, channel, strength: 0};
      for (let i = 0; i < size; ++i) {
        total[i] += one.values[i] = values[i * channels + channel];
        one.strength += Math.abs(one.values[i]);
      }
      return one;
    });
    const strongest = channels === 1 ? [] : maps.sort((a, b) => b.strength - a.strength).slice(0, most);
    const all = {values: strongest.flatMap(m => [...m.values]), height: strongest.length * height, width};
    const colours = strongest.length ? engine.draw(all).data : [];
    strongest.forEach((map, i) =>
        map.picture = new ImageData(colours.slice(4 * i * size, 4 * (i + 1) * size), width, height));
    return {total: drawn(engine, {values: total, height, width}), strongest, channels};
  },
};

addEventListener('message', async ({data: {id, job, ...what}}) => {
  try {
    postMessage({id, answer: await jobs[job](await started, what)});
  } catch (error) {
    postMessage({id, error: error.message});
  }
});
