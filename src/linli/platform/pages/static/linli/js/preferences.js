/* Theme, mode and letter size change at once; the cookie tells the server for the next page. */

import { on } from "./ground.js";

const YEAR = 31536000;

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `linli_${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

function choose(name, value) {
  document.documentElement.dataset[name] = value;
  remember(name, value);
  for (const button of document.querySelectorAll(`[data-pref="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  document.dispatchEvent(new CustomEvent("linli:look"));
}

export function startPreferences() {
  on("click", "[data-pref]", (event, button) => {
    if (button.dataset.pref === "language") return;
    event.preventDefault();
    choose(button.dataset.pref, button.value);
  });
  on("click", "[data-fold-side]", () => {
    const root = document.documentElement;
    const folded = root.dataset.side === "folded";
    if (folded) delete root.dataset.side;
    else root.dataset.side = "folded";
    remember("side", folded ? "open" : "folded");
  });
}
