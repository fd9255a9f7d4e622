"""Taking a step in the lifecycle of an audit or a programme."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import Audit, Programme
from audits.selectors import audits_with_people
from foundation.lifecycle.pages import TransitionPage
from foundation.ui.structure import Crumb


class AuditStep(TransitionPage):
    """Confirms and takes a step of an audit."""

    def get_record(self) -> Audit:
        """Return the audit, of those that the reader may see."""
        audits = audits_with_people(self.actor)
        return get_object_or_404(audits, reference=self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Audits"), reverse("audits:audit-list")),
            Crumb(self.record.reference, self.record.get_absolute_url()),
            Crumb(self.step.label),
        )


class ProgrammeStep(TransitionPage):
    """Confirms and takes a step of a programme."""

    def get_record(self) -> Programme:
        """Return the programme, of those that the reader may see."""
        programmes = Programme.objects.visible_to(self.request.user).select_related("unit", "owner")
        found: Programme = get_object_or_404(programmes, reference=self.kwargs["reference"])
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Programmes"), reverse("audits:programme-list")),
            Crumb(self.record.reference, self.record.get_absolute_url()),
            Crumb(self.step.label),
        )
