/* The ground of every map: no borrowed tiles, a muted plain, our own data on top in the page's colours.
   An installation may configure a raster source or a local pmtiles file (settings MAP). */

import { asset, make, script, style, words } from "./ground.js";

const FONT = ["Noto Sans CJK SC", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "sans-serif"];
const configured = JSON.parse(document.getElementById("map-settings")?.textContent || "{}");
let library;

function able() {
  const canvas = document.createElement("canvas");
  return Boolean(window.WebGL2RenderingContext && canvas.getContext("webgl2"));
}

/** MapLibre with its worker at an address of our own; rejects where maps cannot be drawn. */
export async function ready() {
  if (!able()) throw new Error("no WebGL");
  library ||= (async () => {
    const [maplibre] = await Promise.all([import(asset("../../vendor/maplibre/maplibre-gl.js")), style("../../vendor/maplibre/maplibre-gl.css")]);
    maplibre.setWorkerUrl(asset("../../vendor/maplibre/maplibre-gl-worker.js"));
    if (configured.pmtiles) {
      await script("../../vendor/pmtiles.js");
      maplibre.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
    }
    return maplibre;
  })();
  return library;
}

/** A colour of the page. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Colour of a feature by its property "tone". */
export function by_tone(fallback) {
  return ["match", ["get", "tone"], "danger", token("danger"), "soon", token("soon"), "done", token("done"), "info", token("info"), "idle", token("idle"), fallback];
}

function ground() {
  const sources = {};
  const layers = [{ id: "ground", type: "background", paint: { "background-color": token("sunken") } }];
  if (configured.raster || configured.pmtiles) {
    sources.base = {
      type: "raster",
      tiles: configured.raster ? [configured.raster].flat() : undefined,
      url: configured.pmtiles ? `pmtiles://${configured.pmtiles}` : undefined,
      tileSize: configured.tile_size || 256,
      attribution: configured.attribution || "",
    };
    layers.push({ id: "base", type: "raster", source: "base", paint: { "raster-saturation": -0.6, "raster-opacity": 0.75 } });
  }
  return { version: 8, sources, layers };
}

/** What a map of this page is told by the page. */
export function settings_of(element) {
  return JSON.parse(element.querySelector("script[type='application/json']")?.textContent || "{}");
}

/** A map in `element`'s view, resolved when it is loaded. */
export function begin(maplibre, element, options = {}) {
  const settings = settings_of(element);
  const view = element.querySelector(".view");
  const bounds = settings.bounds?.length === 4 ? settings.bounds : configured.bounds || [73, 18, 135, 53];
  const map = new maplibre.Map({
    container: view,
    style: ground(),
    bounds,
    fitBoundsOptions: { padding: 24 },
    attributionControl: configured.attribution ? { compact: true } : false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    canvasContextAttributes: { antialias: true },
    locale: { "NavigationControl.ZoomIn": words.zoom_in, "NavigationControl.ZoomOut": words.zoom_out, "Map.Title": view.dataset.label || view.getAttribute("aria-label"), "AttributionControl.ToggleAttribution": words.attribution },
    ...options,
  });
  map.stands = new Promise((done) => map.once("load", done));
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.scrollZoom.disable();
  map.once("click", () => map.scrollZoom.enable());
  new ResizeObserver(() => map.resize()).observe(view);
  if (element.dataset.geojson) areas_below(map, element.dataset.geojson);
  document.addEventListener("linli:look", () => map.isStyleLoaded() && map.setPaintProperty("ground", "background-color", token("sunken")));
  return { map, settings, view, say: (text) => { element.querySelector(".map-said").textContent = text; } };
}

/** Resolves once the map's style stands. */
export function loaded(map) {
  return map.stands;
}

/** A GeoJSON collection from an address of our own. */
export async function fetched(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
}

/** Areas as quiet ground: fill, outline, name. */
export function add_areas(map, id, data) {
  map.addSource(id, { type: "geojson", data });
  map.addLayer({ id: `${id}-fill`, type: "fill", source: id, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": by_tone(token("idle")), "fill-opacity": 0.1 } });
  map.addLayer({ id: `${id}-line`, type: "line", source: id, paint: { "line-color": token("line-strong"), "line-width": 1.25 } });
  map.addLayer({
    id: `${id}-name`, type: "symbol", source: id, minzoom: 11,
    layout: { "text-field": ["coalesce", ["get", "title"], ""], "text-font": FONT, "text-size": 13, "text-max-width": 8 },
    paint: { "text-color": token("text-2"), "text-halo-color": token("surface"), "text-halo-width": 1.5 },
  });
}

async function areas_below(map, url) {
  try {
    const data = await fetched(url);
    await loaded(map);
    add_areas(map, "below", data);
  } catch {
    /* the ground is a help only: the map works without it */
  }
}

/** West, south, east, north of a collection; null when it is empty. */
export function extent(data) {
  const box = [180, 90, -180, -90];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  };
  for (const feature of data.features || []) if (feature.geometry) walk(feature.geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

/** The words of a feature, with a way to its page. */
export function card(properties) {
  const box = make("div", { class: "stack-s" }, make("p", { class: "strong" }, properties.title || ""));
  if (properties.text) box.append(make("p", { class: "small" }, properties.text));
  if (properties.url) box.append(make("a", { href: properties.url }, words.open));
  return box;
}

export { FONT };
