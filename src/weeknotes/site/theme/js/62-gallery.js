// A figure of the gallery at its full size, over the page. Without this the link leads to the image.
(function () {
  "use strict";
  var gallery = document.querySelector("[data-gallery]");
  if (!gallery || !window.HTMLDialogElement) return;
  var dialog = document.createElement("dialog");
  dialog.className = "full";
  var image = document.createElement("img");
  var words = document.createElement("div");
  var close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = gallery.dataset.close;
  close.addEventListener("click", function () {
    dialog.close();
  });
  dialog.append(image, words, close);
  document.body.append(dialog);
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", function () {
    image.removeAttribute("src");
  });

  gallery.addEventListener("click", function (event) {
    var link = event.target.closest(".frame");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    var small = link.querySelector("img");
    image.src = link.href;
    image.alt = small.alt;
    image.removeAttribute("width");
    var caption = link.parentElement.querySelector("figcaption");
    words.replaceChildren.apply(words, Array.from(caption.cloneNode(true).childNodes));
    dialog.setAttribute("aria-label", small.alt);
    dialog.showModal();
    close.focus();
  });
})();
