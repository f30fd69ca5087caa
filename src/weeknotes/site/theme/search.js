// The search dialog: over every page, opened with "/" or Ctrl-K, its query in the address.
// What finds is in `search/engine.*.js`, which is loaded with the first search.
(() => {
  "use strict";
  const html = document.documentElement;
  const root = new URL(html.dataset.root || "./", location.href).href;
  const form = document.querySelector("form[role=search]");
  const box = form && form.querySelector("input");
  if (!box || !window.HTMLDialogElement) return;

  const LONGEST = 500; // characters of a query
  const FILTERS = ["lang", "year", "tag", "kind"];
  const PAGE = 10; // hits shown at a time

  // ------------------------------------------------------------------------ the engine

  let loading = null;
  let code = null; // what the engine's module exports
  let words = {};

  const own = window.weeknotes;

  function engine() {
    loading ??= (own.isFolder ? loadFromFolder() : load()).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function load() {
    const response = await fetch(`${root}search/index.json`, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${response.status}`);
    const table = await response.json();
    words = table.words;
    code = await import(root + table.engine);
    return code.open(root, table);
  }

  // A packed site (`weeknotes pack`) has the whole search in a script, which a folder may hold too.
  async function loadFromFolder() {
    await own.script("search/packed.js").catch(() => {
      throw new Error("folder");
    });
    const packed = window.weeknotesSearch;
    words = packed.table.words;
    code = packed.engine;
    return code.open(root, packed.table, (address) => packed.load(address.slice(root.length)));
  }

  // ------------------------------------------------------------------------ the dialog

  const view = build();
  let asked = "";
  let askedLang = "";
  let run = 0;
  let timer = 0;
  let result = null;
  let shown = 0;
  let active = -1;
  let pushed = false;

  function build() {
    const make = (tag, props, ...children) => {
      const element = Object.assign(document.createElement(tag), props);
      element.append(...children);
      return element;
    };
    const name = form.querySelector("label")?.textContent.trim() || box.placeholder;
    const input = make("input", {
      type: "search", className: "search-input", autocomplete: "off", spellcheck: false,
      placeholder: box.placeholder, maxLength: LONGEST, enterKeyHint: "search",
    });
    input.setAttribute("autocapitalize", "off");
    for (const [key, value] of Object.entries({
      role: "combobox", "aria-label": name, "aria-expanded": "false",
      "aria-controls": "search-hits", "aria-autocomplete": "list",
    })) input.setAttribute(key, value);
    const close = make("button", { type: "button", className: "search-close", textContent: "Esc" });
    const filters = make("div", { className: "search-filters", hidden: true });
    const status = make("p", { className: "search-status" });
    status.setAttribute("role", "status");
    const list = make("ul", { className: "search-hits", id: "search-hits" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", name);
    const more = make("button", { type: "button", className: "search-more", hidden: true });
    const keys = make("p", { className: "search-keys" });
    const head = make("div", { className: "search-head" }, input, close);
    const body = make("div", { className: "search-body" }, status, list, more);
    const dialog = make("dialog", { className: "search-dialog" }, head, filters, body, keys);
    dialog.setAttribute("aria-label", name);
    const chrome = form.closest("[lang]");
    if (chrome) dialog.lang = chrome.lang;
    document.body.append(dialog);
    return { dialog, input, close, filters, status, list, more, keys, body };
  }

  function say(key, values = {}) {
    return (words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  function show(query) {
    if (!view.dialog.open) {
      view.dialog.showModal();
      pushed = false;
    }
    if (query !== undefined) view.input.value = query;
    view.input.focus();
    view.input.select();
    engine().then(dress, fail);
    if (view.input.value.trim()) search();
  }

  function dress() {
    view.input.placeholder = say(matchMedia("(max-width: 44rem)").matches ? "hint_short" : "hint");
    view.close.setAttribute("aria-label", say("close"));
    // Without a keyboard there is no such key.
    if (matchMedia("(pointer: coarse)").matches) view.close.textContent = say("close");
    view.more.textContent = say("more");
    view.keys.textContent = say("keys");
  }

  function fail(error) {
    if (error.message === "folder") {
      view.status.textContent = form.dataset.noServer;
      view.dialog.classList.add("unable");
      return;
    }
    const key = error.message === "stale" ? "stale" : "failed";
    view.status.textContent = say(key) || "The search could not be loaded.";
  }

  // Close, and give the address back its form without a search.
  function dismiss() {
    if (pushed) {
      history.back(); // `popstate` closes the dialog
    } else {
      if (params().has("q")) history.replaceState(null, "", address(""));
      close();
    }
  }

  function close() {
    run += 1;
    box.value = "";
    view.dialog.close();
  }

  // ------------------------------------------------------------------------ the address

  const params = () => new URLSearchParams(location.search);

  // A value in the address. Links from elsewhere may have one of any length.
  const given = (name) => (params().get(name) ?? "").slice(0, LONGEST);

  function address(query, filters = {}) {
    const next = params();
    for (const name of ["q", "highlight", ...FILTERS]) next.delete(name);
    if (query) next.set("q", query);
    for (const name of FILTERS) if (query && filters[name]) next.set(name, filters[name]);
    const text = next.toString();
    return location.pathname + (text ? `?${text}` : "") + (query ? "" : location.hash);
  }

  function remember(query, filters) {
    const next = address(query, filters);
    if (pushed || params().has("q")) history.replaceState(history.state, "", next);
    else if (query) {
      history.pushState(null, "", next);
      pushed = true;
    }
  }

  function chosen() {
    const filters = {};
    for (const select of view.filters.querySelectorAll("select")) filters[select.name] = select.value;
    if (!view.filters.childElementCount) {
      for (const name of FILTERS) filters[name] = given(name);
    }
    return filters;
  }

  // ------------------------------------------------------------------------ searching

  async function search() {
    const query = view.input.value.trim();
    const filters = chosen();
    const own = (run += 1);
    remember(query, filters);
    try {
      const finder = await engine();
      dress();
      const found = await finder.search(query, filters);
      if (own !== run) return;
      const first = found.hits.slice(0, PAGE);
      const items = await elements(finder, found, first, query, filters.lang);
      if (own !== run) return;
      asked = query;
      askedLang = filters.lang;
      result = found;
      present(items, query, filters);
    } catch (error) {
      if (own === run) fail(error);
    }
  }

  function elements(finder, found, hits, query, lang) {
    return Promise.all(hits.map((hit) => code.hitElement(finder, found, hit, query, root, lang)));
  }

  // The pages of the week or day that the query names come first, and are not counted with the hits.
  function pageElements() {
    const lang = view.dialog.lang || html.lang;
    return result.pages.map((page, i) => code.pageElement(page, i, words, lang, root));
  }

  function present(items, query, filters) {
    shown = items.length;
    active = -1;
    const pages = pageElements();
    view.list.replaceChildren(...pages, ...items);
    view.body.scrollTop = 0;
    view.input.setAttribute("aria-expanded", String(pages.length + shown > 0));
    view.input.removeAttribute("aria-activedescendant");
    view.more.hidden = shown >= result.hits.length;
    const detail = { query, ...result };
    view.dialog.dispatchEvent(new CustomEvent("weeknotes:found", { bubbles: true, detail }));
    const count = result.hits.length;
    const found = say(count === 1 ? "one" : "many", { count });
    const status = [];
    if (pages.length) status.push(say(result.pages[0].kind === "week" ? "has_week" : "has_digest"));
    if (count) status.push(result.whole ? found : say("some"));
    else if (query && !pages.length) status.push(say("none", { query }));
    view.status.textContent = status.join(" ");
    offerFilters(result.facets, filters);
  }

  async function more() {
    const finder = await engine();
    const own = run;
    const next = result.hits.slice(shown, shown + 2 * PAGE);
    const items = await elements(finder, result, next, asked, askedLang);
    if (own !== run) return;
    shown += items.length;
    view.list.append(...items);
    view.more.hidden = shown >= result.hits.length;
  }

  function offerFilters(facets, filters) {
    const focused = document.activeElement?.name;
    const selects = FILTERS.flatMap((name) => {
      const counts = Object.entries(facets[name] ?? {});
      const value = filters[name] ?? "";
      if (value && !counts.some(([key]) => key === value)) counts.push([value, 0]);
      if (counts.length < 2 && !value) return [];
      counts.sort((a, b) => (name === "year" ? b[0].localeCompare(a[0]) : b[1] - a[1]));
      return [filter(name, counts, value)];
    });
    const rest = selects.filter((label) => label.dataset.filter !== "lang").length;
    if (rest) selects.splice(selects.length - rest, 0, unfolder(filters));
    view.filters.replaceChildren(...selects);
    view.filters.hidden = !selects.length;
    if (FILTERS.includes(focused)) view.filters.querySelector(`[name=${focused}]`)?.focus();
  }

  // On a narrow screen the language alone is shown, and a button that unfolds the other filters.
  function unfolder(filters) {
    const button = document.createElement("button");
    const set = FILTERS.filter((name) => name !== "lang" && filters[name]).length;
    button.type = "button";
    button.className = "search-unfold";
    button.textContent = say("filters") + (set ? ` (${set})` : "");
    button.setAttribute("aria-expanded", String(view.filters.classList.contains("unfolded")));
    button.addEventListener("click", () => {
      const open = view.filters.classList.toggle("unfolded");
      button.setAttribute("aria-expanded", String(open));
    });
    return button;
  }

  function filter(name, counts, value) {
    const label = document.createElement("label");
    label.dataset.filter = name;
    const select = document.createElement("select");
    select.name = name;
    select.append(new Option(say("any"), ""));
    for (const [key, count] of counts) {
      const option = new Option(`${filterText(name, key)} (${count})`, key, false, key === value);
      select.append(option);
    }
    select.addEventListener("change", search);
    label.append(say(name), " ", select);
    return label;
  }

  function filterText(name, key) {
    if (name === "kind") return say(key) || key;
    if (name !== "lang") return key;
    try {
      return new Intl.DisplayNames([view.dialog.lang || html.lang], { type: "language" }).of(key);
    } catch {
      return key;
    }
  }

  function activate(index) {
    const entries = [...view.list.querySelectorAll("a")];
    if (!entries.length) return;
    entries[active]?.setAttribute("aria-selected", "false");
    active = (index + entries.length) % entries.length;
    const entry = entries[active];
    entry.setAttribute("aria-selected", "true");
    entry.scrollIntoView({ block: "nearest" });
    view.input.setAttribute("aria-activedescendant", entry.id);
  }

  // ------------------------------------------------------------------------ keys and clicks

  const composing = (event) => event.isComposing || event.keyCode === 229;

  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.defaultPrevented || view.dialog.open) return;
    const shortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey &&
      event.key.toLowerCase() === "k";
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
    if (!shortcut && !slash) return;
    event.preventDefault();
    show();
  });
  box.addEventListener("click", () => show(box.value));
  box.addEventListener("input", (event) => {
    if (!event.isComposing) show(box.value);
  });
  box.addEventListener("compositionend", () => show(box.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(box.value);
  });
  document.addEventListener("weeknotes:search", () => show());

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(search); // once for all that one key press brings
  }
  view.input.addEventListener("input", (event) => {
    if (!event.isComposing) changed();
  });
  view.input.addEventListener("compositionend", changed);
  view.input.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown") activate(active + 1);
    else if (event.key === "ArrowUp") activate(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter") choose();
    else if (event.key === "Escape") dismiss(); // else it would only clear a search field
    else return;
    event.preventDefault();
  });

  async function choose() {
    if (view.input.value.trim() !== asked) {
      clearTimeout(timer);
      await search();
    }
    view.list.querySelectorAll("a")[Math.max(active, 0)]?.click();
  }

  view.dialog.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      view.input.focus();
      view.input.select();
    }
  });
  view.dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  view.dialog.addEventListener("click", (event) => {
    if (event.target === view.dialog) dismiss();
  });
  view.close.addEventListener("click", dismiss);
  view.more.addEventListener("click", more);
  window.addEventListener("popstate", fromAddress);

  // Show the search that the address names, or none.
  function fromAddress() {
    const query = given("q");
    if (query) {
      view.filters.replaceChildren();
      if (view.input.value !== query || !view.dialog.open) show(query);
    } else if (view.dialog.open) {
      pushed = false;
      close();
    }
  }

  // Mark the words that led here in the note that the address names.
  async function highlight(query) {
    const finder = await engine();
    const { patterns } = await finder.search(query);
    code.markPage(decodeURIComponent(own.hash.slice(1)), (text) => finder.marks(text, patterns));
  }

  if (given("q")) fromAddress();
  else if (given("highlight")) highlight(given("highlight")).catch(() => {});
})();
