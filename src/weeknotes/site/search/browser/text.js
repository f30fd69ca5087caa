// Reading text as the index does: folding, terms with positions, English inflections, marking.
// What `folding.py` and `tokens.py` do to the notes, this does to queries and to what is shown.

import { FAMILIES, HAN, HANGUL, INVISIBLE, JOINERS, LETTERS, UNCHANGED } from "./tables.js";

const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");
const UNSEEN = new RegExp(`[${INVISIBLE}]`, "gu");
const TOKEN = new RegExp(
  `([${HAN}]+)|([${HANGUL}]+(?: [${HANGUL}]+)*)|((?:(?![${HAN}${HANGUL}])[\\p{L}\\p{N}])+)`,
  "gu",
);
const UNINFLECTED = new Set(UNCHANGED);
const WIDE = new RegExp(`[${HAN}${HANGUL}]`, "u");
const SPACE = /[\s\x1c-\x1f\x85]+/gu; // as Python's \s has it
// A character with what belongs to it: Hangul in conjoining letters, combining marks.
const CLUSTER =
  /[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*|\P{M}[\p{M}\uff9e\uff9f]*|\p{M}+/gsu;

export const hasHan = (text) => /\p{Script=Han}/u.test(text.normalize("NFKC"));
export const isWide = (character) => WIDE.test(character);

// `text` in the form in which it is compared. `simple` maps traditional Han characters to simplified
// ones; null leaves them.
export function fold(text, simple = null) {
  return foldPart(text, simple).replace(SPACE, " ").trim();
}

function foldPart(text, simple) {
  let folded = text.replace(UNSEEN, "").normalize("NFKC").toLowerCase();
  folded = folded.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  folded = folded.replace(LETTER, (letter) => LETTERS[letter]);
  if (simple) folded = folded.replace(/\p{Script=Han}/gu, (han) => simple.get(han) ?? han);
  return folded;
}

// The tokens of folded text: kind ("han", "hangul", "word"), characters, position, and where in the
// text they stand. A Han or Hangul token takes as many positions as it has characters.
export function tokenise(folded) {
  const tokens = [];
  let position = 0;
  let end = 0;
  let before = "";
  for (const match of folded.matchAll(TOKEN)) {
    const kind = match[1] ? "han" : match[2] ? "hangul" : "word";
    const start = match.index;
    if (before && start > end && interrupts(folded.slice(end, start), before, kind)) position += 1;
    end = start + match[0].length;
    const text = kind === "hangul" ? match[0].replaceAll(" ", "") : match[0];
    tokens.push({ kind, text, position, start, end });
    position += kind === "word" ? 1 : [...text].length;
    before = kind;
  }
  return tokens;
}

function interrupts(separator, before, after) {
  if (separator === " ") return before === "han" && after === "han";
  const joins = separator.length === 1 && JOINERS.includes(separator);
  return !(joins && before === "word" && after === "word");
}

// The single words and characters of `text` in order, each with its position and its place in `text`.
export function atoms(text, simple) {
  let folded = "";
  const places = []; // for each UTF-16 unit of `folded`, [start, end) in `text`
  for (const match of text.matchAll(CLUSTER)) {
    let part = foldPart(match[0], simple);
    if (/^\s+$/u.test(part)) part = folded.endsWith(" ") ? "" : " ";
    const place = [match.index, match.index + match[0].length];
    for (let i = 0; i < part.length; i += 1) places.push(place);
    folded += part;
  }
  const found = [];
  for (const token of tokenise(folded)) {
    if (token.kind === "word") {
      found.push(atom(token.text, token.position, places, token.start, token.end));
      continue;
    }
    let position = token.position;
    let at = token.start;
    for (const character of folded.slice(token.start, token.end)) {
      if (character !== " ") {
        found.push(atom(character, position, places, at, at + character.length));
        position += 1;
      }
      at += character.length;
    }
  }
  return found;
}

function atom(text, position, places, start, end) {
  return { text, position, start: places[start][0], end: places[end - 1][1] };
}

// Where `text` holds what `patterns` ask for, as [start, end, number of the pattern], in order and
// without overlaps. A pattern is a list of { offset, accepts }, one for each of its words or
// characters.
export function findMarks(text, patterns, simple) {
  const found = atoms(text, simple);
  const byPosition = new Map(found.map((item) => [item.position, item]));
  const marks = [];
  patterns.forEach((pattern, number) => {
    for (const first of found) {
      const items = pattern.map(({ offset }) => byPosition.get(first.position + offset));
      if (items.every((item, i) => item && pattern[i].accepts(item.text))) {
        marks.push([first.start, items[items.length - 1].end, number]);
      }
    }
  });
  marks.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const apart = [];
  for (const mark of marks) {
    const last = apart[apart.length - 1];
    if (!last || mark[0] >= last[1]) apart.push(mark);
    else if (mark[1] > last[1]) last[1] = mark[1];
  }
  return apart;
}

// What the inflected forms of an English word have in common: plural, -ed, -ing taken off.
export function stem(word) {
  if (word.length < 4 || !/^[a-z]+$/.test(word) || UNINFLECTED.has(word)) return word;
  let base = word;
  if (/sis$/.test(base) && base.length > 5) base = base.slice(0, -2);
  else if (/ies$/.test(base) && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (/(x|ch|sh|ss|zz)es$/.test(base)) base = base.slice(0, -2);
  else if (/[^su]s$/.test(base) && !/is$/.test(base)) base = base.slice(0, -1);
  else if (/ied$/.test(base) && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (/[^e]ed$/.test(base)) base = without(base, 2);
  else if (/ing$/.test(base)) base = without(base, 3);
  if (/([^aeious])\1$/.test(base)) base = base.slice(0, -1);
  return base.length > 3 && base.endsWith("e") ? base.slice(0, -1) : base;
}

function without(word, count) {
  const rest = word.slice(0, -count);
  return rest.length > 2 && /[aeiouy]/.test(rest) ? rest : word;
}

const FAMILY = new Map();
for (const forms of FAMILIES) {
  for (const form of [...forms, stem(forms[0])]) FAMILY.set(form, forms);
}

// `word` and the forms of it that its spelling does not tell.
export function relatives(word) {
  return [word, ...(FAMILY.get(word) ?? FAMILY.get(stem(word)) ?? [])];
}

// Whether one letter added, left out, changed, or exchanged with its neighbour makes `a` into `b`.
export function oneErrorApart(a, b) {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (a[start] === b[start] && start < a.length) start += 1;
  let ends = 0;
  const most = Math.min(a.length, b.length) - start;
  while (ends < most && a[a.length - 1 - ends] === b[b.length - 1 - ends]) ends += 1;
  const left = a.slice(start, a.length - ends);
  const right = b.slice(start, b.length - ends);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
