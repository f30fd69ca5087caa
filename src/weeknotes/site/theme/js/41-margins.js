// Notes in the margin of a wide page. One that was written in a paragraph follows it in the document: it is
// raised to that paragraph's first line, as far as the note above it, and what is wider than the text, leave
// room.
(function () {
  "use strict";
  var text = document.querySelector("main .text");
  var notes = text ? Array.from(text.querySelectorAll(".aside, .column-margin")) : [];
  if (!notes.length || !("ResizeObserver" in window)) return;
  var GAP = 12; // pixels between two notes

  function isFloating(note) {
    return getComputedStyle(note).float !== "none" && (!note.checkVisibility || note.checkVisibility());
  }

  // The place where a note belongs: of one written in a paragraph that paragraph's top, of any other the
  // foot of what is before it.
  function wanted(note) {
    var before = note.previousElementSibling;
    while (before && before.matches(".aside, .column-margin")) before = before.previousElementSibling;
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
    notes.forEach(function (note) {
      note.style.top = "";
    });
    var shown = notes.filter(isFloating);
    if (!shown.length) return;
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
  }

  settle();
  new ResizeObserver(settle).observe(text);
})();
