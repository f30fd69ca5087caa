// The gallery, filtered by topic, paper and words.
(function () {
  "use strict";
  var gallery = document.querySelector("[data-gallery]");
  var form = document.querySelector("[data-filter]");
  if (!gallery || !form) return;
  var own = window.weeknotes;
  var first = Array.from(gallery.children);
  var said = document.querySelector("[data-filter-count]");
  var pager = document.querySelector(".pager");
  var more = document.querySelector("[data-more]");
  var root = document.documentElement.dataset.root || "";
  var lang = document.documentElement.lang;

  function place(href) {
    var parts = href.split("#");
    parts[0] = parts[0].split("/").map(encodeURIComponent).join("/");
    return parts.join("#");
  }

  // A row: small image, its size, image, name, caption (HTML of this site), title, language, place,
  // week, topics, papers, and what else it is found by.
  function make(row) {
    var item = document.createElement("li");
    var figure = document.createElement("figure");
    var frame = document.createElement("a");
    var image = document.createElement("img");
    var words = document.createElement("figcaption");
    frame.className = "frame";
    frame.href = own.image(row[2]);
    frame.setAttribute("aria-label", first[0].querySelector(".frame").getAttribute("aria-label").replace(
      first[0].querySelector("img").alt, row[3]));
    image.src = own.image(row[0]);
    image.alt = row[3];
    image.loading = "lazy";
    if (row[1]) {
      image.width = row[1][0];
      image.height = row[1][1];
    }
    frame.append(image);
    if (row[4]) {
      var caption = document.createElement("p");
      caption.className = "caption";
      caption.innerHTML = row[4];
      if (row[6] !== lang) caption.lang = row[6];
      words.append(caption);
    }
    var where = document.createElement("p");
    where.className = "from-week";
    var link = document.createElement("a");
    link.href = root + place(row[7]);
    link.textContent = row[5];
    if (row[6] !== lang) link.lang = row[6];
    where.append(link);
    if (row[8]) {
      var week = document.createElement("span");
      week.className = "date";
      week.textContent = row[8];
      where.append(" · ", week);
    }
    words.append(where);
    figure.append(frame, words);
    item.append(figure);
    return item;
  }

  var data = own.filter(form, gallery.dataset.rows, {
    topic: function (row) {
      return row[9];
    },
    paper: function (row) {
      return row[10];
    },
  }, function () {
    var found = data.chosen(function (row) {
      return [row[3], row[4].replace(/<[^>]*>/g, " "), row[5], row[8], row[9].join(" "), row[10].join(" "), row[11]].join(" ");
    });
    if (pager) pager.hidden = found.any;
    if (!found.any) {
      gallery.replaceChildren.apply(gallery, first);
      more.hidden = true;
      return;
    }
    said.textContent = own.counted(said, found.rows.length);
    own.showSome(gallery, found.rows, make, more);
  });
})();
