// Saves an opened check while it is worked on: <form data-check-form>. Every change goes at once, what is typed after a pause
// and on leaving the field; what has not reached the server is kept in this tab and sent again, also when another check is
// opened meanwhile. Each save says which version it was typed over; where somebody else changed the same, both are shown.
// What the server refuses is told, and not sent again before something else is typed or somebody asks for it: only what may
// pass by itself (no connection, a server that is away or busy) is tried again and again. What one person typed is never saved
// by another who signs in meanwhile, nor does that person find it in a form.

import { text } from "./dom.js";

const PAUSE_MS = 900;
const AGAIN_MS = [2000, 5000, 10_000, 30_000];
const KEEPALIVE_BYTES = 60_000; // what browsers still send for a page that is gone
const FIELDS = ["result", "reason", "methods", "sample", "notes"];
const PREFIX = "draft:check:"; // then who typed it, and the check; drafts.js forgets them with all others on signing out

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isAway = (answer) => !answer || answer.status >= 500 || answer.status === 429;
const unsaved = new Map();

/** Checks that have not reached the server, by their keys. */
export function unsavedChecks() {
  return [...unsaved.values()];
}

function stored(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

export class CheckSaving {
  /**
   * `tell(saving, words, isWrong)` shows how far it is; `saved(saving, answer)` hears of each save, and `refused(saving, why)`
   * of each refusal, without a reason once it is over.
   */
  constructor(form, words, { tell, saved, refused }) {
    const earlier = unsaved.get(form.dataset.check);
    earlier?.retire();
    Object.assign(this, { form, words, tell, saved, tellRefused: refused });
    if (earlier?.refused) Object.assign(this, { refused: earlier.refused, wrong: earlier.wrong });
    this.check = form.dataset.check;
    this.name = form.dataset.name;
    this.reader = form.elements.reader.value;
    this.key = `${PREFIX}${this.reader}:${this.check}`;
    this.version = Number(form.elements.version.value);
    this.kept = this.values();
    this.attempt = 0;
    this.restore();
    form.addEventListener("input", () => this.changed(PAUSE_MS));
    form.addEventListener("change", () => this.changed(0));
    form.addEventListener("focusout", () => this.differs() && this.changed(0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.changed(0);
    }, { capture: true });
  }

  /** What the form says now; once it is gone, what it said last. */
  values() {
    if (this.last) return this.last;
    const { result, reason, methods, sample, notes } = this.form.elements;
    const boxes = methods ? (methods.length === undefined ? [methods] : [...methods]) : [];
    return {
      result: result?.value ?? "",
      reason: reason?.value ?? "",
      methods: boxes.filter((box) => box.checked).map((box) => box.value),
      sample: sample?.value ?? "",
      notes: notes?.value ?? "",
    };
  }

  differs() {
    return !same(this.values(), this.kept);
  }

  /** What does not apply says why before it is sent, as long as somebody is there to say it. */
  get lacksReason() {
    const { result, reason } = this.values();
    return !this.last && result === "not_applicable" && !reason.trim();
  }

  show(field, value) {
    if (this.last) {
      this.last[field] = value;
      return;
    }
    if (field === "result" || field === "methods") {
      const wanted = field === "result" ? [value] : value;
      for (const box of this.form.querySelectorAll(`[name="${field}"]`)) box.checked = wanted.includes(box.value);
    } else if (this.form.elements[field].value !== value) {
      this.form.elements[field].value = value;
      if (field === "reason" && value) this.form.querySelector(".check-reason").open = true;
    }
  }

  /** Take up what was typed here before and never arrived. */
  restore() {
    const draft = stored(this.key);
    if (!draft) return;
    let isBack = false;
    for (const field of FIELDS) {
      if (same(draft.values[field], draft.base[field]) || same(draft.values[field], this.kept[field])) continue;
      this.show(field, draft.values[field]);
      isBack = true;
    }
    if (!isBack) {
      sessionStorage.removeItem(this.key);
      return;
    }
    this.version = draft.version;
    this.kept = draft.base;
    this.tell(this, this.words.restored, false);
    this.changed(0);
  }

  /** Remember what was typed, and send it soon. */
  changed(pause) {
    if (this.retired) return;
    if (!this.differs()) {
      clearTimeout(this.timer);
      if (!this.sending) this.done();
      return;
    }
    unsaved.set(this.check, this);
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ version: this.version, base: this.kept, values: this.values() }));
    } catch {
      // Too large to be kept, or the browser keeps nothing: then it is sent all the same.
    }
    if (this.refused) this.tellRefused(this, this.wrong);
    if (this.conflict) return; // the person chooses first
    clearTimeout(this.timer);
    if (this.lacksReason) {
      this.fail(this.words.reason);
      return;
    }
    if (!this.wrong) this.tell(this, this.words.waiting, false);
    if (pause) this.timer = setTimeout(() => this.send(), pause);
    else this.send();
  }

  async send(body = null) {
    clearTimeout(this.timer);
    if (this.sending) {
      this.isDue = true;
      return;
    }
    const sent = this.values();
    if (!body && (!this.differs() || this.lacksReason || same(sent, this.refused))) return;
    this.sending = true;
    this.isDue = this.isAsked = false;
    this.tell(this, this.words.saving, false);
    let answer = null;
    let data = null;
    try {
      answer = await fetch(this.form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: body ?? this.body(sent),
        keepalive: JSON.stringify(sent).length * 3 < KEEPALIVE_BYTES,
      });
      data = answer.redirected ? null : await answer.json().catch(() => null);
    } catch {
      answer = null;
    }
    this.sending = false;
    if (!this.retired) this.answered(answer, data, sent);
  }

  body(values) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("reader", this.reader);
    body.set("version", this.version);
    for (const field of FIELDS) {
      if (field === "methods") for (const method of values.methods) body.append("methods", method);
      else if (!this.form.elements[field]?.disabled && !this.form.querySelector(".check-results:disabled")?.querySelector(`[name="${field}"]`)) body.set(field, values[field]);
    }
    return body;
  }

  answered(answer, data, sent) {
    const { status = 0 } = answer ?? {};
    if (answer?.ok && data?.values) this.arrived(data, sent);
    else if (status === 409 && data?.conflict) this.stale(data.conflict);
    else if (answer?.redirected) this.fail(this.words.signedOut); // until the person comes back from signing in
    else if (status === 403 && !this.isRenewed) this.renew(sent);
    else if (status >= 400 && !isAway(answer)) this.wasRefused(this.refusal(status, data), sent);
    else this.failed(answer);
  }

  refusal(status, data) {
    if (data?.errors) return Object.values(data.errors)[0];
    return { 403: this.words.forbidden, 404: this.words.gone, 413: text("tooLarge") }[status] ?? text("failed");
  }

  /**
   * Whoever signed in again in another tab has another secret: take it from the check as it is now, and send once more. Where
   * another person signed in, nothing is sent.
   */
  async renew(sent) {
    this.sending = this.isRenewed = true;
    const headers = { "HX-Request": "true", "HX-Target": "check-pane" };
    const answer = await fetch(this.form.action, { headers }).catch(() => null);
    const markup = answer?.ok ? await answer.text().catch(() => null) : "";
    this.sending = false;
    if (this.retired) return;
    const isSignedOut = answer?.redirected || answer?.headers.has("HX-Redirect");
    if (isSignedOut || isAway(answer) || markup === null) {
      this.isRenewed = false;
      if (isSignedOut) this.fail(this.words.signedOut);
      else this.failed(answer);
      return;
    }
    const fresh = new DOMParser().parseFromString(markup, "text/html").querySelector("[data-check-form]");
    if (!fresh) this.wasRefused(this.refusal(answer.ok ? 403 : answer.status), sent);
    else if (fresh.elements.reader.value !== this.reader) this.wasRefused(this.words.otherPerson, sent);
    else {
      this.form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
      this.send();
    }
  }

  arrived(data, sent) {
    const values = this.values();
    let isOver = true; // nothing was typed meanwhile over what somebody else had changed
    for (const field of FIELDS) {
      if (same(values[field], sent[field])) this.show(field, data.values[field]);
      else if (!same(data.values[field], sent[field])) isOver = false;
    }
    if (isOver) {
      this.version = data.version;
      this.kept = data.values;
      if (!this.last) this.form.elements.version.value = data.version;
    }
    this.attempt = 0;
    this.isRenewed = false;
    this.over();
    if (this.conflict) this.settled();
    this.saved(this, data);
    if (this.differs()) {
      this.changed(this.isDue ? 0 : PAUSE_MS);
      return;
    }
    this.done();
    const words = this.words.saved.replace("{time}", data.at);
    this.tell(this, data.merged.length ? `${words}; ${this.words.merged} ${data.merged.join(", ")}` : words, false);
  }

  done() {
    unsaved.delete(this.check);
    sessionStorage.removeItem(this.key);
    this.over();
  }

  /** Nothing stands against what is typed now. */
  over() {
    this.wrong = null;
    if (this.refused) this.tellRefused(this, null);
    this.refused = null;
  }

  wasRefused(words, sent) {
    this.refused = this.isAsked ? {} : sent; // asked for while it was on its way: then it is sent once more
    this.isRenewed = false;
    this.fail(words);
    this.tellRefused(this, words);
    if (this.isDue) this.changed(0);
  }

  /** Send what was refused once more: somebody asks for it. */
  insist() {
    this.isAsked = this.sending;
    this.refused = {};
    this.send();
  }

  /** Forget what has not arrived. */
  discard() {
    if (!this.last) for (const field of FIELDS) this.show(field, this.kept[field]);
    this.last &&= structuredClone(this.kept);
    this.changed(0);
  }

  /** What is typed and not saved, in words, to be copied. */
  typed() {
    const values = this.values();
    const box = (field, value) => this.form.querySelector(`[name="${field}"][value="${value}"]`)?.nextElementSibling.textContent ?? "";
    const said = {
      ...values,
      result: box("result", values.result),
      methods: values.methods.map((method) => box("methods", method)).join(", "),
    };
    const changed = FIELDS.filter((field) => !same(values[field], this.kept[field]));
    return changed.map((field) => `${this.words[`label${field[0].toUpperCase()}${field.slice(1)}`]}: ${said[field]}`).join("\n\n");
  }

  /** Try again by itself, ever more seldom, and not before the server asks for it. */
  failed(answer) {
    this.fail(this.words.again);
    const seconds = Number(answer?.headers.get("Retry-After")) || 0;
    const pause = Math.max(1000 * seconds, AGAIN_MS[Math.min(this.attempt, AGAIN_MS.length - 1)]);
    this.timer = setTimeout(() => this.send(), pause);
    this.attempt += 1;
  }

  fail(words) {
    this.wrong = words;
    this.tell(this, this.words.unsaved.replace("{why}", words), true);
  }

  stale(markup) {
    this.fail(this.words.conflict);
    this.conflict = markup;
    this.showConflict();
  }

  /** Show both versions in the opened check, and send what the person chose of them. */
  showConflict() {
    const place = this.last ? null : this.form.closest("[data-check-pane]")?.querySelector("[data-check-conflict]");
    if (!place) return;
    place.innerHTML = this.conflict;
    const settle = place.querySelector("form");
    settle.addEventListener("input", ({ target }) => {
      if (target.matches("textarea")) settle.querySelector(`[name="keep-${target.name.slice(5)}"][value="text"]`).checked = true;
    });
    settle.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.send(new FormData(settle));
    }, { capture: true });
    settle.querySelector("h2").focus();
  }

  settled() {
    this.conflict = null;
    this.form.closest("[data-check-pane]")?.querySelector("[data-check-conflict]").replaceChildren();
  }

  /** The form goes; what it says is still to be saved. */
  leave() {
    if (!this.differs() && !this.sending) return;
    this.last = structuredClone(this.values());
    if (!this.conflict) this.send();
  }

  /** Another form of the same check takes over. */
  retire() {
    this.retired = true;
    clearTimeout(this.timer);
    unsaved.delete(this.check);
  }
}

for (const event of ["online", "focus"]) {
  window.addEventListener(event, () => unsavedChecks().forEach((saving) => saving.wrong && !saving.conflict && saving.send()));
}
window.addEventListener("pagehide", () => unsavedChecks().forEach((saving) => !saving.conflict && saving.send()));
window.addEventListener("beforeunload", (event) => {
  if (unsavedChecks().some((saving) => saving.wrong)) event.preventDefault();
});
