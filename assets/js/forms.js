// Sends a form once, or by itself where it says so, warns before typed text is lost, and leads to the first error.

import { allIn, text } from "./dom.js";

const changed = new WeakSet();
let leaving = false;

export function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function guardAgainstDoubleSending(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "";
    leaving = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  form.addEventListener("htmx:afterRequest", () => release(form));
}

function checkFileSizes(input) {
  const most = Number(input.dataset.maxBytes);
  if (!most) return;
  input.addEventListener("change", () => {
    const tooLarge = [...input.files].some((file) => file.size > most);
    input.setCustomValidity(tooLarge ? text("fileTooLarge") : "");
    if (tooLarge) input.reportValidity();
  });
}

export function setUpForms(root) {
  for (const form of allIn(root, "form[method=post]:not([data-theme-form])")) {
    if (form.dataset.guarded !== undefined) continue;
    form.dataset.guarded = "";
    guardAgainstDoubleSending(form);
    if (form.dataset.warnUnsaved !== undefined) form.addEventListener("input", () => changed.add(form));
  }
  for (const input of allIn(root, "input[type=file][data-max-bytes]")) checkFileSizes(input);
  for (const form of allIn(root, "form[data-sends-itself]")) form.requestSubmit();
  if (root === document) document.querySelector("[data-error-summary]")?.focus();
}

/** Lead from an error in the summary to its field, also where the field is drawn by something else. */
function goToField(event) {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  const field = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
  if (!field) return;
  event.preventDefault();
  if (field.tomselect) field.tomselect.control_input.focus();
  else field.focus();
  field.closest("[id^=div_]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", goToField);
window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  const unsaved = [...document.querySelectorAll("form[data-warn-unsaved]")].some((form) => changed.has(form));
  if (unsaved) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  document.querySelectorAll("form[data-sent]").forEach(release);
});
