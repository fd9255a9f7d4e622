// Small things that several parts need.

/** Return the elements under `root`, and `root` itself, that match. */
export function allIn(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  return found;
}

/** Return a translated text that base.html carries for scripts. */
export function text(name) {
  return document.getElementById("ui-texts")?.dataset[name] ?? "";
}

/** Return a use of an icon of the sprite. */
export function icon(name) {
  const sprite = document.getElementById("ui-texts")?.dataset.sprite ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
