// A service worker that shows a page of its own for every address that is opened.
self.oninstall = () => self.skipWaiting();
self.onactivate = (event) => event.waitUntil(self.clients.claim());
self.onfetch = (event) => {
  const headers = { "Content-Type": "text/html" };
  if (event.request.mode === "navigate")
    event.respondWith(new Response("<!doctype html><title>left</title>", { headers }));
};
