/* Dialogs, the side panel, passing messages, questions before dangerous acts. */

import { icon, make, on, words, whenAdded } from "./ground.js";

const STAY = 6000;
let came_from = null;

/** A passing message; errors stay until they are closed. */
export function toast(text, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const sign = { danger: "alert-triangle", done: "circle-check", soon: "alert-circle" }[tone] || "info-circle";
  const close = make("button", { type: "button", class: "button quiet icon-only", "data-toast-close": "", "aria-label": words.close });
  close.append(icon("x"));
  const line = make("p", { class: "pre" }, text);
  const box = make("div", { class: `toast ${tone}`, role: tone === "danger" ? "alert" : "status", "data-toast": "" });
  box.append(icon(sign), line, close);
  place.append(box);
  leave_later(box);
}

/* In elderly mode nothing disappears by itself. */
function leave_later(box) {
  if (box.classList.contains("danger") || document.documentElement.dataset.mode === "elderly") return;
  let timer = setTimeout(() => box.remove(), STAY);
  const hold = () => clearTimeout(timer);
  box.addEventListener("pointerenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("pointerleave", () => { timer = setTimeout(() => box.remove(), STAY); });
}

/** Ask in a dialog; resolves to true or false. */
export function ask(question) {
  const yes = make("button", { class: "button primary", value: "yes" }, words.yes);
  const no = make("button", { class: "button", value: "no" }, words.no);
  const form = make("form", { method: "dialog", class: "dialog-body stack" },
    make("p", { class: "strong", id: "ask-words" }, question), make("div", { class: "form-actions" }, yes, no));
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "ask-words" }, form);
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return new Promise((done) => dialog.addEventListener("close", () => {
    done(dialog.returnValue === "yes");
    dialog.remove();
  }));
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function startDialogs() {
  on("click", "[data-dialog]", (event, element) => {
    event.preventDefault();
    openDialog(element.dataset.dialog);
  });
  on("click", "[data-close]", (event, element) => element.closest("dialog")?.close());
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLDialogElement)) return;
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.clientX) event.target.close();
  });
}

function startQuestions() {
  document.addEventListener("submit", async (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (!question || event.target.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    if (!(await ask(question))) return;
    target.dataset.sure = "yes";
    target.requestSubmit(submitter);
    delete target.dataset.sure;
  }, true);
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await ask(event.detail.question)) event.detail.issueRequest(true);
  });
}

/** Show a page's own fragment in the side panel. */
export function openPanel(href, from) {
  const panel = document.getElementById("panel");
  if (!panel || !window.htmx) return false;
  came_from = from || document.activeElement;
  window.htmx.ajax("GET", href, { target: panel, swap: "innerHTML", source: panel }).then(() => {
    panel.classList.add("open");
    panel.focus();
  });
  return true;
}

export function closePanel() {
  const panel = document.getElementById("panel");
  if (!panel?.classList.contains("open")) return false;
  panel.classList.remove("open");
  came_from?.focus?.();
  return true;
}

function startPanel() {
  on("click", "a[data-panel]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (openPanel(link.href, link)) event.preventDefault();
  });
  on("click", "[data-panel-close]", closePanel);
}

function startTabs() {
  const show = (tab) => {
    for (const one of tab.parentElement.querySelectorAll('[role="tab"]')) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(one.getAttribute("aria-controls"));
      if (panel) panel.hidden = !chosen;
    }
  };
  whenAdded("[data-tabs]", (list) => show(list.querySelector('[aria-selected="true"]')));
  on("click", '[data-tabs] [role="tab"]', (event, tab) => show(tab));
  on("keydown", '[data-tabs] [role="tab"]', (event, tab) => {
    const all = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    show(next);
    next.focus();
  });
}

function startTrees() {
  on("click", "[data-turn]", (event, button) => {
    const below = document.getElementById(button.getAttribute("aria-controls"));
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    if (!below) return;
    below.hidden = !open;
    if (open) below.dispatchEvent(new CustomEvent("linli:open"));
  });
}

export function startOverlays() {
  startTrees();
  startDialogs();
  startQuestions();
  startPanel();
  startTabs();
  on("click", "[data-toast-close]", (event, button) => button.closest("[data-toast]").remove());
  whenAdded("[data-toast]", leave_later);
}
