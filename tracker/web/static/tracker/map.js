// The map of Explore: Leaflet over a graticule with the names of cities; tiles and outlines only where they are set.
// What is known to a district alone is drawn as the circle in which it lies. Near things are gathered.
(function () {
  "use strict";

  const NEAR = 46; // pixels within which things are gathered
  const ASIDE = 14; // pixels between the marks of two layers at one place
  const LISTED = 12;
  const CHINA = [[18, 74], [53, 134]];

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  async function read(url) {
    const answer = await fetch(url, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    return answer.json();
  }

  function links(features, words) {
    const box = element("div");
    const list = element("ul", "", "plain");
    features.slice(0, LISTED).forEach((feature) => {
      const item = element("li");
      const link = element("a", feature.properties.name);
      link.href = feature.properties.href;
      item.append(link);
      if (feature.properties.precision !== "site") {
        item.append(element("span", ` ${words.precision[feature.properties.precision] || ""}`, "meta"));
      }
      list.append(item);
    });
    box.append(list);
    if (features.length > LISTED) box.append(element("p", `+${features.length - LISTED}`, "meta"));
    return box;
  }

  // What lies near each other at this zoom: each thing joins the first heap whose beginning is near.
  function heaps(map, features) {
    const found = [];
    features.forEach((feature) => {
      const at = map.project(point(feature));
      const near = found.find((heap) => heap.at.distanceTo(at) < NEAR);
      if (near) near.features.push(feature);
      else found.push({ at, features: [feature] });
    });
    return found.map((heap) => heap.features);
  }

  function point(feature) {
    return L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]);
  }

  // The circles in which things lie whose place is not known exactly; each once, where it is large enough to be seen.
  function areas(map, group, features, layer) {
    const drawn = new Set();
    features.filter((feature) => feature.properties.precision !== "site").forEach((feature) => {
      const name = `${feature.geometry.coordinates} ${feature.properties.km}`;
      if (drawn.has(name)) return;
      drawn.add(name);
      const circle = L.circle(point(feature), { radius: feature.properties.km * 1000, className: `area area-${layer.kind}`, interactive: false });
      circle.addTo(group);
    });
  }

  function mark(map, group, features, layer, words) {
    const bounds = L.latLngBounds(features.map(point));
    const many = features.length > 1;
    const exact = features.every((feature) => feature.properties.precision === "site");
    const place = many ? bounds.getCenter() : point(features[0]);
    const together = bounds.getNorthEast().equals(bounds.getSouthWest());
    areas(map, group, features, layer);
    const size = many ? 34 : 18;
    const shape = many ? "cluster" : exact ? "exact" : "soft";
    const icon = L.divIcon({ className: `mark mark-${shape} mark-${layer.kind}`, iconSize: [size, size], iconAnchor: [size / 2 - layer.aside, size / 2], html: many ? String(features.length) : "" });
    const title = many ? `${layer.words} ${features.length} ${words.many}` : features[0].properties.name;
    const marker = L.marker(place, { icon, title, keyboard: true }).addTo(group);
    if (many && !together && map.getZoom() < map.getMaxZoom()) {
      marker.on("click", () => map.fitBounds(bounds, { padding: [40, 40] }));
    } else {
      marker.bindPopup(() => links(features, words), { maxHeight: 260 });
    }
  }

  function drawLayer(map, group, features, layer, words) {
    group.clearLayers();
    heaps(map, features).forEach((near) => mark(map, group, near, layer, words));
  }

  // --- what stands below

  function step(zoom) {
    return zoom < 4 ? 10 : zoom < 5 ? 5 : zoom < 7 ? 2 : zoom < 8 ? 1 : zoom < 9 ? 0.5 : zoom < 10 ? 0.25 : 0.1;
  }

  function graticule(map, group) {
    group.clearLayers();
    const by = step(map.getZoom());
    const box = map.getBounds();
    const line = { className: "graticule", interactive: false };
    const label = (at, text, side) => L.marker(at, { icon: L.divIcon({ className: `degrees degrees-${side}`, html: text, iconSize: null }), interactive: false, keyboard: false }).addTo(group);
    const tidy = (value) => String(Math.round(value * 100) / 100);
    for (let lng = Math.ceil(box.getWest() / by) * by; lng < box.getEast(); lng += by) {
      L.polyline([[box.getSouth(), lng], [box.getNorth(), lng]], line).addTo(group);
      label([box.getSouth(), lng], `${tidy(lng)}°E`, "south");
    }
    for (let lat = Math.ceil(box.getSouth() / by) * by; lat < box.getNorth(); lat += by) {
      L.polyline([[lat, box.getWest()], [lat, box.getEast()]], line).addTo(group);
      label([lat, box.getWest()], `${tidy(lat)}°N`, "west");
    }
  }

  // Names of cities, as many as have room; those with most entries first.
  function cityNames(map, group, cities) {
    group.clearLayers();
    const taken = [];
    const box = map.getBounds();
    cities.forEach((city) => {
      const at = point(city);
      if (!box.contains(at)) return;
      const spot = map.latLngToContainerPoint(at);
      const wide = city.properties.name.length * (city.properties.name.charCodeAt(0) > 255 ? 13 : 7) + 24;
      if (taken.some((other) => Math.abs(other.x - spot.x) < (other.wide + wide) / 2 && Math.abs(other.y - spot.y) < 24)) return;
      taken.push({ x: spot.x, y: spot.y, wide });
      L.marker(at, { icon: L.divIcon({ className: "city-name", html: element("span", city.properties.name).outerHTML, iconSize: null }), interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(group);
    });
  }

  function ground(map, said) {
    if (said.tiles) L.tileLayer(said.tiles, { maxZoom: 16 }).addTo(map);
    if (said.outlines) {
      read(said.outlines).then((shapes) => L.geoJSON(shapes, { interactive: false, className: "outline" }).addTo(map));
    }
    if (said.licence) map.attributionControl.addAttribution(element("span", `${said.licence} · ${said.review}`).outerHTML);
  }

  function opened(box, said) {
    const map = L.map(box, { minZoom: 3, maxZoom: 13, zoomControl: false, zoomSnap: 0.5, worldCopyJump: false });
    map.attributionControl.setPrefix("");
    L.control.zoom({ zoomInTitle: said.words.in, zoomOutTitle: said.words.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.fitBounds(CHINA);
    ground(map, said);
    return map;
  }

  function failed(box, said) {
    if (box.parentElement.querySelector(".notices")) return;
    box.parentElement.append(element("p", said.words.failed, "notices"));
  }

  window.trackerMap = function (box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "yes";
    box.textContent = "";
    const said = JSON.parse(document.getElementById("map-data").textContent);
    const map = opened(box, said);
    const lines = L.layerGroup().addTo(map);
    const names = L.layerGroup().addTo(map);
    const control = L.control.layers(null, null, { collapsed: window.matchMedia("(max-width: 48rem)").matches }).addTo(map);
    let cities = [];

    if (!said.tiles) {
      map.on("moveend", () => { graticule(map, lines); cityNames(map, names, cities); });
      graticule(map, lines);
      read(said.cities).then((found) => { cities = found.features; cityNames(map, names, cities); }).catch(() => failed(box, said));
    }

    said.layers.forEach((layer, number) => {
      layer.aside = number * ASIDE;
      const group = L.layerGroup();
      let features = null;
      const draw = () => { if (features && map.hasLayer(group)) drawLayer(map, group, features, layer, said.words); };
      const fetched = () => read(layer.url).then((found) => {
        features = found.features;
        if (number === 0 && features.length) {
          map.fitBounds(L.latLngBounds(features.map(point)).pad(0.1), { maxZoom: 10 });
        }
        draw();
        box.dataset[`shown${number}`] = String(features.length);
      }).catch(() => failed(box, said));
      group.on("add", () => { if (features) draw(); else fetched(); });
      map.on("zoomend", draw);
      control.addOverlay(group, layer.words);
      if (number === 0) group.addTo(map);
    });
  };
})();
