// What makes pages quicker; every one of them works without it. Nothing is loaded from elsewhere,
// and nothing is written into a page but what the server sent or plain text.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const base = root.dataset.base || "";
  const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);

  // ── light and dark: at once, and kept as the form would ────────────────────────────────────
  each("form.choices button[name=theme]", (button) => {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const theme = button.value;
      if (theme === "auto") delete root.dataset.theme;
      else root.dataset.theme = theme;
      const secure = location.protocol === "https:" ? "; secure" : "";
      const age = theme === "auto" ? 0 : 31536000;
      document.cookie = `casement-theme=${theme}; path=${base || "/"}; max-age=${age}; samesite=lax${secure}`;
      each("button[name=theme]", (other) => other.setAttribute("aria-pressed", String(other === button)), button.form);
    });
  });

  // ── copying ────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const from = document.getElementById(button.dataset.copy);
    if (!from) return;
    const text = from.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(from);
      return;
    }
    const said = button.textContent;
    button.textContent = button.dataset.done || said;
    setTimeout(() => { button.textContent = said; }, 1500);
  });
})();
