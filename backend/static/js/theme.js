/* In the head, before anything is painted: the colours that this person chose, else the system's. */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; /* storage may be switched off */
    }
  }

  function apply() {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
  }

  window.switchTheme = () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", next);
    } catch {
      /* then for this page only */
    }
    root.dataset.theme = next;
  };

  root.dataset.js = "";
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === "theme" && apply());
})();
