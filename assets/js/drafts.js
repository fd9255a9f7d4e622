// Keeps what is being written until it is sent: <form data-draft="name"> survives an error, a closed connection and the
// end of a session, in this tab alone. A draft carries the key of its form, so what reached the server after all is
// recognised on the page by [data-submission] and dropped. Ctrl+Enter sends a comment, new or edited.

const PREFIX = "draft:";

function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? null;
  } catch {
    return null;
  }
}

function setUpDraft(form) {
  const name = PREFIX + form.dataset.draft;
  const text = form.querySelector("textarea");
  const key = form.querySelector("input[name=submission]");
  const draft = kept(name);
  if (draft && document.querySelector(`[data-submission="${CSS.escape(draft.key)}"]`)) sessionStorage.removeItem(name);
  else if (draft && text.value === "") {
    text.value = draft.text;
    key.value = draft.key;
  }
  text.addEventListener("input", () => {
    try {
      if (text.value.trim() === "") sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify({ key: key.value, text: text.value }));
    } catch {
      // Too large to be kept, or the browser keeps nothing: then it is written as without a script.
    }
  });
}

function sendFromKeyboard(text) {
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit();
  });
}

function forgetAll() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}

export function setUpDrafts(root) {
  root.querySelectorAll("form[data-draft]").forEach(setUpDraft);
  root.querySelectorAll("[data-mentions] textarea").forEach(sendFromKeyboard);
  for (const form of root.querySelectorAll("form[data-forget-drafts]")) form.addEventListener("submit", forgetAll);
}
