// Keeps days and numbers of days in step: each row of [data-dates] holds a number of days from the start and the day
// itself. A change of the start or of a number moves the day, a change of the day moves the number. Without a script
// the server does the same when the form is sent.

import { allIn } from "./dom.js";

const DAY_MS = 86_400_000;
const FIRST_YEAR = 2000;

/** Return the day in a date field as a number of days, or null while it is empty or still being typed. */
function dayNumber(field) {
  const day = field.valueAsDate;
  return day && day.getUTCFullYear() >= FIRST_YEAR ? Math.round(day.getTime() / DAY_MS) : null;
}

function setDay(field, number) {
  const iso = new Date(number * DAY_MS).toISOString().slice(0, 10);
  if (/^\d{4}-/.test(iso)) field.value = iso;
}

export function setUpDates(root) {
  for (const dates of allIn(root, "[data-dates]")) {
    if (dates.dataset.ready !== undefined) continue;
    dates.dataset.ready = "";
    const start = dates.querySelector("[data-dates-start] input");
    const rows = [...dates.querySelectorAll("[data-dates-row]")].map((row) => ({
      days: row.querySelector("input[type=number]"),
      day: row.querySelector("input[type=date]"),
      sign: Number(row.dataset.datesRow),
    }));

    const moveDay = ({ days, day, sign }) => {
      const from = dayNumber(start);
      if (from !== null && days.value !== "" && days.validity.valid) setDay(day, from + sign * Number(days.value));
    };
    const moveDays = ({ days, day, sign }) => {
      const from = dayNumber(start);
      const to = dayNumber(day);
      if (from !== null && to !== null && sign * (to - from) >= 0) days.value = String(sign * (to - from));
    };

    start.addEventListener("change", () => rows.forEach(moveDay));
    for (const row of rows) {
      row.days.addEventListener("input", () => moveDay(row));
      row.day.addEventListener("change", () => moveDays(row));
    }
    rows.filter(({ day }) => day.value === "").forEach(moveDay);
  }
}
