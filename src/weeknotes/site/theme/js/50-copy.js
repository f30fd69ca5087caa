// A button that copies a block of code.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  var words = document.documentElement.dataset;

  document.querySelectorAll("div.sourceCode").forEach(function (block) {
    var code = block.querySelector("pre code");
    if (!code) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(code.textContent.replace(/\n$/, "")).then(function () {
        button.textContent = words.copied;
        setTimeout(function () {
          button.textContent = words.copy;
        }, 1500);
      });
    });
    block.append(button);
  });
})();
