// A graph that is wider than the screen shows its latest part first.
(function () {
  "use strict";
  document.querySelectorAll(".scroll > .graph").forEach(function (graph) {
    graph.parentElement.scrollLeft = graph.parentElement.scrollWidth;
  });
})();
