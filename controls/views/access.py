"""What pages about one control have in common: the control, and the way back to it."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from controls.models import Control
from controls.permissions import WRITE, can_write
from controls.selectors import controls_visible
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.accounts.rights import right_missing
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb


def control_crumbs(control: Control | None, *more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to a control, and on."""
    there = (Crumb(control.reference, control.get_absolute_url()),) if control else ()
    return (Crumb(_("Controls"), reverse("controls:control-list")), *there, *more)


class OfControl(FormPage):
    """What form pages about a control have in common."""

    control: Control

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def find(self) -> None:
        """Find the control, of those that the reader may know of."""
        controls = controls_visible(self.actor).select_related("current")
        self.control = get_object_or_404(controls, reference=self.kwargs["reference"])

    def find_to_write(self) -> None:
        """Find the control, and check that the reader may write it."""
        self.find()
        if not can_write(self.actor, self.control):
            raise right_missing(WRITE, self.control.unit_id)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the control."""
        return {"control": self.control}

    def get_cancel_url(self) -> str:
        """Return to the control."""
        return self.control.get_absolute_url()

    def get_subtitle(self) -> Any:
        """Return the control's title."""
        return str(self.control)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(self.control, Crumb(str(self.get_title())))

    def page_of(self, control: Control) -> str:
        """Return the control's page, or the list for who may not know of it any more."""
        if Control.objects.visible_to(self.actor).filter(pk=control.pk).exists():
            return control.get_absolute_url()
        return reverse("controls:control-list")
