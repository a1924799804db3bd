/* A select one can type in. */

import { script, style, words } from "./ground.js";

export async function startSelect(element) {
  await Promise.all([style("../../vendor/tom-select.css"), script("../../vendor/tom-select.js")]);
  const label = document.querySelector(`label[for="${element.id}"]`);
  const box = new window.TomSelect(element, {
    maxOptions: 500,
    searchField: ["text", "words"],
    plugins: element.multiple ? { remove_button: { title: words.remove } } : {},
    render: { no_results: (data, escape) => `<div class="no-results">${escape(words.no_results)}</div>` },
  });
  if (!label) return;
  const words_of_label = label.textContent.trim();
  element.setAttribute("aria-label", words_of_label);
  box.dropdown_content.setAttribute("aria-label", words_of_label);
}
