// Helps in reading: boxes that scroll take the keyboard's focus, "on this page" says where one is.
(function () {
  "use strict";

  var boxes = document.querySelectorAll(".scroll, pre");
  // What a closed fold holds is left alone: to measure it, it would have to be laid out. All is
  // measured before anything is changed, for the same reason.
  function offerFocus() {
    var seen = Array.from(boxes).filter(function (box) {
      return !box.checkVisibility || box.checkVisibility();
    });
    var wide = seen.map(function (box) {
      return box.scrollWidth > box.clientWidth + 1;
    });
    seen.forEach(function (box, number) {
      if (wide[number]) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
      box.classList.toggle("scrolls", wide[number]);
    });
  }
  // An arrow says that a box scrolls, until it was.
  document.addEventListener("scroll", function (event) {
    var box = event.target;
    if (box.classList && box.classList.contains("scrolls") && box.scrollLeft > 4) {
      box.classList.add("scrolled");
    }
  }, { capture: true, passive: true });
  if (boxes.length && "ResizeObserver" in window) {
    new ResizeObserver(offerFocus).observe(document.getElementById("main"));
  }

  // A formula in the text does not break over lines: one that is wider than its paragraph gets a box
  // of its own that scrolls, so that the page does not.
  function fitFormulas() {
    var formulas = document.querySelectorAll('math:not([display="block"])');
    var wide = Array.from(formulas).filter(function (formula) {
      if (formula.closest(".wide-formula, .scroll")) return false;
      var block = formula.closest("p, li, td, th, dd, figcaption, summary, div");
      return block && formula.getBoundingClientRect().width > block.clientWidth && block.clientWidth;
    });
    wide.forEach(function (formula) {
      var box = document.createElement("span");
      box.className = "wide-formula scrolls";
      box.tabIndex = 0;
      formula.before(box);
      box.append(formula);
    });
  }
  fitFormulas();
  window.addEventListener("resize", fitFormulas);
  document.addEventListener("toggle", fitFormulas, true);

  // On a narrow screen the menu scrolls, to where the reader is.
  var here = document.querySelector(".site-nav [aria-current]");
  var menu = here && here.closest(".site-nav");
  if (menu && menu.scrollWidth > menu.clientWidth) here.scrollIntoView({ block: "nearest" });

  var links = new Map();
  document.querySelectorAll('.contents a[href^="#"]').forEach(function (link) {
    var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target, link);
  });
  if (!links.size || !("IntersectionObserver" in window)) return;
  var visible = new Set();
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) visible.add(entry.target);
      else visible.delete(entry.target);
    });
    var first = Array.from(links.keys()).find(function (target) {
      return visible.has(target);
    });
    links.forEach(function (link, target) {
      if (target === first) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-10% 0px -60% 0px" });
  links.forEach(function (link, target) {
    observer.observe(target);
  });
})();
