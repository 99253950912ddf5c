/* The people of a group: find in the long list, count the chosen. */
(() => {
  const form = document.querySelector("#setup-form");
  const fold = (text) => text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  for (const input of form.querySelectorAll("[data-find]")) {
    input.addEventListener("input", () => {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      for (const row of document.querySelectorAll(`${input.dataset.find} [data-text]`)) {
        row.hidden = !words.every((word) => row.dataset.text.includes(word));
      }
    });
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }

  form.addEventListener("change", () => {
    for (const label of form.querySelectorAll("[data-chosen]")) {
      label.textContent = form.querySelectorAll(`input[name="${label.dataset.chosen}"]:checked`).length;
    }
  });
})();
