"""The starter plan: what each duty may begin with, chosen and taken over in one go."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from duties.choices import Duty
from duties.forms import StarterForm
from duties.permissions import MANAGE
from duties.selectors import may_be_signed_off, owners_to_offer, starters_taken
from duties.services import ActivityRefused, starter_take
from duties.starting_texts import STARTER_PLAN, StarterActivity
from duties.views.access import duty_crumbs
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_check_anywhere
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb


class StarterPlanPage(FormPage):
    """Offers the starter plan, of all duties or of one (`?duty=5`), and takes over what is chosen."""

    form_class: ClassVar[type[StarterForm]] = StarterForm
    template_name = "duties/starter_plan.html"
    title = lazy("Starter plan")
    submit_label = lazy("Take over what is ticked")
    duty: Duty | None

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def prepare(self) -> None:
        """Check that the reader may plan somewhere, and see which duty is asked for."""
        right_check_anywhere(user=self.actor, right=MANAGE)
        asked = self.request.GET.get("duty", "")
        self.duty = next((duty for duty in Duty if str(duty.value) == asked), None)

    @property
    def plan(self) -> Sequence[StarterActivity]:
        """Return the activities that are offered."""
        return [text for text in STARTER_PLAN if self.duty in (None, text.duty)]

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what is offered, to whom, and what was taken over."""
        return {
            "plan": self.plan,
            "taken": starters_taken(self.actor),
            "people": owners_to_offer(self.actor, self.now),
            "user": self.actor,
            "now": self.now,
            "initial": {"with_sign_off": may_be_signed_off(self.now)},
        }

    def get_subtitle(self) -> str:
        """Say what it is."""
        if self.duty is not None:
            return self.duty.title
        return _("What each of the thirteen duties may begin with. Choose, and make it your own afterwards.")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return duty_crumbs(Crumb(str(self.title)))

    def get_cancel_url(self) -> str:
        """Return to the board."""
        return reverse("duties:duty-list")

    def save(self, form: StarterForm) -> str:
        """Take over what was chosen."""
        try:
            made = starter_take(
                choices=form.cleaned_data["chosen"],
                unit=form.cleaned_data["unit"],
                with_sign_off=form.cleaned_data["with_sign_off"],
                actor=self.actor,
                now=self.now,
            )
        except ActivityRefused as refused:
            raise ValidationError(str(refused)) from refused
        if made:
            words = ngettext("%(count)d activity is planned", "%(count)d activities are planned", len(made))
            messages.success(self.request, words % {"count": len(made)})
        else:
            messages.info(self.request, _("All of it was taken over before"))
        return reverse("duties:duty-list")
