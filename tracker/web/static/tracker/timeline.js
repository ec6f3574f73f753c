// Comfort for the timeline: the page works without this file, by links and a form.
// Arrow keys between marks, a card for the event under the pointer or the focus, a brush over the axis, and windows
// that change without leaving the page.
(function () {
  "use strict";

  const root = () => document.querySelector("[data-timeline]");
  const visible = (element) => element.getClientRects().length > 0;
  const typing = (target) => target.closest("input, textarea, select");

  // --- moving between marks with the keyboard: one mark is in the order of Tab, arrows lead to the others

  const lanes = () => Array.from(root().querySelectorAll(".lane-marks, .overviews"))
    .map((lane) => Array.from(lane.querySelectorAll(".mark, .rows a")).filter(visible))
    .filter((marks) => marks.length);

  function rove() {
    root().querySelectorAll(".chart .mark").forEach((mark) => mark.setAttribute("tabindex", "-1"));
    [root().querySelector(".overviews"), root().querySelector("[data-lanes]")].forEach((part) => {
      const first = part && Array.from(part.querySelectorAll(".mark")).find(visible);
      if (first) first.setAttribute("tabindex", "0");
    });
  }

  const middle = (mark) => { const box = mark.getBoundingClientRect(); return box.left + box.width / 2; };

  function neighbour(mark, key) {
    const all = lanes();
    const lane = all.findIndex((marks) => marks.includes(mark));
    if (lane < 0) return null;
    const marks = all[lane], at = marks.indexOf(mark);
    if (key === "ArrowRight") return marks[at + 1];
    if (key === "ArrowLeft") return marks[at - 1];
    if (key === "Home") return marks[0];
    if (key === "End") return marks[marks.length - 1];
    const stacked = key === "ArrowDown" ? marks[at + 1] : marks[at - 1];
    if (stacked && stacked.dataset.title && mark.querySelector(".label")) return stacked;
    const other = all[lane + (key === "ArrowDown" ? 1 : -1)];
    if (!other) return null;
    return other.reduce((best, one) => Math.abs(middle(one) - middle(mark)) < Math.abs(middle(best) - middle(mark)) ? one : best);
  }

  function focus(mark) {
    const part = mark.closest(".overviews, [data-lanes]");
    part.querySelectorAll('.mark[tabindex="0"]').forEach((one) => one.setAttribute("tabindex", "-1"));
    mark.setAttribute("tabindex", "0");
    mark.focus();
  }

  // --- the card of one event

  let card = null, of = null;

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function fill(mark) {
    const chart = root().querySelector("[data-chart]"), data = mark.dataset;
    const made = element("div", "card", "");
    const when = element("p", "meta", `${data.date} · EDTF ${data.edtf}`);
    const title = element("p", "card-title", data.title);
    const marks = element("sup", "marks", "");
    (data.sources ? data.sources.split(" ") : []).forEach((number) => {
      const link = element("a", "", number);
      link.href = `#source-${number}`;
      link.setAttribute("aria-label", `${chart.dataset.source} ${number}`);
      marks.append(link);
    });
    title.append(marks);
    made.append(when, title, element("p", "meta", data.about));
    if (mark.querySelector(".conflict-mark")) made.append(element("p", "mark-conflict", `≠ ${chart.dataset.conflict}`));
    if (mark.classList.contains("possible")) made.append(element("p", "possibly", chart.dataset.possible));
    const open = element("a", "open", chart.dataset.open);
    open.href = mark.href.baseVal;
    made.append(open);
    return made;
  }

  function show(mark) {
    if (of === mark || !mark.dataset.title) return;
    hide();
    of = mark;
    card = fill(mark);
    const lane = mark.closest(".lane-marks"), frame = lane.getBoundingClientRect(), box = mark.getBoundingClientRect();
    lane.append(card);
    const left = Math.min(Math.max(0, middle(mark) - frame.left - 40), frame.width - card.offsetWidth);
    card.style.left = `${lane.offsetLeft + Math.max(0, left)}px`;
    card.style.top = `${lane.offsetTop + box.bottom - frame.top + 4}px`;
    card.addEventListener("mouseleave", () => hide());
  }

  function hide() {
    if (card) card.remove();
    card = of = null;
  }

  // --- another window without leaving the page

  const here = () => location.pathname + location.search;
  let shown = here();

  async function swap(address, push) {
    const focused = document.activeElement, part = focused && focused.closest("[data-lanes], .moves, .controls, .overviews");
    const found = part && (part.matches("[data-lanes]") ? "[data-lanes]" : `.${part.classList[0]}`);
    const words = focused && focused.textContent;
    root().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-timeline]");
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      const open = root().querySelector("details[data-filters]").open;
      hide();
      root().replaceWith(fresh);
      if (open) fresh.querySelector("details[data-filters]").open = true;
      document.title = page.title;
      const language = "a.tool[hreflang]";
      document.querySelector(language).href = page.querySelector(language).getAttribute("href");
      if (push) history.pushState({}, "", address);
      shown = here();
      document.querySelector("[data-said]").textContent = fresh.querySelector("p.result").textContent;
      rove();
      refocus(found, words);
    } catch {
      location.href = address;
    }
  }

  function refocus(part, words) {
    if (!part) return;
    const inside = root().querySelector(part);
    if (!inside) return;
    const links = Array.from(inside.querySelectorAll("a")).filter(visible);
    const same = links.find((link) => link.textContent === words && !link.matches(".mark"));
    (same || inside.querySelector('.mark[tabindex="0"]') || links[0])?.focus({ preventScroll: true });
  }

  const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const mark = event.target.closest(".mark");
    if (mark && mark.dataset.title && mark !== of && event.pointerType === "touch") {
      event.preventDefault(); // the first tap shows, the card leads on
      return show(mark);
    }
    if (!link || !root() || !root().contains(link) || !plain(event)) {
      if (card && !card.contains(event.target)) hide();
      return undefined;
    }
    const address = link.getAttribute("href");
    if (link.matches(".many, .overview .mark, [data-swap]") && address.startsWith("?")) {
      event.preventDefault();
      swap(location.pathname + (address === "?" ? "" : address), true);
    }
    return undefined;
  });

  window.addEventListener("popstate", () => { if (root() && here() !== shown) swap(here(), false); });

  // --- a brush over the overview and over the axis of the lanes

  let brush = null;

  function dayAt(axis, x) {
    const svg = Array.from(axis.querySelectorAll("svg")).find(visible).getBoundingClientRect();
    const before = Number(axis.dataset.before), room = 100 - before - Number(axis.dataset.after);
    const share = ((x - svg.left) / svg.width * 100 - before) / room;
    const first = Date.parse(axis.dataset.first), last = Date.parse(axis.dataset.last) + 86400000;
    return new Date(first + Math.min(1, Math.max(0, share)) * (last - first) - (share >= 1 ? 86400000 : 0));
  }

  function ends(axis, from, to) {
    const [first, last] = [dayAt(axis, Math.min(from, to)), dayAt(axis, Math.max(from, to))];
    const days = (last - first) / 86400000;
    const length = days > 1500 ? 4 : days > 60 ? 7 : 10; // years, months or days
    return [first.toISOString().slice(0, length), last.toISOString().slice(0, length)];
  }

  document.addEventListener("pointerdown", (event) => {
    const axis = event.target.closest("[data-axis]");
    if (!axis || event.button !== 0) return;
    const svg = Array.from(axis.querySelectorAll("svg")).find(visible);
    const shade = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    shade.setAttribute("class", "brushing");
    shade.setAttribute("y", "0");
    shade.setAttribute("height", svg.getAttribute("height"));
    brush = { axis, svg, shade, from: event.clientX, moved: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!brush) return;
    if (!brush.moved && Math.abs(event.clientX - brush.from) < 6) return;
    brush.moved = true;
    if (!brush.shade.isConnected) brush.svg.append(brush.shade);
    const left = brush.svg.getBoundingClientRect().left;
    brush.shade.setAttribute("x", String(Math.min(event.clientX, brush.from) - left));
    brush.shade.setAttribute("width", String(Math.abs(event.clientX - brush.from)));
  });

  document.addEventListener("pointerup", (event) => {
    if (!brush) return;
    const { axis, shade, from, moved } = brush;
    brush = null;
    shade.remove();
    if (!moved) return;
    const [first, last] = ends(axis, from, event.clientX);
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", stop, { capture: true }), 0);
    const address = root().querySelector("[data-chart]").dataset.brush.replace("FROM", first).replace("TO", last);
    swap(location.pathname + address, true);
  });

  document.addEventListener("pointercancel", () => { if (brush) { brush.shade.remove(); brush = null; } });
  document.addEventListener("dragstart", (event) => { if (brush) event.preventDefault(); });

  function stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  // --- hover, focus, keys

  document.addEventListener("pointerover", (event) => {
    const mark = event.pointerType === "mouse" && event.target.closest(".lane-marks .mark");
    if (mark) show(mark);
    else if (card && event.pointerType === "mouse" && !event.target.closest(".card, .lane-marks")) hide();
  });

  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest(".lane-marks .mark");
    if (mark && mark.matches(":focus-visible")) show(mark);
    else if (card && !card.contains(event.target) && event.target !== of) hide();
  });

  function zoom(step) {
    const links = Array.from(root().querySelectorAll("[data-zoom]"));
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[Math.max(0, at) + step];
    if (next) next.click();
  }

  const KEYS = {
    "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1),
    "[": () => root().querySelector("[data-earlier]")?.click(), "]": () => root().querySelector("[data-later]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (!root() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "Escape" && card) {
      const back = of;
      hide();
      if (!back.contains(document.activeElement)) back.focus();
      hide();
      return;
    }
    const mark = event.target.closest(".chart .mark, .rows a");
    if (mark && /^(Arrow|Home|End)/.test(event.key)) {
      event.preventDefault();
      const next = neighbour(mark, event.key);
      if (next) focus(next);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  // --- names while typing

  let asked = 0;

  document.addEventListener("input", async (event) => {
    const field = event.target.closest("[data-suggest]");
    if (!field || !field.value.trim()) return;
    const number = ++asked;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (number !== asked) return;
    const query = new URLSearchParams({ q: field.value.trim(), page_size: "12" });
    field.dataset.suggest.split(" ").forEach((kind) => query.append("kind", kind));
    const answer = await fetch(`/api/v1/search/?${query}`);
    if (!answer.ok || number !== asked) return;
    const names = (await answer.json()).results.map((found) => found.name);
    field.list.replaceChildren(...Array.from(new Set(names), (name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }));
  });

  window.matchMedia("(max-width: 60rem)").addEventListener("change", () => { if (root()) rove(); });
  if (root()) rove();
})();
