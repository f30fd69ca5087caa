// A table to sort by its columns and to filter. A list that goes over several pages is put together
// the first time that it is asked for.
(function () {
  "use strict";
  var table = document.querySelector("[data-sorted]");
  if (!table) return;
  var body = table.tBodies[0];
  var form = document.querySelector("[data-filter]");
  var said = document.querySelector("[data-filter-count]");
  var pager = document.querySelector(".pager");
  var order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  var rows = Array.from(body.rows);
  var own = rows.slice();
  var rest = table.dataset.rest.trim().split(/\s+/).filter(Boolean);
  var whole = rest.length ? null : Promise.resolve();

  // Rows of the other pages of the list. All pages lie in one folder, so their links hold here.
  function gather() {
    if (!whole) {
      whole = Promise.all(rest.map(function (href) {
        return fetch(href).then(function (answer) {
          return answer.ok ? answer.text() : "";
        }).then(function (text) {
          var page = new DOMParser().parseFromString(text, "text/html");
          var other = page.querySelector("[data-sorted]");
          return other ? Array.from(other.tBodies[0].rows) : [];
        });
      })).then(function (found) {
        found.forEach(function (more) {
          rows = rows.concat(more.map(function (row) {
            return document.importNode(row, true);
          }));
        });
      }, function () {
        // Offline: what is on this page can still be sorted.
      });
    }
    return whole;
  }

  function value(row, column) {
    return row.cells[column].textContent.trim();
  }

  var sorted = { column: -1, down: false, number: false };

  function compare(a, b) {
    var first = value(a, sorted.column);
    var second = value(b, sorted.column);
    if (!first || !second) return (first ? 0 : 1) - (second ? 0 : 1); // What is empty comes last.
    var found = sorted.number ? Number(first) - Number(second) : order.compare(first, second);
    return sorted.down ? -found : found;
  }

  function show() {
    var data = form ? new FormData(form) : new Map();
    var status = data.get("status") || "";
    var words = (data.get("words") || "").toLowerCase().normalize("NFKC").split(/\s+/);
    words = words.filter(Boolean);
    var all = status || words.length || sorted.column >= 0;
    var found = (all ? rows : own).filter(function (row) {
      if (status && row.dataset.status !== status) return false;
      var text = words.length ? row.cells[0].textContent.toLowerCase().normalize("NFKC") : "";
      return words.every(function (word) {
        return text.includes(word);
      });
    });
    if (sorted.column >= 0) found = found.slice().sort(compare);
    body.replaceChildren.apply(body, found);
    if (pager) pager.hidden = Boolean(all);
    if (said && all) said.textContent = said.dataset.words.replace("{}", found.length);
  }

  function update() {
    gather().then(show);
  }

  table.querySelectorAll("th[data-sort]").forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.append.apply(button, Array.from(head.childNodes));
    head.append(button);
    button.addEventListener("click", function () {
      var again = sorted.column === column;
      var number = head.dataset.sort === "number";
      sorted = { column: column, down: again ? !sorted.down : number, number: number };
      table.querySelectorAll("th[aria-sort]").forEach(function (other) {
        other.removeAttribute("aria-sort");
      });
      head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      update();
    });
  });

  if (form) {
    form.addEventListener("input", update);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
    var asked = new URLSearchParams(location.search).get("show");
    var choice = asked && Array.from(form.elements.status).find(function (input) {
      return input.value === asked;
    });
    if (choice) choice.checked = true;
    // A browser that goes back brings what was chosen with it.
    if (new FormData(form).get("status") || form.elements.words.value) update();
  }
})();
