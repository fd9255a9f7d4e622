// Lets Ctrl-, Shift- and middle-click open a link in another tab or window, also where htmx would take the click.

export function setUpLinks() {
  const letBrowser = (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!isPlain && event.target.closest?.("a[href]")) event.stopImmediatePropagation();
  };
  window.addEventListener("click", letBrowser, { capture: true });
}
