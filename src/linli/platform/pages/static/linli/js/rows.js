/* Rows of a list: one is "at hand" (j, k, Enter, Space, x), several can be ticked for one act. */

import { on, whenAdded } from "./ground.js";
import { openPanel } from "./overlays.js";

function rows() {
  const table = document.querySelector("table[data-rows]");
  return table ? [...table.querySelectorAll("tbody > tr")].filter((row) => row.querySelector("a.row-link")) : [];
}

function at_hand() {
  return document.querySelector("table[data-rows] tr.at");
}

export function step(by) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(at_hand());
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
  for (const row of all) row.classList.toggle("at", row === next);
  next.querySelector("a.row-link").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

export function open() {
  const link = at_hand()?.querySelector("a.row-link");
  link?.click();
  return Boolean(link);
}

export function peek() {
  const row = at_hand();
  const link = row?.querySelector("a[data-panel]");
  return Boolean(link) && openPanel(link.href, row.querySelector("a.row-link"));
}

export function tick() {
  const box = at_hand()?.querySelector("input[data-select]");
  box?.click();
  return Boolean(box);
}

function count(table) {
  const boxes = [...table.querySelectorAll("input[data-select]")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  const all = table.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen.length === boxes.length && boxes.length > 0;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  for (const bar of document.querySelectorAll("[data-rowbar]")) {
    if (bar.dataset.rowbar && bar.dataset.rowbar !== table.id) continue;
    bar.hidden = chosen.length === 0;
    bar.querySelector("[data-rowbar-count]").textContent = chosen.length;
  }
}

export function startRows() {
  let last = null;
  on("click", "input[data-select]", (event, box) => {
    const table = box.closest("table");
    if (event.shiftKey && last && table.contains(last)) {
      const boxes = [...table.querySelectorAll("input[data-select]")];
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    count(table);
  });
  on("click", "input[data-select-all]", (event, all) => {
    const table = all.closest("table");
    for (const box of table.querySelectorAll("input[data-select]")) box.checked = all.checked;
    count(table);
  });
  on("click", "[data-select-none]", () => {
    for (const table of document.querySelectorAll("table[data-selectable]")) {
      for (const box of table.querySelectorAll("input[data-select]")) box.checked = false;
      count(table);
    }
  });
  whenAdded("table[data-selectable]", count);
  on("click", "table[data-rows] tbody tr", (event, row) => {
    for (const one of rows()) one.classList.toggle("at", one === row);
  });
}
