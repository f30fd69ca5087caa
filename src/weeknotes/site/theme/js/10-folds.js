// Folding: what a reader folds stays folded, and a link into a fold opens it.
(function () {
  "use strict";
  var own = window.weeknotes;

  function remember(details) {
    own.folds[details.dataset.fold] = details.open ? "open" : "closed";
    own.store("folds", JSON.stringify(own.folds));
  }

  // A click on the summary (a key press on it counts as one) is the reader's own choice. The state
  // changes after the click, so it is read in the next turn.
  document.addEventListener("click", function (event) {
    var summary = event.target.closest("summary");
    if (!summary || event.defaultPrevented) return;
    var details = summary.parentElement;
    if (!details || !details.dataset.fold) return;
    setTimeout(remember, 0, details);
  });

  // Text selected in a summary is meant for copying, not for folding.
  document.addEventListener("click", function (event) {
    var summary = event.target.closest("summary");
    var selection = window.getSelection();
    if (summary && !selection.isCollapsed && summary.contains(selection.anchorNode)) {
      event.preventDefault();
    }
  }, true);

  document.querySelectorAll("[data-fold-all]").forEach(function (button) {
    button.addEventListener("click", function () {
      var open = button.dataset.foldAll === "open";
      // On the page of all weeks it is the weeks that fold; their notes stay as they are.
      var weeks = document.querySelectorAll("details.week");
      var folds = weeks.length ? weeks : document.querySelectorAll("details[data-fold]");
      folds.forEach(function (details) {
        details.open = open;
        own.folds[details.dataset.fold] = open ? "open" : "closed";
      });
      own.store("folds", JSON.stringify(own.folds));
    });
  });

  // Show what an address within the page points to: open everything around it, then go there.
  function reveal(hash) {
    if (!hash || hash.length < 2) return false;
    var id = hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch (error) {
      // A stray % stands for itself.
    }
    var target = document.getElementById(id);
    if (!target) return false;
    var opened = false;
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS" && !node.open) {
        node.open = true;
        opened = true;
      }
      if (node.hidden && node.classList.contains("tab")) {
        node.dispatchEvent(new CustomEvent("weeknotes:show", { bubbles: true }));
        opened = true;
      }
    }
    return opened ? target : false;
  }

  own.reveal = function (hash) {
    var target = reveal(hash);
    if (target) target.scrollIntoView();
    return Boolean(target);
  };

  window.addEventListener("hashchange", function () {
    own.reveal(location.hash);
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !link.hash) return;
    var same = link.origin === location.origin && link.pathname === location.pathname &&
      link.search === location.search;
    if (same) reveal(link.hash); // The browser itself scrolls, to what is open by then.
  });
  own.reveal(own.hash);

  // Paper says where it is from, and when it was printed.
  function sign() {
    var address = document.querySelector("[data-address]");
    var printed = document.querySelector("[data-printed]");
    if (!address || !printed) return;
    if (!own.isFolder) address.textContent = location.href;
    var lang = printed.closest("[lang]").lang;
    var locale = lang === "en" ? "en-GB" : lang;
    var day = new Date().toLocaleDateString(locale, { dateStyle: "long" });
    printed.textContent = printed.dataset.printed.replace("{}", day);
  }

  // On paper everything is open but code, long outputs and the like; afterwards it is as it was.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    sign();
    var some = "details:not([open], .code-fold, .output-fold, .glance, .numbers, .since, .cite-as)";
    closed = Array.from(document.querySelectorAll(some));
    closed.forEach(function (details) {
      details.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (details) {
      details.open = false;
    });
    closed = [];
  });
})();
