/* Menus are <details>: they open without scripts; this adds one at a time, arrows, Escape. */

import { on } from "./ground.js";

const ITEMS = ".menu-item, .menu-list button, .menu-list input, .menu-list select, .menu-list a";

function items(menu) {
  return [...menu.querySelectorAll(ITEMS)].filter((one) => !one.disabled && one.offsetParent);
}

export function closeMenus(except) {
  let closed = false;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except || menu.contains(except)) continue;
    menu.open = false;
    closed = true;
  }
  return closed;
}

function move(menu, event) {
  const list = items(menu);
  const at = list.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
  if (to === undefined || !list.length) return;
  if (at >= 0 && document.activeElement.matches("input:not([type=checkbox]), select")) return;
  event.preventDefault();
  list[(to + list.length) % list.length].focus();
}

function keep_inside(menu) {
  const list = menu.querySelector(".menu-list");
  list.classList.remove("start");
  if (list.getBoundingClientRect().left < 4) list.classList.add("start");
}

/* On a low screen the present page's entry may lie below the fold of the navigation. */
function show_present() {
  const list = document.querySelector(".side-list");
  const present = list?.querySelector("[aria-current=page]");
  if (!present) return;
  const below = present.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below + present.offsetHeight;
}

export function startMenus() {
  show_present();
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[data-menu]") && event.target.open) keep_inside(event.target);
  }, true);
  on("keydown", "details[data-menu]", (event, menu) => {
    if (event.key === "Escape" && menu.open) {
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (menu.open || event.key === "ArrowDown") {
      if (!menu.open) menu.open = true;
      move(menu, event);
    }
  });
  on("click", "[data-print]", () => {
    closeMenus();
    window.print();
  });
  on("click", "[data-nav-open]", (event, button) => {
    document.documentElement.dataset.nav = "open";
    button.setAttribute("aria-expanded", "true");
    document.querySelector("#side a")?.focus();
  });
  on("click", "[data-nav-close]", closeNavigation);
}

export function closeNavigation() {
  if (document.documentElement.dataset.nav !== "open") return false;
  delete document.documentElement.dataset.nav;
  const button = document.querySelector("[data-nav-open]");
  button?.setAttribute("aria-expanded", "false");
  button?.focus();
  return true;
}
