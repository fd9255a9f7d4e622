// The grids of dates, the calendar's and the year planner's: keys that go from cell to cell, and dates that are dragged to
// another. Both only open the page that moves a date, in a dialog. Without a script, a grid is a table of links. A cell is a
// day or a month (`data-day`); where it has a `data-row`, dates stay in theirs.

import { allIn } from "./dom.js";
import { show } from "./feedback.js";

const WIDE = matchMedia("(min-width: 48rem)"); // narrower, the days stand under each other, as a list of links
const WEEK = 7;

export function setUpCalendar(root) {
  for (const grid of allIn(root, "[data-calendar]")) {
    if (grid.dataset.ready !== undefined) continue; // htmx tells of the whole page, too; a key that counts twice asks twice
    grid.dataset.ready = "";
    setUpGrid(grid);
  }
}

function setUpGrid(grid) {
  const days = [...grid.querySelectorAll("[data-day]")];
  const columns = Number(grid.dataset.columns ?? WEEK);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
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
    if (event.key.toLowerCase() === "m") return move(event.target.closest("[data-entry]") ?? day.querySelector("[data-move]"));
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
    const start = position - (position % columns);
    const target = { Home: start, End: start + columns - 1 }[event.key] ?? position + (steps[event.key] ?? NaN);
    if (!days[target]) return event.key in steps;
    goTo(days[target]);
    return true;
  }

  function move(entry, to) {
    if (entry?.dataset.refusal) return show(entry.dataset.refusal, "info", "info-circle"), true;
    if (!entry?.dataset.move) return false;
    const day = to ? `&to=${to}` : "";
    htmx.ajax("GET", `${entry.dataset.move}?${grid.dataset.next}${day}`, { target: "#ask-content", swap: "innerHTML" });
    return true;
  }

  let dragged = null;
  const staysOut = (day) => Boolean(day.dataset.row) && day.dataset.row !== dragged.closest("[data-day]").dataset.row;
  for (const entry of grid.querySelectorAll("[data-move], [data-refusal]")) {
    // A browser drags links by itself; outside the grid it stays one.
    entry.addEventListener("dragstart", (event) => {
      dragged = entry;
      event.dataTransfer.effectAllowed = "all";
    });
    entry.addEventListener("dragend", () => {
      dragged = null;
      for (const day of days) day.classList.remove("is-over", "is-refused");
    });
  }
  for (const day of days) {
    day.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      day.classList.add(staysOut(day) ? "is-refused" : "is-over");
    });
    day.addEventListener("dragleave", (event) => {
      if (!day.contains(event.relatedTarget)) day.classList.remove("is-over", "is-refused");
    });
    day.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (day.contains(dragged)) return;
      if (staysOut(day)) show(grid.dataset.stays, "info", "info-circle");
      else move(dragged, day.dataset.day);
    });
  }
}
