// Data of the site that a page asks for when it needs them. They are scripts, since a page that was opened
// from a folder may load no other data.
(function () {
  "use strict";
  var own = window.weeknotes;
  var given = {};

  // What the script `name` calls.
  own.data = function (name, data) {
    given[name] = data;
  };

  own.load = function (name) {
    return own.script(name).then(function () {
      return given[name];
    });
  };

  own.plain = function (text) {
    return text.toLowerCase().normalize("NFKC");
  };
  // The words of `element` for a number, in the grammatical number that fits it.
  own.counted = function (element, number) {
    return number === 1 ? element.dataset.one : element.dataset.words.replace("{}", number);
  };
  own.words = JSON.parse(document.documentElement.dataset.words || "{}");

  // A filter form over rows of data: `facets` maps the name of each select to the values of a row.
  // Its choice is in the address, so that it can be mailed. `update` is called after each change.
  own.filter = function (form, name, facets, update) {
    var MANY = 2000; // More rows than that are loaded when they are asked for.
    var state = { rows: null };
    var given = new URLSearchParams(location.search);
    var keys = Object.keys(facets);
    var names = JSON.parse(form.dataset.names || "{}"); // other names of topics, from the glossary

    // The value of what the address names, which may be another name of it.
    function known(key, counts) {
      var asked = given.get(key);
      if (!asked || counts.has(asked)) return asked || "";
      return Array.from(counts.keys()).find(function (value) {
        return own.plain(value) === own.plain(asked) || (names[value] || []).map(own.plain).includes(own.plain(asked));
      }) || "";
    }

    function fill(rows) {
      keys.forEach(function (key) {
        var counts = new Map();
        rows.forEach(function (row) {
          facets[key](row).forEach(function (value) {
            if (value) counts.set(value, (counts.get(value) || 0) + 1);
          });
        });
        var order = new Intl.Collator(document.documentElement.lang, { numeric: true });
        var found = Array.from(counts.keys()).sort(function (a, b) {
          if (key === "year") return order.compare(b, a);
          return counts.get(b) - counts.get(a) || order.compare(a, b);
        }).slice(0, 400);
        var select = form.elements[key];
        found.forEach(function (value) {
          var said = key === "topic" ? [value].concat(names[value] || []).join(" · ") : value;
          select.append(new Option(said + " (" + counts.get(value) + ")", value));
        });
        select.value = known(key, counts);
        select.disabled = !found.length;
      });
    }

    state.load = function () {
      return own.load(name).then(function (rows) {
        if (!state.rows) {
          state.rows = rows;
          fill(rows);
        }
        return rows;
      });
    };

    // The rows that what was chosen lets through, and whether anything was chosen.
    state.chosen = function (textOf, test) {
      var words = own.plain(form.elements.words.value).split(/\s+/).filter(Boolean);
      var values = keys.map(function (key) {
        return form.elements[key].value;
      });
      var any = words.length > 0 || values.some(Boolean);
      return {
        any: any,
        rows: (state.rows || []).filter(function (row) {
          if (test && !test(row)) return false;
          var holds = keys.every(function (key, i) {
            return !values[i] || facets[key](row).indexOf(values[i]) >= 0;
          });
          if (!holds || !words.length) return holds;
          var text = own.plain(textOf(row));
          return words.every(function (word) {
            return text.includes(word);
          });
        }),
      };
    };

    function remember() {
      var next = new URLSearchParams(location.search);
      new FormData(form).forEach(function (value, key) {
        if (value) next.set(key, value);
        else next.delete(key);
      });
      if (own.isFolder) return;
      var text = next.toString();
      history.replaceState(null, "", location.pathname + (text ? "?" + text : "") + location.hash);
    }

    function changed() {
      state.load().then(function () {
        remember();
        update();
      }, function () {
        // Offline: the page stays as it is.
      });
    }

    form.addEventListener("input", changed);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
    if (given.get("words")) form.elements.words.value = given.get("words");
    var asked = form.elements.words.value || keys.some(function (key) {
      return given.get(key);
    });
    var total = Number(document.querySelector("[data-rows]").dataset.total);
    if (asked) state.load().then(update, function () {});
    else if (total <= MANY) window.addEventListener("load", function () {
      setTimeout(function () {
        state.load().catch(function () {});
      }, 200);
    });
    ["focusin", "pointerenter", "touchstart"].forEach(function (event) {
      form.addEventListener(event, function () {
        state.load().catch(function () {});
      }, { once: true, passive: true });
    });
    return state;
  };

  // `items` in `list` by and by: `PART` at first, the next ones at a click on `button`.
  own.showSome = function (list, items, make, button) {
    var PART = 300;
    var shown = 0;
    function more() {
      list.append.apply(list, items.slice(shown, shown + PART).map(make));
      shown = Math.min(items.length, shown + PART);
      button.hidden = shown >= items.length;
    }
    list.replaceChildren();
    button.onclick = more;
    more();
  };
})();
