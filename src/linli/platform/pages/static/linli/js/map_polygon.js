/* Drawing a boundary: corners by click or key, dragged, inserted between, removed, undone. The text
   field beside it holds the GeoJSON and stays the only thing that is sent. */

import { make, said, words } from "./ground.js";
import { begin, extent, loaded, token } from "./map_base.js";

const FEWEST = 3;
const NEAR = 12;
const STEP = 6;

function crosses(a, b, c, d) {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function tangled(corners) {
  const edges = corners.map((corner, n) => [corner, corners[(n + 1) % corners.length]]);
  return edges.some(([a, b], i) => edges.slice(i + 2).some(([c, d]) => crosses(a, b, c, d)));
}

class Editor {
  constructor(element, maplibre) {
    this.maplibre = maplibre;
    this.element = element;
    this.field = element.querySelector("textarea");
    this.corners = [];
    this.closed = false;
    this.drawing = false;
    this.past = [];
    this.markers = [];
    Object.assign(this, begin(maplibre, element));
  }

  async start() {
    this.buttons();
    this.map.on("click", (event) => this.drawing && this.click(event));
    this.map.doubleClickZoom.disable();
    this.field.addEventListener("change", () => this.read());
    await loaded(this.map);
    this.map.addSource("drawn", { type: "geojson", data: this.shape() });
    this.map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("accent"), "fill-opacity": 0.18 } });
    this.map.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": token("accent"), "line-width": 2.5 } });
    this.read();
  }

  buttons() {
    const press = (name, act) => this.element.querySelector(`[data-draw${name}]`).addEventListener("click", act);
    press("", () => this.begin_drawing());
    press("-centre", () => this.add_at_centre());
    press("-undo", () => this.undo());
    press("-finish", () => this.finish());
    press("-clear", () => this.change(() => { this.corners = []; this.closed = false; }));
  }

  begin_drawing() {
    if (this.closed) this.change(() => { this.corners = []; this.closed = false; });
    this.drawing = true;
    this.map.getCanvas().style.cursor = "crosshair";
    this.tell();
  }

  add_at_centre() {
    if (this.closed) return;
    this.drawing = true;
    const { lng, lat } = this.map.getCenter();
    this.change(() => this.corners.push([lng, lat]));
  }

  click(event) {
    const first = this.corners[0] && this.map.project(this.corners[0]);
    if (first && this.corners.length >= FEWEST && first.dist(event.point) < NEAR) return this.finish();
    return this.change(() => this.corners.push([event.lngLat.lng, event.lngLat.lat]));
  }

  finish() {
    if (this.corners.length < FEWEST) return this.say(words.too_few);
    this.drawing = false;
    this.map.getCanvas().style.cursor = "";
    return this.change(() => { this.closed = true; });
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    Object.assign(this, before);
    this.draw();
    this.write();
  }

  change(act) {
    this.past.push({ corners: this.corners.map((one) => [...one]), closed: this.closed });
    act();
    this.draw();
    this.write();
  }

  shape() {
    if (this.corners.length < 2) return { type: "FeatureCollection", features: [] };
    const whole = this.closed && this.corners.length >= FEWEST;
    const line = [...this.corners, ...(whole ? [this.corners[0]] : [])];
    return { type: "Feature", properties: {}, geometry: whole ? { type: "Polygon", coordinates: [line] } : { type: "LineString", coordinates: line } };
  }

  draw() {
    this.map.getSource("drawn")?.setData(this.shape());
    const held = document.activeElement?.dataset?.corner;
    for (const marker of this.markers) marker.remove();
    this.markers = this.corners.map((corner, n) => this.corner(corner, n));
    if (this.closed) this.corners.forEach((corner, n) => this.markers.push(this.between(corner, n)));
    if (held !== undefined) this.element.querySelector(`[data-corner="${Math.min(held, this.corners.length - 1)}"]`)?.focus();
    this.tell();
  }

  corner(at, n) {
    const button = make("button", { type: "button", class: "vertex", "data-corner": n, "aria-label": said("corner", { n: n + 1 }) });
    const marker = new this.maplibre.Marker({ element: button, draggable: true }).setLngLat(at).addTo(this.map);
    marker.on("dragend", () => this.change(() => { this.corners[n] = marker.getLngLat().toArray(); }));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      if (n === 0 && this.drawing) this.finish();
    });
    button.addEventListener("keydown", (event) => this.key(event, n));
    return marker;
  }

  between(corner, n) {
    const next = this.corners[(n + 1) % this.corners.length];
    const middle = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
    const button = make("button", { type: "button", class: "vertex between", tabindex: "-1", "aria-hidden": "true" });
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.change(() => this.corners.splice(n + 1, 0, middle));
    });
    return new this.maplibre.Marker({ element: button }).setLngLat(middle).addTo(this.map);
  }

  key(event, n) {
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (by) {
      const at = this.map.project(this.corners[n]);
      this.change(() => { this.corners[n] = this.map.unproject([at.x + by[0], at.y + by[1]]).toArray(); });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.change(() => {
        this.corners.splice(n, 1);
        if (this.corners.length < FEWEST) this.closed = false;
      });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  tell() {
    if (this.closed) this.say(tangled(this.corners) ? words.crossing : said("closed", { n: this.corners.length }));
    else this.say(this.corners.length || this.drawing ? said("corners", { n: this.corners.length }) : "");
  }

  read() {
    let ring = [];
    try {
      const value = JSON.parse(this.field.value || "null");
      ring = (value?.geometry || value)?.coordinates?.[0] || [];
    } catch {
      return;
    }
    this.corners = ring.slice(0, -1);
    this.closed = this.corners.length >= FEWEST;
    this.draw();
    const box = this.closed && extent({ features: [{ geometry: { coordinates: ring } }] });
    if (box) this.map.fitBounds(box, { padding: 48, duration: 0 });
  }

  write() {
    const round = (corner) => corner.map((value) => Number(value.toFixed(6)));
    const ring = this.corners.map(round);
    this.field.value = this.closed ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "";
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function startPolygon(element, maplibre) {
  return new Editor(element, maplibre).start();
}
