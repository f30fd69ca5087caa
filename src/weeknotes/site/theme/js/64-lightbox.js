// A figure at its full size, over the page: those of the gallery, and those in the text. Arrows lead to the
// figures before and after it. Without this a link of the gallery leads to the image.
(function () {
  "use strict";
  if (!window.HTMLDialogElement) return;
  var words = window.weeknotes.words;
  var gallery = document.querySelector("[data-gallery]");
  var text = document.querySelector("main .text");
  if (!gallery && !text) return;
  var dialog = null;
  var image, caption, place, previous, next, shown, zoom;

  function button(name, sign, label, does) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", does);
    return made;
  }

  function build() {
    dialog = document.createElement("dialog");
    dialog.className = "full";
    var bar = document.createElement("div");
    bar.className = "full-bar";
    place = document.createElement("p");
    place.className = "full-place";
    var stage = document.createElement("div");
    stage.className = "full-stage";
    image = document.createElement("img");
    image.draggable = false;
    stage.append(image);
    zoom = window.weeknotes.zoom(stage, image, step);
    caption = document.createElement("div");
    caption.className = "full-caption";
    previous = button("previous", "\u2039", words.previous, function () {
      step(-1);
    });
    next = button("next", "\u203a", words.next, function () {
      step(1);
    });
    bar.append(place, button("smaller", "\u2212", words.smaller, function () {
      zoom.by(1 / 1.6);
    }), button("larger", "+", words.enlarge, function () {
      zoom.by(1.6);
    }), button("close", "\u00d7", words.close, function () {
      dialog.close();
    }));
    dialog.append(bar, previous, stage, next, caption);
    var chrome = document.querySelector(".site-header");
    if (chrome && chrome.lang) bar.lang = chrome.lang;
    document.body.append(dialog);
    // As large as there is room. A small picture is not blown up to a blur, as a drawing may be.
    function fit() {
      var isDrawing = /\.svg$|^data:image\/svg/.test(image.currentSrc.split("?")[0]);
      var most = isDrawing ? Infinity : 2;
      var style = getComputedStyle(stage);
      var width = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      var height = stage.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
      var scale = Math.min(most, width / image.naturalWidth, height / image.naturalHeight);
      if (!(scale > 0 && scale < Infinity)) return;
      image.style.width = image.naturalWidth * scale + "px";
      image.style.height = image.naturalHeight * scale + "px";
      zoom.reset();
    }
    image.addEventListener("load", fit);
    window.addEventListener("resize", function () {
      if (dialog.open) fit();
    });
    dialog.addEventListener("close", function () {
      image.removeAttribute("src");
      if (shown && shown.isConnected) shown.focus({ preventScroll: true });
    });
    dialog.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "ArrowRight") step(1);
      else if (event.key === "+" || event.key === "=") zoom.by(1.6);
      else if (event.key === "-") zoom.by(1 / 1.6);
      else if (event.key === "0") zoom.reset();
      else return;
      event.preventDefault();
    });
  }

  // Links of the gallery, and images of the text, in order.
  function figures() {
    if (gallery) return Array.from(gallery.querySelectorAll(".frame"));
    return Array.from(text.querySelectorAll("[data-enlarge]")).filter(function (one) {
      return !one.checkVisibility || one.checkVisibility();
    });
  }

  function show(figure) {
    if (!dialog) build();
    shown = figure;
    var small = figure.querySelector("img") || figure;
    image.src = figure.href || small.currentSrc || small.src;
    image.alt = small.alt;
    var around = figure.closest("figure");
    var said = around && around.querySelector("figcaption");
    var copy = said ? said.cloneNode(true) : document.createElement("span");
    copy.querySelectorAll("[id]").forEach(function (element) {
      element.removeAttribute("id");
    });
    caption.replaceChildren.apply(caption, Array.from(copy.childNodes));
    caption.lang = said ? (said.closest("[lang]") || document.documentElement).lang : "";
    dialog.setAttribute("aria-label", small.alt || words.figures);
    var all = figures();
    previous.hidden = next.hidden = all.length < 2;
    place.textContent = all.length < 2 ? "" : all.indexOf(figure) + 1 + " / " + all.length;
    zoom.reset();
    if (!dialog.open) dialog.showModal();
    if (caption.scrollHeight > caption.clientHeight) caption.tabIndex = 0;
    else caption.removeAttribute("tabindex");
  }

  function step(way) {
    var all = figures();
    if (all.length < 2) return;
    show(all[(all.indexOf(shown) + way + all.length) % all.length]);
  }

  function plain(event) {
    return !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  }

  if (gallery) {
    gallery.addEventListener("click", function (event) {
      var link = event.target.closest(".frame");
      if (!link || !plain(event)) return;
      event.preventDefault();
      show(link);
    });
    return;
  }
  text.querySelectorAll("figure img").forEach(function (one) {
    if (one.closest("a, button, summary, dialog")) return;
    one.dataset.enlarge = "";
    one.tabIndex = 0;
    one.setAttribute("role", "button");
    one.setAttribute("aria-haspopup", "dialog");
    if (!one.alt) one.setAttribute("aria-label", words.enlarge);
  });
  text.addEventListener("click", function (event) {
    var one = event.target.closest("[data-enlarge]");
    if (one && plain(event)) show(one);
  });
  text.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    var one = event.target.closest("[data-enlarge]");
    if (!one) return;
    event.preventDefault();
    show(one);
  });
})();
