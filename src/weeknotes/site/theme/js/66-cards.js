// Cards: what a citation, a reference to a figure, table, equation or note, and a footnote's number lead to,
// beside the link, where the pointer rests on it, where the keyboard's focus is, and at a tap. The card is
// in the top layer, so that nothing moves, and right after its link, so that Tab leads into it.
(function () {
  "use strict";
  var main = document.getElementById("main");
  if (!main || !HTMLElement.prototype.showPopover) return;
  var own = window.weeknotes;
  var words = own.words;
  var REST = 350; // milliseconds that the pointer rests before a card opens
  var LEAVE = 250;
  var LONGEST = 420; // characters of a note
  var card = null;
  var owner = null;
  var timer = 0;
  var run = 0;
  var pages = new Map();
  var pointer = "mouse";

  // The links that have cards: those in the text.
  function linkOf(target) {
    var link = target.closest && target.closest("a[href]");
    if (!link || !main.contains(link) || (card && card.contains(link))) return null;
    if (!link.closest(".text, .passages, .for-you, .views, .related")) return null;
    if (link.matches(".permalink, .to-paper, .frame, .tag, [role='doc-backlink'], [download]")) return null;
    return kindOf(link) ? link : null;
  }

  function kindOf(link) {
    if (link.protocol !== location.protocol || link.host !== location.host) return "";
    // In a packed site all pages are in one file, and have their names in the fragment.
    var inFile = /^#\/(papers\/)?/.exec(link.hash);
    if (inFile) return inFile[1] && link.closest(".citation") ? "paper" : "";
    if (link.pathname.indexOf("/papers/") >= 0 && link.closest(".citation")) return "paper";
    var isHere = link.pathname === location.pathname;
    if (!link.hash) return "";
    return isHere ? "here" : own.isFolder ? "" : "there";
  }

  function idOf(link) {
    try {
      return decodeURIComponent(link.hash.slice(1));
    } catch (error) {
      return link.hash.slice(1);
    }
  }

  function page(link) {
    var address = link.href.split("#")[0];
    if (!pages.has(address)) {
      var loading = fetch(address).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (text) {
        return new DOMParser().parseFromString(text, "text/html");
      });
      pages.set(address, loading);
      loading.catch(function () {
        pages.delete(address);
      });
    }
    return pages.get(address);
  }

  // A copy for a card of `element` of the page at `address`: without ids and what only works there, its
  // addresses made whole.
  function copyOf(element, address) {
    var copy = document.importNode(element, true);
    copy.querySelectorAll("[href]").forEach(function (link) {
      link.setAttribute("href", new URL(link.getAttribute("href"), address).href);
    });
    copy.querySelectorAll("img[src]").forEach(function (image) {
      image.src = new URL(image.getAttribute("src"), address).href;
      image.removeAttribute("srcset");
      image.removeAttribute("tabindex");
      image.removeAttribute("role");
    });
    copy.querySelectorAll(".permalink, .to-paper, .room, [role='doc-backlink'], .mark, button, .related, script")
      .forEach(function (extra) {
        extra.remove();
      });
    copy.removeAttribute("id");
    copy.removeAttribute("role");
    copy.querySelectorAll("[id]").forEach(function (inner) {
      inner.removeAttribute("id");
    });
    copy.querySelectorAll("details").forEach(function (details) {
      details.open = false;
    });
    return copy;
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // What is at `id` of `from`, a document: a figure, table or equation as it is, of a note its beginning.
  function excerpt(from, id, address) {
    var target = from.getElementById(id);
    if (!target) return null;
    if (target.matches("li, figure, table, .callout, .theorem, .csl-entry, [role='doc-footnote'], math") ||
        /^(fig|tbl|eq|thm|lem|cor|prp|def|exm|exr|lst|fn|ref)-?/.test(id)) {
      if (target.matches("a, span:empty")) target = target.closest("figure, p, div, li") || target;
      if (target.matches("span, math") && target.closest("p")) target = target.closest("p");
      return copyOf(target, address);
    }
    var note = target.closest("details.note, section") || target;
    var box = element("div", "card-note");
    var heading = note.querySelector("h1, h2, h3, h4, h5, h6");
    if (heading) {
      var title = element("p", "card-title", heading.textContent.trim());
      title.lang = (heading.closest("[lang]") || document.documentElement).lang;
      box.append(title);
    }
    var length = 0;
    Array.from(note.querySelectorAll("p, li, blockquote, figure")).some(function (block) {
      if (block.matches(".byline, .tag-line") || block.parentElement.closest("p, li, blockquote, figure")) return false;
      var copy = copyOf(block, address);
      if (copy.tagName === "LI") {
        var plain = element("p", "card-item");
        plain.append.apply(plain, Array.from(copy.childNodes));
        copy = plain;
      }
      length += copy.textContent.length;
      box.append(copy);
      return length > LONGEST;
    });
    return box;
  }

  function ofPaper(link) {
    var key = link.closest(".citation").dataset.cites || "";
    var entry = key.split(" ").length === 1 ? document.getElementById("ref-" + key) : null;
    var local = entry ? copyOf(entry, location.href) : null;
    if (own.isFolder) return Promise.resolve(local ? [local] : []);
    return page(link).then(function (found) {
      var box = [];
      var title = found.querySelector("h1");
      if (title) {
        var head = element("p", "card-title", title.textContent);
        if (title.lang) head.lang = title.lang;
        box.push(head);
      }
      var verdict = found.querySelector(".title-block .verdict");
      if (verdict) box.push(copyOf(verdict, link.href));
      var reference = found.querySelector("#reference ~ .csl-entry");
      if (reference || local) box.push(reference ? copyOf(reference, link.href) : local);
      var bibtex = found.querySelector("[data-format=bibtex] code");
      if (bibtex && navigator.clipboard) {
        var button = element("button", "card-copy", words.bibtex);
        button.type = "button";
        button.addEventListener("click", function () {
          navigator.clipboard.writeText(bibtex.textContent + "\n").then(function () {
            button.textContent = document.documentElement.dataset.copied;
          });
        });
        box.push(button);
      }
      return box;
    }, function () {
      return local ? [local] : [];
    });
  }

  function contents(link) {
    var kind = kindOf(link);
    if (kind === "paper") return ofPaper(link);
    if (kind === "here") {
      var found = excerpt(document, idOf(link), location.href);
      return Promise.resolve(found ? [found] : []);
    }
    return page(link).then(function (other) {
      var made = excerpt(other, idOf(link), link.href);
      return made ? [made] : [];
    }, function () {
      return [];
    });
  }

  function close(returnFocus) {
    clearTimeout(timer);
    run += 1;
    if (!card) return;
    var held = card.contains(document.activeElement);
    var before = owner;
    card.remove();
    card = owner = null;
    before.removeAttribute("aria-expanded");
    if (held && returnFocus) before.focus({ preventScroll: true });
  }

  function open(link, byTap) {
    if (owner === link) return;
    close(false);
    var mine = (run += 1);
    contents(link).then(function (parts) {
      if (mine !== run || !parts.length || !link.isConnected) {
        if (byTap && mine === run) location.href = link.href;
        return;
      }
      owner = link;
      card = element("div", "card");
      card.popover = "manual";
      card.setAttribute("role", "group");
      card.setAttribute("aria-label", link.textContent.trim());
      var body = element("div", "card-body");
      body.append.apply(body, parts);
      var foot = element("p", "card-foot");
      var buttons = parts.filter(function (part) {
        return part.matches(".card-copy");
      });
      foot.append.apply(foot, buttons);
      var go = element("a", "card-open", words.open);
      go.href = link.href;
      go.addEventListener("click", function () {
        setTimeout(close, 0, false);
      });
      foot.append(go);
      if (byTap) {
        var shut = element("button", "card-close", words.close);
        shut.type = "button";
        shut.addEventListener("click", function () {
          close(true);
        });
        foot.append(shut);
      }
      var chrome = document.querySelector(".site-header");
      foot.lang = chrome.lang || document.documentElement.lang;
      card.append(body, foot);
      link.after(card);
      card.showPopover();
      link.setAttribute("aria-expanded", "true");
      place(link);
      if (body.scrollHeight > body.clientHeight + 1) body.tabIndex = 0;
      card.addEventListener("pointerenter", function () {
        clearTimeout(timer);
      });
      card.addEventListener("pointerleave", leave);
    });
  }

  // Below the link where there is room, else above it; on a narrow screen at the foot (by its style).
  function place(link) {
    var at = link.getClientRects()[0] || link.getBoundingClientRect();
    var width = card.offsetWidth;
    var height = card.offsetHeight;
    var left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    var below = at.bottom + 6;
    var top = below + height > window.innerHeight && at.top - height - 6 > 0 ? at.top - height - 6 : below;
    card.style.left = left + "px";
    card.style.top = top + "px";
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(close, LEAVE, false);
  }

  function later(link, wait) {
    clearTimeout(timer);
    if (link !== owner) timer = setTimeout(open, wait, link, false);
  }

  document.addEventListener("pointerdown", function (event) {
    pointer = event.pointerType;
    if (card && !card.contains(event.target) && !(owner && owner.contains(event.target))) close(false);
  }, true);
  document.addEventListener("pointerover", function (event) {
    if (event.pointerType !== "mouse") return;
    var link = linkOf(event.target);
    if (link) later(link, REST);
  });
  document.addEventListener("pointerout", function (event) {
    if (event.pointerType !== "mouse" || !linkOf(event.target)) return;
    leave();
  });
  document.addEventListener("focusin", function (event) {
    if (card && (card.contains(event.target) || event.target === owner)) return;
    var link = linkOf(event.target);
    if (link && link.matches(":focus-visible")) later(link, REST);
    else if (card) close(false);
  });
  document.addEventListener("click", function (event) {
    var link = linkOf(event.target);
    if (!link || pointer !== "touch" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (owner === link) close(true);
    else open(link, true);
  }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !card) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  }, true);
  window.addEventListener("scroll", function () {
    if (card && pointer !== "touch" && !card.contains(document.activeElement)) close(false);
  }, { passive: true });
  window.addEventListener("resize", function () {
    close(false);
  });
})();
