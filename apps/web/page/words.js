// SPDX-License-Identifier: MIT

// What maps say, in words.

const evidence = ['what is there speaks for the class', 'it speaks against the class'];
const signal = ['the signal that arrives is positive', 'it is negative'];
const kept = ['a brighter pixel raises the score, along the paths that are kept', 'it lowers the score along them'];
const meanings = {
  gradients: ['a brighter pixel raises the score', 'it lowers the score'],
  deconvolution: signal,
  guided_backprop: kept,
  guided_grad_cam: kept,
  grad_cam: ['what is there speaks for the class', ''],
};

/// What a method's positive and its negative values mean; "" if it has no negative ones.
export const meaning = name => meanings[name] ?? evidence;

/// Where a map is strongest, what that means, and how much of it is positive.
export function describe({values, width, height}, [positive, negative] = evidence) {
  let best = 0, all = 0, above = 0;
  values.forEach((v, i) => {
    if (Math.abs(v) > Math.abs(values[best])) best = i;
    all += Math.abs(v);
    above += Math.max(v, 0);
  });
  if (!all) return 'zero everywhere';
  if (values.every(v => v === values[0])) return 'the same at every position';
  const third = (at, count, names) => names[Math.min(2, Math.floor(3 * at / count))];
  const row = third(Math.floor(best / width), height, ['upper', 'middle', 'lower']);
  const column = third(best % width, width, ['left', 'centre', 'right']);
  return `strongest in the ${row} ${column}, where ${values[best] < 0 ? negative : positive}; ` +
      `${Math.round(100 * above / all)} % of it is red`;
}
