// SPDX-License-Identifier: MIT

// Keeps the page's files, so that it works without a network. The build fills in the version and the list.

const kind = 'salient-', version = kind + '@VERSION@';
// Not what the browser has of them already: it may take that for fresh for days after they have changed.
const files = ['./', @FILES@].map(file => new Request(file, {cache: 'reload'}));

addEventListener('install', event => {
  event.waitUntil(caches.open(version).then(cache => cache.addAll(files)).then(() => skipWaiting()));
});

addEventListener('activate', event => {
  const old = caches.keys().then(names => Promise.all(
      names.filter(name => name.startsWith(kind) && name !== version).map(name => caches.delete(name))));
  event.waitUntil(old.then(() => clients.claim()));
});

addEventListener('fetch', event => {
  event.respondWith(caches.open(version).then(cache => cache.match(event.request, {ignoreSearch: true}))
      .then(kept => kept ?? fetch(event.request)));
});
