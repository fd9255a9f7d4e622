// Chooses the requirements of a checklist: <form data-pick-tree>. Whole groups, what fits some words, how many are ticked.
// Twelve hundred boxes go as one field.

function setUpTree(form) {
  const search = document.querySelector("[data-pick-search]");
  const count = form.querySelector("[data-pick-count]");
  const boxes = [...form.querySelectorAll("input[name=text]")];
  const groups = [...form.querySelectorAll(".pick-group")];
  const open = (group) => [...group.querySelectorAll("input[name=text]")].filter((box) => !box.disabled);

  const follow = () => {
    for (const group of groups) {
      const box = group.querySelector("input[name=group]");
      const inside = open(group);
      const ticked = inside.filter((one) => one.checked).length;
      if (box.disabled) continue;
      box.checked = ticked > 0 && ticked === inside.length;
      box.indeterminate = ticked > 0 && ticked < inside.length;
    }
    const ticked = boxes.filter((box) => box.checked && !box.disabled).length;
    count.textContent = count.dataset.words.replace("{count}", ticked);
  };
  form.addEventListener("change", ({ target }) => {
    if (target.name === "group") for (const box of open(target.closest(".pick-group"))) if (!box.closest("[hidden]")) box.checked = target.checked;
    if (target.name === "all") for (const box of boxes) if (!box.disabled) box.checked = target.checked;
    follow();
  });
  form.addEventListener("submit", () => {
    const ticked = boxes.filter((box) => box.checked && !box.disabled).map((box) => box.value);
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "text" });
    field.value = ticked.join(",");
    form.append(field);
    for (const box of form.querySelectorAll(".pick-tree input, [name=all]")) box.disabled = true;
  });
  follow();

  let request = null;
  const find = async () => {
    request?.abort();
    request = new AbortController();
    const url = `${form.dataset.url}&q=${encodeURIComponent(search.value.trim())}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: request.signal }).catch(() => null);
    const data = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!data) return;
    const fitting = data.lines && new Set(data.lines.map(String));
    for (const row of form.querySelectorAll(".pick-row")) row.hidden = Boolean(fitting) && !fitting.has(row.dataset.line);
    for (const group of groups) {
      group.hidden = !group.querySelector(".pick-row:not([hidden])");
      group.querySelector("details").open = Boolean(fitting) && !group.hidden;
    }
    const shown = form.querySelectorAll(".pick-row:not([hidden])").length;
    form.querySelector("[data-pick-status]").textContent = String(shown);
  };
  let timer = null;
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 250);
  });
}

export function setUpPicking(root) {
  const form = root.querySelector("form[data-pick-tree]");
  if (form) setUpTree(form);
}
