// Remarks in a letter are kept in this browser as they are typed, and go back in one click: as a file
// to save, or as a mail. The letter itself is never changed, and nothing is sent by it.
(function () {
  "use strict";
  var page = document.documentElement;
  var key = "weeknotes-remarks:" + page.dataset.letter;
  var rooms = Array.from(document.querySelectorAll("[data-note]"));
  var name = document.querySelector("[data-by]");
  var state = document.querySelector("[data-kept]");
  var bar = document.querySelector(".remarks-bar");
  var kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key)) || {};
  } catch (error) {
    kept = {};
  }

  function words(room) {
    return room.innerText.replace(/\u00a0/g, " ").replace(/\n{3,}/g, "\n\n").trim();
  }

  function keep() {
    var notes = {};
    rooms.forEach(function (room) {
      if (words(room)) notes[room.dataset.note] = words(room);
    });
    kept = { by: name.value, notes: notes };
    try {
      localStorage.setItem(key, JSON.stringify(kept));
      state.textContent = state.dataset.kept;
    } catch (error) {
      state.textContent = state.dataset.lost; // Storage is off: save them before leaving.
    }
  }

  function today() {
    var now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  function remarks() {
    return rooms.filter(words).map(function (room) {
      return { note: room.dataset.note, title: room.dataset.title, text: words(room) };
    });
  }

  function fileName() {
    return "remarks-" + today() + ".json";
  }

  function save() {
    var data = { format: "weeknotes-remarks", by: name.value.trim(), date: today(), remarks: remarks() };
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
    link.download = fileName();
    link.click();
  }

  // Mail programs cut addresses of more than about 2,000 characters: longer remarks go as a file.
  var LONGEST = 1900;

  function mail(event) {
    var start = "mailto:?subject=" + encodeURIComponent(document.title) + "&body=";
    var lines = ["By: " + name.value.trim(), "Date: " + today(), ""];
    remarks().forEach(function (remark) {
      lines.push("[" + remark.note + "] " + remark.title, remark.text, "");
    });
    var body = encodeURIComponent(lines.join("\r\n"));
    if (start.length + body.length > LONGEST) {
      save();
      body = encodeURIComponent(event.currentTarget.dataset.attach.replace("{}", fileName()));
    }
    location.href = start + body;
  }

  // A link into a note that is folded opens it.
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (target) target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  function unfold(event) {
    var button = event.currentTarget;
    var folds = Array.from(document.querySelectorAll(".letter-week details"));
    var open = !folds.every(function (details) {
      return details.open;
    });
    folds.forEach(function (details) {
      details.open = open;
    });
    var words = button.textContent;
    button.textContent = button.dataset.all;
    button.dataset.all = words;
  }

  if (!rooms.length || !bar) return;
  rooms.forEach(function (room) {
    var before = (kept.notes || {})[room.dataset.note];
    if (before && !words(room)) room.innerText = before;
    room.addEventListener("input", keep);
  });
  name.value = name.value || kept.by || "";
  name.addEventListener("input", keep);
  bar.hidden = false;
  bar.querySelector("[data-save]").addEventListener("click", save);
  bar.querySelector("[data-all]").addEventListener("click", unfold);
  bar.querySelector("[data-mail]").addEventListener("click", mail);
})();
