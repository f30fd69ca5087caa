// Marking, on the page that a hit led to, the words that were searched for.

const SILENT = "script, style, template, button, nav, svg, math, [aria-hidden=true]";
const ELSEWHERE = ".note, [role=doc-bibliography]"; // no part of a page's opening

// Mark what `find` finds in the note whose id is `anchor` (in what stands outside of all notes where it
// is empty), and open what hides it. `find` returns [start, end) for a text.
export function markPage(anchor, find) {
  const target = anchor && document.getElementById(anchor);
  const note = target && target.closest("section, details, article");
  const scope = note || document.getElementById("main") || document.body;
  const { text, places } = read(scope, note ? SILENT : `${SILENT}, ${ELSEWHERE}`);
  const marks = [];
  for (const [from, to] of find(text).reverse()) {
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
