// Topics in any span of weeks: the bars of the table are drawn anew from the numbers of each week.
(function () {
  "use strict";
  var form = document.querySelector("[data-span]");
  if (!form) return;
  var body = form.parentElement.querySelector(".bars tbody");
  var pattern = body.rows[0].cloneNode(true);
  var root = document.documentElement.dataset.root || "";

  function count(data, from, to) {
    var totals = new Map();
    Object.keys(data.weeks).forEach(function (week) {
      if (week < from || week > to) return;
      data.weeks[week].forEach(function (pair) {
        totals.set(pair[0], (totals.get(pair[0]) || 0) + pair[1]);
      });
    });
    return Array.from(totals).sort(function (a, b) {
      return b[1] - a[1] || a[0] - b[0];
    });
  }

  function show(data) {
    var weeks = [form.elements.from.value, form.elements.to.value].sort();
    var found = count(data, weeks[0], weeks[1]).slice(0, 24);
    var rows = found.map(function (pair) {
      var topic = data.topics[pair[0]];
      var row = pattern.cloneNode(true);
      var link = row.querySelector("a");
      link.textContent = topic[0];
      link.removeAttribute("lang");
      link.setAttribute("href", root + topic[1].split("/").map(encodeURIComponent).join("/"));
      row.querySelector("rect").setAttribute("width", 100 * pair[1] / found[0][1] + "%");
      row.lastElementChild.textContent = pair[1];
      return row;
    });
    body.replaceChildren.apply(body, rows);
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  form.addEventListener("change", function () {
    window.weeknotes.load(form.dataset.span).then(show, function () {
      // Offline: the table stays as it is.
    });
  });
})();
