// Says, while something is typed into a draft's form, that its writer is still there: <div data-heartbeat="url"> in the page of
// the form. Who lost the draft meanwhile is told at once, and keeps what was typed.

const EVERY_MS = 60_000;

export function setUpWriting(root) {
  for (const notice of root.querySelectorAll("[data-heartbeat]")) setUp(notice);
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
