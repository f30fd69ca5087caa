// Queries that name a week or a day, and the pages of that time, as `times.py` has them: the forms are
// in its tables.

import { MONTHS, TIME_FORMS } from "./tables.js";
import { fold } from "./text.js";

const FORMS = TIME_FORMS.map(([names, form]) => [names, new RegExp(`^(?:${form})$`, "u")]);
const DAY = 86400000; // milliseconds

// The week or day that the whole `query` names: { y, w, m, d }, 0 for what it does not; or null.
export function timeOf(query, simple) {
  const folded = fold(query, simple);
  for (const [names, form] of FORMS) {
    const match = form.exec(folded);
    if (!match) continue;
    const said = { y: 0, w: 0, m: 0, d: 0 };
    [...names].forEach((name, i) => {
      const value = match[i + 1] ?? "0";
      said[name] = /^[0-9]+$/.test(value) ? Number(value) : monthOf(value);
    });
    if (names.includes("w") || said.m) return said;
  }
  return null;
}

const monthOf = (name) => MONTHS.findIndex((month) => month.startsWith(name)) + 1;

// Those of `pages` that `time` names: the week, and digests of just that day; digests of the week where
// there is nothing else. Without a year it is the newest such week.
export function pagesOf(time, pages) {
  const named = pages
    .filter((page) => page.kind === "week" || page.kind === "digest")
    .map((page) => ({ page, monday: mondayOf(page) }))
    .filter(({ monday }) => monday !== null && isNamed(time, monday));
  const newest = Math.max(...named.map(({ monday }) => monday));
  const found = named.filter(({ monday }) => monday === newest).map(({ page }) => page);
  const weeks = found.filter((page) => page.kind === "week");
  const digests = found.filter((page) => page.kind === "digest");
  const onDay = digests.filter((page) => dayOf(page) !== null && isOn(time, dayOf(page)));
  const first = [...weeks, ...onDay];
  return first.length ? first : digests;
}

// The first and the last day of a page as times in UTC: one day for a digest.
export function daysOf(page) {
  if (page.kind !== "week") return [dayOf(page), dayOf(page)];
  return [mondayOf(page), mondayOf(page) + 6 * DAY];
}

// The Monday of the page's week as a time in UTC; null for a page without a date.
function mondayOf(page) {
  const week = /^(\d{4})-W(\d\d)$/.exec(page.week);
  const day = week ? Date.UTC(week[1], 0, 4) + (week[2] - 1) * 7 * DAY : dayOf(page);
  return day === null ? null : day - ((new Date(day).getUTCDay() + 6) % 7) * DAY;
}

function dayOf(page) {
  const day = Date.parse(page.date.slice(0, 10));
  return /^\d{4}-\d\d-\d\d/.test(page.date) && !Number.isNaN(day) ? day : null;
}

function isNamed(time, monday) {
  if (!time.w) return [0, 1, 2, 3, 4, 5, 6].some((n) => isOn(time, monday + n * DAY));
  // A week belongs to the year of its Thursday, and is counted from the week of 4 January.
  const year = new Date(monday + 3 * DAY).getUTCFullYear();
  const number = Math.floor((monday + 3 * DAY - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return number === time.w && (!time.y || time.y === year);
}

function isOn({ y, m, d }, day) {
  const date = new Date(day);
  const [month, number] = [date.getUTCMonth() + 1, date.getUTCDate()];
  return month === m && number === d && (!y || y === date.getUTCFullYear());
}
