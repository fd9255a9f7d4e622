// Makes long selects searchable: <select data-search>. The select itself stays the field that is sent.

import TomSelect from "tom-select/base";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";

import { allIn, text } from "./dom.js";

TomSelect.define("remove_button", removeButton);

export function setUpSelects(root) {
  for (const select of allIn(root, "select[data-search]")) {
    if (select.tomselect) continue;
    const empty = select.multiple ? null : select.querySelector('option[value=""]');
    const emptyText = /[^-\s]/.test(empty?.textContent ?? "") ? empty.textContent.trim() : "";
    const mayBeEmpty = Boolean(empty) && !select.required && Boolean(emptyText);
    const invalid = select.classList.contains("is-invalid");
    const chooser = new TomSelect(select, {
      allowEmptyOption: mayBeEmpty,
      maxOptions: 200,
      refreshThrottle: 0, // who types and presses Enter, or clicks, at once means what was typed; and the list stays closed then
      hideSelected: false,
      plugins: select.multiple ? { remove_button: { title: text("remove") } } : {},
      placeholder: select.dataset.placeholder || emptyText || text("choose"),
      render: {
        no_results: () => {
          const none = document.createElement("div");
          none.className = "no-results";
          none.textContent = text("nothingFound");
          return none;
        },
      },
    });
    select.setAttribute("aria-hidden", "true");
    chooser.wrapper.classList.toggle("is-invalid", invalid);
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      const value = select.getAttribute(name);
      if (value) chooser.control_input.setAttribute(name, value);
    }
  }
}
