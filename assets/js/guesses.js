// Fills in what the browser knows better than the server: <select data-guess="time-zone">.

import { allIn } from "./dom.js";

export function setUpGuesses(root) {
  for (const select of allIn(root, "select[data-guess='time-zone']")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}
