// Suggestions below the search box, as a WAI-ARIA combobox. Comfort only: without this file the form searches.
(function () {
  "use strict";

  const WAIT = 150; // milliseconds after the last key

  function combobox(box) {
    const list = document.createElement("ul");
    list.id = `${box.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0] ? box.labels[0].textContent : box.placeholder);
    list.hidden = true;
    box.parentElement.append(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    let timer = 0;
    let asking = null;
    let typed = box.value;

    const options = () => Array.from(list.querySelectorAll("[role=option]"));
    const chosen = () => list.querySelector("[aria-selected=true]");

    function show(open) {
      list.hidden = !open;
      box.setAttribute("aria-expanded", String(open));
      if (!open) box.removeAttribute("aria-activedescendant");
    }

    function choose(option) {
      options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
      if (option) {
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        box.removeAttribute("aria-activedescendant");
      }
    }

    function move(step) {
      const all = options();
      if (!all.length) return;
      const at = all.indexOf(chosen());
      const next = at + step;
      choose(next < 0 && at >= 0 ? null : all[next < 0 ? all.length - 1 : next >= all.length ? 0 : next]);
    }

    async function ask() {
      if (asking) asking.abort();
      const words = box.value.trim();
      if (!words) { show(false); return; }
      asking = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}${box.dataset.suggest.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { signal: asking.signal });
        if (!answer.ok) return;
        list.innerHTML = await answer.text();
        options().forEach((option) => { option.id = `${list.id}-${option.id}`; });
        show(options().length > 0 && document.activeElement === box);
      } catch (error) {
        if (error.name !== "AbortError") show(false);
      }
    }

    // A box that adds sends its form with the key of what was chosen; any other goes to its page.
    function take(option) {
      if (!box.dataset.adds) { window.location.assign(option.dataset.href); return; }
      const added = document.createElement("input");
      Object.assign(added, { type: "hidden", name: box.dataset.adds, value: option.dataset.key });
      box.value = "";
      box.after(added);
      box.form.requestSubmit();
    }

    box.addEventListener("input", () => {
      typed = box.value;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden && options().length && typed === box.value) show(true);
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && !list.hidden && chosen()) {
        event.preventDefault();
        take(chosen());
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        show(false);
      }
    });
    box.addEventListener("blur", () => window.setTimeout(() => show(false), 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(combobox);
})();
