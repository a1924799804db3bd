/* Rows of a list: one is "at hand" (j, k, Enter, Space, x), several can be ticked for one act. */

import { on, whenAdded } from "./ground.js";
import { openPanel } from "./overlays.js";

const ROW = ":is(tbody > tr, ul > li)";

function rows() {
  return [...document.querySelectorAll(`[data-rows] ${ROW}`)].filter((row) => row.querySelector("a.row-link"));
}

function at_hand() {
  return document.querySelector(`[data-rows] ${ROW}.at`);
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
  const row = at_hand() || document.querySelector(`[data-rows] ${ROW}:hover`);
  const box = row?.querySelector("input[data-select]");
  box?.click();
  return Boolean(box);
}

function boxes_of(list) {
  return [...list.querySelectorAll("input[data-select]")];
}

function count(list) {
  const boxes = boxes_of(list);
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr, li").classList.toggle("chosen", box.checked);
  const all = list.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen.length === boxes.length && boxes.length > 0;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  for (const bar of document.querySelectorAll("[data-rowbar]")) {
    if (bar.dataset.rowbar && bar.dataset.rowbar !== list.id) continue;
    bar.hidden = chosen.length === 0;
    bar.querySelector("[data-rowbar-count]").textContent = chosen.length;
    for (const part of bar.querySelectorAll("[data-with-script]")) part.hidden = false;
    offer(bar, chosen);
  }
}

/* A row may say which acts its state allows: what none of the ticked rows allows is not offered, and
   what only some of them do tells how many. */
function offer(bar, chosen) {
  for (const act of bar.querySelectorAll("[data-act]")) {
    const fitting = chosen.filter((box) => box.dataset.acts?.split(" ").includes(act.dataset.act) ?? true).length;
    act.hidden = chosen.length > 0 && fitting === 0;
    act.querySelector("[data-act-count]").textContent = fitting < chosen.length ? fitting : "";
  }
  for (const menu of bar.querySelectorAll("details")) menu.hidden = !menu.querySelector("[data-act]:not([hidden])");
}

function tick_all(list, ticked) {
  for (const box of boxes_of(list)) box.checked = ticked;
  count(list);
}

export function startRows() {
  let last = null;
  on("click", "input[data-select]", (event, box) => {
    const list = box.closest("[data-selectable]");
    if (!list) return;
    if (event.shiftKey && last && list.contains(last)) {
      const boxes = boxes_of(list);
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    count(list);
  });
  on("click", "input[data-select-all]", (event, all) => tick_all(all.closest("[data-selectable]"), all.checked));
  on("click", "[data-select-every]", (event) => {
    event.preventDefault();
    for (const list of document.querySelectorAll("[data-selectable]")) tick_all(list, true);
  });
  on("click", "[data-select-none]", () => {
    for (const list of document.querySelectorAll("[data-selectable]")) tick_all(list, false);
  });
  whenAdded("[data-selectable]", count);
  on("click", `[data-rows] ${ROW}`, (event, row) => {
    for (const one of rows()) one.classList.toggle("at", one === row);
  });
}
