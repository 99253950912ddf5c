/* The assistant's dock: /ws/chat/ as docs say. Opened only when somebody opens it. Every text goes in through textContent. */
(() => {
  const dock = document.querySelector("#chat");
  if (!dock) return;
  const $ = (selector) => dock.querySelector(selector);
  const log = $(".chat__log");
  const input = $("textarea");
  const words = dock.dataset;
  const kept = `chat:${document.body.dataset.user}`;
  const SIGNED_OUT = 4401;
  const WAIT = 12_000; /* then we say ourselves that nobody answers */
  let history = [];
  let tab = "";
  let socket = null;
  let tries = 0;
  let timer = 0;

  /* --- what stays while the tab lives; another person's words never */
  function remember(entry) {
    history = [...history, entry].slice(-80);
    store();
  }

  function store() {
    try {
      sessionStorage.setItem(kept, JSON.stringify({ open: !dock.hidden, history, tab }));
    } catch {
      /* then it lives as long as the page */
    }
  }

  function recall() {
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("chat:") && key !== kept) sessionStorage.removeItem(key);
      return JSON.parse(sessionStorage.getItem(kept)) ?? {};
    } catch {
      return {};
    }
  }

  /* By it the server finds this tab's conversation again, with the buttons that it offered. */
  function newTab() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* --- showing */
  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function bubble({ who, text, data }) {
    const item = element("div", `chat__message chat__message--${who}`);
    item.append(element("span", "visually-hidden", `${who === "mine" ? words.me : words.name}: `), text);
    if (data?.measured_at) item.append(element("small", "chat__measured", `${words.measured} ${clock(data.measured_at)}`));
    if (typeof data?.url === "string" && /^\/(?!\/)/.test(data.url)) {
      const link = element("a", "", words.open);
      link.href = data.url;
      item.append(link);
    }
    return item;
  }

  function clock(iso) {
    const options = { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", timeZone: "Asia/Ho_Chi_Minh" };
    const date = new Date(iso);
    return Number.isNaN(date.getTime()) ? iso : new Intl.DateTimeFormat("en-GB", options).format(date);
  }

  function offer(buttons) {
    const row = element("div", "chat__buttons");
    for (const { title, payload } of buttons) {
      const button = element("button", "button button--small", title);
      button.type = "button";
      button.addEventListener("click", () => say(title, { type: "button", payload }));
      row.append(button);
    }
    return row;
  }

  function show(entry) {
    $(".chat__hello").hidden = true;
    for (const button of log.querySelectorAll(".chat__buttons")) button.remove(); /* an offer holds until the next word */
    if (entry.text) log.append(bubble(entry));
    if (entry.buttons?.length) log.append(offer(entry.buttons));
    log.scrollTop = log.scrollHeight;
  }

  function add(entry) {
    remember(entry);
    show(entry);
  }

  function state(name) {
    dock.dataset.state = name;
    $(".chat__state").textContent = words[name];
  }

  function typing(on) {
    $(".chat__typing").hidden = !on;
    clearTimeout(timer);
    if (on) timer = setTimeout(() => failed(words.silent), WAIT);
  }

  function failed(text) {
    typing(false);
    add({ who: "error", text });
  }

  /* --- talking */
  const receive = {
    reply(message) {
      state("ready");
      typing(false);
      for (const { text, buttons, data } of message.messages) add({ who: "theirs", text, buttons, data });
    },
    error(message) {
      if (/unavailable|away|timeout/.test(message.code)) state("away");
      failed(message.detail);
    },
    typing: () => typing(true),
  };

  function say(text, message) {
    if (socket?.readyState !== WebSocket.OPEN) {
      failed(words.offline);
      return false;
    }
    add({ who: "mine", text });
    socket.send(JSON.stringify(message));
    typing(true);
    return true;
  }

  function connect() {
    if (socket && socket.readyState <= WebSocket.OPEN) return;
    state("connecting");
    socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws/chat/?tab=${tab}`);
    socket.onopen = () => {
      tries = 0;
      state("ready");
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      receive[message.type]?.(message);
    };
    socket.onclose = ({ code }) => {
      if (!$(".chat__typing").hidden) failed(code === SIGNED_OUT ? words.ended : words.silent);
      if (code === SIGNED_OUT) return state("ended");
      state("lost");
      tries += 1;
      if (!dock.hidden) setTimeout(() => !dock.hidden && connect(), Math.random() * Math.min(60_000, 1_000 * 2 ** tries) + 500);
    };
  }

  /* --- opening and closing */
  const openers = [...document.querySelectorAll("[data-chat-open]")];

  function toggle(open, focus = true) {
    dock.hidden = !open;
    for (const button of openers) button.setAttribute("aria-expanded", String(open));
    store();
    if (open) {
      connect();
      log.scrollTop = log.scrollHeight;
      if (focus) input.focus();
    } else if (focus) {
      openers.find((button) => button.offsetParent)?.focus();
    }
  }

  for (const button of openers) button.addEventListener("click", () => toggle(dock.hidden));
  $("[data-chat-close]").addEventListener("click", () => toggle(false));
  for (const button of dock.querySelectorAll("[data-say]")) {
    button.addEventListener("click", () => say(button.textContent.trim(), { type: "message", text: button.textContent.trim() }));
  }
  dock.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("form").requestSubmit();
    }
  });
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text && say(text, { type: "message", text })) input.value = "";
  });

  const before = recall();
  history = before.history ?? [];
  tab = before.tab ?? newTab();
  history.forEach(show);
  if (before.open && matchMedia("(min-width: 62rem)").matches) toggle(true, false);
})();
