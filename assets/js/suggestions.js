// Offers what may be meant while it is being typed: people after an @ in the textarea of [data-mentions], records in [data-pick]. Arrow keys choose, Enter or Tab
// takes, Escape closes. Without a script, the same words mean the same when they are sent.

import { text } from "./dom.js";

const PAUSE_MS = 120;
let lists = 0;

/**
 * Attach suggestions to a field. `read()` returns what was typed so far, or null when nothing is to be offered;
 * `take(item)` writes the one that was chosen; `url` answers `?q=` with { items: [{ name, note, … }] }.
 */
export function suggest(field, { url, read, take }) {
  const list = document.createElement("ul");
  const status = document.createElement("div");
  list.id = `suggestions-${++lists}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text("suggestions"));
  list.hidden = true;
  status.className = "sr-status";
  status.setAttribute("role", "status");
  field.after(list, status);
  field.parentElement.classList.add("has-suggestions");
  field.setAttribute("autocomplete", "off");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);

  let items = [];
  let active = -1;
  let timer = 0;
  let asked = null;
  let request = null;
  let taken = false;

  const isOpen = () => !list.hidden;
  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  };
  const show = (open) => {
    list.hidden = !open;
    if (field.getAttribute("role") === "combobox") field.setAttribute("aria-expanded", String(open));
    if (!open) {
      mark(-1);
      asked = null;
      status.textContent = "";
    }
  };
  const close = () => {
    clearTimeout(timer);
    request?.abort();
    show(false);
  };
  const choose = (index) => {
    const item = items[index];
    close();
    take(item);
    field.focus();
    taken = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    taken = false;
  };
  const fill = (found) => {
    items = found;
    list.replaceChildren(
      ...items.map((item, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        const note = document.createElement("span");
        note.textContent = item.note;
        option.append(item.name, note);
        // Before the field loses the focus.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(index);
        });
        return option;
      }),
    );
    show(items.length > 0);
    if (items.length) {
      mark(0);
      status.textContent = items.map((item) => item.name).join(", ");
    }
  };
  const ask = async (query) => {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`${url}?q=${encodeURIComponent(query)}`, {
        signal: request.signal,
        headers: { Accept: "application/json" },
      });
      if (answer.ok && !answer.redirected && asked === query) fill((await answer.json()).items);
    } catch {
      // Called off by the next key, or the portal is away: then the words are typed in full.
    }
  };
  const look = () => {
    if (taken) return undefined;
    const query = read();
    if (query === null) return close();
    if (query === asked) return undefined;
    asked = query;
    clearTimeout(timer);
    timer = setTimeout(() => ask(query), PAUSE_MS);
    return undefined;
  };

  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing) return;
    const last = items.length - 1;
    if (event.key === "ArrowDown") mark(active === last ? 0 : active + 1);
    else if (event.key === "ArrowUp") mark(active <= 0 ? last : active - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && !event.shiftKey) choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
}

const BEGUN = /(?:^|[^\w@./])@([^\s@](?:[^\s@]|[ ](?=\S)){0,60}[ ]?|)$/u;

function setUpMentions(place) {
  const field = place.querySelector("textarea");
  const begun = () => {
    const before = field.value.slice(0, field.selectionStart);
    return field.selectionStart === field.selectionEnd ? BEGUN.exec(before) : null;
  };
  suggest(field, {
    url: place.dataset.mentions,
    read: () => begun()?.[1].trim() ?? null,
    take: (item) => {
      const end = field.selectionStart;
      field.setRangeText(`${item.written} `, end - begun()[1].length, end, "end");
    },
  });
}

function setUpPick(form) {
  const field = form.querySelector("input[name=other]");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "false");
  suggest(field, {
    url: form.dataset.pick,
    read: () => field.value.trim() || null,
    take: (item) => {
      field.value = item.written;
    },
  });
}

export function setUpSuggestions(root) {
  root.querySelectorAll("form[data-pick]").forEach(setUpPick);
  root.querySelectorAll("[data-mentions]").forEach(setUpMentions);
}
