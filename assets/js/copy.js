// Copies what is hard to type: <button data-copy="#element" hidden>. Without a script the text is there to be selected.

import { text } from "./dom.js";

const SHOWN_MS = 2_000;

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  const words = button.querySelector("span");
  if (!source || !words || button.dataset.copied !== undefined) return;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection()?.selectAllChildren(source); // the browser forbids it: one key is left to press
    return;
  }
  button.dataset.copied = "";
  words.textContent = text("copied");
  setTimeout(() => {
    words.textContent = before;
    delete button.dataset.copied;
  }, SHOWN_MS);
}

export function setUpCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
  });
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}
