// An image that fingers, a wheel, keys and buttons enlarge and move within its frame, as far as its edges.
// It begins in the middle of the frame.
(function () {
  "use strict";
  var MOST = 8;
  var TAP = 8; // pixels within which a press is a tap, not a movement
  var SWIPE = 50; // pixels of a swipe to the next or the one before

  // `swiped` is called with -1 or 1.
  window.weeknotes.zoom = function (stage, image, swiped) {
    var scale = 1;
    var x = 0;
    var y = 0;
    var held = new Map(); // the fingers that are down: where each is
    var start = null; // where the movement began, and how far apart two fingers were
    var lastTap = 0;

    function apply() {
      x = within(x, image.offsetWidth, stage.clientWidth);
      y = within(y, image.offsetHeight, stage.clientHeight);
      image.style.transform = scale > 1 ? "translate(" + x + "px," + y + "px) scale(" + scale + ")" : "";
      stage.classList.toggle("enlarged", scale > 1);
    }

    // A place along one side: centred where the image is smaller than the frame, else without a gap.
    function within(place, size, frame) {
      var before = (frame - size) / 2;
      var large = size * scale;
      if (large <= frame) return (size - large) / 2;
      return Math.min(-before, Math.max(frame - before - large, place));
    }

    // Enlarge to `next` so that what is at this place of the screen stays there.
    function to(next, clientX, clientY) {
      var box = stage.getBoundingClientRect();
      var left = box.left + (stage.clientWidth - image.offsetWidth) / 2;
      var top = box.top + (stage.clientHeight - image.offsetHeight) / 2;
      next = Math.min(MOST, Math.max(1, next));
      x = clientX - left - (clientX - left - x) * next / scale;
      y = clientY - top - (clientY - top - y) * next / scale;
      scale = next;
      apply();
    }

    function middle() {
      var points = Array.from(held.values());
      var sum = points.reduce(function (all, point) {
        return { x: all.x + point.x, y: all.y + point.y };
      }, { x: 0, y: 0 });
      return {
        x: sum.x / points.length,
        y: sum.y / points.length,
        apart: points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0,
      };
    }

    stage.addEventListener("pointerdown", function (event) {
      if (event.button) return;
      event.preventDefault(); // else the browser drags a copy of the image
      stage.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      var now = middle();
      start = { x: now.x, y: now.y, many: held.size > 1 || Boolean(start && start.many), last: now };
      stage.classList.add("moving");
    });
    stage.addEventListener("pointermove", function (event) {
      if (!held.has(event.pointerId) || !start) return;
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      var now = middle();
      x += now.x - start.last.x;
      y += now.y - start.last.y;
      if (now.apart && start.last.apart) to(scale * now.apart / start.last.apart, now.x, now.y);
      start.last = now;
      apply();
    });
    function released(event) {
      if (!held.delete(event.pointerId) || !start) return;
      if (held.size) {
        start.last = middle();
        return;
      }
      stage.classList.remove("moving");
      var across = event.clientX - start.x;
      var down = event.clientY - start.y;
      var many = start.many;
      start = null;
      if (many || event.type === "pointercancel") return;
      if (Math.hypot(across, down) < TAP) {
        // A click of a mouse, or the second of two taps, enlarges, and goes back.
        var twice = event.timeStamp - lastTap < 350;
        lastTap = event.timeStamp;
        if (event.pointerType === "mouse" || twice) to(scale > 1 ? 1 : 2.5, event.clientX, event.clientY);
      } else if (scale === 1 && Math.abs(across) > SWIPE && Math.abs(across) > 1.5 * Math.abs(down)) {
        swiped(across < 0 ? 1 : -1);
      }
    }
    stage.addEventListener("pointerup", released);
    stage.addEventListener("pointercancel", released);
    stage.addEventListener("wheel", function (event) {
      event.preventDefault();
      to(scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
    }, { passive: false });

    return {
      by: function (factor) {
        var box = stage.getBoundingClientRect();
        to(scale * factor, box.left + box.width / 2, box.top + box.height / 2);
      },
      reset: function () {
        scale = 1;
        x = y = 0;
        held.clear();
        start = null;
        apply();
      },
    };
  };
})();
