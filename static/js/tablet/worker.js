// Answers for the pages of one event while there is no connection, and for the files they need. TOLD, written above
// by the server, names the files, the page without a form, and the version of both.
const CACHE = `engage-event-${TOLD.version}-${TOLD.shell}`;
const PATIENCE = 6_000;
const OLD = (name) => name.startsWith("engage-event-") && name.endsWith(`-${TOLD.shell}`) && name !== CACHE;

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([TOLD.shell, ...TOLD.files].map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter(OLD).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

const fromNetwork = (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
const fromCache = async (address) => await (await caches.open(CACHE)).match(address);

const page = async (request) => {
  try {
    return await fromNetwork(request);
  } catch {
    return (await fromCache(TOLD.shell)) ?? Response.error();
  }
};

// A file whose address names its version never changes; any other may have been replaced.
const file = async (request, address) => {
  const kept = await fromCache(address);
  if (kept && address.includes("?v=")) {
    return kept;
  }
  try {
    return await fromNetwork(request);
  } catch {
    return kept ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (request.method !== "GET") {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (TOLD.files.includes(pathname + search)) {
    event.respondWith(file(request, pathname + search));
  }
});
