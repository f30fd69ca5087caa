// A hit as the dialog shows it: title, week, and the words in their context.

import { daysOf } from "./times.js";

const ABOUT = 3; // lines of tags and citations shown with a hit

// The list entry for `hit`, which links to its note and has it mark the words of `query`. `root` is the
// address of the site; the context is taken from a passage in `lang` where one is asked for.
export async function hitElement(finder, found, hit, query, root, lang = "") {
  const text = await finder.text(hit);
  const marks = (value) => finder.marks(value, found.patterns);
  const [entry, link] = option(`search-hit-${hit.order}`);
  const marked = new URLSearchParams({ highlight: query });
  if (hit.page.kind === "paper" || hit.page.kind === "figure") {
    // A paper has a page of its own, a figure a place on another.
    const [page, place] = text.anchor.split("#");
    link.href = `${root}${encodeURI(page)}?${marked}${place ? `#${encodeURIComponent(place)}` : ""}`;
  } else {
    const anchor = text.anchor && `#${encodeURIComponent(text.anchor)}`;
    link.href = `${root}${encodeURI(hit.page.href)}?${marked}${anchor}`;
  }
  link.tabIndex = -1;
  const heading = part("span", "search-title", text.title, marks(text.title));
  heading.lang = hit.lang;
  const when = document.createElement("span");
  when.className = "search-when";
  when.textContent = hit.page.week || [hit.page.title, hit.page.date].filter(Boolean).join(" · ");
  link.append(heading, when);
  if (hit.names.length) {
    const names = [...new Set(hit.names)].join(", ");
    link.append(part("span", "search-name", finder.table.words.as_name.replace("{name}", names), []));
  }
  const about = text.about.map((line) => [line, marks(line)]).filter(([, found]) => found.length);
  for (const [whole, all] of about.slice(0, ABOUT)) {
    // What follows a line break, a citation key, is looked for and not shown.
    const [line] = whole.split("\n");
    if (!line) continue;
    const found = all.filter(([, to]) => to <= line.length);
    const kind = hit.tags.includes(line) ? "search-tag" : "search-about";
    link.append(part("span", kind, line, found));
  }
  const contexts = text.passages.filter(([own]) => !lang || own === lang).map(([own, passage]) => {
    const context = excerpt(passage, marks(passage));
    // What was asked for tells more than another name for it.
    const kinds = [...new Set(context.marks.map((mark) => mark[2]))];
    const worth = kinds.length + kinds.filter((kind) => found.asked[kind]).length;
    return { ...context, lang: own, worth };
  });
  const context = contexts.reduce((best, one) => (best && best.worth >= one.worth ? best : one), null);
  if (context?.text) {
    const body = part("span", "search-context", context.text, context.marks);
    body.lang = context.lang;
    link.append(body);
  }
  return entry;
}

// The list entry for a page of the week or day that was asked for: its title, week and days. `words` and
// `lang` are those of the dialog.
export function pageElement(page, number, words, lang, root) {
  const [entry, link] = option(`search-page-${number}`);
  link.classList.add("search-page");
  link.href = `${root}${encodeURI(page.href)}`;
  const heading = part("span", "search-title", page.title, []);
  heading.lang = page.lang;
  // The day comes before the month, as everywhere on the site.
  const form = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" });
  const days = form.formatRange(...daysOf(page));
  const kind = page.kind === "week" ? words.week_page : words.digest_page;
  link.append(heading, part("span", "search-when", page.week, []));
  link.append(part("span", "search-days", `${kind} · ${days}`, []));
  return entry;
}

// An entry of the list, and the link in it.
function option(id) {
  const entry = document.createElement("li");
  entry.setAttribute("role", "none");
  // The link itself is the option: an option that held one would hide it from a screen reader.
  const link = document.createElement("a");
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  link.id = id;
  entry.append(link);
  return [entry, link];
}

function part(tag, className, text, marks) {
  const element = document.createElement(tag);
  element.className = className;
  let end = 0;
  for (const [from, to] of marks) {
    const mark = document.createElement("mark");
    mark.append(...breakable(text.slice(from, to)));
    element.append(...breakable(text.slice(end, from)), mark);
    end = to;
  }
  element.append(...breakable(text.slice(end)));
  return element;
}

// `text` as nodes in which a line may end between any two characters of a Chinese clause, though the
// words around it, Korean ones, are kept whole. Han within Korean is a word or two, and stays so.
function* breakable(text) {
  for (const piece of text.split(/((?:\p{Script=Han}[，。、；：？！]*){4,})/u)) {
    if (!/^\p{Script=Han}{2}/u.test(piece)) {
      if (piece) yield piece;
      continue;
    }
    const run = document.createElement("span");
    run.className = "search-han";
    run.textContent = piece;
    yield run;
  }
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
  // An excerpt is of one block: sentences do not run into a table or a program.
  const at = marks.length ? marks[best][0] : 0;
  const first = text.lastIndexOf("\n", at) + 1;
  const last = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
  let from = marks.length ? Math.max(first, at - Math.round(length / 4)) : 0;
  let to = Math.min(last, from + length);
  if (from > first) from = edge(text, from, 1, at);
  if (to < last) to = edge(text, to, -1, marks.length ? marks[best][1] : from);
  const before = from > 0 ? "… " : "";
  const inside = marks.filter(([a, b]) => a >= from && b <= to);
  const shift = before.length - from;
  return {
    text: before + text.slice(from, to).trimEnd() + (to < text.length ? " …" : ""),
    marks: inside.map(([a, b, pattern]) => [a + shift, b + shift, pattern]),
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

