// Comfort only: Explore works without this file. htmx replaces the page's middle and gives the focus back by id;
// here folds and the sheet stay as they were, and the map is loaded when it is shown.
(function () {
  "use strict";

  const addresses = document.currentScript.dataset;
  let kept = { folds: {}, top: 0 };

  function folds() {
    return document.querySelectorAll("#explore details[id], #explore details[data-facets]");
  }

  function keep() {
    const side = document.querySelector("#explore .facets");
    kept = { folds: {}, top: side ? side.scrollTop : 0 };
    folds().forEach((fold) => { kept.folds[fold.id || "sheet"] = fold.open; });
  }

  function restore() {
    folds().forEach((fold) => {
      const open = kept.folds[fold.id || "sheet"];
      if (open !== undefined) fold.open = open;
    });
    const side = document.querySelector("#explore .facets");
    if (side) side.scrollTop = kept.top;
    showMap();
  }

  // An address without what was left empty.
  function tidy(event) {
    const asked = event.detail.parameters;
    new Set(Array.from(asked.keys())).forEach((name) => {
      if (asked.getAll(name).every((value) => value === "")) asked.delete(name);
    });
  }

  function load(source) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  let loading;
  function showMap() {
    if (!document.querySelector("[data-map]")) return;
    if (!document.querySelector(`link[href="${addresses.leafletStyle}"]`)) {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = addresses.leafletStyle;
      document.head.append(style);
    }
    loading = loading || load(addresses.leaflet).then(() => load(addresses.mapScript));
    loading.then(() => window.trackerMap(document.querySelector("[data-map]")));
  }

  function closeSheet() {
    const sheet = document.querySelector("#explore details[data-facets]");
    if (sheet && sheet.open && window.matchMedia("(max-width: 60rem)").matches) {
      sheet.open = false;
      sheet.querySelector("summary").focus();
    }
  }

  // htmx throws a refused answer away: what is wrong is said in the form that asked, and all else stays.
  function explain(event) {
    const { xhr, pathInfo, requestConfig: { elt } } = event.detail;
    const said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-wrong]");
    if (!said) {
      window.location.assign(pathInfo.finalRequestPath);
      return;
    }
    forget();
    const told = document.createElement("p");
    told.id = "wrong";
    told.className = "trouble";
    told.setAttribute("role", "alert");
    told.textContent = said.textContent;
    const button = elt.querySelector("[type=submit]");
    if (button) button.before(told);
    else document.querySelector("#explore .body").prepend(told);
    const field = elt.querySelector(`[name="${CSS.escape(said.dataset.wrong)}"]:not([type=hidden])`);
    if (!field) return;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", told.id);
    field.focus();
  }

  function forget() {
    document.querySelectorAll("#explore [aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    });
    const told = document.getElementById("wrong");
    if (told) told.remove();
  }

  document.addEventListener("htmx:configRequest", tidy);
  document.addEventListener("htmx:responseError", explain);
  document.addEventListener("htmx:beforeSwap", keep);
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-close-facets]")) closeSheet(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSheet(); });
  showMap();
})();
