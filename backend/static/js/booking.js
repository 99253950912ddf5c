/* The booking form: find in the long lists, choose a whole level, draw the busy hours, take an offered bridge. */
(() => {
  const form = document.querySelector("#booking");
  if (!form) return;
  const fold = (text) => text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function find(input) {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll(`${input.dataset.find} [data-text]`)) {
      row.hidden = !words.every((word) => row.dataset.text.includes(word));
    }
  }

  function count() {
    for (const label of form.querySelectorAll("[data-count]")) {
      label.textContent = form.querySelectorAll(`input[name="${label.dataset.count}"]:checked`).length;
    }
  }

  function wish() {
    count();
    htmx.trigger(document.body, "wish");
  }

  for (const input of form.querySelectorAll("[data-find]")) {
    input.addEventListener("input", () => find(input));
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }

  for (const button of form.querySelectorAll("[data-all]")) {
    button.addEventListener("click", () => {
      const boxes = [...form.querySelectorAll(`[data-level="${button.dataset.all}"] input[name="sites"]`)];
      const all = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !all;
      wish();
    });
  }

  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-bridge]");
    if (!offer) return;
    form.elements.bridge.value = offer.dataset.bridge;
    form.elements.bridge.focus();
  });

  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-leave-out]");
    if (!offer) return;
    for (const site of offer.dataset.leaveOut.trim().split(" ")) {
      for (const box of form.elements[`site-${site}`].closest(".choice-row").querySelectorAll("input")) box.checked = false;
    }
    wish();
  });

  form.addEventListener("change", (event) => {
    if (["day", "start_time", "end_time", "sites", "rooms", "secrecy", "convening_unit"].includes(event.target.name)) wish();
    else count();
  });

  count();
})();
