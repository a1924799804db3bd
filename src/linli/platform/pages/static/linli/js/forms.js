/* Forms: counters, errors found, sent once, filters that apply themselves. */

import { on, said, whenAdded } from "./ground.js";

function startCounters() {
  whenAdded("[data-counter-for]", (line) => {
    const field = document.getElementById(line.dataset.counterFor);
    const most = Number(line.dataset.max);
    if (!field) return;
    const count = () => {
      const left = most - [...field.value].length;
      line.textContent = said(left < 0 ? "over" : "left", { n: Math.abs(left) });
      line.classList.toggle("over", left < 0);
    };
    field.addEventListener("input", count);
    count();
  });
}

function startErrors() {
  whenAdded("[data-focus-first]", (box) => box.focus({ preventScroll: false }));
  on("click", ".error-summary a", (event, link) => {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea") || target;
    field.focus();
    field.closest(".field")?.scrollIntoView({ block: "center" });
  });
}

/* A second press of the same button sends nothing; coming back by the browser's arrow frees it. */
function startOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.matches("[hx-post], [hx-put], [hx-delete]")) return;
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

function startFilters() {
  for (const button of document.querySelectorAll("[data-hide-with-script]")) button.hidden = true;
  whenAdded("[data-hide-with-script]", (button) => { button.hidden = true; });
  on("change", "form[data-auto-submit]", (event, form) => form.requestSubmit());
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-auto-submit]")) return;
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-auto-submit] :disabled")) field.disabled = false;
  });
}

export function startForms() {
  startCounters();
  startErrors();
  startOnce();
  startFilters();
  on("keydown", "form", (event, form) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  on("click", "[data-back]", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}
