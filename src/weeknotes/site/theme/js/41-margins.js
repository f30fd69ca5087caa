// Notes in the margin of a wide page, footnotes among them (`47-sidenotes.js`). One that was written in a paragraph follows it in the document: it is
// raised to that paragraph's first line, as far as the note above it, and what is wider than the text, leave
// room.
(function () {
  "use strict";
  var text = document.querySelector("main .text");
  var NOTES = ".aside, .column-margin, .sidenote";
  if (!text || !text.querySelector(".aside, .column-margin, .footnote-ref")) return;
  if (!("ResizeObserver" in window)) return;
  var GAP = 12; // pixels between two notes

  function isFloating(note) {
    return getComputedStyle(note).float !== "none" && (!note.checkVisibility || note.checkVisibility());
  }

  // The place where a note belongs: of a footnote the line of its reference, of one written in a paragraph
  // that paragraph's top, of any other the foot of what is before it.
  function wanted(note) {
    var before = note.previousElementSibling;
    if (note.matches(".sidenote") && before) return before.getBoundingClientRect().top;
    while (before && before.matches(NOTES)) before = before.previousElementSibling;
    if (!before) return note.parentElement.getBoundingClientRect().top;
    var at = before.getBoundingClientRect();
    return note.classList.contains("aside") && !before.matches("h1, h2, h3, h4, h5, h6") ? at.top : at.bottom + GAP;
  }

  // What is wider than the text: tables, formulas and their numbers.
  function obstacles(right) {
    return Array.from(text.querySelectorAll(".scroll, [id^='eq-'] > *")).map(function (box) {
      return box.getBoundingClientRect();
    }).filter(function (at) {
      return at.height && at.right > right + 1;
    });
  }

  function settle() {
    var notes = Array.from(text.querySelectorAll(NOTES));
    notes.forEach(function (note) {
      note.style.top = "";
    });
    var shown = notes.filter(isFloating);
    text.style.paddingBottom = "";
    if (!shown.length) return;
    shown.forEach(function (note) {
      observer.observe(note); // Its picture may be loaded later.
    });
    var wide = obstacles(text.getBoundingClientRect().right);
    var end = -Infinity;
    shown.map(function (note) {
      var at = note.getBoundingClientRect();
      return { note: note, top: at.top, height: at.height, wanted: wanted(note) };
    }).forEach(function (place) {
      var top = Math.max(place.wanted, end + GAP);
      wide.forEach(function (at) {
        if (top < at.bottom + GAP && top + place.height > at.top) top = at.bottom + GAP;
      });
      if (Math.abs(top - place.top) > 1) place.note.style.top = top - place.top + "px";
      end = top + place.height;
    });
    // The last ones are not over what is below the text.
    var below = end + GAP - text.getBoundingClientRect().bottom;
    if (below > 0) text.style.paddingBottom = below + "px";
  }

  var observer = new ResizeObserver(settle);
  settle();
  observer.observe(text);
})();
