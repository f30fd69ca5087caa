// Tabsets, after the ARIA Authoring Practices' tabs pattern with automatic activation.
(function () {
  "use strict";
  var count = 0;

  function upgrade(tabset) {
    var panels = Array.from(tabset.children).filter(function (child) {
      return child.classList.contains("tab");
    });
    if (panels.length < 2) return;
    var list = document.createElement("div");
    list.className = "tab-list";
    list.setAttribute("role", "tablist");
    var tabs = panels.map(function (panel) {
      count += 1;
      var title = panel.querySelector(":scope > .tab-title");
      var tab = document.createElement("button");
      tab.type = "button";
      tab.id = "tab-" + count;
      tab.setAttribute("role", "tab");
      tab.innerHTML = title ? title.innerHTML : String(count);
      tab.querySelectorAll("a").forEach(function (link) {
        link.remove();
      });
      // A formula has no text that names a button.
      if (title && title.querySelector("math")) {
        tab.setAttribute("aria-label", title.textContent.trim());
      }
      if (title && title.lang) tab.lang = title.lang;
      if (title) title.hidden = true;
      if (!panel.id) panel.id = "tab-panel-" + count;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      tab.setAttribute("aria-controls", panel.id);
      list.append(tab);
      return tab;
    });

    function select(index) {
      tabs.forEach(function (tab, position) {
        var chosen = position === index;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
        panels[position].hidden = !chosen;
      });
    }

    list.addEventListener("click", function (event) {
      var tab = event.target.closest("[role=tab]");
      if (tab) select(tabs.indexOf(tab));
    });
    list.addEventListener("keydown", function (event) {
      var from = tabs.indexOf(event.target.closest("[role=tab]"));
      var to = {
        ArrowRight: from + 1,
        ArrowLeft: from - 1,
        Home: 0,
        End: tabs.length - 1,
      }[event.key];
      if (from < 0 || to === undefined) return;
      event.preventDefault();
      to = (to + tabs.length) % tabs.length;
      select(to);
      tabs[to].focus();
    });
    tabset.addEventListener("weeknotes:show", function (event) {
      var index = panels.indexOf(event.target);
      if (index >= 0) {
        event.stopPropagation();
        select(index);
      }
    });
    tabset.prepend(list);
    tabset.classList.add("ready");
    select(0);
  }

  document.querySelectorAll(".tabset").forEach(upgrade);
  // An address may point into a tab that was not yet one when folds were opened.
  window.weeknotes.reveal(window.weeknotes.hash);
})();
