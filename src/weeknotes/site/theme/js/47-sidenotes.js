// Footnotes beside the line that refers to them, where the margin has room; at the foot of the page else,
// on paper, and without scripts. A note whose reference is in a table or a box stays at the foot.
(function () {
  "use strict";
  var text = document.querySelector(".paper .text");
  var foot = text && text.querySelector("section.footnotes");
  if (!foot || !window.matchMedia) return;
  var wide = window.matchMedia("screen and (min-width: 80rem)");
  var LEAST = 180; // CSS pixels that a note needs
  var made = [];

  function room() {
    var paper = text.closest(".paper").getBoundingClientRect();
    return document.documentElement.clientWidth - paper.right;
  }

  // What holds the text of the note, without the link back to its reference.
  function content(item) {
    var note = document.createElement("span");
    note.className = "sidenote";
    note.setAttribute("role", "note");
    Array.from(item.childNodes).forEach(function (child) {
      note.append(child.cloneNode(true));
    });
    note.querySelectorAll(".footnote-back").forEach(function (link) {
      link.remove();
    });
    note.querySelectorAll("[id]").forEach(function (element) {
      element.removeAttribute("id");
    });
    return note;
  }

  function isAtEdge(block) {
    return Math.abs(block.getBoundingClientRect().right - text.getBoundingClientRect().right) < 3;
  }

  function place(reference) {
    var item = document.getElementById(decodeURIComponent(reference.hash.slice(1)));
    var block = reference.closest("p, li");
    if (!item || !foot.contains(item) || item.classList.contains("beside")) return;
    if (!block || reference.closest("table, figure, blockquote, .callout, .scroll, h1, h2, h3, h4, h5, h6")) return;
    // What is folded has no place yet: it has the page's width, as all that folds.
    if (block.getClientRects().length && !isAtEdge(block)) return;
    var note = content(item);
    note.id = "beside-" + item.id;
    var number = document.createElement("sup");
    number.textContent = reference.textContent.trim();
    note.prepend(number, " ");
    reference.after(note);
    made.push([reference, note, item, reference.getAttribute("href")]);
    reference.setAttribute("href", "#" + note.id);
    item.classList.add("beside");
  }

  function settle() {
    made.splice(0).forEach(function (one) {
      one[0].setAttribute("href", one[3]);
      one[1].remove();
      one[2].classList.remove("beside");
    });
    var items = Array.from(foot.querySelectorAll("ol > li"));
    if (wide.matches && room() >= LEAST) {
      text.querySelectorAll("a.footnote-ref").forEach(place);
      // Those that stay keep their numbers.
      items.forEach(function (item, number) {
        item.value = number + 1;
      });
    }
    foot.classList.toggle("all-beside", items.length > 0 && made.length === items.length);
  }

  settle();
  wide.addEventListener("change", settle);
})();
