/* Showing things: areas, single points, clusters of many points, heat; a legend with counts. */

import { make, said, words } from "./ground.js";
import { add_areas, begin, by_tone, card, extent, fetched, FONT, loaded, token } from "./map_base.js";

const TONES = ["danger", "soon", "info", "idle", "done"];

function add_points(map, id, data, clustered) {
  map.addSource(id, { type: "geojson", data, cluster: clustered, clusterRadius: 44, clusterMaxZoom: 16, clusterProperties: clustered ? { late: ["+", ["case", ["==", ["get", "tone"], "danger"], 1, 0]] } : undefined });
  if (clustered) {
    map.addLayer({
      id: `${id}-cluster`, type: "circle", source: id, filter: ["has", "point_count"],
      paint: { "circle-color": token("accent"), "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 50, 23, 200, 29], "circle-stroke-width": 3, "circle-stroke-color": ["case", [">", ["get", "late"], 0], token("danger"), token("surface")] },
    });
    map.addLayer({
      id: `${id}-count`, type: "symbol", source: id, filter: ["has", "point_count"],
      layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": token("surface") },
    });
  }
  map.addLayer({
    id: `${id}-point`, type: "circle", source: id, filter: ["!", ["has", "point_count"]],
    paint: { "circle-color": by_tone(token("accent")), "circle-radius": 7, "circle-stroke-width": 2, "circle-stroke-color": token("surface") },
  });
}

function add_heat(map, id, data) {
  map.addSource(id, { type: "geojson", data });
  map.addLayer({
    id: `${id}-heat`, type: "heatmap", source: id,
    paint: {
      "heatmap-weight": ["coalesce", ["get", "weight"], 1],
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 14, 15, 36],
      "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 9, 0.7, 15, 1.6],
      "heatmap-opacity": 0.75,
      "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)", 0.2, token("info-line"), 0.5, token("series-5"), 0.8, token("series-2"), 1, token("danger")],
    },
  });
}

function add(map, show, id, data) {
  if (show === "areas") add_areas(map, id, data);
  else if (show === "heat") add_heat(map, id, data);
  else add_points(map, id, data, show === "clusters");
}

function legend(element, labels, data) {
  const box = make("div", { class: "map-legend" });
  for (const tone of TONES) {
    const n = data.features.filter((one) => one.properties.tone === tone).length;
    if (!labels[tone] || !n) continue;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 10 10");
    svg.setAttribute("class", `swatch tone-${tone}`);
    svg.setAttribute("aria-hidden", "true");
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const name of ["cx", "cy", "r"]) dot.setAttribute(name, "5");
    svg.append(dot);
    box.append(make("span", {}, svg, `${labels[tone]} ${n}`));
  }
  element.querySelector(".map-said").after(box);
}

function react(map, maplibre, id) {
  const layers = [`${id}-point`, `${id}-fill`].filter((layer) => map.getLayer(layer));
  for (const layer of layers) {
    map.on("click", layer, (event) => {
      const over = map.queryRenderedFeatures(event.point).find((one) => one.properties.title || one.properties.cluster);
      if (event.features[0].source !== over?.source) return;
      new maplibre.Popup({ focusAfterOpen: true }).setLngLat(event.lngLat).setDOMContent(card(event.features[0].properties)).addTo(map);
    });
  }
  map.on("click", `${id}-cluster`, async (event) => {
    const [feature] = event.features;
    const zoom = await map.getSource(id).getClusterExpansionZoom(feature.properties.cluster_id);
    map.easeTo({ center: feature.geometry.coordinates, zoom: zoom + 0.5 });
  });
  for (const layer of [...layers, `${id}-cluster`].filter((one) => map.getLayer(one))) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
}

export async function startShow(element, maplibre) {
  const { map, settings, say } = begin(maplibre, element);
  const sources = settings.sources || [];
  let shown = [];
  const draw = () => shown.forEach(({ show, data }, n) => {
    const id = `data${n}`;
    for (const layer of map.getStyle().layers.filter((one) => one.source === id)) map.removeLayer(layer.id);
    if (map.getSource(id)) map.removeSource(id);
    add(map, show, id, data);
  });
  try {
    shown = await Promise.all(sources.map(async (one) => ({ show: one.show, data: one.data || await fetched(one.url) })));
  } catch {
    say(words.no_data);
    return;
  }
  await loaded(map);
  draw();
  shown.forEach((_, n) => react(map, maplibre, `data${n}`));
  document.addEventListener("linli:look", () => map.isStyleLoaded() && draw());
  const all = { features: shown.flatMap((one) => one.data.features) };
  const things = shown.filter((one) => one.show !== "areas").flatMap((one) => one.data.features);
  const box = extent(all);
  if (settings.focus) map.jumpTo({ center: settings.focus, zoom: settings.zoom || 15 });
  else if (box && settings.fit !== false) map.fitBounds(box, { padding: 32, maxZoom: 16, duration: 0 });
  if (settings.legend) legend(element, settings.legend, { features: things.length ? things : all.features });
  say(said("things", { n: things.length || all.features.length }));
}
