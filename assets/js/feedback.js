// Says what went wrong when a part of a page could not be fetched, and lets notices be closed.

import { icon, text } from "./dom.js";

const TEXT_BY_STATUS = { 403: "forbidden", 404: "missing", 413: "tooLarge", 429: "tooMany" };

function showError(message) {
  const place = document.getElementById("page-messages");
  if (!place || !message) return;
  const notice = document.createElement("div");
  notice.className = "notice tone-bad";
  notice.setAttribute("role", "alert");
  notice.dataset.transient = "";
  const words = document.createElement("div");
  words.className = "notice-words";
  words.textContent = message;
  notice.append(icon("alert-circle"), words);
  place.querySelectorAll("[data-transient]").forEach((old) => old.remove());
  place.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

export function setUpFeedback() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".notice")?.remove();
  });
  for (const button of document.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;

  document.addEventListener("htmx:responseError", (event) => {
    showError(text(TEXT_BY_STATUS[event.detail.xhr.status] ?? "failed"));
  });
  document.addEventListener("htmx:sendError", () => showError(text("offline")));
  document.addEventListener("htmx:timeout", () => showError(text("offline")));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) document.querySelectorAll("[data-transient]").forEach((old) => old.remove());
  });
}
