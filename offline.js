// The shell page's service worker: what was loaded once is there without a network. Fresh files win whenever they can be had.
const name = "snakelet-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(
    fetch(request).then(
      async (response) => {
        if (response.ok) (await caches.open(name)).put(request, response.clone());
        return response;
      },
      async (error) => {
        const kept = await caches.match(request, { ignoreSearch: true });
        if (kept) return kept;
        throw error;
      },
    ),
  );
});
