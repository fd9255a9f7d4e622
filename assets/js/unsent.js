// Keeps what the last form sent, in this tab and for its reader alone, and puts it back into the form when it comes again
// after an error page: a limit, the end of a session or a crash takes nothing that was typed. A cookie tells the server that a
// form was kept, and the answer of an error page tells by another which form was not taken. What was taken, and what another
// person typed who sat here before, is forgotten on the next page.

import { show } from "./feedback.js";
import { text } from "./dom.js";

const STORED = "draft:sent";
const KEPT = "kept";
const KEPT_SECONDS = 60;
const REFUSED = "unsent";
const LEFT_OUT = new Set(["csrfmiddlewaretoken"]);

function decoded(words) {
  try {
    return decodeURIComponent(words);
  } catch {
    return words;
  }
}

function pathOf(form) {
  return decoded(new URL(form.getAttribute("action") || location.href, location.href).pathname);
}

/** Return who is signed in, as far as the page says; those from before signing in name nobody. */
function currentReader() {
  return document.body.dataset.reader ?? "";
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decoded(found.slice(name.length + 1)) : "";
}

function setCookie(name, value, seconds) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; Max-Age=${seconds}; Path=/; SameSite=Lax${secure}`;
}

function keep(form) {
  const path = pathOf(form);
  setCookie(KEPT, "", 0);
  if (cookie(REFUSED) === path) setCookie(REFUSED, "", 0);
  try {
    sessionStorage.removeItem(STORED);
    if (form.querySelector("input[type=password]")) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
    sessionStorage.setItem(STORED, JSON.stringify({ reader: currentReader(), path, fields }));
    setCookie(KEPT, path, KEPT_SECONDS);
  } catch {
    // Too large to be kept, or the browser keeps nothing: then it is as without a script.
  }
}

/** Return what waits for its form, which was not taken; forget it where that is over, or somebody else reads. */
function waiting() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(STORED));
    const reader = currentReader();
    if (kept && cookie(REFUSED) === kept.path && (!reader || kept.reader === reader)) return kept;
    sessionStorage.removeItem(STORED);
  } catch {
    // The browser keeps nothing.
  }
  if (kept && cookie(REFUSED) === kept.path) setCookie(REFUSED, "", 0);
  return null;
}

function putBack(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || control.disabled || LEFT_OUT.has(control.name) || ["file", "submit", "button"].includes(control.type)) continue;
    const own = values.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = own.includes(control.value);
    else if (control.options) for (const option of control.options) option.selected = own.includes(option.value);
    else if (own.length) control.value = own.shift();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function setUpUnsent() {
  const forms = [...document.querySelectorAll("form[data-warn-unsaved]")];
  for (const form of forms) form.addEventListener("submit", () => keep(form));
  if (cookie(KEPT)) setCookie(KEPT, "", 0);
  const kept = waiting();
  const form = kept?.reader === currentReader() && forms.find((one) => pathOf(one) === kept.path);
  if (!form) return;
  putBack(form, kept.fields);
  setCookie(REFUSED, "", 0);
  sessionStorage.removeItem(STORED);
  show(text("unsent"), "attention", "alert-triangle");
}
