// Works through the checklist of an audit: <div data-checklist>. Checks are opened beside the list, keys lead from one to the
// next and say what they came to. Single keys work while no field is being written in, and can be switched off (WCAG 2.1.4).

import { CheckSaving, unsavedChecks } from "./check_saving.js";

const KEYS_OFF = "check-keys-off";
const SAYS_WHY = ["not_applicable", "not_tested"];
const WIDE = matchMedia("(min-width: 62rem)"); // as checklist.css has it
const WRITES = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]";

class Checklist {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[data-check-status]");
    this.unsaved = root.querySelector("[data-check-unsaved]");
    this.refusals = root.querySelector("[data-check-refusals]");
    this.keys = root.querySelector("[data-check-keys]");
    this.ready = Promise.resolve();
    this.take(this.pane);
    this.setUpKeys();
    root.addEventListener("click", (event) => this.clicked(event));
    root.querySelector("[data-check-bulk]") && this.setUpBulk();
    document.addEventListener("htmx:afterSwap", ({ detail }) => {
      if (detail.target.id === "check-list" || document.getElementById("check-list")?.contains(detail.target)) this.listed();
    });
    window.addEventListener("popstate", () => location.reload());
    this.offerWays();
    if (!this.opened && WIDE.matches) {
      const first = this.rows.find((row) => !this.isDone(row)) ?? this.rows[0];
      if (first) this.open(first, { stays: true });
    }
  }

  get pane() {
    return this.root.querySelector("#check-pane");
  }

  get rows() {
    return [...this.root.querySelectorAll(".check-row")];
  }

  get opened() {
    return this.pane?.dataset.checkPane;
  }

  row(check) {
    return this.root.querySelector(`.check-row[data-check="${check}"]`);
  }

  isDone(row) {
    const saving = unsavedChecks().find((one) => one.check === row.dataset.check); // what was said and is on its way
    const said = saving?.values();
    if (said?.result) return said.result !== "not_tested" || Boolean(said.reason.trim());
    return !row.querySelector(".check-result.is-open:not(.is-left)");
  }

  // Opening

  /** Take up the form of the opened check. */
  take(pane) {
    const form = pane?.querySelector("[data-check-form]");
    this.saving = form
      ? new CheckSaving(form, this.root.dataset, {
          tell: (saving, words, isWrong) => this.tell(saving, words, isWrong),
          saved: (saving, answer) => this.wasSaved(saving, answer),
          refused: (saving, why) => this.tellRefused(saving, why),
        })
      : null;
    pane?.querySelector("[data-check-buttons]")?.setAttribute("hidden", "");
  }

  /** Open a check; `stays`: the page came with none, and its address stays. */
  open(row, { stays = false } = {}) {
    const link = row.querySelector("a");
    this.mark(row);
    this.bringIntoView(row);
    this.ready = this.load(link.href, stays);
    return this.ready;
  }

  /** Scroll the list, never the page, so that the row can be seen with some of its neighbours. */
  bringIntoView(row) {
    const list = this.root.querySelector(".check-groups");
    const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
    const margin = 3 * inner.height;
    if (inner.top < outer.top + margin) list.scrollTop += inner.top - outer.top - margin;
    else if (inner.bottom > outer.bottom - margin) list.scrollTop += inner.bottom - outer.bottom + margin;
  }

  async load(url, stays) {
    this.request?.abort();
    const request = (this.request = new AbortController());
    this.saving?.leave();
    const headers = { "HX-Request": "true", "HX-Target": "check-pane" };
    let answer;
    try {
      answer = await fetch(url, { headers, signal: request.signal });
    } catch (error) {
      if (error.name !== "AbortError") location.href = url;
      return;
    }
    const markup = await answer.text().catch(() => "");
    if (request.signal.aborted) return;
    const page = new DOMParser().parseFromString(markup, "text/html");
    const fresh = page.getElementById("check-pane");
    if (!answer.ok || fresh?.dataset.reader !== this.root.dataset.reader) {
      location.href = url; // signed out, somebody else signed in, or the check is gone: the page says so
      return;
    }
    this.status.textContent = "";
    this.pane.replaceWith(document.adoptNode(fresh));
    window.htmx.process(fresh);
    window.htmx.trigger(fresh, "htmx:load", { elt: fresh });
    if (!stays) {
      const isFirst = !this.root.classList.contains("is-opened");
      this.root.classList.add("is-opened");
      history[isFirst ? "pushState" : "replaceState"](null, "", url);
    }
    this.take(fresh);
    this.offerWays();
    this.tellUnsaved();
    if (!stays && !WIDE.matches) {
      this.pane.focus({ preventScroll: true });
      this.root.querySelector(".checklist-work").scrollIntoView({ block: "start" });
    }
  }

  mark(row) {
    for (const other of this.root.querySelectorAll(".check-row [aria-current]")) other.removeAttribute("aria-current");
    row?.querySelector("a").setAttribute("aria-current", "true");
    row?.closest("details")?.setAttribute("open", "");
  }

  /** The list was filtered anew: what is opened stays opened. */
  listed() {
    this.mark(this.opened && this.row(this.opened));
    this.setUpBulk();
    this.offerWays();
  }

  // Going on

  /** Where one is in the list: at the row that has the focus, else at the opened one. */
  current() {
    const at = document.activeElement?.closest(".check-row");
    const rows = this.rows;
    return at ? rows.indexOf(at) : rows.findIndex((row) => row.querySelector("[aria-current]"));
  }

  target(way) {
    const rows = this.rows;
    const at = this.current();
    if (way === "next") return rows[at + 1];
    if (way === "previous") return rows[at < 0 ? 0 : at - 1];
    if (way === "untested") return [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].find((row) => !this.isDone(row));
    return null;
  }

  go(way) {
    const row = this.target(way);
    if (!row) return;
    const follows = this.root.querySelector(".check-list")?.contains(document.activeElement);
    this.open(row);
    if (follows) row.querySelector("a").focus({ preventScroll: true });
  }

  /** Let the buttons lead where the list as it stands leads. */
  offerWays() {
    const bar = this.root.querySelector(".check-bar .btn-list");
    for (const link of bar?.querySelectorAll("[data-way]") ?? []) {
      const row = this.target(link.dataset.way);
      link.hidden = !row;
      if (row) link.href = row.querySelector("a").href;
    }
  }

  clicked(event) {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a");
    if (!link) return;
    const row = link.closest(".check-row");
    const way = link.dataset.way;
    if (row) {
      event.preventDefault();
      this.open(row);
    } else if (way === "back") {
      event.preventDefault();
      this.back(link.href);
    } else if (way && way !== "finding") {
      event.preventDefault();
      this.go(way);
    }
  }

  back(url) {
    this.root.classList.remove("is-opened");
    history.pushState(null, "", url);
    const row = this.row(this.opened);
    row?.querySelector("a").focus();
  }

  // Saving

  tell(saving, words, isWrong) {
    if (saving.check !== this.opened) {
      this.tellUnsaved();
      return;
    }
    this.status.textContent = words;
    this.status.classList.toggle("is-wrong", isWrong);
  }

  tellUnsaved() {
    const others = unsavedChecks().filter((saving) => saving.check !== this.opened && saving.wrong && !saving.refused);
    this.unsaved.hidden = others.length === 0;
    const names = others.map((saving) => saving.name).join(", ");
    const words = others.length ? this.root.dataset.check.replace("{checks}", names) : "";
    if (this.unsaved.textContent !== words) this.unsaved.textContent = words;
  }

  /** Say what was refused and why, with what was typed; nothing more of it once it is saved or given up. */
  tellRefused(saving, why) {
    let notice = this.refusals.querySelector(`[data-check="${saving.check}"]`);
    if (!why) {
      notice?.remove();
      return;
    }
    if (!notice) {
      notice = this.root.querySelector("template[data-check-refusal]").content.firstElementChild.cloneNode(true);
      notice.dataset.check = saving.check;
      const words = notice.querySelector("[data-check-typed]");
      words.id = `check-typed-${saving.check}`;
      notice.querySelector("[data-copy]").dataset.copy = `#${words.id}`;
      notice.querySelector("h2").textContent += ` ${saving.name}`;
      this.refusals.append(notice);
      notice.scrollIntoView({ block: "nearest" });
    }
    notice.querySelector("[data-check-again]").onclick = () => saving.insist();
    notice.querySelector("[data-check-discard]").onclick = () => saving.discard();
    const place = notice.querySelector("[data-check-why]");
    if (place.textContent !== why) place.textContent = why;
    notice.querySelector("[data-check-typed]").textContent = saving.typed();
  }

  wasSaved(saving, answer) {
    const row = this.row(saving.check);
    if (row) {
      const before = !row.querySelector(".check-result.is-open");
      row.querySelector(".check-result").outerHTML = answer.badge;
      const box = row.querySelector("input[name=row]");
      if (box) box.value = `${saving.check}:${answer.version}`;
      if (before !== answer.tested) this.count(row, answer.tested ? 1 : -1);
    }
    this.root.querySelector("#checklist-progress").outerHTML = answer.progress;
    if (saving.check === this.opened) {
      this.pane.querySelector("[data-check-badge]").innerHTML = answer.badge;
      this.pane.querySelector("[data-check-tested]").textContent = answer.tested_words;
    }
    this.tellUnsaved();
  }

  count(row, step) {
    const count = row.closest(".check-group").querySelector(".check-group-count");
    count.dataset.tested = Number(count.dataset.tested) + step;
    count.textContent = `${count.dataset.tested}/${count.dataset.total}`;
  }

  /** Send a thousand selected rows as one field. */
  setUpBulk() {
    const form = this.root.querySelector("[data-check-bulk]");
    form?.addEventListener("submit", () => {
      const picked = [...form.querySelectorAll("input[name=row]:checked")];
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "rows" });
      field.value = picked.map((box) => box.value).join(",");
      form.append(field);
      for (const box of picked) box.disabled = true;
      window.addEventListener("pageshow", () => {
        field.remove();
        for (const box of picked) box.disabled = false;
      }, { once: true });
    });
  }

  // Keys

  setUpKeys() {
    this.keys.hidden = false;
    const box = this.keys.querySelector("[data-check-keys-on]");
    box.checked = localStorage.getItem(KEYS_OFF) === null;
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(KEYS_OFF);
      else localStorage.setItem(KEYS_OFF, "1");
    });
    document.addEventListener("keydown", (event) => this.pressed(event, box.checked));
    this.root.addEventListener("change", ({ target }) => this.resultChosen(target), { capture: true }); // before it is sent
  }

  pressed(event, isOn) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.target instanceof Element ? event.target : document.body;
    if (at.closest("dialog")) return;
    if (event.key === "Escape" && at.matches(WRITES) && this.root.contains(at)) {
      this.pane.focus({ preventScroll: true });
      return;
    }
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isArrow && !at.closest(".check-rows")) return;
    if (at.matches(WRITES) || (!isOn && !isArrow)) return;
    if (this.act(event.key)) event.preventDefault();
  }

  act(key) {
    const ways = { j: "next", ArrowDown: "next", k: "previous", ArrowUp: "previous", u: "untested" };
    if (key in ways) this.go(ways[key]);
    else if (key === "/") this.root.querySelector("[data-check-search]").focus();
    else if (key === "?") this.help();
    else if (/^[1-7]$/.test(key)) this.whenReady((pane) => this.press(pane.querySelectorAll("[name=result]")[key - 1]));
    else if ("iet".includes(key)) this.whenReady((pane) => this.press(pane.querySelectorAll("[name=methods]")["iet".indexOf(key)]));
    else if (key === "n" || key === "s") this.whenReady((pane) => pane.querySelector(key === "n" ? "#id_notes" : "#id_sample")?.focus());
    else if (key === "f") this.whenReady((pane) => pane.querySelector("[data-way=finding]")?.click());
    else return false;
    return true;
  }

  whenReady(act) {
    this.ready.then(() => this.pane && act(this.pane));
  }

  press(box) {
    if (!box || box.matches(":disabled")) return;
    const isUndone = box.value === "not_tested" && !box.checked;
    box.click();
    if (SAYS_WHY.includes(box.value) && !isUndone) this.askWhy().focus();
  }

  /** Let each result have its own reason: another one leaves it behind, and finds it again as long as the check is opened. */
  resultChosen(box) {
    if (!box.matches('[name="result"]')) return;
    const why = this.pane.querySelector("#id_reason");
    const { form } = box;
    form.reasons ??= new Map();
    form.reasons.set(form.chosen ?? form.querySelector('[name="result"][checked]')?.value, why.value);
    form.chosen = box.value;
    why.value = form.reasons.get(box.value) ?? "";
    if (box.value === "not_applicable") this.askWhy();
  }

  /** Open where it is said why a requirement does not apply, or was not tested; return the field. */
  askWhy() {
    this.pane.querySelector(".check-reason").open = true;
    return this.pane.querySelector("#id_reason");
  }

  help() {
    this.keys.open = !this.keys.open;
    if (this.keys.open) this.keys.querySelector("summary").focus();
  }
}

export function setUpChecklist(root) {
  const checklist = root.querySelector("[data-checklist] .checklist-panes");
  if (checklist) new Checklist(checklist.closest("[data-checklist]"));
}
