// Says, while something is typed into a draft's form, that its writer is still there: <div data-heartbeat="url"> in the page of
// the form. Who lost the draft meanwhile is told at once, and keeps what was typed.

const EVERY_MS = 60_000;

export function setUpWriting(root) {
  for (const notice of root.querySelectorAll("[data-heartbeat]")) setUp(notice);
  for (const tools of root.querySelectorAll("[data-editor-tools]")) setUpTools(tools);
  for (const button of root.querySelectorAll("[data-editor]")) {
    button.hidden = false;
    button.addEventListener("click", () => insert(document.getElementById(button.dataset.editor), button));
  }
  for (const words of root.querySelectorAll("[data-too-long]")) refuseTooLong(words);
}

/** Put the buttons that write for the writer above the text. */
function setUpTools(tools) {
  const text = document.getElementById(tools.dataset.editorTools);
  if (!text) return;
  text.before(tools);
  tools.hidden = false;
  for (const button of tools.querySelectorAll("button")) button.addEventListener("click", () => insert(text, button));
}

function insert(text, button) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const around = button.dataset.around ?? "";
  const words = around ? around + value.slice(start, end) + around : button.dataset.insert;
  text.focus();
  text.setRangeText(words, start, end, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A request that large would be refused unread: say so before it is sent, while what was typed still stands there. */
function refuseTooLong(words) {
  const form = words.closest("form");
  form?.addEventListener("submit", (event) => {
    const text = form.querySelector("[data-most]");
    const isTooLong = text && [...text.value].length > Number(text.dataset.most);
    words.textContent = isTooLong ? words.dataset.tooLong : "";
    words.hidden = !isTooLong;
    if (!isTooLong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    text.focus();
  }, { capture: true });
}

function setUp(notice) {
  const form = document.querySelector("form[data-warn-unsaved]");
  if (!form) return;
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  const beat = async () => {
    if (!typed) return;
    typed = false;
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(notice.dataset.heartbeat, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { lost } = await answer.json();
      const words = notice.querySelector(".notice-words");
      if (words.textContent !== lost) words.textContent = lost;
      notice.hidden = !lost;
    } catch {
      typed = true; // The portal is away, or the session over: saving tells that. Ask again next time.
    }
  };
  setInterval(beat, EVERY_MS);
  let isSent = false;
  form.addEventListener("submit", () => { isSent = true; });
  // Who leaves without saving lets others write; who comes back, by the browser's own button, goes on.
  window.addEventListener("pagehide", () => {
    if (isSent) return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(notice.dataset.leave, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isSent = false;
    typed = true;
    beat();
  });
  // Another person may have taken over while this tab was out of sight.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
}
