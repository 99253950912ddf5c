/* What a refusal offers goes into the form at a click: an hour, another room of the site, another bridge. */
(() => {
  function fill(form, name, value) {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("change", { bubbles: true }));
  }

  function tick(form, room, on) {
    const box = form.querySelector(`input[name="rooms"][value="${room}"]`);
    if (!box || box.checked === on) return;
    box.checked = on;
    if (on && box.closest("details")) box.closest("details").open = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function take(form, offer) {
    const { day, start, end, room, instead, bridge } = offer.dataset;
    if (day) {
      fill(form, "day", day);
      fill(form, "start_time", start);
      fill(form, "end_time", end);
    }
    if (bridge) fill(form, "bridge", bridge);
    if (room) {
      tick(form, instead, false);
      tick(form, room, true);
      for (const other of form.ownerDocument.querySelectorAll(`[data-instead="${instead}"]`)) other.disabled = true;
    }
  }

  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-hour], [data-room], [data-bridge]");
    const form = offer && (offer.closest("form") || document.querySelector("#booking"));
    if (!form) return;
    take(form, offer);
    form.querySelector("button[type=submit]").focus();
  });
})();
