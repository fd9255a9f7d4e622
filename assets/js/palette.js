// The palette: Ctrl-K or ⌘K from anywhere, or the box at the top. Arrows choose, Enter opens, Escape closes.
// What it offers comes from the server with each keystroke; focus stays in its box, as the combobox pattern asks.

import { text } from "./dom.js";

const WAIT_MS = 120;

export function setUpPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const empty = dialog.querySelector(".palette-empty");
  const status = dialog.querySelector("[role=status]");
  const box = document.querySelector(".top-search-form [name=q]");
  let asking = null;
  let timer = 0;
  let shownFor = null;

  const offers = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(offer) {
    for (const other of offers()) other.setAttribute("aria-selected", String(other === offer));
    if (!offer) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", offer.id);
    offer.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  function say(message) {
    empty.textContent = message;
    empty.hidden = !message;
    status.textContent = message;
  }

  function show(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html").querySelector("[data-count]");
    if (!parsed) throw new Error("no offers");
    list.replaceChildren(...parsed.children);
    const some = offers().length > 0;
    list.hidden = !some;
    input.setAttribute("aria-expanded", String(some));
    choose(offers()[0]);
    say(some ? "" : text("nothingFound"));
    if (some) status.textContent = parsed.dataset.count;
    list.scrollTop = 0;
  }

  async function ask() {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const wanted = input.value;
    try {
      const url = new URL(dialog.dataset.url, location.href);
      url.searchParams.set("q", wanted);
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (answer.redirected) return location.reload(); // signed out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine.signal.aborted) return undefined;
      show(html);
      shownFor = wanted;
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(null);
      list.replaceChildren();
      say(text("offline"));
    }
    return undefined;
  }

  function open(words) {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    input.value = words;
    say("");
    shownFor = null;
    dialog.showModal();
    input.focus();
    ask();
  }

  function close() {
    if (dialog.open) return; // the event comes late, and the palette is open again
    clearTimeout(timer);
    asking?.abort();
    list.replaceChildren();
    list.hidden = true;
    shownFor = null;
    input.setAttribute("aria-expanded", "false");
    if (box) box.value = "";
  }

  async function go(event) {
    if (shownFor !== input.value) {
      clearTimeout(timer);
      await ask();
    }
    const offer = chosen();
    if (!offer) return;
    if (event.ctrlKey || event.metaKey) window.open(offer.href, "_blank", "noopener");
    else location.assign(offer.href);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open("");
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = offers();
    const place = all.indexOf(chosen());
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: Math.min(place + 5, all.length - 1), PageUp: Math.max(place - 5, 0) }[event.key];
    if (to !== undefined && all.length) {
      event.preventDefault();
      choose(all[(to + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(event);
    }
  });
  list.addEventListener("pointermove", (event) => {
    const offer = event.target.closest("[role=option]");
    if (offer && offer !== chosen()) choose(offer);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
  });
  dialog.addEventListener("close", close);

  const link = document.querySelector(".top-search-link");
  link?.addEventListener("click", (event) => {
    event.preventDefault();
    open("");
  });
  if (!box) return;
  // Not on focus: whoever passes by with the Tab key stays on the page.
  box.addEventListener("click", () => open(box.value));
  box.addEventListener("input", (event) => {
    if (!event.isComposing) open(box.value);
  });
  const hint = document.querySelector(".top-search-form kbd");
  if (hint) {
    hint.textContent = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K";
    hint.hidden = false;
  }
}
