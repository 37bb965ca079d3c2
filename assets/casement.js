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

  // ── trees: the same list, as ARIA means a tree ─────────────────────────────────────────────
  const tree = document.getElementById("tree");
  if (tree) grow(tree);

  function grow(tree) {
    const items = () => [...tree.querySelectorAll("li")].filter((li) => li.offsetParent !== null);
    // As in navigation trees of the ARIA practices: the row is the tree's item, the list item none.
    const row = (li) => li.querySelector(":scope > .row") || li.querySelector("a");
    const name = (li) => li.querySelector(":scope > .row > .name");
    const twist = (li) => li.querySelector(":scope > .row > a.twist");
    const group = (li) => li.querySelector(":scope > ul");
    const above = (li) => li.parentElement.closest("li[data-id]");
    const isOpen = (li) => row(li).getAttribute("aria-expanded") === "true";
    const canOpen = (li) => row(li).hasAttribute("aria-expanded");
    const failed = document.createElement("p");
    failed.className = "quiet";
    failed.setAttribute("role", "status");
    tree.after(failed);

    const dress = (within) => {
      within.querySelectorAll("li[data-id]:not([role])").forEach((li) => {
        const outer = above(li);
        const level = (outer ? Number(row(outer).getAttribute("aria-level")) : 0) + 1;
        const item = row(li);
        li.setAttribute("role", "none");
        item.setAttribute("role", "treeitem");
        item.setAttribute("aria-level", level);
        item.setAttribute("aria-posinset", li.dataset.nth);
        item.setAttribute("aria-setsize", li.dataset.of);
        item.tabIndex = -1;
        name(li).tabIndex = -1;
        if (li.dataset.open) item.setAttribute("aria-expanded", li.dataset.open);
        const turn = twist(li);
        if (turn) { turn.tabIndex = -1; turn.setAttribute("aria-hidden", "true"); }
      });
      within.querySelectorAll("ul").forEach((ul) => ul.setAttribute("role", "group"));
      within.querySelectorAll("li.more").forEach((li) => {
        li.setAttribute("role", "none");
        row(li).setAttribute("role", "treeitem");
        row(li).tabIndex = -1;
      });
    };
    tree.setAttribute("role", "tree");
    dress(tree);
    let current = tree.querySelector("li.found") || tree.querySelector("li[data-id]");
    if (current) row(current).tabIndex = 0;

    const focus = (li) => {
      if (!li) return;
      if (current) row(current).tabIndex = -1;
      current = li;
      row(li).tabIndex = 0;
      row(li).focus({ preventScroll: true });
      row(li).scrollIntoView({ block: "nearest" });
    };

    const fetchBranch = async (query) => {
      const url = new URL(tree.dataset.branch, location.origin);
      for (const [key, value] of query) url.searchParams.set(key, value);
      if (tree.dataset.tree) url.searchParams.set("tree", tree.dataset.tree);
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      return holder.content;
    };

    const set = (li, open) => {
      row(li).setAttribute("aria-expanded", String(open));
      const inner = group(li);
      if (inner) inner.hidden = !open;
    };

    const open = async (li) => {
      if (!canOpen(li) || isOpen(li)) return;
      if (!group(li)) {
        if (row(li).getAttribute("aria-busy") === "true") return;
        row(li).setAttribute("aria-busy", "true");
        failed.textContent = "";
        try {
          const branch = await fetchBranch([["below", li.dataset.id]]);
          const ul = document.createElement("ul");
          ul.setAttribute("role", "group");
          ul.append(branch);
          li.append(ul);
          dress(ul);
        } catch {
          failed.textContent = tree.dataset.failed;
          return;
        } finally {
          row(li).removeAttribute("aria-busy");
        }
      }
      set(li, true);
    };
    const close = (li) => { if (canOpen(li)) set(li, false); };

    tree.addEventListener("click", async (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      const turn = event.target.closest("a.twist");
      const more = event.target.closest("li.more a");
      if (turn) {
        event.preventDefault();
        const li = turn.closest("li");
        focus(li);
        if (isOpen(li)) close(li); else await open(li);
      } else if (more) {
        event.preventDefault();
        const li = more.closest("li");
        const asked = new URL(more.href).searchParams;
        try {
          const rest = await fetchBranch([["below", asked.get("below") || ""], ["from", asked.get("from")]].filter(([, v]) => v));
          const first = rest.querySelector("li");
          li.replaceWith(rest);
          dress(tree);
          focus(first);
        } catch { failed.textContent = tree.dataset.failed; }
      }
    });

    let typed = "";
    let typedAt = 0;
    tree.addEventListener("keydown", async (event) => {
      const li = event.target.closest("li");
      if (!li || event.altKey || event.ctrlKey || event.metaKey) return;
      const all = items();
      const at = all.indexOf(li);
      const does = {
        ArrowDown: () => focus(all[at + 1]),
        ArrowUp: () => focus(all[at - 1]),
        Home: () => focus(all[0]),
        End: () => focus(all[all.length - 1]),
        ArrowRight: async () => { if (canOpen(li) && !isOpen(li)) await open(li); else focus(group(li)?.querySelector("li")); },
        ArrowLeft: () => { if (canOpen(li) && isOpen(li)) close(li); else focus(above(li)); },
        Enter: () => (name(li) || li.querySelector("a")).click(),
        " ": async () => { if (isOpen(li)) close(li); else await open(li); },
        "*": async () => { for (const one of li.parentElement.children) if (one.dataset.id) await open(one); },
      }[event.key];
      if (does) {
        event.preventDefault();
        await does();
      } else if (event.key.length === 1) {
        typed = Date.now() - typedAt > 800 ? event.key : typed + event.key;
        typedAt = Date.now();
        const start = typed.length > 1 ? at : at + 1;
        const order = [...all.slice(start), ...all.slice(0, start)];
        focus(order.find((one) => name(one)?.textContent.trim().toLowerCase().startsWith(typed.toLowerCase())));
      }
    });
    tree.addEventListener("focusin", (event) => {
      const li = event.target.closest("li");
      if (li && li !== current && event.target === row(li)) focus(li);
    });
    const found = tree.querySelector("li.found");
    if (found && !location.hash) found.querySelector(".row").scrollIntoView({ block: "center" });
  }

  // ── search: hits while somebody types ──────────────────────────────────────────────────────
  const hits = document.getElementById("hits");
  const form = document.querySelector("form[data-hits]");
  if (hits && form) {
    const box = form.elements.q;
    let timer = 0;
    let asking = null;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const asked = new URLSearchParams(new FormData(form));
        if (!box.value.trim()) asked.delete("q");
        asking?.abort();
        asking = new AbortController();
        try {
          const answer = await fetch(`${form.dataset.hits}?${asked}`, { signal: asking.signal, credentials: "same-origin" });
          if (!answer.ok) return;
          hits.innerHTML = await answer.text();
          history.replaceState(null, "", `${form.getAttribute("action")}?${asked}`);
        } catch { /* The next letter asks again. */ }
      }, 120);
    });
  }

  // ── suggestions below other search boxes ───────────────────────────────────────────────────
  each("form[role=search]:not([data-hits])", (form) => {
    const box = form.elements.q;
    if (box.id !== "site-search") return;
    const list = document.createElement("ul");
    list.id = "suggestions";
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0]?.textContent || "");
    list.hidden = true;
    form.append(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    let timer = 0;
    let chosen = -1;
    const show = (open) => {
      list.hidden = !open;
      chosen = -1;
      box.setAttribute("aria-expanded", String(open));
      box.removeAttribute("aria-activedescendant");
    };
    const option = (one, at) => {
      const li = document.createElement("li");
      li.id = `suggestion-${at}`;
      li.setAttribute("role", "option");
      li.dataset.href = `${base}/uri/${encodeURIComponent(one.identifier)}`;
      if (one.code) {
        const code = document.createElement("b");
        code.textContent = `${one.code} `;
        li.append(code);
      }
      li.append(one.text);
      const where = document.createElement("span");
      where.className = "quiet";
      where.textContent = ` ${one.framework}`;
      li.append(where);
      return li;
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      const asked = box.value.trim();
      if (asked.length < 2) return show(false);
      timer = setTimeout(async () => {
        try {
          const answer = await fetch(`${base}/api/v1/suggest?q=${encodeURIComponent(asked)}`, { credentials: "same-origin" });
          if (!answer.ok || box.value.trim() !== asked) return;
          const found = await answer.json();
          list.replaceChildren(...found.map(option));
          show(found.length > 0);
        } catch { show(false); }
      }, 120);
    });
    box.addEventListener("keydown", (event) => {
      const options = [...list.children];
      if (list.hidden || !options.length) return;
      if (event.key === "Escape") { event.preventDefault(); return show(false); }
      if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.href = options[chosen].dataset.href;
      }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
      box.setAttribute("aria-activedescendant", options[chosen].id);
    });
    list.addEventListener("mousedown", (event) => {
      const li = event.target.closest("li");
      if (li) location.href = li.dataset.href;
    });
    box.addEventListener("blur", () => setTimeout(() => show(false), 150));
  });

  // ── what can be copied is fetched and copied at once ───────────────────────────────────────
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-snippet]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      await navigator.clipboard.writeText(await answer.text());
      const said = link.textContent;
      link.textContent = link.dataset.done;
      setTimeout(() => { link.textContent = said; }, 1500);
    } catch { location.href = link.href; }
  });

  // ── filters take no room on a phone until they are wanted ──────────────────────────────────
  if (matchMedia("(max-width: 52rem)").matches) each("details.filters[open]", (one) => { one.open = false; });

  // ── an import that is being read: as it happens, and the page again at its end ─────────────
  each("[data-follow]", (place) => {
    const rows = place.querySelector("[data-rows]");
    const source = new EventSource(place.dataset.follow);
    const over = () => { source.close(); location.reload(); };
    source.addEventListener("progress", (event) => {
      const progress = JSON.parse(event.data).progress;
      if (rows && progress) rows.textContent = progress.rows.toLocaleString(root.lang);
    });
    source.addEventListener("done", over);
    source.addEventListener("failed", over);
    // It says no more, or not to us: the page itself knows why.
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(over, 3000); });
  });

  // ── a file that is dropped anywhere on its form ───────────────────────────────────────────
  each(".drop", (place) => {
    const input = place.querySelector("input[type=file]");
    const say = (over) => (event) => { event.preventDefault(); place.classList.toggle("over", over); };
    place.addEventListener("dragover", say(true));
    place.addEventListener("dragleave", say(false));
    place.addEventListener("drop", (event) => {
      say(false)(event);
      if (event.dataTransfer.files.length === 1) input.files = event.dataTransfer.files;
    });
  });

  // ── candidates: up and down by arrow keys, accepted by A and rejected by R ─────────────────
  const work = document.getElementById("work");
  if (work) {
    const boxes = [...work.querySelectorAll("input[name=accept]:not(:disabled)")];
    const said = document.getElementById("accepted");
    const shown = () => boxes.filter((box) => box.offsetParent !== null);
    const tell = () => {
      const number = boxes.filter((box) => box.checked).length.toLocaleString(root.lang);
      if (said) said.textContent = work.dataset.accepted.replace("#", number);
    };
    work.addEventListener("change", tell);
    work.addEventListener("keydown", (event) => {
      const box = event.target;
      if (box.name !== "accept" || event.altKey || event.ctrlKey || event.metaKey) return;
      const all = shown();
      const go = (by) => all[all.indexOf(box) + by]?.focus();
      const set = (checked) => { box.checked = checked; tell(); go(1); };
      const does = {
        ArrowDown: () => go(1), ArrowUp: () => go(-1),
        a: () => set(true), r: () => set(false),
      }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
    work.addEventListener("focusin", (event) => {
      const number = event.target.closest("[data-segment]")?.dataset.segment;
      each(".segment.current", (one) => one.classList.remove("current"), work);
      const piece = number && document.getElementById(`t${number}`);
      if (!piece) return;
      piece.classList.add("current");
      if (matchMedia("(min-width: 52rem)").matches) {
        const passage = piece.parentElement;
        passage.scrollTop = piece.offsetTop - passage.offsetTop - passage.clientHeight / 3;
      }
    });
    // Back from the result, the browser has ticked what was ticked.
    addEventListener("pageshow", tell);
  }
})();
