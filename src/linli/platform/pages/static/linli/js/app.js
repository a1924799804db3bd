/* Starts the behaviours of a page. Each works on elements marked with data attributes and on whatever
   htmx brings in later; without scripts every page still works by plain links and forms. */

import { startForms } from "./forms.js";
import { startFiles } from "./files.js";
import { startDrafts } from "./drafts.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startOverlays, toast } from "./overlays.js";
import { startPhotos } from "./photos.js";
import { startPreferences } from "./preferences.js";
import { startRows } from "./rows.js";
import { whenAdded, words } from "./ground.js";

function startHtmx() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  document.addEventListener("htmx:configRequest", (event) => {
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  let under_way = 0;
  const busy = (change) => {
    under_way = Math.max(0, under_way + change);
    document.documentElement.classList.toggle("busy", under_way > 0);
  };
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("htmx:sendError", () => toast(words.failed, "danger"));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const told = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : "";
    toast(told || (xhr.status === 429 || xhr.status === 503 ? words.busy : words.failed), "danger");
  });
  document.addEventListener("linli:toast", (event) => toast(event.detail.text, event.detail.tone));
}

/* Heavy parts come only to pages that show them. */
function startOnDemand() {
  whenAdded("[data-map], [data-point], [data-polygon]", async (element) => {
    const { startMap } = await import("./map.js");
    startMap(element);
  });
  whenAdded("[data-chart]", async (element) => {
    const { startChart } = await import("./chart.js");
    startChart(element);
  });
  whenAdded("select[data-search-select]", async (element) => {
    const { startSelect } = await import("./select.js");
    startSelect(element);
  });
}

startHtmx();
startPreferences();
startMenus();
startOverlays();
startForms();
startFiles();
startDrafts();
startRows();
startKeys();
startPhotos();
startOnDemand();
document.documentElement.dataset.ready = "yes";
