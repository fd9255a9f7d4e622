"""What programmes of audits give to the whole."""

from django.utils.translation import gettext_lazy as _

from audits.approvals import PROGRAMME_APPROVAL
from audits.choices import ProgrammeState
from audits.lifecycle import PROGRAMME_LIFECYCLE
from audits.search import programme_search_text
from foundation.registry import (
    Command,
    RecordKind,
    TrailVerb,
    registry,
)

registry.register(
    RecordKind(
        key="programme",
        model="audits.Programme",
        prefix="PRG",
        label=_("Audit programme"),
        label_plural=_("Audit programmes"),
        icon="calendar-event",
        detail_url_name="audits:programme-detail",
        search_text=programme_search_text,
        final_states=frozenset({ProgrammeState.CLOSED}),
        duty="audits",
    ),
    Command(
        key="audits.new_programme",
        label=_("New audit programme"),
        icon="calendar-event",
        url_name="audits:programme-create",
        right="audits.plan",
        also=_("draft create add"),
        order=410,
    ),
    PROGRAMME_LIFECYCLE,
    PROGRAMME_APPROVAL,
    TrailVerb(
        action="audits.programme.created",
        sentence=_("drafted the programme"),
        icon="calendar-plus",
    ),
    TrailVerb(
        action="audits.programme.changed",
        sentence=_("changed the programme"),
        icon="pencil",
    ),
    TrailVerb(
        action="audits.programme.submit",
        sentence=_("submitted the programme for approval"),
        icon="send",
    ),
    TrailVerb(
        action="audits.programme.return",
        sentence=_("returned the programme to draft"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.programme.approve",
        sentence=_("approved the programme"),
        icon="circle-check",
    ),
    TrailVerb(
        action="audits.programme.revise",
        sentence=_("took the programme back to revise it"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.programme.close",
        sentence=_("closed the programme"),
        icon="circle-check",
    ),
    TrailVerb(
        action="audits.programme.reopen",
        sentence=_("reopened the programme"),
        icon="arrow-back-up",
    ),
)
