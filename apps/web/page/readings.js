// SPDX-License-Identifier: MIT

// The table of what the networks read, by which one chooses a network and a class too, and the sentences about it.

const find = id => document.getElementById(id);
const largest = values => values.indexOf(Math.max(...values));
const a = digit => digit === 8 ? 'an 8' : `a ${digit}`;

/// A radio button that fills a cell.
function choice(cell, name, text, checked, chosen, label = '') {
  cell.innerHTML = `<label class="choice"><input type="radio" name="${name}"><span>${text}</span></label>`;
  const input = cell.querySelector('input');
  if (label) input.ariaLabel = label;
  input.checked = checked;
  input.addEventListener('change', chosen);
  return input;
}

export class Readings {
  #networks;
  #cells;
  #classes;
  #said;

  /// Calls chosen({network}) or chosen({asked}), with a class or, for what the network reads, null.
  constructor(networks, network, chosen) {
    this.#networks = networks;
    const head = find('readings').tHead.rows[0];
    this.#classes = [null, ...Array(10).keys()].map(digit => {
      const cell = head.appendChild(document.createElement('th'));
      cell.scope = 'col';
      return choice(cell, 'about', digit ?? 'as read', digit === null, () => chosen({asked: digit}),
                    digit === null ? 'Maps of the class that is read' : `Maps of class ${digit}`);
    });
    this.#cells = networks.map(({name, parameters}, n) => {
      const row = find('readings').tBodies[0].insertRow();
      const input = choice(row.appendChild(Object.assign(document.createElement('th'), {scope: 'row'})), 'network',
                           name.replace('_', '_<wbr>'), n === network, () => chosen({network: n}), name);
      row.cells[0].title = `${parameters.toLocaleString('en')} parameters`;
      return Array.from({length: 10}, (_, digit) => {
        const cell = row.insertCell();
        cell.addEventListener('click', () => {
          input.checked = this.#classes[digit + 1].checked = true;
          chosen({network: n, asked: digit});
        });
        return cell;
      });
    });
  }

  /// Without a digit.
  blank(network) {
    this.#mark([], network);
    find('title').textContent = 'Nothing is drawn: draw a digit';
    this.#say('Nothing is drawn, so there is nothing to read and nothing to explain. Draw a digit.');
  }

  show({network, about, probabilities}) {
    this.#mark(probabilities, network, about);
    const p = probabilities[network];
    if (!p) return;
    const best = largest(p);
    find('title').textContent = about === best ? `Why does it read ${a(best)}?` : `Why ${a(about)} rather than its ${best}?`;
    this.#say(`${this.#networks[network].name} reads ${best}, at ${(100 * p[best]).toFixed(1)} %. The maps are of class ${about}` +
              (about === best ? '.' : `, at ${(100 * p[about]).toFixed(1)} %.`));
  }

  #mark(probabilities, network, about) {
    this.#cells.forEach((cells, n) => {
      const p = probabilities[n], best = p ? largest(p) : -1;
      cells.forEach((cell, digit) => {
        const text = p ? (100 * p[digit]).toFixed(0) : '';
        if (cell.textContent !== text) {
          cell.textContent = text;
          cell.style.setProperty('--share', `${text || 0}%`);
        }
        cell.classList.toggle('best', digit === best);
        cell.classList.toggle('asked', n === network && digit === about);
      });
    });
  }

  /// A screen reader hears what stays.
  #say(sentence) {
    clearTimeout(this.#said);
    this.#said = setTimeout(() => find('said').textContent = sentence, 400);
  }
}
