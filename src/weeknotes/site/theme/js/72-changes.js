// What changed between two dates, both included: `?from=2026-W45&to=2026-W47`, weeks or days.
(function () {
  "use strict";
  var form = document.querySelector("[data-changes]");
  if (!form) return;
  var own = window.weeknotes;
  var root = document.documentElement.dataset.root || "";
  var list = document.querySelector("[data-changes-list]");
  var lead = document.querySelector("[data-span-shown]");
  var words = JSON.parse(form.dataset.words);
  var DAY = 86400000;
  var run = 0;

  // The data are scripts, which a page that was opened from a folder may load too.
  var parts = {};
  own.history = function (name, data) {
    parts[name] = data;
  };
  function load(name) {
    return own.script("history/" + name + ".js?" + form.dataset.changes).then(function () {
      return parts[name];
    });
  }

  function iso(time) {
    return new Date(time).toISOString().slice(0, 10);
  }

  // The Monday of an ISO week: that of the fourth of January's week, and so many weeks on.
  function monday(year, week) {
    var fourth = Date.UTC(year, 0, 4);
    var day = new Date(fourth).getUTCDay() || 7;
    return fourth + (1 - day + 7 * (week - 1)) * DAY;
  }

  // The first or the last day of what `text` names; empty where it names nothing.
  function dayOf(text, last) {
    var week = /^(\d{4})-?W(\d{2})$/.exec(text || "");
    if (week) return iso(monday(Number(week[1]), Number(week[2])) + (last ? 6 * DAY : 0));
    return /^\d{4}-\d{2}-\d{2}$/.test(text || "") && !isNaN(Date.parse(text)) ? text : "";
  }

  function element(tag, name, text, lang) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    if (lang && lang !== document.documentElement.lang) made.lang = lang;
    return made;
  }

  // The number of the version that holds on `day`; -1 where there is none yet.
  function at(note, day) {
    var found = -1;
    note.v.forEach(function (version, number) {
      if (version[0] <= day) found = number;
    });
    return found;
  }

  function compare(note, from, to) {
    var before = at(note, iso(Date.parse(from) - DAY));
    var after = at(note, to);
    if (after < 0 || before === after) return null;
    var old = before < 0 ? -1 : note.v[before][1];
    var now = note.v[after][1];
    if (now === -1) return old === -1 ? null : { kind: "removed", note: note };
    if (old === -1) return { kind: "new", note: note, now: now };
    if (old === now && old !== -2) return null;
    return { kind: "changed", note: note, old: old, now: now };
  }

  function link(text, href, lang) {
    var made = element(href ? "a" : "span", "", text, lang);
    if (href) made.href = root + href;
    return made;
  }

  // The first words of a text, without what its pictures show. A Han character or kana is a word.
  function beginning(text) {
    text = text.replace(/\ufff9[^\ufffb]*\ufffb/g, " ").replace(/\s+/g, " ").trim();
    if (text.length <= 200) return text;
    var cut = text.slice(0, 200);
    if (/[\p{L}\p{N}]/u.test(text[200]) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text[200])) {
      cut = cut.replace(/[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,40}$/u, "");
    }
    return cut.trim() + "…";
  }

  function withPictures(text) {
    return text.replace(/\ufff9/g, "[").replace(/\ufffb/g, "]");
  }

  function noteItem(change) {
    var note = change.note;
    var item = element("li");
    item.append(link(note.t, note.h, note.l), " ", element("span", "from-week date", note.w));
    var texts = note.x || [];
    if (change.kind === "new" && texts[change.now]) {
      item.append(element("p", "excerpt", beginning(texts[change.now]), note.l));
    } else if (change.kind === "changed") {
      if (change.old >= 0 && change.now >= 0) {
        item.append(own.sideBySide(withPictures(texts[change.old]), withPictures(texts[change.now]), note.l, words));
      } else item.append(element("p", "excerpt", words.withheld));
    }
    return item;
  }

  function askItem(ask) {
    var item = element("li");
    var where = ask.c ? ask.z : ask.f;
    item.append(link(ask.t, where[2], ask.l), " ", element("span", "from-week date", where[1]));
    return item;
  }

  function section(kind, items) {
    if (!items.length) return "";
    var made = element("section", "changes-" + kind);
    made.id = "changes-" + kind;
    var head = element("h2", "", words[kind] + " ");
    head.append(element("span", "count", String(items.length)));
    var all = element("ol", kind === "changed" ? "changes-list" : "changes-list plain");
    all.append.apply(all, items);
    made.append(head, all);
    return made;
  }

  // How many there are of each, each leading to its own.
  function summary(sections) {
    var all = element("ul", "changes-summary");
    sections.forEach(function (made) {
      var head = made.firstChild;
      var item = element("li");
      var leads = element("a", "", head.firstChild.textContent.trim());
      leads.href = "#" + made.id;
      item.append(leads, " ", element("span", "count", head.lastChild.textContent));
      all.append(item);
    });
    var made = element("nav");
    made.setAttribute("aria-label", words.summary);
    made.append(all);
    return made;
  }

  function nothing() {
    var said = element("p", "", words.nothing + " ");
    var last = element("a", "", words.last.replace("{}", sayDay(dayOf(form.dataset.newest, true))));
    last.href = "?from=" + form.dataset.first + "&to=" + form.dataset.newest;
    said.append(last);
    return [said];
  }

  function show(years, from, to) {
    var inside = function (day) {
      return day >= from && day <= to;
    };
    var notes = [];
    var asks = new Map();
    years.forEach(function (data) {
      data.notes.forEach(function (note) {
        var change = compare(note, from, to);
        if (change) notes.push(change);
      });
      data.asks.forEach(function (ask) {
        asks.set(ask.k + ask.t, ask);
      });
    });
    notes.sort(function (a, b) {
      return a.note.w < b.note.w ? 1 : a.note.w > b.note.w ? -1 : 0;
    });
    function changes(kind) {
      return notes.filter(function (change) {
        return change.kind === kind;
      }).map(noteItem);
    }
    function asked(test) {
      return Array.from(asks.values()).filter(test).map(askItem);
    }
    var found = [
      section("new", changes("new")),
      section("changed", changes("changed")),
      section("removed", changes("removed")),
      section("answered", asked(function (ask) {
        return ask.c && inside(ask.z[0]);
      })),
      section("promised", asked(function (ask) {
        return ask.k === "task" && inside(ask.f[0]) && !(ask.c && ask.z[0] <= to);
      })),
      section("asked", asked(function (ask) {
        return ask.k !== "task" && inside(ask.f[0]) && !(ask.c && ask.z[0] <= to);
      })),
    ].filter(Boolean);
    list.replaceChildren.apply(list, found.length ? [summary(found)].concat(found) : nothing());
    list.setAttribute("aria-busy", "false");
    document.dispatchEvent(new CustomEvent("weeknotes:changes"));
  }

  // The day comes before the month, as everywhere on the site.
  var locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  function sayDay(day) {
    return new Date(day + "T12:00:00Z").toLocaleDateString(locale, {
      dateStyle: "long", timeZone: "UTC",
    });
  }

  function ask(from, to) {
    var mine = (run += 1);
    if (from > to) {
      var other = from;
      from = to;
      to = other;
    }
    form.elements.from.value = from;
    form.elements.to.value = to;
    lead.textContent = lead.dataset.spanShown.replace("{0}", sayDay(from)).replace("{1}", sayDay(to));
    list.setAttribute("aria-busy", "true");
    load("index").then(function (index) {
      var years = Object.keys(index.days).filter(function (year) {
        return index.days[year].some(function (day) {
          return day >= from && day <= to;
        });
      });
      return Promise.all(years.map(load));
    }).then(function (years) {
      if (mine === run) show(years, from, to);
    }, function () {
      list.setAttribute("aria-busy", "false");
    });
  }

  function remember(from, to) {
    history.replaceState(null, "", location.pathname + "?from=" + from + "&to=" + to);
    ask(from, to);
  }

  form.addEventListener("change", function () {
    var from = form.elements.from.value;
    var to = form.elements.to.value;
    if (from && to) remember(from, to);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-weeks]");
    if (!button) return;
    var to = present();
    remember(iso(Date.parse(to) + DAY - 7 * DAY * Number(button.dataset.weeks)), to);
  });
  // Today, or the end of the newest week where that is later: a period ends now, not with the last entry.
  function present() {
    var now = new Date();
    var today = iso(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
    var last = dayOf(form.dataset.newest, true);
    return today > last ? today : last;
  }

  // At first the last two weeks; where nothing was written in them, the last two of the journal.
  var given = new URLSearchParams(location.search);
  var begins = iso(Date.parse(present()) - 13 * DAY);
  var isLate = begins > dayOf(form.dataset.newest, true);
  ask(
    dayOf(given.get("from"), false) || (isLate ? dayOf(form.dataset.first, false) : begins),
    dayOf(given.get("to"), true) || (isLate ? dayOf(form.dataset.newest, true) : present()),
  );
})();
