// Formulas are copied as TeX: `$…$`, and `$$…$$` for one on a line of its own.
(function () {
  "use strict";
  document.addEventListener("copy", function (event) {
    var selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !event.clipboardData) return;
    if (event.target.closest && event.target.closest("input, textarea, [contenteditable]")) return;
    var part = document.createElement("div");
    for (var i = 0; i < selection.rangeCount; i += 1) {
      part.append(wholeFormulas(selection.getRangeAt(i)).cloneContents());
    }
    var formulas = part.querySelectorAll("math");
    if (!formulas.length) return;
    var html = part.innerHTML;
    formulas.forEach(function (formula) {
      var source = formula.querySelector('annotation[encoding="application/x-tex"]');
      var sign = formula.getAttribute("display") === "block" ? "$$" : "$";
      var tex = source ? sign + source.textContent.trim() + sign : formula.textContent;
      formula.replaceWith(document.createTextNode(tex));
    });
    // Only what is in the page has lines: `innerText` of what is not is one run.
    part.style.cssText = "position:fixed;inset:0 auto auto -200vw;width:100vw";
    part.setAttribute("aria-hidden", "true");
    document.body.append(part);
    var text = part.innerText;
    part.remove();
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
  });

  // `range` with the formulas in which it begins and ends as a whole.
  function wholeFormulas(range) {
    var whole = range.cloneRange();
    var start = within(range.startContainer);
    var end = within(range.endContainer);
    if (start) whole.setStartBefore(start);
    if (end) whole.setEndAfter(end);
    return whole;
  }

  function within(node) {
    var element = node.nodeType === 1 ? node : node.parentElement;
    return element && element.closest("math");
  }
})();
