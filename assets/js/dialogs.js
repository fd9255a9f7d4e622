// Opens confirmation pages in a dialog: <a href="…" data-ask hx-get="…" hx-target="#ask-content">. Without a script
// the link opens the same page as a whole.

export function setUpDialogs() {
  const dialog = document.getElementById("ask");
  if (!dialog) return;
  const content = document.getElementById("ask-content");

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== content) return;
    if (!dialog.open) dialog.showModal();
    const first = content.querySelector("[data-error-summary], [autofocus], textarea, input:not([type=hidden]), select, button");
    first?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => content.replaceChildren());
}
