// Brings the tab that is open into sight where there are more of them than fit beside each other.

export function setUpTabs() {
  const tab = document.querySelector(".tab-nav [aria-current]");
  if (!tab) return;
  const row = tab.parentElement;
  const [of, within] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += of.left - within.left - (within.width - of.width) / 2;
}
