// SPDX-License-Identifier: MIT

// The library, compiled to WebAssembly, with functions and arrays of JavaScript.

const side = 28;

/// The bytes of a file that is compressed by gzip. Pages unpack such files themselves, so that any server will do.
async function unpacked(file) {
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  return response.body.pipeThrough(new DecompressionStream('gzip'));
}
export const bytesOf = async file => new Uint8Array(await new Response(await unpacked(file)).arrayBuffer());

/// The tensors of a safetensors file of float16, of which the low bytes of all values come first, then the high bytes:
/// that compresses better.
function* tensorsOf(file) {
  const start = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start)));
  const count = (file.length - start) / 2;
  for (const [name, about] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [from, to] = about.data_offsets.map(offset => offset / 2);
    const bytes = new Uint8Array(2 * (to - from));
    for (let i = from; i < to; ++i) {
      bytes[2 * (i - from)] = file[start + i];
      bytes[2 * (i - from) + 1] = file[start + count + i];
    }
    yield {name, shape: about.shape, bytes, count: to - from};
  }
}

class Engine {
  #wasm;

  constructor(wasm) {
    this.#wasm = wasm;
    Object.assign(this, JSON.parse(this.#text(wasm.about())));  // methods, networks
  }

  #text(at) {
    const bytes = new Uint8Array(this.#wasm.memory.buffer, at);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }
  #floats(at, count) {
    return new Float32Array(this.#wasm.memory.buffer, at, count);
  }

  /// Fetches a network's weights. Only then can it look at digits.
  async open(network) {
    for (const {name, shape, bytes, count} of tensorsOf(await bytesOf(`${this.networks[network].name}.bin`))) {
      const letters = new TextEncoder().encode(name + '\0'.repeat(4 - name.length % 4));  // the next are aligned
      const ends = [letters.length, letters.length + 4 * shape.length];
      const at = this.#wasm.reserve(ends[1] + bytes.length);
      const block = new Uint8Array(this.#wasm.memory.buffer, at);
      block.set(letters);
      block.set(new Uint8Array(Int32Array.from(shape).buffer), ends[0]);
      block.set(bytes, ends[1]);
      this.#wasm.tensor(at, at + ends[0], shape.length, at + ends[1], count);
    }
    this.#wasm.open(network);
  }

  /// Chooses the digit: 28 x 28 pixels from 0 to 1.
  show(pixels) {
    this.#floats(this.#wasm.pixels(), side * side).set(pixels);
  }

  /// Runs a network's forward pass; returns ten probabilities.
  look(network) {
    const at = this.#wasm.look(network);
    return Array.from(this.#floats(at, 10));
  }

  /// A method's map, of what the network saw when it last looked: {values, height, width, value, baselineValue, gap}.
  explain(network, method, about, steps = 50) {
    return this.#map(this.#wasm.explain(network, method, about, steps));
  }

  /// What a deconvolution of a class's score brings to an activation: a map with channels.
  deconvolve(network, about, activation) {
    return this.#map(this.#wasm.deconvolve(network, about, activation));
  }

  #map(at) {
    const w = this.#wasm;
    const [height, width, channels] = [w.height(), w.width(), w.channels()];
    return {
      values: this.#floats(at, height * width * channels).slice(), height, width, channels,
      value: w.value(), baselineValue: w.baseline_value(), gap: w.gap(),
    };
  }

  /// A map of one channel in colours; a layer's is laid over the digit.
  draw({values, height, width}, ofLayer = false) {
    const at = this.#wasm.reserve(4 * values.length);
    this.#floats(at, values.length).set(values);
    const drawn = this.#wasm.draw(at, height, width, ofLayer);
    const [h, w] = ofLayer ? [4 * side, 4 * side] : [height, width];
    return new ImageData(new Uint8ClampedArray(this.#wasm.memory.buffer, drawn, 4 * h * w).slice(), w, h);
  }
}

/// Starts an engine.
export async function start() {
  const wasi = {};  // what C's standard library would write goes nowhere
  for (const name of ['fd_close', 'fd_seek', 'fd_write']) wasi[name] = () => 8;
  let memory;
  const fail = at => {
    const bytes = new Uint8Array(memory.buffer, at);
    throw new Error(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))));
  };
  const {instance} = await WebAssembly.instantiate(
      await bytesOf('engine.bin'), {page: {fail}, wasi_snapshot_preview1: wasi});
  memory = instance.exports.memory;
  instance.exports._initialize();
  return new Engine(instance.exports);
}
