// Reading a query: what must be found as a whole, and what each word of it matches.

import { fold, relatives, stem, tokenise } from "./text.js";

// How well a word matches: as typed, inflected, as the start of a word, with a typing error.
export const EXACT = 0;
const INFLECTED = 1;
const START = 2;
const MISTYPED = 3;
export const GRADES = 4;
const QUOTES = /["“”„‟«»「」『』＂]/u;
const PAPER_ADDRESS = /https?:\/\/(?:www\.)?(?:arxiv\.org\/(?:abs|pdf)|(?:dx\.)?doi\.org)\//giu;

// A unit is what must be found as a whole: a word, a run of Han or Hangul, a phrase. Its parts are
// looked up one by one, each `offset` positions after the unit's start.
class Unit {
  constructor(text, parts, exact) {
    this.text = text;
    this.parts = parts;
    this.exact = exact;
    this.others = []; // names that the glossary gives for it
    this.own = null; // the documents that hold the unit itself, where it has other names
  }

  groups() {
    return [this, ...this.others].flatMap((unit) => unit.parts.flatMap((part) => part.groups));
  }

  // The same for units that differ by an inflection alone.
  get key() {
    return this.parts.map((part) => (part.word ? stem(part.text) : part.text)).join(" ");
  }

  // Add to what was found what the other names have found.
  addOthers() {
    if (!this.others.length) return;
    this.own = new Set(this.found.keys());
    this.found = new Map(this.found);
    for (const other of this.others) {
      for (const [number, places] of other.found) {
        const all = new Set([...(this.found.get(number) ?? []), ...places]);
        this.found.set(number, [...all].sort((a, b) => a - b));
      }
    }
  }

  // The other names that the document holds.
  namesIn(number) {
    return this.others.filter((other) => other.found.has(number)).map((other) => other.text);
  }

  isTranslated(number) {
    return this.own !== null && !this.own.has(number);
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

export function parse(query, simple) {
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

// Give each run of `units` that is a name of the `glossary` (folded names, by group) the other names of
// its group. A phrase in quotes is looked for as it is.
export function translate(units, glossary) {
  for (const group of glossary) {
    for (const name of group) {
      const keys = parse(name, null).map((unit) => unit.key);
      for (let start = 0; keys.length && start + keys.length <= units.length; start += 1) {
        const run = units.slice(start, start + keys.length);
        if (run.some((unit, i) => unit.exact || unit.key !== keys[i])) continue;
        const others = group.filter((other) => other !== name).map(nameUnit).filter(Boolean);
        for (const unit of run) unit.others.push(...others);
      }
    }
  }
}

// The unit of a name, which must be found as it is but for the inflection of its last word.
function nameUnit(name) {
  const tokens = tokenise(name);
  return tokens.length ? new Unit(name, phraseParts(tokens, false), false) : null;
}

export function wideUnit(text) {
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

