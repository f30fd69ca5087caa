// A table to sort by its columns and to filter. Where the list goes over several pages, its rows are data
// (`data-rows`), loaded when they are asked for; else they are those of the table.
(function () {
  "use strict";
  var table = document.querySelector("table[data-sorted]");
  if (!table) return;
  var own = window.weeknotes;
  var body = table.tBodies[0];
  var form = document.querySelector("[data-filter]");
  var said = document.querySelector("[data-filter-count]");
  var pager = document.querySelector(".pager");
  var more = document.querySelector("[data-more]");
  var root = document.documentElement.dataset.root || "";
  var order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  var rows = Array.from(body.rows);
  var first = rows.slice();
  var sorted = { column: -1, down: false, number: false };
  var data = null;
  var standing = form ? new FormData(form).get("status") || "" : "";

  // A row of data: address, title, language, authors, venue, year, status, notes, last day, topics,
  // and what else it is found by.
  var PLACES = [1, 5, 6, 7, 8]; // of the columns
  var statuses = {};
  if (form) {
    Array.from(form.querySelectorAll("[name=status]")).forEach(function (input) {
      statuses[input.value] = input.nextSibling.textContent.trim();
    });
  }

  function make(row) {
    var made = first[0].cloneNode(true);
    var link = made.querySelector("a");
    made.dataset.status = row[6];
    link.href = root + row[0].split("/").map(encodeURIComponent).join("/");
    link.textContent = row[1];
    if (row[2]) link.lang = row[2];
    else link.removeAttribute("lang");
    made.querySelector(".by").textContent = [row[3], row[4]].filter(Boolean).join(" · ");
    made.cells[1].textContent = row[5];
    made.cells[2].textContent = statuses[row[6]];
    made.cells[3].textContent = row[7] || "";
    made.cells[4].textContent = row[8];
    return made;
  }

  function value(row, column) {
    if (Array.isArray(row)) return String(row[PLACES[column]] || "");
    return row.cells[column].textContent.trim();
  }

  function compare(a, b) {
    var one = value(a, sorted.column);
    var other = value(b, sorted.column);
    if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1); // What is empty comes last.
    var found = sorted.number ? Number(one) - Number(other) : order.compare(one, other);
    return sorted.down ? -found : found;
  }

  function chosenRows(status) {
    if (data) {
      return data.chosen(function (row) {
        return [row[1], row[3], row[4], row[10]].concat(row[9]).join(" ");
      }, function (row) {
        return !status || row[6] === status;
      });
    }
    var words = form ? own.plain(form.elements.words.value).split(/\s+/).filter(Boolean) : [];
    var topic = form && form.elements.topic ? form.elements.topic.value : "";
    return {
      any: words.length > 0 || Boolean(topic),
      rows: rows.filter(function (row) {
        if (status === "open" ? row.dataset.status === "closed" : status && row.dataset.status !== status) {
          return false;
        }
        if (topic && !(row.dataset.topics || "").split("\n").includes(topic)) return false;
        var text = words.length ? own.plain(row.cells[0].textContent) : "";
        return words.every(function (word) {
          return text.includes(word);
        });
      }),
    };
  }

  function show() {
    var status = form ? new FormData(form).get("status") || "" : "";
    var found = chosenRows(status);
    // What the page itself shows needs no choosing: all of the list, or what is open, which is first.
    var all = status !== standing || found.any || sorted.column >= 0;
    table.classList.toggle("open-first", standing === "open" && status === "open");
    if (pager) pager.hidden = Boolean(all);
    if (said && all) said.textContent = own.counted(said, found.rows.length);
    if (!all) {
      body.replaceChildren.apply(body, first);
      if (more) more.hidden = true;
      return;
    }
    var shown = sorted.column >= 0 ? found.rows.slice().sort(compare) : found.rows;
    if (data) own.showSome(body, shown, make, more);
    else body.replaceChildren.apply(body, shown);
  }

  // Rows of the other pages of a list that has no data, as the script beside each gives them. All pages
  // are in one folder, so links hold.
  var rest = (table.dataset.rest || "").trim().split(/\s+/).filter(Boolean);
  var whole = rest.length ? null : Promise.resolve();
  function gather() {
    if (data) return data.load();
    whole = whole || Promise.all(rest.map(function (href) {
      return own.load(href.replace(/\.html$/, ".js")).then(function (html) {
        var other = document.createElement("template");
        other.innerHTML = "<table><tbody>" + html + "</tbody></table>";
        return Array.from(other.content.querySelectorAll("tbody > tr"));
      });
    })).then(function (found) {
      found.forEach(function (others) {
        rows = rows.concat(others.map(function (row) {
          return document.importNode(row, true);
        }));
      });
    }, function () {
      // Offline: what is on this page can still be sorted.
    });
    return whole;
  }

  function update() {
    gather().then(show, function () {});
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

  if (!form) return;
  var given = new URLSearchParams(location.search);
  var asked = given.get("show") || given.get("status");
  var choice = asked && Array.from(form.elements.status).find(function (input) {
    return input.value === asked;
  });
  if (choice) choice.checked = true;
  var topics = form.elements.topic;
  if (topics && given.get("topic") && !table.dataset.rows) topics.value = given.get("topic");
  if (table.dataset.rows) {
    data = own.filter(form, table.dataset.rows, {
      topic: function (row) {
        return row[9];
      },
      year: function (row) {
        return [row[5]];
      },
      venue: function (row) {
        return [row[4]];
      },
    }, show);
  } else {
    form.addEventListener("input", update);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
  }
  // A browser that goes back brings what was chosen with it.
  if ((new FormData(form).get("status") || "") !== standing || form.elements.words.value ||
      (topics && topics.value && !table.dataset.rows)) update();
})();
