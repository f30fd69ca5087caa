// A whole site in one file. The page that the address names (`#/journal/2026/2026-W47.html#note`) is written
// into this document while it is parsed, so that it is read as it would be from a host; a link to another page
// loads the file again, and shows that one.
(function () {
  "use strict";
  var pack = window.weeknotesPack;

  // "#/page?query#anchor" as its parts; null for an anchor within the page.
  function parse(hash) {
    var match = /^#\/([^?#]*)(\?[^#]*)?(#.*)?$/.exec(hash);
    return match && { page: decodeURIComponent(match[1]), query: match[2] || "", hash: match[3] || "" };
  }

  function kept() {
    try {
      return sessionStorage.getItem("weeknotes-page");
    } catch (error) {
      return null; // Storage is off: an anchor within a page shows the first page after a reload.
    }
  }

  function keep(page) {
    try {
      sessionStorage.setItem("weeknotes-page", page);
    } catch (error) {
      // As above.
    }
  }

  var asked = parse(location.hash);
  var shown = asked || { page: (location.hash && kept()) || "index.html", query: "", hash: location.hash };
  if (!Object.hasOwn(pack.pages, shown.page)) shown.page = "404.html";
  // What a page reads of its own address, its query, is where it is on a host.
  if (asked && asked.query) {
    history.replaceState(null, "", location.pathname + asked.query + "#/" + encodeURI(shown.page) + shown.hash);
  }
  pack.hash = shown.hash;
  keep(shown.page);

  window.addEventListener("hashchange", function () {
    var next = parse(location.hash);
    if (!next) return;
    var address = location.pathname + next.query + "#/" + encodeURI(next.page) + next.hash;
    history.replaceState(null, "", address);
    location.reload();
  });

  // Only what was made when the file was packed is in it: names of its own images, styles and scripts.
  var html = pack.pages[shown.page].replace(/<!--theme:([\w.]+)-->/g, function (whole, name) {
    return pack.theme[name];
  }).replace(/(src|href|poster)="packed:([^"]*)"/g, function (whole, attribute, name) {
    return attribute + '="' + (pack.images[name.replace(/&amp;/g, "&")] || "") + '"';
  });
  document.write(html);
})();
