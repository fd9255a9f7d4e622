// Keeps the address of a filtered list short, closes its menus, and takes the reader to the results when a page is turned.

const MENU = "details.list-menu";

function showPickAll() {
  for (const box of document.querySelectorAll("[data-pick-all]")) box.hidden = false;
}

export function setUpLists() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(`${MENU}[open]`)) {
      if (!menu.contains(event.target) || event.target.closest("[hx-get].menu-item")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(`${MENU}[open]`);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form[data-filters]")) return;
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) {
      const value = parameters[name];
      if (value === "" || (Array.isArray(value) && value.every((one) => one === ""))) delete parameters[name];
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-filters]") || form.hasAttribute("hx-get")) return;
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    const rows = [...form.querySelectorAll("input[name=row]")];
    const all = form.querySelector("[data-pick-all]");
    if (event.target === all) for (const row of rows) row.checked = all.checked;
    const picked = rows.filter((row) => row.checked).length;
    all.checked = picked === rows.length;
    all.indeterminate = picked > 0 && picked < rows.length;
  });
  showPickAll();
  document.addEventListener("htmx:afterSwap", (event) => {
    const results = event.detail.target;
    if (!results.matches("[data-results]")) return;
    showPickAll();
    if (event.detail.requestConfig?.elt?.closest(".pages")) {
      results.querySelector(".table-wrap")?.focus({ preventScroll: true });
      results.scrollIntoView({ block: "start" });
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const field of document.querySelectorAll("form[data-filters] :disabled")) field.disabled = false;
  });
}
