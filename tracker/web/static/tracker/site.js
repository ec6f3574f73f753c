// Comfort only: every page works without this file.
(function () {
  "use strict";

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  function focusSearch(event) {
    const box = document.querySelector("[data-search]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }

  function close(target) {
    const open = document.querySelectorAll("details[data-menu][open]");
    open.forEach((menu) => {
      menu.open = false;
      if (menu.contains(target)) menu.querySelector("summary").focus();
    });
    if (!open.length && typing(target)) target.blur();
  }

  // Arrow keys move between the links of the list that has the focus, or into the first list of the page.
  function move(event, step) {
    const list = event.target.closest("[data-list]") || (event.target === document.body && document.querySelector("[data-list]"));
    if (!list) return;
    const links = Array.from(list.querySelectorAll("a.name, .events > li a, .lines a.name"));
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") close(event.target);
    if (typing(event.target)) return;
    if (event.key === "/") focusSearch(event);
    if (event.key === "ArrowDown") move(event, 1);
    if (event.key === "ArrowUp") move(event, -1);
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // On a narrow screen the filters begin folded, so that the list is seen first.
  if (window.matchMedia("(max-width: 60rem)").matches) {
    document.querySelectorAll("details[data-facets]").forEach((side) => { side.open = false; });
  }
})();
