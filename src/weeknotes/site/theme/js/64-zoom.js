// An image of a figure at its full size, over the page, where the page shows it smaller than it is.
(function () {
  "use strict";
  var text = document.querySelector(".text");
  if (!text || !window.HTMLDialogElement) return;
  var dialog = document.createElement("dialog");
  dialog.className = "full";
  var large = document.createElement("img");
  dialog.append(large);
  document.body.append(dialog);
  dialog.addEventListener("click", function () {
    dialog.close();
  });
  dialog.addEventListener("close", function () {
    large.removeAttribute("src");
  });

  text.addEventListener("click", function (event) {
    var image = event.target.closest("figure img");
    if (!image || image.closest("a, button, dialog") || event.button) return;
    if (image.naturalWidth <= image.clientWidth * 1.1) return;
    large.src = image.currentSrc || image.src;
    large.alt = image.alt;
    dialog.setAttribute("aria-label", image.alt);
    dialog.showModal();
  });
})();
