// Runs before the page is painted, so that nothing flashes or moves: the colour scheme that was
// chosen, and the folds that were closed, hold from the first paint on.
(function () {
  "use strict";
  var root = document.documentElement;
  var site = new URL(root.dataset.root || "./", document.baseURI).pathname;

  function stored(name) {
    try {
      return localStorage.getItem("weeknotes:" + name + ":" + site);
    } catch (error) {
      return null; // Storage may be switched off: everything works, nothing is remembered.
    }
  }

  function store(name, value) {
    try {
      if (value === null) localStorage.removeItem("weeknotes:" + name + ":" + site);
      else localStorage.setItem("weeknotes:" + name + ":" + site, value);
    } catch (error) {
      // As above.
    }
  }

  var folds = {};
  try {
    folds = JSON.parse(stored("folds")) || {};
  } catch (error) {
    folds = {};
  }

  // A site in one file (`weeknotes pack --to FILE.html`) has its pages, images and scripts in this.
  var pack = window.weeknotesPack || null;
  var scripts = {};

  // Load the script `name` of the site, once.
  function script(name) {
    scripts[name] = scripts[name] || new Promise(function (resolve, reject) {
      var element = document.createElement("script");
      element.onload = resolve;
      element.onerror = function () {
        delete scripts[name]; // Offline: the next question tries again.
        reject(new Error(name));
      };
      if (pack) element.textContent = pack.scripts[name.split("?")[0]] || "";
      else element.src = (root.dataset.root || "") + name;
      document.head.append(element);
      if (pack) resolve();
    });
    return scripts[name];
  }

  window.weeknotes = {
    stored: stored,
    store: store,
    folds: folds,
    script: script,
    // A browser lets a page that was opened from a folder read no other file but scripts and images.
    isFolder: Boolean(pack) || location.protocol === "file:",
    hash: pack ? pack.hash : location.hash,
    image: function (path) {
      return pack ? pack.images[path] || "" : path.split("/").map(encodeURIComponent).join("/");
    },
  };

  root.classList.add("js");
  if (window.weeknotes.isFolder) root.classList.add("folder");
  var scheme = stored("scheme");
  if (scheme === "light" || scheme === "dark") root.dataset.theme = scheme;

  function settle(details) {
    var key = details.dataset.fold;
    var state = Object.hasOwn(folds, key) ? folds[key] : details.dataset.foldDefault;
    if (state) details.open = state === "open";
  }

  // Elements are seen as the parser adds them, before a paint can show them.
  var observer = new MutationObserver(function (records) {
    records.forEach(function (record) {
      record.addedNodes.forEach(function (node) {
        if (node.nodeType !== 1) return;
        if (node.dataset && node.dataset.fold) settle(node);
      });
    });
  });
  observer.observe(root, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", function () {
    observer.disconnect();
  });
})();
