/* Unsaved input is never lost: it is kept in this tab until the form is sent, and put back after a
   crash, a reload or a lost connection. Passwords and files are not kept. */

import { make, said, whenAdded, words } from "./ground.js";

const SKIP = "[type=password], [type=file], [type=hidden], [name=csrfmiddlewaretoken], [data-no-draft]";
const SENT = "linli-draft-sent";
const dirty = new Set();
const started_with = new WeakMap();

function key(form) {
  return `linli-draft:${location.pathname}:${form.dataset.draft}`;
}

function taken(form) {
  return [...form.elements]
    .filter((field) => field.name && !field.matches(SKIP))
    .map((field) => [field.name, field.value, field.type === "checkbox" || field.type === "radio" ? field.checked : null]);
}

function put_back(form, kept) {
  const waiting = new Map(kept.map(([name, value, checked]) => [`${name}\n${checked === null ? "" : value}`, [value, checked]]));
  for (const field of form.elements) {
    if (!field.name || field.matches(SKIP)) continue;
    const boxed = field.type === "checkbox" || field.type === "radio";
    const found = waiting.get(`${field.name}\n${boxed ? field.value : ""}`);
    if (!found) continue;
    if (boxed) field.checked = found[1];
    else field.value = found[0];
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.tomselect?.sync();
  }
}

function store(form) {
  try {
    sessionStorage.setItem(key(form), JSON.stringify(taken(form)));
  } catch {
    /* full or forbidden storage: the guard before leaving still asks */
  }
}

function offer(form) {
  const kept = sessionStorage.getItem(key(form));
  if (!kept || kept === JSON.stringify(taken(form)) || form.querySelector(".wrong")) return;
  const before = taken(form);
  put_back(form, JSON.parse(kept));
  dirty.add(form);
  const undo = make("button", { type: "button", class: "link-like" }, words.discard);
  const line = make("p", { class: "draft", role: "status" }, said("restored"), undo);
  undo.addEventListener("click", () => {
    put_back(form, before);
    forget(form);
    line.remove();
  });
  form.prepend(line);
}

function forget(form) {
  dirty.delete(form);
  if (form.dataset.draft) sessionStorage.removeItem(key(form));
}

/* A plain form was sent and a page came back. Unless that page shows errors, or the reader only came
   back by the browser's arrow (the connection failed, say), what was sent is safe and the draft is done. */
function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const came_back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!came_back && !document.querySelector(".wrong, .error-summary")) sessionStorage.removeItem(sent);
}

export function startDrafts() {
  settle();
  whenAdded("form[data-guard]", (form) => {
    started_with.set(form, JSON.stringify(taken(form)));
    if (form.dataset.draft) offer(form);
    form.addEventListener("input", () => {
      if (JSON.stringify(taken(form)) === started_with.get(form)) return forget(form);
      dirty.add(form);
      if (form.dataset.draft) store(form);
    });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      dirty.delete(form);
      if (form.dataset.draft && !form.matches("[hx-post]")) sessionStorage.setItem(SENT, key(form));
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) forget(form);
      else dirty.add(form);
    });
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) {
      if (!form.isConnected) continue;
      event.preventDefault();
      event.returnValue = words.unsaved;
    }
  });
}
