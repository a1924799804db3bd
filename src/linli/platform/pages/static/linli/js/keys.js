/* The keyboard: "/" search, j k Enter rows, "g" then a letter to go somewhere, "?" help. */

import { typing } from "./ground.js";
import { closeMenus, closeNavigation } from "./menus.js";
import { closePanel, openDialog } from "./overlays.js";
import * as rows from "./rows.js";

const PATIENCE = 1200;
let went = 0;

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  link?.click();
  return Boolean(link);
}

function press(selector) {
  const element = document.querySelector(selector);
  element?.click();
  return Boolean(element);
}

function search() {
  const field = document.getElementById("search");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function help() {
  openDialog("shortcuts");
  return true;
}

const KEYS = {
  "/": search,
  "?": help,
  j: () => rows.step(1),
  k: () => rows.step(-1),
  x: rows.tick,
  " ": rows.peek,
  n: () => press('[data-key="n"]'),
  p: () => press('[data-key="p"]'),
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (closeMenus() || closeNavigation() || closePanel()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]") || event.target.closest("details[data-menu][open]")) return;
    if (event.key === " " && event.target.matches("button, summary, input")) return;
    if (event.key === "g") {
      went = Date.now();
      return;
    }
    const handled = Date.now() - went < PATIENCE ? go(event.key) : KEYS[event.key]?.();
    went = 0;
    if (handled) event.preventDefault();
  });
}
