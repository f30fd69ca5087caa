// `quarto preview` appends a script of its own to each page it serves, and starts it from a script within
// the page, which the page's policy does not run. It is started here instead, on the author's own machine
// alone, so that the page reloads when its source changes.
(function () {
  "use strict";
  if (["127.0.0.1", "localhost", "[::1]"].indexOf(location.hostname) < 0) return;
  window.addEventListener("load", function () {
    if (!window.QuartoPreview) return;
    window.QuartoPreview.init({ origin: null, search: null, inputFile: null, isPresentation: false });
  });
})();
