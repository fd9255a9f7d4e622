// The grid of the calendar: keys that go from day to day, and dates that are dragged to another. Both only open the page
// that moves a date, in a dialog. Without a script, the grid is a table of links.

import { allIn } from "./dom.js";

const WIDE = matchMedia("(min-width: 48rem)"); // narrower, the days stand under each other, as a list of links
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function setUpCalendar(root) {
  for (const grid of allIn(root, "[data-calendar]")) {
    if (grid.dataset.ready !== undefined) continue; // htmx tells of the whole page, too; a key that counts twice asks twice
    grid.dataset.ready = "";
    setUpGrid(grid);
  }
}

function setUpGrid(grid) {
  const days = [...grid.querySelectorAll("[data-day]")];
  const within = (day) => [...day.querySelectorAll("a")];

  const shape = () => {
    const roves = WIDE.matches;
    for (const day of days) {
      if (roves) day.tabIndex = day.hasAttribute("data-focused") ? 0 : -1;
      else day.removeAttribute("tabindex");
      for (const link of within(day)) {
        if (roves) link.tabIndex = -1;
        else link.removeAttribute("tabindex");
      }
    }
    document.getElementById("calendar-keys").hidden = !roves;
  };
  WIDE.addEventListener("change", shape);
  shape();

  const goTo = (day) => {
    for (const other of days) other.tabIndex = other === day ? 0 : -1;
    day.focus();
  };

  grid.addEventListener("focusin", (event) => {
    const day = event.target.closest("[data-day]");
    if (day && WIDE.matches) for (const other of days) other.tabIndex = other === day ? 0 : -1;
  });
  grid.addEventListener("keydown", (event) => {
    if (!WIDE.matches || event.ctrlKey || event.metaKey || event.altKey) return;
    const day = event.target.closest("[data-day]");
    if (day && onKey(event, day)) event.preventDefault();
  });

  function onKey(event, day) {
    const position = days.indexOf(day);
    const inside = event.target !== day;
    if (event.key === "Escape" && inside) return goTo(day), true;
    if (event.key.toLowerCase() === "m") return move((event.target.closest("[data-entry]") ?? day.querySelector("[data-move]"))?.closest("[data-move]"));
    if (inside && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const links = within(day);
      const next = links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
      links[(next + links.length) % links.length].focus();
      return true;
    }
    if (event.key === "Enter" && !inside) return (day.querySelector("li a") ?? within(day)[0]).focus(), true;
    if (event.key === "PageUp" || event.key === "PageDown") {
      const step = document.querySelector(`.calendar-steps [rel=${event.key === "PageUp" ? "prev" : "next"}]`);
      step?.click();
      return Boolean(step);
    }
    const start = position - (position % 7);
    const target = { Home: start, End: start + 6 }[event.key] ?? position + (STEPS[event.key] ?? NaN);
    if (!days[target]) return event.key in STEPS;
    goTo(days[target]);
    return true;
  }

  function move(entry, to) {
    if (!entry) return false;
    const day = to ? `&to=${to}` : "";
    htmx.ajax("GET", `${entry.dataset.move}?${grid.dataset.next}${day}`, { target: "#ask-content", swap: "innerHTML" });
    return true;
  }

  let dragged = null;
  for (const entry of grid.querySelectorAll("[data-move]")) {
    // A browser drags links by itself; outside the grid it stays one.
    entry.addEventListener("dragstart", (event) => {
      dragged = entry;
      event.dataTransfer.effectAllowed = "all";
    });
    entry.addEventListener("dragend", () => {
      dragged = null;
      for (const day of days) day.classList.remove("is-over");
    });
  }
  for (const day of days) {
    day.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      day.classList.add("is-over");
    });
    day.addEventListener("dragleave", (event) => {
      if (!day.contains(event.relatedTarget)) day.classList.remove("is-over");
    });
    day.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (!day.contains(dragged)) move(dragged, day.dataset.day);
    });
  }
}
