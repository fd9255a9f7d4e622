// Says what went wrong when a part of a page could not be fetched, and lets notices be closed.

import { icon, text } from "./dom.js";

const TEXT_BY_STATUS = { 403: "forbidden", 404: "missing", 413: "tooLarge", 429: "tooMany" };

/** Say something on top of the page; the next answer that all is well takes it away. */
export function show(message, tone = "bad", sign = "alert-circle") {
  const place = document.getElementById("page-messages");
  if (!place || !message) return;
  const notice = document.createElement("div");
  notice.className = `notice tone-${tone}`;
  notice.setAttribute("role", "alert");
  notice.dataset.transient = "";
  const words = document.createElement("div");
  words.className = "notice-words";
  words.textContent = message;
  notice.append(icon(sign), words);
  place.querySelectorAll("[data-transient]").forEach((old) => old.remove());
  place.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** Return why the server refused, in its own words, where its answer is one of the error pages. */
function reasonIn(xhr) {
  if (!xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) return "";
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector("[data-error-words]")?.textContent.trim().replace(/\s+/g, " ") ?? "";
}

export function setUpFeedback() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".notice")?.remove();
  });
  for (const button of document.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const words = xhr.status === 403 || xhr.status === 429 ? reasonIn(xhr) : "";
    show(words || text(TEXT_BY_STATUS[xhr.status] ?? "failed"));
  });
  document.addEventListener("htmx:sendError", () => show(text("offline")));
  document.addEventListener("htmx:timeout", () => show(text("offline")));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) document.querySelectorAll("[data-transient]").forEach((old) => old.remove());
  });
}
