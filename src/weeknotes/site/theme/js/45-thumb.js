// On a telephone: what this page holds, folding, what is new, and the search, where the thumb is.
(function () {
  "use strict";
  var bar = document.querySelector("[data-thumb]");
  if (!bar) return;

  function offer(name, does) {
    var button = bar.querySelector("[data-thumb-" + name + "]");
    button.hidden = false;
    button.addEventListener("click", does);
    return button;
  }

  // What stands in the margin of a wide page, as a sheet over the foot of a narrow one.
  var contents = document.querySelector(".contents");
  var sheet = null;

  function makeSheet() {
    sheet = document.createElement("dialog");
    sheet.className = "contents-sheet";
    sheet.setAttribute("aria-label", contents.querySelector("h2").textContent);
    sheet.addEventListener("click", function (event) {
      // A link leads where it leads; anything beside the sheet closes it.
      if (event.target === sheet || event.target.closest("a")) sheet.close();
    });
    document.body.append(sheet);
  }

  if (contents && window.HTMLDialogElement) {
    offer("contents", function () {
      if (!sheet) makeSheet();
      var copy = contents.cloneNode(true);
      copy.removeAttribute("aria-labelledby");
      copy.querySelectorAll("[id]").forEach(function (element) {
        element.removeAttribute("id");
      });
      sheet.replaceChildren(copy);
      sheet.showModal();
      var here = copy.querySelector("[aria-current]");
      if (here) here.scrollIntoView({ block: "center" });
    });
  }

  var fold = document.querySelector('[data-fold-all="close"]');
  var unfold = document.querySelector('[data-fold-all="open"]');
  if (fold && unfold) {
    offer("fold", function () {
      var weeks = document.querySelectorAll("details.week");
      var all = Array.from(weeks.length ? weeks : document.querySelectorAll("details.note"));
      // What is being read stays where it is.
      var read = all.find(function (details) {
        return details.getBoundingClientRect().bottom > 80;
      });
      var some = all.some(function (details) {
        return details.open;
      });
      (some ? fold : unfold).click();
      if (read && window.scrollY > 0) read.scrollIntoView();
    });
  }

  // From one mark of what is new or changed to the next, and from the last to the first.
  var next = null;
  document.addEventListener("weeknotes:news", function () {
    var places = "details.note > summary > .mark, .entries .mark, .note-list .mark";
    var marked = Array.from(document.querySelectorAll(places));
    if (!marked.length || next) return;
    next = offer("new", function () {
      var after = marked.find(function (mark) {
        return mark.getBoundingClientRect().top > 60 && mark.checkVisibility();
      }) || marked[0];
      var owner = after.closest("details, li, p") || after;
      for (var around = owner; around; around = around.parentElement) {
        if (around.tagName === "DETAILS") around.open = true;
      }
      owner.scrollIntoView();
    });
  });

  offer("search", function () {
    document.dispatchEvent(new CustomEvent("weeknotes:search"));
  });
})();
