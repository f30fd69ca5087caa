// What is new or changed since this reader last looked. It is kept in this browser alone: which notes
// were there at the end of the visit before this one, and the words of those of the last months.
(function () {
  "use strict";
  var own = window.weeknotes;
  var root = new URL(document.documentElement.dataset.root || "./", document.baseURI);
  var lists = document.querySelectorAll("[data-since]");
  var VISIT = 4 * 3600 * 1000; // A pause as long as this begins another visit.
  var MONTHS = 12; // So many months' words are kept,
  var MOST = 1500000; // and so many characters of them.
  var ALIKE = 0.5; // Notes that share so much of their words are one note, changed.

  function load(name) {
    try {
      return JSON.parse(own.stored(name));
    } catch (error) {
      return null;
    }
  }

  function json(path) {
    // Asked anew each time, so that the index and the months are of one build.
    return fetch(new URL(path, root), { cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  // Keys are sixteen characters: a note's identity, and the fingerprint of its words.
  function keysOf(index) {
    return [].concat.apply([], Object.values(index.months));
  }

  function byIdentity(keys) {
    return new Map(keys.map(function (key) {
      return [key.slice(0, 8), key];
    }));
  }

  function monthOf(index, key) {
    return Object.keys(index.months).find(function (month) {
      return index.months[month].includes(key);
    });
  }

  var files = {};
  function month(name) {
    files[name] = files[name] || json("changes/" + name + ".json");
    return files[name];
  }

  // Words of the last months, by the fingerprint: [title, text].
  function keepWords(index, base) {
    var wanted = new Set(keysOf(index).concat(base).map(function (key) {
      return key.slice(8);
    }));
    var kept = load("words") || {};
    Object.keys(kept).forEach(function (key) {
      if (!wanted.has(key)) delete kept[key];
    });
    var names = Object.keys(index.months).sort().slice(-MONTHS).reverse();
    var missing = names.filter(function (name) {
      return index.months[name].some(function (key) {
        return !kept[key.slice(8)];
      });
    });
    return missing.reduce(function (before, name) {
      return before.then(function () {
        return month(name);
      }).then(function (notes) {
        notes.forEach(function (note) {
          kept[note.key.slice(8)] = [note.title, note.text];
        });
      });
    }, Promise.resolve()).then(function () {
      var text = JSON.stringify(kept);
      if (missing.length && text.length < MOST) own.store("words", text);
    });
  }

  function wordsOf(text) {
    return text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hangul}]|[\p{L}\p{N}]+/gu) || [];
  }

  function likeness(a, b) {
    var first = new Set(wordsOf(a));
    var second = new Set(wordsOf(b));
    var both = 0;
    first.forEach(function (word) {
      if (second.has(word)) both += 1;
    });
    return both / (first.size + second.size - both || 1);
  }

  // What differs between the notes that were there before and those that are there now.
  function compare(index, base) {
    var before = byIdentity(base);
    var keys = keysOf(index);
    var now = byIdentity(keys);
    var goneWords = new Map();
    before.forEach(function (key, identity) {
      if (!now.has(identity)) goneWords.set(key.slice(8), key);
    });
    var found = keys.filter(function (key) {
      var known = before.get(key.slice(0, 8));
      if (known === key) return false;
      // The same words under another identity: the note was moved or renamed.
      if (!known && goneWords.delete(key.slice(8))) return false;
      return true;
    });
    var months = new Set(found.map(function (key) {
      return monthOf(index, key);
    }));
    var kept = load("words") || {};
    return Promise.all(Array.from(months, month)).then(function (notes) {
      notes = [].concat.apply([], notes).filter(function (note) {
        return found.includes(note.key);
      });
      return notes.map(function (note) {
        var known = before.get(note.key.slice(0, 8));
        if (!known) known = likest(note, goneWords, kept);
        var words = known && kept[known.slice(8)];
        return { note: note, kind: known ? "changed" : "new", words: words || null };
      }).reverse();
    });
  }

  function likest(note, gone, kept) {
    var best = null;
    var most = ALIKE;
    gone.forEach(function (key, words) {
      var text = kept[words];
      var alike = text ? likeness(text[1], note.text) : 0;
      if (alike > most) {
        most = alike;
        best = key;
      }
    });
    if (best) gone.delete(best.slice(8));
    return best;
  }

  function badge(kind, words) {
    var mark = document.createElement("span");
    mark.className = "mark " + kind;
    mark.textContent = words[kind];
    return mark;
  }

  function markPage(changes, words) {
    var kinds = new Map(changes.map(function (change) {
      return [new URL(change.note.href, root).href, change.kind];
    }));
    document.querySelectorAll("details.note[data-fold] > summary").forEach(function (summary) {
      var kind = kinds.get(new URL(summary.parentElement.dataset.fold, root).href);
      if (kind) summary.append(badge(kind, words));
    });
    document.querySelectorAll(".contents a[href^='#']").forEach(function (link) {
      var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      var fold = target && target.dataset.fold;
      var kind = fold && kinds.get(new URL(fold, root).href);
      if (kind) link.append(badge(kind, words));
    });
    var places = ".entries h3 a, .note-list a, .related a, .gallery figcaption a, .passages .from-week a";
    document.querySelectorAll(places).forEach(function (link) {
      var kind = kinds.get(link.href);
      if (kind) link.after(badge(kind, words));
    });
    var count = document.querySelector("[data-news-count]");
    if (count && changes.length) {
      var mark = badge("new", words);
      mark.textContent = changes.length;
      count.append(" ", mark);
    }
    document.dispatchEvent(new CustomEvent("weeknotes:news"));
  }

  function item(change, words, full) {
    var entry = document.createElement("li");
    var link = document.createElement("a");
    link.href = new URL(change.note.href, root).href;
    link.textContent = change.note.title;
    link.lang = change.note.lang;
    var week = document.createElement("span");
    week.className = "from-week";
    week.textContent = " " + change.note.week;
    entry.append(link, week, badge(change.kind, words));
    if (full && change.kind === "changed") {
      if (change.words) {
        entry.append(own.sideBySide(change.words[1], change.note.text, change.note.lang, words));
      }
      else {
        var said = document.createElement("p");
        said.textContent = words.unknown;
        entry.append(said);
      }
    }
    return entry;
  }

  // "2 new, 1 changed", each as a mark.
  function counted(changes, words) {
    var found = ["new", "changed"].map(function (kind) {
      var number = changes.filter(function (change) {
        return change.kind === kind;
      }).length;
      var mark = badge(kind, words);
      mark.textContent = number + " " + words[kind];
      return number ? mark : "";
    });
    found.splice(1, 0, " ");
    return found;
  }

  function show(changes, words, first) {
    lists.forEach(function (place) {
      var full = place.dataset.since === "all";
      var target = place.querySelector("[data-since-list]") || place;
      var count = place.querySelector("[data-since-count]");
      if (count) {
        if (changes.length) count.replaceChildren.apply(count, counted(changes, words));
        else count.textContent = first ? place.dataset.first : place.dataset.nothing;
      }
      if (!changes.length) {
        var said = document.createElement("p");
        said.textContent = first ? words.never : words.nothing;
        target.replaceChildren(said);
        return;
      }
      var list = document.createElement("ul");
      list.className = "since-list";
      changes.slice(0, full ? 200 : 8).forEach(function (change) {
        list.append(item(change, words, full));
      });
      target.replaceChildren(list);
    });
    var button = document.querySelector("[data-seen]");
    if (button && changes.length) {
      button.parentElement.hidden = false;
      button.addEventListener("click", function () {
        var state = load("seen");
        own.store("seen", JSON.stringify({ at: Date.now(), base: state.now, now: state.now }));
        button.parentElement.hidden = true;
        document.querySelectorAll(".mark").forEach(function (mark) {
          mark.remove();
        });
        show([], words, false);
      });
    }
  }

  function idle(work) {
    if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 4000 });
    else setTimeout(work, 500);
  }

  function settled() {
    document.documentElement.dataset.news = "settled";
  }

  if (own.isFolder) {
    settled();
    return;
  }
  json("changes.json").then(function (index) {
    if (index.format !== 1) return null;
    var keys = keysOf(index);
    var state = load("seen");
    var first = !state || !Array.isArray(state.now);
    if (first) state = { at: Date.now(), base: keys, now: keys };
    var again = Date.now() - state.at > VISIT;
    if (again) state.base = state.now;
    // All pages of a first visit say that it is one.
    first = first || Boolean(state.first && !again);
    state = { at: Date.now(), base: state.base, now: keys, first: first };
    var same = state.base.join() === keys.join();
    return (same ? Promise.resolve([]) : compare(index, state.base)).then(function (changes) {
      own.store("seen", JSON.stringify(state));
      markPage(changes, index.words);
      show(changes, index.words, first);
      idle(function () {
        keepWords(index, state.base).catch(function () {
          // Offline in between: the next page tries again.
        });
      });
    });
  }).catch(function () {
    // Offline, or storage is full: the page is as it was written.
  }).then(settled);
})();
