// Passkeys: the browser's own dialog fills the hidden field of a form that asks for one.
//
//   <form data-passkey="create|get" hidden> … <input type="hidden" name="credential"> … </form>
//
// What to ask for stands in the element #passkey-options, or is fetched from data-options-url. Browsers that know no
// passkeys leave such forms hidden.

import { allIn } from "./dom.js";
import { release } from "./forms.js";

const calls = {
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) }),
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) }),
};

export function setUpPasskeys(root) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of allIn(root, "form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
  for (const note of allIn(root, "[data-passkey-unknown]")) note.hidden = true;
}

async function ask(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const credential = await calls[form.dataset.passkey](await optionsOf(form));
    form.elements.credential.value = JSON.stringify(credential);
  } catch {
    // Called off by the person, no passkey here, or an address that passkeys can't be bound to.
    failed.hidden = false;
    release(form);
    return;
  }
  form.submit();
}

async function optionsOf(form) {
  if (!form.dataset.optionsUrl) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return answer.json();
}
