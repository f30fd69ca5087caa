// The calendar shows its latest week first where it is wider than the screen.
(function () {
  "use strict";
  var calendar = document.querySelector(".calendar");
  if (!calendar) return;
  var links = calendar.tBodies[0].rows[0].querySelectorAll("a");
  var latest = links[links.length - 1];
  var box = calendar.parentElement;
  if (latest && box.scrollWidth > box.clientWidth) {
    box.scrollLeft = latest.offsetLeft - box.clientWidth / 2;
  }
})();
