// Sends files one by one, with the progress of each: <form data-uploads>. They are chosen, or dropped anywhere on the page.
// What they come to is shown in the parts of the page that data-refresh names, as data-refresh-url has them.
// With data-uploads-at-once they go as soon as they are chosen. Without a script the form sends them all at once; the
// server takes and judges each by itself either way.

import { allIn, icon, text } from "./dom.js";

const AT_ONCE = 2;
const TEXT_BY_STATUS = { 403: "forbidden", 404: "missing", 413: "tooLarge", 429: "tooMany" };

class Uploads {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.list = form.querySelector("[data-uploads-list]");
    this.status = form.querySelector("[data-uploads-status]");
    this.waiting = [];
    this.sending = 0;
    this.added = 0;
    this.missed = 0;
  }

  get isBusy() {
    return this.sending > 0 || this.waiting.length > 0;
  }

  /** Take files into the queue; what the last ones have come to goes, unless it is not done yet or went wrong. */
  take(files) {
    if (!this.isBusy) this.list.replaceChildren();
    for (const file of files) this.waiting.push(this.line(file));
    this.list.hidden = this.list.childElementCount === 0;
    this.next();
  }

  line(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const words = document.createElement("span");
    const button = document.createElement("button");
    name.className = "upload-name";
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    words.className = "upload-words";
    words.textContent = this.form.dataset.waiting;
    button.type = "button";
    button.className = "btn btn-sm";
    item.append(name, bar, words, button);
    this.list.append(item);
    const line = { file, item, bar, words, button, request: null };
    this.offer(line, "cancel", () => this.cancel(line));
    return line;
  }

  offer({ file, button }, what, act) {
    button.hidden = !what;
    button.textContent = this.form.dataset[what] ?? "";
    button.setAttribute("aria-label", `${button.textContent}: ${file.name}`);
    button.onclick = act;
  }

  next() {
    while (this.sending < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  send(line) {
    if (line.file.size > Number(this.form.dataset.maxBytes)) {
      this.end(line, "bad", text("fileTooLarge"));
      return;
    }
    const body = new FormData(this.form);
    body.delete(this.input.name);
    body.append(this.input.name, line.file);
    const request = new XMLHttpRequest();
    line.request = request;
    this.sending += 1;
    line.words.textContent = this.form.dataset.sending;
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return;
      line.bar.value = (100 * loaded) / total;
      if (loaded === total) line.words.textContent = this.form.dataset.checking;
    });
    request.addEventListener("load", () => this.answered(line, request));
    request.addEventListener("error", () => this.failed(line, text("offline")));
    request.addEventListener("abort", () => this.end(line, "neutral", this.form.dataset.cancelled));
    request.addEventListener("loadend", () => {
      this.sending -= 1;
      this.next();
      if (!this.isBusy) this.finish();
    });
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.send(body);
  }

  answered(line, request) {
    const answer = request.response;
    if (request.status === 200 && answer?.added) {
      this.added += 1;
      line.bar.value = 100;
      this.end(line, "good", this.form.dataset.added);
    } else if (answer?.refused) {
      this.end(line, "bad", [...answer.refused.map(({ reason }) => reason), ...answer.errors].join(" "));
    } else {
      this.failed(line, text(TEXT_BY_STATUS[request.status] ?? "failed"));
    }
  }

  failed(line, words) {
    this.end(line, "bad", words);
    this.offer(line, "again", () => {
      line.item.remove();
      this.take([line.file]);
    });
  }

  cancel(line) {
    if (line.request) {
      line.request.abort();
      return;
    }
    this.waiting = this.waiting.filter((other) => other !== line);
    this.end(line, "neutral", this.form.dataset.cancelled);
  }

  end(line, tone, words) {
    line.item.className = `tone-${tone}`;
    line.bar.hidden = true;
    if (tone !== "good") this.missed += 1;
    line.words.textContent = words;
    line.words.prepend(icon({ good: "check", bad: "alert-circle", neutral: "ban" }[tone]));
    this.offer(line, "", null);
    const said = document.createElement("p");
    said.textContent = `${line.file.name}: ${words}`;
    this.status.append(said);
  }

  /** Show the list of files as it is now, and its number on the tab. */
  async finish() {
    if (!this.added) return;
    if (!this.missed) this.form.reset();
    this.added = this.missed = 0;
    const { refresh = "#files, .tab-nav", refreshUrl = location.href, refreshTarget } = this.form.dataset;
    const headers = refreshTarget ? { "HX-Request": "true", "HX-Target": refreshTarget } : {};
    const answer = await fetch(refreshUrl, { headers }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of refresh.split(", ")) {
      const fresh = page.querySelector(part);
      if (fresh) document.querySelector(part)?.replaceWith(document.adoptNode(fresh));
    }
  }
}

/** Let files be dropped anywhere on the page: one that misses its place would otherwise replace the page. */
function setUpDrop(form, uploads) {
  // A form that has left the page takes nothing any more.
  const hasFiles = (event) => form.isConnected && [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  const mark = (step) => {
    depth = step ? Math.max(0, depth + step) : 0;
    form.classList.toggle("is-dropping", depth > 0);
  };
  document.addEventListener("dragenter", (event) => hasFiles(event) && mark(1));
  document.addEventListener("dragleave", (event) => hasFiles(event) && mark(-1));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(0);
    if (event.dataTransfer.files.length) uploads.take(event.dataTransfer.files);
  });
}

/** Send what is chosen without another button: whoever answers once forgets to press it. */
function sendWhenChosen(form, uploads) {
  form.querySelector("[data-uploads-button]").hidden = true;
  uploads.input.addEventListener("change", () => {
    const files = [...uploads.input.files];
    uploads.input.value = "";
    uploads.take(files);
  });
}

export function setUpUploads(root) {
  for (const form of allIn(root, "form[data-uploads]:not([data-uploads-ready])")) {
    form.dataset.uploadsReady = "";
    const uploads = new Uploads(form);
    setUpDrop(form, uploads);
    form.querySelector("[data-uploads-hint]").hidden = false;
    if ("uploadsAtOnce" in form.dataset) sendWhenChosen(form, uploads);
    form.addEventListener(
      "submit",
      (event) => {
        if (!uploads.input.files.length) return; // the server says what is missing
        event.preventDefault();
        event.stopImmediatePropagation();
        const files = [...uploads.input.files];
        uploads.input.value = "";
        uploads.take(files);
      },
      { capture: true },
    );
    window.addEventListener("beforeunload", (event) => {
      if (uploads.isBusy) event.preventDefault();
    });
  }
}
