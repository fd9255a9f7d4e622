// Keeps what the last form sent, in this tab alone, and puts it back into the form when it comes again after an error page,
// whose answer says so by a cookie: a limit, the end of a session or a crash takes nothing that was typed.

import { show } from "./feedback.js";
import { text } from "./dom.js";

const KEPT = "draft:sent";
const REFUSED = "unsent";
const LEFT_OUT = new Set(["csrfmiddlewaretoken"]);

function pathOf(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

function keep(form) {
  document.cookie = `${REFUSED}=; Max-Age=0; Path=/`;
  try {
    sessionStorage.removeItem(KEPT);
    if (form.querySelector("input[type=password]")) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
    sessionStorage.setItem(KEPT, JSON.stringify({ path: pathOf(form), fields }));
  } catch {
    // Too large to be kept, or the browser keeps nothing: then it is as without a script.
  }
}

function taken() {
  if (!document.cookie.split("; ").some((one) => one.startsWith(`${REFUSED}=`))) return null;
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
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
  for (const form of document.querySelectorAll("form[data-warn-unsaved]")) form.addEventListener("submit", () => keep(form));
  const kept = taken();
  const form = kept && [...document.querySelectorAll("form[data-warn-unsaved]")].find((one) => pathOf(one) === kept.path);
  if (!form) return;
  putBack(form, kept.fields);
  document.cookie = `${REFUSED}=; Max-Age=0; Path=/`;
  sessionStorage.removeItem(KEPT);
  show(text("unsent"), "attention", "alert-triangle");
}
