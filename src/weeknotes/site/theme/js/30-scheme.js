// The colour scheme: the system's, unless the reader chooses the other one.
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  var buttons = document.querySelectorAll("[data-scheme-toggle]");

  function current() {
    return root.dataset.theme || (system.matches ? "dark" : "light");
  }

  function show() {
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(current() === "dark"));
    });
  }

  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      var next = current() === "dark" ? "light" : "dark";
      var follows = next === (system.matches ? "dark" : "light");
      if (follows) delete root.dataset.theme;
      else root.dataset.theme = next;
      window.weeknotes.store("scheme", follows ? null : next);
      show();
    });
  });
  system.addEventListener("change", show);
  show();
})();
