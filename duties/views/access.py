"""What pages about one activity have in common: the activity, and the way back to it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from duties.models import Activity
from duties.permissions import MANAGE, can_do, can_manage, doing_refusal
from duties.selectors import activities_visible
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.rights import right_missing
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb


def duty_crumbs(*more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to a duty, and on."""
    return (Crumb(_("Duties"), reverse("duties:duty-list")), *more)


def activity_crumbs(*more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to an activity, and on."""
    return duty_crumbs(Crumb(_("Activities"), reverse("duties:activity-list")), *more)


def activity_of(request: HttpRequest, reference: str) -> Activity:
    """Return an activity that the reader may know of; raise Http404 for any other."""
    visible = activities_visible(person_of(request))
    found: Activity = get_object_or_404(visible, reference=reference)
    return found


class OfActivity(FormPage):
    """What form pages about an activity have in common."""

    activity: Activity

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def find_to_manage(self) -> None:
        """Find the activity, of those that the reader may know of, and check that the reader may change what is planned."""
        self.activity = activity_of(self.request, self.kwargs["reference"])
        if not can_manage(self.actor, self.activity):
            raise right_missing(MANAGE, self.activity.unit_id)

    def find_to_do(self) -> None:
        """Find the activity, of those that the reader may know of, and check that the reader may do it, and that it is to be done."""
        self.activity = activity_of(self.request, self.kwargs["reference"])
        if not can_do(self.actor, self.activity, organisation_day(self.now)):
            raise right_missing(MANAGE, self.activity.unit_id)
        self.open_unless(doing_refusal(self.activity))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the activity."""
        return {"activity": self.activity}

    def get_subtitle(self) -> Any:
        """Return the activity's title."""
        return str(self.activity)

    def get_cancel_url(self) -> str:
        """Return to the activity."""
        return self.activity.get_absolute_url()

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        there = Crumb(self.activity.reference, self.activity.get_absolute_url())
        return activity_crumbs(there, Crumb(str(self.get_title())))

    def page_of(self, activity: Activity) -> str:
        """Return the activity's page, or the list for who may not know of it any more."""
        if Activity.objects.visible_to(self.actor).filter(pk=activity.pk).exists():
            return activity.get_absolute_url()
        return reverse("duties:activity-list")
