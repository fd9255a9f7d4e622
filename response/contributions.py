"""What incident response gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import DeadlineKind, FieldWords, RecordTab, SampleSet, TrailVerb, registry
from response.permissions import is_plan
from response.sample import sample_contacts
from response.selectors import contacts_counted
from response.services import CONFIRMATION
from response.tabs import contacts_context

VERBS = {
    "added": (_("put a contact on the sheet"), "user-plus"),
    "changed": (_("changed a contact"), "pencil"),
    "confirmed": (_("confirmed a contact"), "user-check"),
    "removed": (_("took a contact off the sheet"), "trash"),
    "exported": (_("took the sheet of contacts along"), "file-export"),
}

registry.register(
    RecordTab(
        key="contacts",
        label=_("Contacts"),
        icon="users",
        template="response/tab_contacts.html",
        context=contacts_context,
        rows=contacts_counted,
        order=32,
        kinds=frozenset({"document"}),
        applies=is_plan,
    ),
    DeadlineKind(key=CONFIRMATION, label=_("Confirm the plan’s contacts")),
    SampleSet(key="response", order=18, load=sample_contacts),
    *(
        TrailVerb(action=f"response.contact.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    FieldWords(key="after_hours", label=_("Out of hours")),
    FieldWords(key="deputy", label=_("Deputy")),
    FieldWords(key="outside", label=_("Somebody outside")),
    FieldWords(key="contact", label=_("Contact")),
    FieldWords(key="position", label=_("Order of calling")),
)
