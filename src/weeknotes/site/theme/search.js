// The search dialog: over every page, opened with "/" or Ctrl-K, its query in the address.
// What finds is in `search/engine.*.js`, which is loaded with the first search.
(() => {
  "use strict";
  const html = document.documentElement;
  const root = new URL(html.dataset.root || "./", location.href).href;
  const form = document.querySelector("form[role=search]");
  const box = form && form.querySelector("input");
  if (!box || !window.HTMLDialogElement) return;

  const FILTERS = ["year", "tag", "kind", "lang"];
  const PAGE = 10; // hits shown at a time
  const ABOUT = 3; // lines of tags and citations shown with a hit
  const PAUSE = 15; // milliseconds without a key before a search starts

  // ------------------------------------------------------------------------ the engine

  let loading = null;
  let words = {};

  function engine() {
    loading ??= load().catch((error) => {
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
    const { open } = await import(root + table.engine);
    return open(root, table);
  }

  // ------------------------------------------------------------------------ the dialog

  const view = build();
  let asked = "";
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
      placeholder: box.placeholder, maxLength: 500, enterKeyHint: "search",
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
    view.input.placeholder = say("hint");
    view.close.setAttribute("aria-label", say("close"));
    view.more.textContent = say("more");
    view.keys.textContent = say("keys");
  }

  function fail(error) {
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
      for (const name of FILTERS) filters[name] = params().get(name) ?? "";
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
      const items = await Promise.all(found.hits.slice(0, PAGE).map((hit) => item(finder, found, hit)));
      if (own !== run) return;
      asked = query;
      result = found;
      present(items, query, filters);
    } catch (error) {
      if (own === run) fail(error);
    }
  }

  function present(items, query, filters) {
    shown = items.length;
    active = -1;
    view.list.replaceChildren(...items);
    view.body.scrollTop = 0;
    view.input.setAttribute("aria-expanded", String(shown > 0));
    view.input.removeAttribute("aria-activedescendant");
    view.more.hidden = shown >= result.hits.length;
    const detail = { query, ...result };
    view.dialog.dispatchEvent(new CustomEvent("weeknotes:found", { bubbles: true, detail }));
    const count = result.hits.length;
    const found = say(count === 1 ? "one" : "many", { count });
    if (!query) view.status.textContent = "";
    else if (!count) view.status.textContent = say("none", { query });
    else view.status.textContent = result.whole ? found : say("some");
    offerFilters(result.facets, filters);
  }

  async function more() {
    const finder = await engine();
    const own = run;
    const next = result.hits.slice(shown, shown + 2 * PAGE);
    const items = await Promise.all(next.map((hit) => item(finder, result, hit)));
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
    view.filters.replaceChildren(...selects);
    view.filters.hidden = !selects.length;
    if (FILTERS.includes(focused)) view.filters.querySelector(`[name=${focused}]`)?.focus();
  }

  function filter(name, counts, value) {
    const label = document.createElement("label");
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

  // ------------------------------------------------------------------------ a hit

  async function item(finder, found, hit) {
    const text = await finder.text(hit);
    const marks = (value) => finder.marks(value, found.patterns);
    const entry = document.createElement("li");
    entry.setAttribute("role", "option");
    entry.setAttribute("aria-selected", "false");
    entry.id = `search-hit-${hit.order}`;
    const link = document.createElement("a");
    const query = new URLSearchParams({ highlight: view.input.value.trim() });
    const anchor = text.anchor && `#${encodeURIComponent(text.anchor)}`;
    link.href = `${root}${encodeURI(hit.page.href)}?${query}${anchor}`;
    link.tabIndex = -1;
    const heading = part("span", "search-title", text.title, marks(text.title));
    heading.lang = hit.lang;
    const when = document.createElement("span");
    when.className = "search-when";
    when.textContent = hit.page.week || [hit.page.title, hit.page.date].filter(Boolean).join(" · ");
    link.append(heading, when);
    const about = text.about.map((line) => [line, marks(line)]).filter(([, found]) => found.length);
    for (const [line, found] of about.slice(0, ABOUT)) {
      const kind = hit.tags.includes(line) ? "search-tag" : "search-about";
      link.append(part("span", kind, line, found));
    }
    const context = excerpt(text.text, marks(text.text));
    if (context.text) {
      const body = part("span", "search-context", context.text, context.marks);
      body.lang = hit.lang;
      link.append(body);
    }
    entry.append(link);
    return entry;
  }

  function part(tag, className, text, marks) {
    const element = document.createElement(tag);
    element.className = className;
    let end = 0;
    for (const [from, to] of marks) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      element.append(text.slice(end, from), mark);
      end = to;
    }
    element.append(text.slice(end));
    return element;
  }

  // The stretch of `text` that shows the most of the query, cut where words end.
  function excerpt(text, marks) {
    const wide = (text.match(/[\u1100-\u11ff\u3040-\ud7ff]/g) ?? []).length;
    const length = wide > text.length / 4 ? 110 : 200;
    let best = 0;
    let most = -1;
    marks.forEach(([start], i) => {
      const inside = marks.filter(([from, to]) => from >= start && to <= start + length * 0.75);
      const kinds = new Set(inside.map((mark) => mark[2])).size * 100 + inside.length;
      if (kinds > most) [most, best] = [kinds, i];
    });
    let from = marks.length ? Math.max(0, marks[best][0] - Math.round(length / 4)) : 0;
    let to = Math.min(text.length, from + length);
    from = edge(text, from, 1, marks.length ? marks[best][0] : from);
    to = edge(text, to, -1, marks.length ? marks[best][1] : from);
    const before = from > 0 ? "… " : "";
    const inside = marks.filter(([a, b]) => a >= from && b <= to);
    const shift = before.length - from;
    return {
      text: before + text.slice(from, to).trimEnd() + (to < text.length ? " …" : ""),
      marks: inside.map(([a, b]) => [a + shift, b + shift]),
    };
  }

  // The next place from `at` in direction `step` where a word ends, not beyond `limit`.
  function edge(text, at, step, limit) {
    if (at <= 0 || at >= text.length) return at;
    const cuts = (place) => !/[\p{L}\p{N}]{2}/u.test(text.slice(place - 1, place + 1)) ||
      /[\u3040-\u9fff]/.test(text[place]);
    const begins = (place) => step < 0 || /[\p{L}\p{N}(（“「『《〈]/u.test(text[place]);
    for (let place = at, tries = 0; tries < 24 && (limit - place) * step >= 0; tries += 1) {
      if (cuts(place) && begins(place) && text[place] !== " ") return place;
      place += step;
    }
    return at;
  }

  function activate(index) {
    const entries = [...view.list.children];
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

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
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
    view.list.children[Math.max(active, 0)]?.querySelector("a").click();
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
    const query = params().get("q");
    if (query) {
      view.filters.replaceChildren();
      if (view.input.value !== query || !view.dialog.open) show(query);
    } else if (view.dialog.open) {
      pushed = false;
      close();
    }
  }

  // ------------------------------------------------------------------------ marks on the page

  const SILENT = "script, style, template, button, nav, svg, math, [aria-hidden=true]";
  const ELSEWHERE = ".note, [role=doc-bibliography]"; // no part of a page's opening

  // Mark the words that led here in the note that the address names, and open what hides them.
  async function highlight(query) {
    const finder = await engine();
    const { patterns } = await finder.search(query);
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const note = target?.closest("section, details, article");
    const scope = note ?? document.getElementById("main") ?? document.body;
    const { text, places } = read(scope, note ? SILENT : `${SILENT}, ${ELSEWHERE}`);
    const found = finder.marks(text, patterns);
    const marks = [];
    for (const [from, to] of found.reverse()) {
      for (const place of places.filter((p) => p.start < to && p.end > from).reverse()) {
        const start = Math.max(from, place.start) - place.start;
        marks.unshift(wrap(place.node, start, Math.min(to, place.end) - place.start));
      }
    }
    marks.forEach(reveal);
    const first = marks[0]?.getBoundingClientRect();
    if (first && (first.top < 0 || first.bottom > window.innerHeight)) {
      marks[0].scrollIntoView({ block: "center" });
    }
  }

  // The text of `scope` and the text nodes that it is made of, blocks kept apart by a space.
  function read(scope, without) {
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    const places = [];
    let text = "";
    let block = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(without)) continue;
      let around = node.parentElement;
      while (around !== scope && getComputedStyle(around).display.startsWith("inline")) {
        around = around.parentElement;
      }
      if (block && around !== block) text += " ";
      block = around;
      places.push({ node, start: text.length, end: text.length + node.length });
      text += node.data;
    }
    return { text, places };
  }

  function wrap(node, start, end) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    const mark = document.createElement("mark");
    mark.className = "search-mark";
    range.surroundContents(mark);
    return mark;
  }

  function reveal(mark) {
    for (let node = mark.parentElement; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      if (node.hidden && node.classList.contains("tab")) {
        node.dispatchEvent(new CustomEvent("weeknotes:show", { bubbles: true }));
      }
    }
  }

  const given = params();
  if (given.get("q")) fromAddress();
  else if (given.get("highlight")) highlight(given.get("highlight")).catch(() => {});
})();
