// Reading shards and postings, in the form that `postings.py` gives them, and what is made of them:
// for each document the places where something stands, position * GRADES + grade, ascending.

import { GRADES } from "./query.js";
import { isWide } from "./text.js";

export const FINAL = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MORE = "!\"#$%&'()*+,-/:;<>?@[\\]^_`{|}~";
const FINAL_VALUE = new Int16Array(128).fill(-1);
const MORE_VALUE = new Int16Array(128).fill(-1);
[...FINAL].forEach((character, value) => (FINAL_VALUE[character.charCodeAt(0)] = value));
[...MORE].forEach((character, value) => (MORE_VALUE[character.charCodeAt(0)] = value));

// Call `add` with the page, the document on the page and the position of everything in `posting`.
export function readPosting(posting, add) {
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
    const page = next();
    for (let more = true; more; ) {
      const head = next();
      more = head % 2 === 0;
      let position = 0;
      for (let another = true; another; ) {
        const step = next();
        another = step % 2 === 0;
        position += step >> 1;
        add(page, head >> 1, position);
      }
    }
  }
}

// The number of the shard that files the terms of `group`.
export function shardOf(group, shards) {
  let value = 0;
  for (const character of group) {
    value = Math.imul(value ^ character.codePointAt(0), 0x9e3779b1) >>> 0;
    value = (value ^ (value >>> 15)) >>> 0;
  }
  return value & (shards - 1);
}

// The lines of a shard by group: [number of the piece, what follows the group's characters].
export function readShard(text) {
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

export function sorted(found) {
  for (const places of found.values()) places.sort((a, b) => a - b);
  return found;
}

export function moved(found, offset) {
  if (!offset) return found;
  for (const [number, places] of found) {
    found.set(number, places.map((place) => place - offset * GRADES));
  }
  return found;
}

// Those places of `found` that `next` stands `offset` positions after.
export function followedBy(found, next, offset) {
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

// The fewest positions in which all lists have a place.
export function span(lists) {
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
