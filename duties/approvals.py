"""How an activity is signed off: by somebody who did none of it, on exactly its outcome, checklist and evidence."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.models import Activity
from duties.permissions import SIGN_OFF
from duties.selectors import checklist_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.files.models import FileVersion
from foundation.lifecycle.services import apply_transition
from foundation.links.models import Link

DECISION_DAYS = 14


def activity_content(activity: Activity) -> dict[str, Any]:
    """Return what is signed off, as plain values; its digest is what an approval binds to.

    In one language, whoever asks and whoever decides. Of files their SHA-256 is part of it; records that it is linked with are named
    by their references, restricted ones by the number of the link alone.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "reference": activity.reference,
            "title": activity.title,
            "duty": activity.duty_entry.title,
            "due_on": activity.due_on.isoformat(),
            "outcome": activity.outcome,
            "checklist": [
                {
                    "item": item.text,
                    "done_by": item.ticked_by.full_name if item.ticked_by else str(_("not done")),
                    "done_on": organisation_day(item.ticked_at).isoformat() if item.ticked_at else "",
                }
                for item in checklist_of(activity)
            ],
            "files": _files(activity),
            "links": _links(activity),
        }


def _files(activity: Activity) -> list[dict[str, Any]]:
    versions = FileVersion.objects.newest().present().filter(file__record=activity.pk, file__kept_from="")
    return [
        {
            "name": version.name,
            "description": version.file.description,
            "version": version.number,
            "sha256": version.sha256,
        }
        for version in versions.select_related("file").order_by("file_id")
    ]


def _links(activity: Activity) -> list[dict[str, Any]]:
    of_it = Q(source_id=activity.pk) | Q(target_id=activity.pk)
    links = Link.objects.filter(of_it, removed_at__isnull=True).select_related("source", "target")
    rows = []
    for link in links.order_by("pk"):
        other = link.target if link.source_id == activity.pk else link.source
        hidden = str(_("a restricted record"))
        rows.append({"record": hidden if other.is_restricted else other.reference, "link": link.pk})
    return rows


def activity_doers(activity: Activity) -> list[int]:
    """Return the keys of all who did something of an activity: its owner, who wrote the outcome, who ticked, who reported it done."""
    ticked = activity.items.exclude(ticked_by=None).values_list("ticked_by_id", flat=True)
    keys = {activity.owner_id, *activity.writers, *ticked}
    if activity.done_by_id:
        keys.add(activity.done_by_id)
    return sorted(keys)


def doer_refusal(activity: Activity, user: User) -> str | None:
    """Return why a person may not sign off an activity: nobody signs off the own work."""
    did = {activity.owner_id, activity.done_by_id, *activity.writers}
    did.update(item.ticked_by_id for item in activity.items.all())
    if user.pk in did:
        return _("You did part of it, so somebody else must sign it off.")
    return None


def activity_settle(outcome: Outcome) -> None:
    """Let the activity follow the decision: done, or back to work."""
    apply_transition(
        record=outcome.record,
        name="sign_off" if outcome.state == RequestState.APPROVED else "return",
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


def _decided_by(today: date) -> date:
    return today + timedelta(days=DECISION_DAYS)


ACTIVITY_APPROVAL = ApprovalKind(
    key="activity",
    content=activity_content,
    labels={
        "reference": lazy("Reference"),
        "title": lazy("Title"),
        "duty": lazy("Duty"),
        "due_on": lazy("Due"),
        "outcome": lazy("Outcome"),
        "checklist": lazy("Checklist"),
        "checklist.item": lazy("Item"),
        "checklist.done_by": lazy("Done by"),
        "checklist.done_on": lazy("Done on"),
        "files": lazy("Files"),
        "files.name": lazy("Name"),
        "files.description": lazy("Description"),
        "files.version": lazy("Version"),
        "files.sha256": lazy("SHA-256"),
        "links": lazy("Linked records"),
        "links.record": lazy("Record"),
        "links.link": lazy("Link"),
    },
    steps=lambda activity: (StepPlan(label=_("Sign-off by the CISO"), right=SIGN_OFF),),
    decide_by=lambda activity, today: _decided_by(today),
    refusal=doer_refusal,
    authors=activity_doers,
    settle=activity_settle,
    related=("items",),
    markdown=frozenset({"outcome"}),
)
