// Comfort for the payload form: suggestions, dates as understood, rows without a round trip.
// Everything works without this file; nothing acts while an input method is composing.
"use strict";

const form = document.querySelector("form.payload, #user_form");

function later(work, wait = 200) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), wait); };
}

async function asked(url, query) {
  const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : {};
}

// --- references

let lists = 0;

function offered(input, kinds, url = input.dataset.suggestUrl) {
  const list = document.createElement("datalist");
  list.id = `suggestions-${(lists += 1)}`;
  input.setAttribute("list", list.id);
  input.after(list);
  const ask = later(async () => {
    const found = await asked(input.form?.dataset.suggestUrl || url, { kinds, q: input.value });
    list.replaceChildren(...(found.results || []).map((result) => {
      const option = document.createElement("option");
      option.value = result.value;
      option.label = [result.value, result.kind, result.name_en].filter(Boolean).join(" · ");
      return option;
    }));
  });
  input.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
  input.addEventListener("compositionend", ask);
  return list;
}

function withAdder(area) {
  const input = document.createElement("input");
  input.className = "adder";
  input.placeholder = "搜索后选取，添加一行";
  input.setAttribute("aria-label", `添加：${area.labels[0]?.textContent.trim() || ""}`);
  area.after(input);
  const list = offered(input, area.dataset.suggest, area.dataset.suggestUrl);
  const take = () => {
    if (![...list.options].some((option) => option.value === input.value)) return;
    area.value = [...area.value.split("\n").filter(Boolean), input.value].join("\n");
    input.value = "";
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) take(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); take(); }
  });
}

// --- dates

function said(input) {
  const note = document.createElement("small");
  note.className = "understood";
  note.setAttribute("aria-live", "polite");
  input.after(note);
  const show = async () => {
    if (!input.value.trim()) { note.textContent = ""; return; }
    const found = await asked(form.dataset.dateUrl, { text: input.value });
    note.classList.toggle("no", found.edtf === null);
    note.textContent = found.edtf ? `${found.edtf}　${found.said}` : found.said || "";
  };
  input.addEventListener("input", later((event) => { if (!event.isComposing) show(); }, 350));
  input.addEventListener("compositionend", show);
  if (input.value) show();
}

// --- rows

function another(event) {
  const button = event.target.closest("button.add, button.cite");
  if (!button) return;
  event.preventDefault();
  const [list, path] = button.value.split("@");
  const section = form.querySelector(`[data-list="${list}"]`);
  const total = section.querySelector("input[name$='-TOTAL_FORMS']");
  const blank = document.createElement("div");
  blank.innerHTML = section.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
  const row = blank.firstElementChild;
  button.before(row);
  total.value = Number(total.value) + 1;
  comfort(row);
  if (path) {
    row.querySelector("input[name$='-path']").value = path;
    row.querySelector("input[name$='-source']").focus();
    return;
  }
  row.querySelector("input, select, textarea")?.focus();
}

function comfort(part) {
  part.querySelectorAll("input[data-suggest]").forEach((input) => offered(input, input.dataset.suggest));
  part.querySelectorAll("textarea[data-many]").forEach(withAdder);
  part.querySelectorAll("input[data-date]").forEach(said);
}

if (form) {
  comfort(form);
  form.addEventListener("click", another);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
  const start = new FormData(form);
  const changed = () => [...new FormData(form)].some(([name, value]) => start.get(name) !== value);
  let sending = false;
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => { if (!sending && form.dataset.suggestUrl && changed()) event.preventDefault(); });
  form.querySelector(".wrong input, .wrong select, .wrong textarea, p.error")?.scrollIntoView({ block: "center" });
}

document.querySelectorAll("form.payload-like").forEach(comfort);

// --- deciding by keyboard: the keys that the buttons show

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = document.querySelector(`form.decide button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  const note = button.form.elements.note;
  if ("note" in button.dataset && !note.value.trim()) { note.focus(); return; }
  button.click();
});

// --- the work that is left: one tick for the whole page

document.querySelector("[data-tick-all]")?.addEventListener("change", (event) => {
  event.target.form.querySelectorAll("input[name=task]").forEach((box) => { box.checked = event.target.checked; });
});

// --- long work: the bar moves by itself, and the page comes anew when the work has ended

const working = document.querySelector("[data-progress-url]");

async function follow() {
  const found = await asked(working.dataset.progressUrl, {}).catch(() => ({}));
  if (found.running === false) { location.reload(); return; }
  if (found.running) {
    const grouped = (number) => number.toLocaleString("en");
    const bar = working.querySelector("progress");
    working.querySelector("[data-progress-text]").textContent =
      grouped(found.done) + (found.total ? ` / ${grouped(found.total)}` : "");
    if (found.total) { bar.max = found.total; bar.value = found.done; }
  }
  setTimeout(follow, 1000);
}

if (working) setTimeout(follow, 700);
