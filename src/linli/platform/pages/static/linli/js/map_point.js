/* Choosing one point: press the map, use one's position, or move it with the arrow keys. */

import { icon, make, said, words } from "./ground.js";
import { begin } from "./map_base.js";

const STEP = 8;
const LEAP = 48;

export function startPoint(element, maplibre) {
  const field = (name) => element.querySelector(`input[name="${CSS.escape(name)}"]`);
  const lng = field(element.dataset.lng);
  const lat = field(element.dataset.lat);
  const { map, settings, view, say } = begin(maplibre, element, { keyboard: false });
  const pin = new maplibre.Marker({ element: make("div", { class: "pin" }, icon("filled-map-pin")), anchor: "bottom", draggable: true });
  element.querySelector("[data-point-twin]").open = false;

  const inside = (point) => {
    const box = settings.bounds || [];
    return box.length !== 4 || (point.lng >= box[0] && point.lng <= box[2] && point.lat >= box[1] && point.lat <= box[3]);
  };
  const put = (point, quiet = false) => {
    pin.setLngLat(point).addTo(map);
    lng.value = point.lng.toFixed(6);
    lat.value = point.lat.toFixed(6);
    say(inside(point) ? said("placed", { lng: lng.value, lat: lat.value }) : words.outside);
    if (!quiet) lng.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const from_fields = () => {
    const point = { lng: parseFloat(lng.value), lat: parseFloat(lat.value) };
    if (!Number.isFinite(point.lng) || Math.abs(point.lng) > 180 || !Number.isFinite(point.lat) || Math.abs(point.lat) > 85) return;
    put(new maplibre.LngLat(point.lng, point.lat), true);
    map.jumpTo({ center: point, zoom: Math.max(map.getZoom(), 14) });
  };
  const clear = () => {
    pin.remove();
    lng.value = lat.value = "";
    say("");
    lng.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const move = (event) => {
    const by = event.shiftKey ? LEAP : STEP;
    const [x, y] = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
    if (!lng.value) return put(map.getCenter());
    const at = map.project(pin.getLngLat());
    const next = map.unproject([at.x + x, at.y + y]);
    put(next);
    if (!map.getBounds().contains(next)) map.panTo(next);
  };

  map.on("click", (event) => put(event.lngLat));
  pin.on("dragend", () => put(pin.getLngLat()));
  lng.addEventListener("change", from_fields);
  lat.addEventListener("change", from_fields);
  view.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) move(event);
    else if (event.key === "Enter") put(map.getCenter());
    else if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
  });
  element.querySelector("[data-point-clear]").addEventListener("click", clear);
  element.querySelector("[data-locate]").addEventListener("click", (event) => {
    const button = event.currentTarget;
    const missed = () => {
      button.disabled = false;
      say(words.no_position);
    };
    if (!navigator.geolocation) return missed();
    button.disabled = true;
    navigator.geolocation.getCurrentPosition((position) => {
      button.disabled = false;
      const point = new maplibre.LngLat(position.coords.longitude, position.coords.latitude);
      put(point);
      map.jumpTo({ center: point, zoom: 16 });
    }, missed, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
  map.getCanvas().tabIndex = -1;
  if (lng.value && lat.value) from_fields();
}
