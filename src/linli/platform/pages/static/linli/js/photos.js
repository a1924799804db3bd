/* Large photos over the page: arrows, Escape, a counter; without scripts the link opens the photo. */

import { icon, make, on, words } from "./ground.js";

let dialog;
let links = [];
let at = 0;

function button(sign, label, act) {
  const element = make("button", { type: "button", class: "button icon-only", "aria-label": label, title: label }, icon(sign));
  element.addEventListener("click", act);
  return element;
}

function build() {
  const image = make("img", { alt: "" });
  const line = make("p", { "aria-live": "polite" });
  const tools = make("div", { class: "tools" }, line,
    button("chevron-left", words.previous, () => turn(-1)),
    button("chevron-right", words.next, () => turn(1)),
    button("x", words.close, () => dialog.close()));
  dialog = make("dialog", { class: "lightbox" }, tools, make("div", { class: "view" }, image));
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) turn(by);
  });
  dialog.addEventListener("close", () => links[at]?.focus());
  document.body.append(dialog);
}

function turn(by) {
  at = (at + by + links.length) % links.length;
  const small = links[at].querySelector("img");
  const image = dialog.querySelector("img");
  image.src = links[at].href;
  image.alt = small.alt;
  dialog.querySelector("p").textContent = `${at + 1} / ${links.length} · ${small.alt}`;
}

export function startPhotos() {
  on("click", "a[data-photo]", (event, link) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!dialog) build();
    links = [...link.closest("[data-photos]").querySelectorAll("a[data-photo]")];
    at = links.indexOf(link);
    turn(0);
    dialog.showModal();
  });
}
