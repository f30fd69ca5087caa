// Two versions of a note beside each other, with what differs marked.
(function () {
  "use strict";

  // Words and spaces; of Han every character by itself.
  function tokens(text) {
    return text.match(/\p{Script=Han}|\s+|[^\s\p{Script=Han}]+/gu) || [];
  }

  // The longest common subsequence, between what the two have in common at their ends.
  function difference(a, b) {
    var start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
    var end = 0;
    while (end < a.length - start && end < b.length - start &&
      a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    var x = a.slice(start, a.length - end);
    var y = b.slice(start, b.length - end);
    var pairs = [];
    if (x.length * y.length < 4000000) {
      var width = y.length + 1;
      var lengths = new Uint16Array((x.length + 1) * width);
      for (var i = x.length - 1; i >= 0; i -= 1) {
        for (var j = y.length - 1; j >= 0; j -= 1) {
          lengths[i * width + j] = x[i] === y[j] ? lengths[(i + 1) * width + j + 1] + 1 :
            Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
        }
      }
      for (i = 0, j = 0; i < x.length && j < y.length;) {
        if (x[i] === y[j]) {
          pairs.push([start + i, start + j]);
          i += 1;
          j += 1;
        } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i += 1;
        else j += 1;
      }
    }
    var sameA = new Set();
    var sameB = new Set();
    for (i = 0; i < start; i += 1) pairs.push([i, i]);
    for (i = 1; i <= end; i += 1) pairs.push([a.length - i, b.length - i]);
    pairs.forEach(function (pair) {
      sameA.add(pair[0]);
      sameB.add(pair[1]);
    });
    return [sameA, sameB];
  }

  // The words with what differs marked; long stretches that stayed are cut short.
  function marked(list, same, tag) {
    var paragraph = document.createElement("p");
    var near = 14;
    var lastCut = false;
    var changedAt = list.map(function (token, number) {
      return same.has(number) ? -1 : number;
    }).filter(function (number) {
      return number >= 0;
    });
    var next = 0;
    list.forEach(function (token, number) {
      while (next < changedAt.length && changedAt[next] < number) next += 1;
      var ahead = next < changedAt.length ? changedAt[next] - number : Infinity;
      var behind = next > 0 ? number - changedAt[next - 1] : Infinity;
      if (Math.min(ahead, behind) > near) {
        if (!lastCut) paragraph.append(" … ");
        lastCut = true;
        return;
      }
      lastCut = false;
      if (same.has(number)) paragraph.append(token);
      else {
        var element = document.createElement(tag);
        element.textContent = token;
        paragraph.append(element);
      }
    });
    paragraph.normalize();
    return paragraph;
  }

  window.weeknotes.sideBySide = function (before, after, lang, words) {
    var a = tokens(before);
    var b = tokens(after);
    var same = difference(a, b);
    var box = document.createElement("div");
    box.className = "side-by-side";
    if (lang) box.lang = lang;
    var sides = [["before", a, same[0], "del"], ["after", b, same[1], "ins"]];
    // Where words were only added, or only taken out, one side alone has something to say.
    var told = sides.filter(function (side) {
      return side[2].size < side[1].length;
    });
    (told.length ? told : sides).forEach(function (side) {
      var half = document.createElement("div");
      var head = document.createElement("p");
      head.className = "side";
      head.textContent = words[side[0]];
      head.lang = document.documentElement.lang;
      half.append(head, marked(side[1], side[2], side[3]));
      box.append(half);
    });
    return box;
  };
})();
