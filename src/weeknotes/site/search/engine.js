// Asking the index: from a query to the notes that hold it, best first.
//
// The index is a table of contents and shards of postings (`postings.py` has their form). A query
// loads the table once, then the shards that file its terms, and nothing else.

import { fold, findMarks, hasHan, isWide, oneErrorApart, relatives, stem, tokenise } from "./text.js";

const FORMAT = 1;
const DOCUMENTS_PER_TEXT = 3;
const FINAL = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MORE = "!\"#$%&'()*+,-/:;<>?@[\\]^_`{|}~";
const FINAL_VALUE = new Int16Array(128).fill(-1);
const MORE_VALUE = new Int16Array(128).fill(-1);
[...FINAL].forEach((character, value) => (FINAL_VALUE[character.charCodeAt(0)] = value));
[...MORE].forEach((character, value) => (MORE_VALUE[character.charCodeAt(0)] = value));

// How well a word matches: as typed, inflected, as the start of a word, with a typing error.
const EXACT = 0;
const INFLECTED = 1;
const START = 2;
const MISTYPED = 3;
const GRADES = 4;
const QUOTES = /["“”„‟«»「」『』＂]/u;
const PAPER_ADDRESS = /https?:\/\/(?:www\.)?(?:arxiv\.org\/(?:abs|pdf)|(?:dx\.)?doi\.org)\//giu;

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
  }

  addPage(row) {
    const [href, week, date, kind, lang, title, own] = row;
    const page = { href, week, date, kind, lang, title, year: (week || date).slice(0, 4) };
    const start = this.documents.length;
    own.forEach(([titleEnd, aboutEnd, tags, ownLang], number) => {
      this.documents.push({ page, number, titleEnd, aboutEnd, tags, lang: ownLang ?? lang });
    });
    return start;
  }

  // The documents that hold `query`: { hits, whole, patterns }. `whole` is false where none holds all
  // of it and the hits hold some. `filters` may give year, tag, kind and lang.
  async search(query, filters = {}) {
    if (hasHan(query)) await this.loadSimplified();
    const units = parse(query, this.simple);
    if (!units.length) return { hits: [], facets: {}, whole: true, patterns: [] };
    await this.loadUnits(units);
    for (const unit of units) unit.found = this.findUnit(unit);
    await Promise.all(units.map((unit) => this.correct(unit)));
    let asked = units;
    let documents = holdingAll(units);
    const whole = documents.length > 0;
    if (!whole) {
      asked = await this.loosen(units);
      documents = holdingSome(asked);
    }
    const shown = documents.filter((number) => accepts(this.documents[number], filters));
    const hits = shown.map((number) => this.rank(number, asked)).sort(byRank);
    const facets = this.facets(documents);
    return { hits, facets, whole, patterns: asked.map((unit) => unit.pattern()) };
  }

  // The texts of a hit: { anchor, title, about, text }.
  async text(hit) {
    const file = Math.floor(hit.number / DOCUMENTS_PER_TEXT);
    const name = hit.page.href.replace(/\.html$/, `.${file}.json`);
    const content = JSON.parse(await this.fetch(`search/text/${name}`));
    const [anchor, title, about, text] = content[hit.number % DOCUMENTS_PER_TEXT];
    return { anchor, title, about, text };
  }

  marks(text, patterns) {
    return findMarks(text, patterns, this.simple);
  }

  fetch(name) {
    const encoded = name.split("/").map(encodeURIComponent).join("/");
    const address = `${this.root}${encoded}?${this.table.build}`;
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
    this.shards ??= new Map();
    await Promise.all(
      groups.map(async (group) => {
        const number = shardOf(group, this.table.shards);
        if (this.shards.has(number)) return;
        const name = number.toString(16).padStart(3, "0");
        this.shards.set(number, readShard(await this.fetch(`search/terms/${name}.txt`)));
      }),
    );
  }

  // The lines of a group: [number of the piece, what follows the group's characters].
  lines(group) {
    return this.shards.get(shardOf(group, this.table.shards)).get(group) ?? [];
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
    let at = 0;
    const next = () => {
      let factor = 1;
      let value = 0;
      for (;;) {
        const code = posting.charCodeAt(at);
        at += 1;
        const last = FINAL_VALUE[code];
        if (last >= 0) return value + last * factor;
        value += (MORE_VALUE[code] + FINAL.length) * factor;
        factor *= MORE.length;
      }
    };
    while (at < posting.length) {
      const start = this.starts[piece][next()];
      for (let more = true; more; ) {
        const head = next();
        more = head % 2 === 0;
        const number = start + (head >> 1);
        let places = found.get(number);
        if (!places) found.set(number, (places = []));
        let position = 0;
        for (let another = true; another; ) {
          const step = next();
          another = step % 2 === 0;
          position += step >> 1;
          places.push(position * GRADES + grade);
        }
      }
    }
  }

  // Where a word is in no note, look for it with one typing error.
  async correct(unit) {
    if (unit.exact) return;
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

  rank(number, units) {
    const document = this.documents[number];
    const held = units.filter((unit) => unit.found.has(number));
    let cost = 0;
    for (const unit of held) {
      let best = Infinity;
      for (const place of unit.found.get(number)) best = Math.min(best, placeCost(place, document));
      cost += best;
    }
    const spread = held.length > 1 ? span(held.map((unit) => unit.found.get(number))) : 0;
    return {
      page: document.page,
      number: document.number,
      lang: document.lang,
      tags: document.tags,
      missing: units.length - held.length,
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
      count("year", document.page.year);
      count("kind", document.page.kind);
      count("lang", document.lang);
      for (const tag of document.tags) count("tag", tag);
    }
    return facets;
  }
}

// ---------------------------------------------------------------------------- reading the query

// A unit is what must be found as a whole: a word, a run of Han or Hangul, a phrase. Its parts are
// looked up one by one, each `offset` positions after the unit's start.
class Unit {
  constructor(text, parts, exact) {
    this.text = text;
    this.parts = parts;
    this.exact = exact;
  }

  groups() {
    return this.parts.flatMap((part) => part.groups);
  }

  pattern() {
    return this.parts
      .flatMap((part) =>
        part.word
          ? [{ offset: part.offset, accepts: (word) => part.grade(word) !== null }]
          : [...part.text].map((character, i) => ({
              offset: part.offset + i,
              accepts: (other) => other === character,
            })),
      )
      .sort((a, b) => a.offset - b.offset);
  }
}

class Word {
  constructor(text, offset, exact, open) {
    this.word = true;
    this.text = text;
    this.offset = offset;
    this.exact = exact;
    this.open = open;
    this.forms = exact ? [text] : relatives(text);
    this.stems = new Set(this.forms.map(stem));
    this.corrections = new Set();
    this.known = new Map();
  }

  get groups() {
    const words = [...this.forms, ...this.corrections];
    return [...new Set(words.map((word) => [...word].slice(0, 2).join("")))];
  }

  grade(word) {
    if (!this.known.has(word)) this.known.set(word, this.judge(word));
    return this.known.get(word);
  }

  judge(word) {
    if (word === this.text) return EXACT;
    if (this.corrections.size && this.correctedStems.has(stem(word))) return MISTYPED;
    if (!this.exact && this.stems.has(stem(word))) return INFLECTED;
    return this.open && word.startsWith(this.text) ? START : null;
  }

  canBeMistyped() {
    return /^[a-z]{5,}$/.test(this.text);
  }

  correct(words) {
    this.corrections = new Set(words);
    this.correctedStems = new Set(words.map(stem));
    this.known.clear();
  }
}

function parse(query, simple) {
  const units = [];
  query.replace(PAPER_ADDRESS, " ").split(QUOTES).forEach((text, i) => {
    const folded = fold(text, simple);
    if (i % 2) {
      const tokens = tokenise(folded);
      if (tokens.length) units.push(new Unit(folded, phraseParts(tokens, true), true));
    } else {
      for (const chunk of folded.split(" ")) units.push(...looseUnits(tokenise(chunk)));
    }
  });
  return units;
}

// The units of something written without spaces: one for each run of a script, since `CMR图像` means
// both words, but one for all parts of `2006.11239`.
function looseUnits(tokens) {
  const units = [];
  let words = [];
  const close = () => {
    if (words.length) units.push(new Unit("", phraseParts(words, false), false));
    words = [];
  };
  for (const token of tokens) {
    const last = words[words.length - 1];
    if (token.kind !== "word" || (last && last.position + 1 !== token.position)) close();
    if (token.kind === "word") words.push(token);
    else units.push(wideUnit(token.text));
  }
  close();
  return units;
}

function wideUnit(text) {
  return new Unit(text, pairs(text, 0), false);
}

function phraseParts(tokens, exact) {
  const start = tokens[0].position;
  const parts = tokens.flatMap((token, i) => {
    const offset = token.position - start;
    if (token.kind !== "word") return pairs(token.text, offset);
    const open = !exact && i === tokens.length - 1 && token.text.length > 1;
    return [new Word(token.text, offset, exact, open)];
  });
  return parts;
}

// As few pairs as cover the run: every second one, and the last.
function pairs(text, offset) {
  const characters = [...text];
  const found = [];
  for (let i = 0; i < characters.length; i += 2) {
    const at = Math.max(0, Math.min(i, characters.length - 2));
    found.push(pair(characters.slice(at, at + 2).join(""), offset + at));
  }
  return found;
}

function pair(text, offset) {
  return { word: false, text, offset, groups: [[...text][0]], canBeMistyped: () => false };
}

// ---------------------------------------------------------------------------- reading the index

function shardOf(group, shards) {
  let value = 0;
  for (const character of group) {
    value = Math.imul(value ^ character.codePointAt(0), 0x9e3779b1) >>> 0;
    value = (value ^ (value >>> 15)) >>> 0;
  }
  return value & (shards - 1);
}

function readShard(text) {
  const groups = new Map();
  let piece = -1;
  for (const line of text.split("\n")) {
    if (line.startsWith("=")) {
      piece += 1;
      continue;
    }
    if (!line) continue;
    const first = String.fromCodePoint(line.codePointAt(0));
    const group = isWide(first) ? first : line.slice(0, line.indexOf(" "));
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push([piece, line.slice(group.length)]);
  }
  return groups;
}

// ---------------------------------------------------------------------------- places and ranks

function sorted(found) {
  for (const places of found.values()) places.sort((a, b) => a - b);
  return found;
}

function moved(found, offset) {
  if (!offset) return found;
  for (const [number, places] of found) {
    found.set(number, places.map((place) => place - offset * GRADES));
  }
  return found;
}

// Those places of `found` that `next` stands `offset` positions after.
function followedBy(found, next, offset) {
  const both = new Map();
  for (const [number, places] of found) {
    const following = next.get(number);
    if (!following) continue;
    const grades = new Map(following.map((place) => [Math.floor(place / GRADES), place % GRADES]));
    const kept = [];
    for (const place of places) {
      const position = Math.floor(place / GRADES);
      const grade = grades.get(position + offset);
      if (grade !== undefined) kept.push(position * GRADES + Math.max(grade, place % GRADES));
    }
    if (kept.length) both.set(number, kept);
  }
  return both;
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
    (!kind || document.page.kind === kind) &&
    (!lang || document.lang === lang) &&
    (!tag || document.tags.includes(tag))
  );
}

// Title before what a note is about, both before its text; as typed before anything else.
function placeCost(place, document) {
  const position = Math.floor(place / GRADES);
  const field = position < document.titleEnd ? 0 : position < document.aboutEnd ? 1 : 4;
  return field + (place % GRADES) / 2;
}

// The fewest positions in which all lists have a place.
function span(lists) {
  const at = lists.map(() => 0);
  let best = Infinity;
  for (;;) {
    let low = 0;
    let high = -Infinity;
    lists.forEach((places, i) => {
      if (places[at[i]] < lists[low][at[low]]) low = i;
      high = Math.max(high, places[at[i]]);
    });
    best = Math.min(best, Math.floor((high - lists[low][at[low]]) / GRADES) + 1);
    at[low] += 1;
    if (at[low] === lists[low].length) return best;
  }
}

function byRank(a, b) {
  return a.missing - b.missing || a.cost - b.cost || a.far - b.far || a.order - b.order;
}
