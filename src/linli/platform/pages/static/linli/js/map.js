/* Maps come only to pages that have one. If the device cannot draw them, a sentence says so and the
   words beside the map stay usable. */

import { words } from "./ground.js";
import { ready } from "./map_base.js";

export async function startMap(element) {
  const line = element.querySelector(".map-said");
  let maplibre;
  try {
    maplibre = await ready();
  } catch {
    line.textContent = words.no_map;
    const box = element.querySelector(".map");
    if (box) box.hidden = true;
    const twin = element.querySelector(".map-twin");
    if (twin) twin.open = true;
    return;
  }
  for (const part of element.querySelectorAll("[data-needs-map]")) part.hidden = false;
  if (element.matches("[data-point]")) (await import("./map_point.js")).startPoint(element, maplibre);
  else if (element.matches("[data-polygon]")) (await import("./map_polygon.js")).startPolygon(element, maplibre);
  else (await import("./map_show.js")).startShow(element, maplibre);
}
