/* What every page needs: positions from data, theme switch, menus, dialogs, toasts, the phone's navigation, the clock. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* data-var-from="540" becomes --from: 540. The page's policy allows no style attributes; the object model is free. */
  const placed = ["start", "from", "now", "value"].map((name) => `[data-var-${name}]`).join();

  function place(root) {
    for (const element of [root, ...$$(placed, root)]) {
      for (const [key, value] of Object.entries(element.dataset)) {
        if (key.startsWith("var")) element.style.setProperty(`--${key.slice(3).toLowerCase()}`, value);
      }
    }
  }

  function toast({ text, level = "info" }) {
    const item = $("#toast").content.firstElementChild.cloneNode(true);
    item.classList.add(`toast--${level}`);
    $(".toast__text", item).textContent = text;
    $("use", item).setAttribute("href", $("use", item).getAttribute("href").replace(/#.*/, `#${icons[level] ?? "info"}`));
    $(".toasts").append(item);
    if (level !== "error") setTimeout(() => item.remove(), 6000);
  }
  const icons = { success: "circle-check", warning: "triangle-alert", error: "circle-x", info: "info" };

  function openDialog(selector) {
    const dialog = $(selector);
    if (dialog && !dialog.open) dialog.showModal();
  }

  function toggleNav(button) {
    const open = $(".nav").classList.toggle("nav--open");
    button.setAttribute("aria-expanded", String(open));
  }

  const actions = {
    theme: () => window.switchTheme(),
    nav: toggleNav,
    print: () => window.print(),
    "toast-close": (button) => button.closest(".toast").remove(),
    "dialog-close": (button) => button.closest("dialog").close(),
    copy: (button) => navigator.clipboard.writeText($(button.dataset.copy).textContent.trim()),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) actions[button.dataset.do]?.(button);
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.dialog);
    }
    if (event.target.matches("dialog")) event.target.close(); /* the backdrop */
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of $$("details.menu[open]")) {
        menu.open = false;
        $("summary", menu).focus();
      }
    }
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      const search = $(".band__search input");
      if (search?.offsetParent) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  /* Written by the server: HX-Trigger: {"toast": {"text": "…", "level": "success"}} */
  document.addEventListener("toast", (event) => toast(event.detail));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
  document.addEventListener("htmx:sendError", () => toast({ text: document.body.dataset.offline, level: "error" }));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) toast({ text: document.body.dataset.failed, level: "error" });
  });

  function ready(root) {
    place(root);
    $$(dates, root).forEach(sayDay);
    showNow(root);
  }

  function tick() {
    const now = new Date();
    const minutes = Number(hour.format(now).slice(0, 2)) * 60 + now.getMinutes();
    for (const clock of $$("[data-clock]")) clock.textContent = hour.format(now);
    for (const line of $$(".lanes__now[data-ticks]")) line.style.setProperty("--now", minutes);
  }
  const hour = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh",
  });

  /* A browser may show a date in its own order; the day of the week says which one is meant. */
  function sayDay(input) {
    const day = new Date(`${input.value.slice(0, 10)}T00:00:00Z`);
    const said = input.parentElement.querySelector(".field__day") ?? document.createElement("div");
    said.className = "field__day field__help";
    said.textContent = Number.isNaN(day.getTime()) ? "" : weekday.format(day);
    input.after(said);
  }
  const weekday = new Intl.DateTimeFormat(document.documentElement.lang === "vi" ? "vi-VN" : "en-GB", {
    weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC",
  });
  const dates = ".field > input[type=date], .field > input[type=datetime-local]";
  document.addEventListener("input", (event) => event.target.matches(dates) && sayDay(event.target));

  /* A day's lanes open where the day is. */
  function showNow(root) {
    for (const line of $$(".lanes__now[data-ticks]", root)) {
      const lanes = line.closest(".lanes");
      if (lanes.scrollLeft === 0) lanes.scrollLeft = line.offsetLeft - lanes.clientWidth / 2;
    }
  }

  window.toast = toast;
  ready(document.body);
  tick();
  setInterval(tick, 10_000);
})();
