/* Small things every behaviour needs. */

const holder = document.getElementById("words");

/** Sentences of this page in the reader's language. */
export const words = holder ? JSON.parse(holder.textContent) : {};

/** A sentence with its {names} filled in. */
export function said(key, values = {}) {
  return (words[key] || "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Call `start` once for every element that matches, now and when htmx brings more. */
export function whenAdded(selector, start) {
  const begun = new WeakSet();
  const look = (root) => {
    const found = root.matches?.(selector) ? [root] : [];
    for (const element of [...found, ...root.querySelectorAll(selector)]) {
      if (begun.has(element)) continue;
      begun.add(element);
      start(element);
    }
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
}

/** Listen once on the document for events of elements that match. */
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) handle(event, element);
  });
}

/** An element: make("p", {class: "error"}, "text"). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Address of a file beside this module's own: asset("../../vendor/tom-select.css"). */
export function asset(path) {
  return new URL(path, import.meta.url).href;
}

/** Load a stylesheet once. */
export function style(path) {
  const href = asset(path);
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((done) => {
    const link = make("link", { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.prepend(link);
  });
}

/** Load a classic script once. */
export function script(path) {
  const src = asset(path);
  const known = document.querySelector(`script[src="${src}"]`);
  if (known) return known.loaded;
  const element = make("script", { src });
  element.loaded = new Promise((done, failed) => {
    element.onload = done;
    element.onerror = failed;
  });
  document.head.append(element);
  return element.loaded;
}

/** One icon of the sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${asset("../../vendor/icons.svg")}#${name}`);
  svg.append(use);
  return svg;
}

/** Whether the reader is typing somewhere. */
export function typing(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .ts-wrapper, [role=application]"));
}
