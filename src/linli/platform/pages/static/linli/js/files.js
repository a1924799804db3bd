/* Choosing files: preview, take one out again, camera on phones, progress while sending. */

import { icon, make, on, whenAdded, words } from "./ground.js";

function input_of(box) {
  return box.querySelector("input[type=file]");
}

function tell(box, text) {
  const line = box.querySelector("[data-files-error]");
  line.textContent = text;
  line.hidden = !text;
}

function set(box, files) {
  const input = input_of(box);
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
  draw(box);
}

function keep_small(box, files) {
  const most = Number(box.dataset.maxSize);
  const fitting = files.filter((file) => !most || file.size <= most);
  tell(box, fitting.length < files.length ? box.dataset.tooBig : "");
  return fitting;
}

function draw(box) {
  const list = box.querySelector("[data-files-list]");
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren();
  const files = [...input_of(box).files];
  files.forEach((file, index) => {
    const remove = make("button", { type: "button", class: "button icon-only", "aria-label": `${words.remove} ${file.name}` }, icon("x"));
    remove.addEventListener("click", () => {
      box.chosen = files.filter((_, at) => at !== index);
      set(box, box.chosen);
      box.querySelector("[data-files-choose]").focus();
    });
    const item = make("li");
    if (file.type.startsWith("image/")) item.append(make("img", { src: URL.createObjectURL(file), alt: "" }));
    item.append(make("span", { class: "name" }, file.name), remove);
    list.append(item);
  });
}

function add(box, files) {
  const input = input_of(box);
  const fitting = keep_small(box, [...files]);
  set(box, input.multiple ? [...box.chosen, ...fitting] : fitting.slice(-1));
  box.chosen = [...input.files];
}

/* A plain form leaves the progress to the browser; the bar then only says that sending goes on. */
function show_sending(form) {
  for (const bar of form.querySelectorAll("[data-upload]")) {
    if (!input_of(bar.closest("[data-files]")).files.length) continue;
    bar.hidden = false;
    bar.removeAttribute("value");
  }
}

export function startFiles() {
  whenAdded("[data-files]", (box) => {
    const input = input_of(box);
    box.chosen = [];
    input.classList.add("sr-only");
    input.tabIndex = -1;
    box.querySelector("[data-files-buttons]").hidden = false;
    input.addEventListener("change", () => add(box, input.files));
    for (const type of ["dragover", "dragleave", "drop"]) {
      box.addEventListener(type, (event) => {
        event.preventDefault();
        box.classList.toggle("over", type === "dragover");
        if (type === "drop") add(box, event.dataTransfer.files);
      });
    }
  });
  on("click", "[data-files-choose]", (event, button) => {
    const input = input_of(button.closest("[data-files]"));
    input.removeAttribute("capture");
    input.click();
  });
  on("click", "[data-files-camera]", (event, button) => {
    const input = input_of(button.closest("[data-files]"));
    input.setAttribute("capture", button.dataset.filesCamera);
    input.click();
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) show_sending(event.target);
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    for (const bar of event.target.querySelectorAll("[data-upload]")) {
      bar.hidden = false;
      bar.value = event.detail.total ? (100 * event.detail.loaded) / event.detail.total : 50;
    }
  });
}
