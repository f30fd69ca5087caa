// Asking the index: from a query to the notes that hold it, best first.
//
// The index is a table of contents and, in each of its volumes, shards of postings (`postings.py` has
// their form). A query loads the table once, then the shards that file its terms, and nothing else.

import { FINAL, followedBy, moved, readPosting, readShard, shardOf, sorted, span } from "./postings.js";
import { EXACT, GRADES, parse, translate, wideUnit } from "./query.js";
import { findMarks, hasHan, oneErrorApart } from "./text.js";
import { pagesOf, timeOf } from "./times.js";

export { hitElement, pageElement } from "./hits.js";
export { markPage } from "./marks.js";

const FORMAT = 3;
const DOCUMENTS_PER_TEXT = 3;
export async function open(root, table, load = loadText) {
  if (table.format !== FORMAT) throw new Error("stale");
  return new Engine(root, table, load);
}

async function loadText(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response.text();
}

class Engine {
  constructor(root, table, load) {
    this.root = root;
    this.table = table;
    this.load = load;
    this.loads = new Map();
    this.simple = null;
    this.documents = [];
    this.starts = table.pieces.map((rows) => rows.map((row) => this.addPage(row)));
    let first = 0;
    this.volumes = table.volumes.map(([name, build, count, pieces]) => {
      const volume = { name, build, count, first, shards: new Map() };
      first += pieces;
      return volume;
    });
  }

  addPage(row) {
    const [href, week, date, kind, lang, title, own] = row;
    const page = { href, week, date, kind, lang, title, year: (week || date).slice(0, 4) };
    const start = this.documents.length;
    own.forEach(([titleEnd, aboutEnd, tags, langs], number) => {
      const passages = passagesOf(langs ?? lang.toLowerCase().split("-")[0], aboutEnd);
      this.documents.push({ page, number, titleEnd, aboutEnd, tags, passages });
    });
    return start;
  }

  // What is found for `query`: the documents that hold it, { hits, facets, whole, patterns, asked }, and
  // apart from them `pages`, those of the week or day that it names. `whole` is false where none holds all
  // of it and the hits hold some. `filters` may give year, tag, kind and lang; the last is that of a
  // passage, and what has the words in such a one comes first.
  async search(query, filters = {}) {
    if (hasHan(query)) await this.loadSimplified();
    return { ...(await this.holding(query, filters)), pages: this.pagesOfTime(query, filters) };
  }

  // The pages of the week or day that the whole query names.
  pagesOfTime(query, filters) {
    const time = timeOf(query, this.simple);
    if (!time) return [];
    const pages = new Set(
      this.documents.filter((one) => accepts(one, filters)).map((one) => one.page),
    );
    return pagesOf(time, [...pages]);
  }

  async holding(query, filters) {
    const units = parse(query, this.simple);
    if (!units.length) return { hits: [], facets: {}, whole: true, ...patternsOf([]) };
    translate(units, this.table.glossary);
    await this.loadUnits(units);
    for (const unit of units) {
      for (const one of [unit, ...unit.others]) one.found = this.findUnit(one);
    }
    await Promise.all(units.map((unit) => this.correct(unit)));
    for (const unit of units) unit.addOthers();
    let asked = units;
    let documents = holdingAll(units);
    const whole = documents.length > 0;
    if (!whole) {
      asked = await this.loosen(units);
      documents = holdingSome(asked);
    }
    const shown = documents.filter((number) => accepts(this.documents[number], filters));
    const hits = shown.map((number) => this.rank(number, asked, filters.lang)).sort(byRank);
    const facets = this.facets(documents);
    return { hits, facets, whole, ...patternsOf(asked) };
  }

  // The texts of a hit: { anchor, title, about, text, passages }, the last of them [language, text] of
  // each language that `text` holds.
  async text(hit) {
    const file = Math.floor(hit.number / DOCUMENTS_PER_TEXT);
    const name = hit.page.href.replace(/\.html$/, `.${file}.json`);
    const content = JSON.parse(await this.fetch(`search/text/${name}`));
    const [anchor, title, about, text, sizes] = content[hit.number % DOCUMENTS_PER_TEXT];
    if (!sizes) return { anchor, title, about, text, passages: [[hit.lang, text]] };
    const lines = text.split("\n");
    const passages = sizes.map((size, i) => [hit.langs[i], lines.splice(0, size).join("\n")]);
    return { anchor, title, about, text, passages };
  }

  marks(text, patterns) {
    return findMarks(text, patterns, this.simple);
  }

  fetch(name, build = this.table.build) {
    const encoded = name.split("/").map(encodeURIComponent).join("/");
    const address = `${this.root}${encoded}?${build}`;
    if (!this.loads.has(address)) {
      const loading = this.load(address);
      this.loads.set(address, loading);
      loading.catch(() => this.loads.delete(address));
    }
    return this.loads.get(address);
  }

  async loadSimplified() {
    if (this.simple) return;
    const [from, to] = JSON.parse(await this.fetch("search/simplified.json")).map((s) => [...s]);
    this.simple = new Map(from.map((character, i) => [character, to[i]]));
  }

  async loadUnits(units) {
    const groups = new Set(units.flatMap((unit) => unit.groups()));
    await this.loadGroups([...groups]);
  }

  async loadGroups(groups) {
    await Promise.all(
      this.volumes.flatMap((volume) => groups.map((group) => this.loadShard(volume, group))),
    );
  }

  async loadShard({ name, build, count, shards }, group) {
    const number = shardOf(group, count);
    if (shards.has(number)) return;
    const file = number.toString(16).padStart(3, "0");
    shards.set(number, readShard(await this.fetch(`search/terms/${name}/${file}.txt`, build)));
  }

  // The lines of a group: [number of the piece, what follows the group's characters].
  lines(group) {
    return this.volumes.flatMap(({ count, first, shards }) => {
      const lines = shards.get(shardOf(group, count)).get(group) ?? [];
      return lines.map(([piece, line]) => [first + piece, line]);
    });
  }

  // For each document that holds the unit, the places: position * GRADES + grade, ascending.
  findUnit(unit) {
    let found = null;
    for (const part of unit.parts) {
      const here = part.word ? this.findWord(part) : this.findPair(part.text);
      found = found === null ? moved(here, part.offset) : followedBy(found, here, part.offset);
      if (!found.size) break;
    }
    return found;
  }

  findPair(text) {
    const [first, second] = [...text];
    const found = new Map();
    for (const [piece, line] of this.lines(first)) {
      if (second === undefined) {
        for (const match of line.matchAll(/(?:\.|[^\0-\x7f])+([!-\-/-~]+)/gu)) {
          this.read(match[1], piece, EXACT, found);
        }
        continue;
      }
      const at = line.indexOf(second);
      if (at < 0) continue;
      const start = at + second.length;
      this.read(/^[!-\-/-~]*/u.exec(line.slice(start, start + line.length))[0], piece, EXACT, found);
    }
    return second === undefined ? sorted(found) : found;
  }

  findWord(part) {
    const found = new Map();
    for (const group of part.groups) {
      for (const [piece, line] of this.lines(group)) {
        const fields = line.split(" ");
        for (let i = 1; i < fields.length; i += 2) {
          const grade = part.grade(group + fields[i]);
          if (grade !== null) this.read(fields[i + 1], piece, grade, found);
        }
      }
    }
    return sorted(found);
  }

  read(posting, piece, grade, found) {
    readPosting(posting, (page, own, position) => {
      const number = this.starts[piece][page] + own;
      let places = found.get(number);
      if (!places) found.set(number, (places = []));
      places.push(position * GRADES + grade);
    });
  }

  // Where a word is in no note, look for it with one typing error.
  async correct(unit) {
    if (unit.exact || unit.others.some((other) => other.found.size)) return;
    const unknown = unit.parts.filter((part) => part.canBeMistyped() && !this.findWord(part).size);
    if (!unknown.length) return;
    const lexicon = await this.lexicon();
    for (const part of unknown) part.correct(lexicon.filter((word) => oneErrorApart(part.text, word)));
    await this.loadGroups(unknown.flatMap((part) => part.groups));
    unit.found = this.findUnit(unit);
  }

  async lexicon() {
    if (!this.words) {
      let before = "";
      const lines = (await this.fetch("search/words.txt")).split("\n").filter(Boolean);
      this.words = lines.map((line) => {
        before = before.slice(0, FINAL.indexOf(line[0])) + line.slice(1);
        return before;
      });
    }
    return this.words;
  }

  // Units to fall back on where no note holds all: a run of Han or Hangul that is nowhere as a whole
  // is taken apart into the pieces that are somewhere.
  async loosen(units) {
    const loose = [];
    for (const unit of units) {
      if (unit.exact || unit.found.size || unit.parts.some((part) => part.word)) {
        loose.push(unit);
        continue;
      }
      loose.push(...(await this.takeApart(unit)));
    }
    return loose;
  }

  async takeApart(unit) {
    const characters = [...unit.text];
    const units = [];
    let start = 0;
    while (start < characters.length - 1) {
      let end = characters.length - (start === 0 ? 1 : 0);
      let found = null;
      for (; end >= start + 2; end -= 1) {
        const smaller = wideUnit(characters.slice(start, end).join(""));
        await this.loadUnits([smaller]);
        smaller.found = this.findUnit(smaller);
        if (smaller.found.size) {
          found = smaller;
          break;
        }
      }
      if (found) units.push(found);
      start = found ? end : start + 1;
    }
    return units;
  }

  rank(number, units, lang) {
    const document = this.documents[number];
    const held = units.filter((unit) => unit.found.has(number));
    let cost = 0;
    for (const unit of held) {
      let best = Infinity;
      for (const place of unit.found.get(number)) best = Math.min(best, placeCost(place, document));
      cost += best;
    }
    const within = lang && document.passages.find((passage) => passage.lang === lang);
    const isWithin = (place) => place >= within.start * GRADES && place < within.end * GRADES;
    const translated = held.filter((unit) => unit.isTranslated(number));
    const spread = held.length > 1 ? span(held.map((unit) => unit.found.get(number))) : 0;
    return {
      page: document.page,
      number: document.number,
      lang: document.passages[0].lang,
      langs: document.passages.map((passage) => passage.lang),
      tags: document.tags,
      missing: units.length - held.length,
      elsewhere: within ? held.filter((unit) => !unit.found.get(number).some(isWithin)).length : 0,
      translated: translated.length,
      names: translated.flatMap((unit) => unit.namesIn(number)),
      cost,
      far: Math.ceil(Math.log2(Math.max(1, spread / held.length))),
      order: number,
    };
  }

  facets(numbers) {
    const facets = { year: {}, kind: {}, lang: {}, tag: {} };
    const count = (name, value) => {
      if (value) facets[name][value] = (facets[name][value] ?? 0) + 1;
    };
    for (const number of numbers) {
      const document = this.documents[number];
      count("kind", document.page.kind);
      if (document.page.kind === "figure") continue;
      count("year", document.page.year);
      for (const { lang } of document.passages) count("lang", lang);
      for (const tag of document.tags) count("tag", tag);
    }
    return facets;
  }
}

// The languages of a document's text, which begins at position `first`, and where each begins and ends,
// from the form in the table: one language, or several with the position between each two.
function passagesOf(langs, first) {
  const all = [langs].flat();
  const passages = [];
  for (let i = 0; i < all.length; i += 2) {
    passages.push({ lang: all[i], start: i ? all[i - 1] : first, end: all[i + 1] ?? Infinity });
  }
  return passages;
}

// What is to be marked, and of each whether it is in the query itself, not a name from the glossary.
function patternsOf(units) {
  const all = units.flatMap((unit) => [unit, ...unit.others].map((one) => [one, one === unit]));
  return { patterns: all.map(([one]) => one.pattern()), asked: all.map(([, asked]) => asked) };
}

function holdingAll(units) {
  const [fewest, ...others] = [...units].sort((a, b) => a.found.size - b.found.size);
  return [...fewest.found.keys()].filter((number) => others.every((u) => u.found.has(number)));
}

function holdingSome(units) {
  const required = units.filter((unit) => unit.exact);
  const numbers = new Set(units.flatMap((unit) => [...unit.found.keys()]));
  return [...numbers].filter((number) => required.every((unit) => unit.found.has(number)));
}

function accepts(document, { year, tag, kind, lang }) {
  return (
    (!year || document.page.year === year) &&
    // A figure is part of a note, which is found itself: it counts where figures are asked for.
    (kind ? document.page.kind === kind : document.page.kind !== "figure") &&
    (!lang || document.passages.some((passage) => passage.lang === lang)) &&
    (!tag || document.tags.includes(tag))
  );
}

// Title before what a note is about, both before its text; as typed before anything else.
function placeCost(place, document) {
  const position = Math.floor(place / GRADES);
  const field = position < document.titleEnd ? 0 : position < document.aboutEnd ? 1 : 4;
  return field + (place % GRADES) / 2;
}

function byRank(a, b) {
  return (
    a.missing - b.missing || a.elsewhere - b.elsewhere || a.translated - b.translated ||
    a.cost - b.cost || a.far - b.far || a.order - b.order
  );
}
