// SPDX-License-Identifier: MIT

// Keeps the page's files, so that it works without a network. The build fills in the version and the list.

const kind = 'salient-', version = kind + '@VERSION@';
const files = ['./', @FILES@];

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
