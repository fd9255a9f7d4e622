// What a script adds to pages that work without one.

import { setUpCalendar } from "./calendar.js";
import { setUpChecklist } from "./checklist.js";
import { setUpCopy } from "./copy.js";
import { setUpDates } from "./dates.js";
import { setUpDialogs } from "./dialogs.js";
import { setUpDrafts } from "./drafts.js";
import { setUpFeedback } from "./feedback.js";
import { setUpForms } from "./forms.js";
import { setUpGuesses } from "./guesses.js";
import { setUpLinks } from "./links.js";
import { setUpLists } from "./lists.js";
import { setUpPalette } from "./palette.js";
import { setUpPasskeys } from "./passkeys.js";
import { setUpPicking } from "./picking.js";
import { setUpSelects } from "./selects.js";
import { setUpSuggestions } from "./suggestions.js";
import { setUpTabs } from "./tabs.js";
import { setUpTheme } from "./theme.js";
import { setUpUnsent } from "./unsent.js";
import { setUpUploads } from "./uploads.js";
import { setUpWriting } from "./writing.js";

setUpTheme();
setUpCopy();
setUpLinks();
setUpTabs();
setUpFeedback();
setUpDialogs();
setUpLists();
setUpPalette();
setUpForms(document);
setUpUnsent();
setUpCalendar(document);
setUpDates(document);
setUpSuggestions(document);
setUpDrafts(document);
setUpGuesses(document);
setUpPasskeys(document);
setUpSelects(document);
setUpUploads(document);
setUpChecklist(document);
setUpPicking(document);
setUpWriting(document);

document.addEventListener("htmx:load", (event) => {
  setUpForms(event.detail.elt);
  setUpCalendar(event.detail.elt);
  setUpSelects(event.detail.elt);
  setUpUploads(event.detail.elt);
});
