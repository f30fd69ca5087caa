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

  // A sheet over the foot of the page with a copy of `content`, which is `name` in words.
  var sheet = null;
  function show(content, name) {
    if (!sheet) {
      sheet = document.createElement("dialog");
      sheet.addEventListener("click", function (event) {
        // A link leads where it leads; anything beside the sheet closes it.
        if (event.target === sheet || event.target.closest("a")) sheet.close();
      });
      document.body.append(sheet);
    }
    sheet.className = "contents-sheet";
    sheet.setAttribute("aria-label", name);
    var copy = content.cloneNode(true);
    copy.removeAttribute("aria-labelledby");
    copy.querySelectorAll("[id]").forEach(function (element) {
      element.removeAttribute("id");
    });
    sheet.replaceChildren(copy);
    sheet.lang = (content.closest("[lang]") || document.documentElement).lang;
    sheet.showModal();
    return copy;
  }

  if (window.HTMLDialogElement) {
    var menu = document.querySelector(".site-nav");
    if (menu) offer("menu", function () {
      show(menu, menu.getAttribute("aria-label")).className = "menu-list";
    });
    // What stands in the margin of a wide page.
    var contents = document.querySelector(".contents");
    if (contents) offer("contents", function () {
      var copy = show(contents, contents.querySelector("h2").textContent);
      var here = copy.querySelector("[aria-current]");
      if (here) here.scrollIntoView({ block: "center" });
    });
  }

  var filter = document.querySelector("form.filter, form[data-changes]");
  if (filter && !contents) offer("filter", function () {
    filter.scrollIntoView({ block: "center" });
    var first = filter.querySelector("input[type=search], select, input");
    if (first) first.focus({ preventScroll: true });
  });

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

  // Where nothing folds, the way back to the top of the page.
  if (!(fold && unfold)) offer("top", function () {
    window.scrollTo({ top: 0 });
  });

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
