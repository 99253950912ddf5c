/* Hints from /ws/live/. What carries data-live="conference" (several words allowed), and data-live-id where only one thing
   matters, gets the htmx trigger `live:conference` and fetches itself anew: <div data-live="link" hx-get="…" hx-trigger="live:link">.
   A hint waits a random moment, so that a thousand screens do not ask in the same one. */
(() => {
  if (!document.body.hasAttribute("data-user")) return;
  const shown = document.querySelector(".band__live");
  const waiting = new Map();
  let tries = 0;

  const watched = () => [...document.querySelectorAll("[data-live]")];

  function refresh(what, ids) {
    for (const element of watched()) {
      if (!element.dataset.live.split(/\s+/).includes(what)) continue;
      if (element.dataset.liveId && ids && !ids.has(element.dataset.liveId)) continue;
      window.htmx?.trigger(element, `live:${what}`);
    }
  }

  function hint({ what, id }) {
    if (waiting.has(what)) {
      waiting.get(what).add(String(id));
      return;
    }
    waiting.set(what, new Set([String(id)]));
    setTimeout(() => flush(what), 150 + Math.random() * 850);
  }

  function flush(what) {
    if (document.hidden) return; /* until somebody looks */
    const ids = waiting.get(what);
    waiting.delete(what);
    if (ids) refresh(what, ids);
  }

  function everything() {
    const names = new Set(watched().flatMap((element) => element.dataset.live.split(/\s+/)));
    for (const what of names) refresh(what, null);
  }

  function state(name) {
    if (!shown) return;
    shown.dataset.state = name;
    for (const word of shown.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== name;
  }

  function connect() {
    const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws/live/`);
    let opened = false;
    socket.onopen = () => {
      opened = true;
      state("on");
      if (tries > 0) everything(); /* what was missed in between */
      tries = 0;
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "changed") hint(message);
    };
    socket.onclose = () => {
      if (opened || tries > 1) state("lost");
      tries += 1;
      setTimeout(connect, Math.random() * Math.min(60_000, 1_000 * 2 ** tries) + 500);
    };
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const what of [...waiting.keys()]) flush(what);
  });
  connect();
})();
