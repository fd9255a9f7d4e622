"""What all pages about the draft of a framework have in common."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from compliance.models import Edition, Framework, RequirementText
from compliance.permissions import MANAGE
from compliance.selectors import place_of
from compliance.services import retired_refusal
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_check
from foundation.records.services import FieldsRefused
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb

LINES_A_PAGE = 50


class OfDraft(Page):
    """A page about the draft of a framework."""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @cached_property
    def framework(self) -> Framework:
        """Return the framework, of those that the reader may read and change."""
        frameworks = Framework.objects.visible_to(self.actor).select_related("unit", "owner", "current")
        found: Framework = get_object_or_404(frameworks, reference=self.kwargs["reference"])
        right_check(user=self.actor, right=MANAGE, unit_id=found.unit_id)
        return found

    @cached_property
    def draft(self) -> Edition | None:
        """Return the framework's draft, if there is one."""
        found: Edition | None = self.framework.editions.filter(accepted_at__isnull=True).first()
        if found is not None:
            found.framework = self.framework
        return found

    @property
    def some_draft(self) -> Edition:
        """Return the framework's draft; raise Http404 where there is none."""
        if self.draft is None:
            raise Http404
        return self.draft

    @property
    def refusal(self) -> str:
        """Return why the draft can't be written, or nothing."""
        return retired_refusal(self.framework)

    def find_line(self, pk: int) -> RequirementText | None:
        """Return a line of the draft, if it is there still."""
        found: RequirementText | None = self.some_draft.texts.defer("words").filter(pk=pk).first()
        if found is not None:
            found.edition = self.some_draft
        return found

    def lost(self) -> str:
        """Say that the draft went meanwhile, or else the line that was asked for, and return where to go instead."""
        if self.draft is None:
            said = _("There is no draft any more: it was accepted or dropped meanwhile.")
            messages.error(self.request, said)
            return self.framework.get_absolute_url()
        messages.error(self.request, _("This line was taken out of the draft meanwhile."))
        return self.url("draft")

    def url(self, name: str, *args: Any) -> str:
        """Return the address of one of the pages."""
        return reverse(f"compliance:{name}", args=[self.framework.reference, *args])

    def url_of_line(self, line: RequirementText, part: str = "line") -> str:
        """Return the address of the draft's page on which a line stands, there at the line or at one of its buttons."""
        return f"{self.url_around(line)}#{part}-{line.pk}"

    def url_around(self, line: RequirementText) -> str:
        """Return the address of the draft's page on which a line stands."""
        place = place_of(self.some_draft, line)
        if place is None:
            return self.url("draft")
        group, before = place
        query = {"group": group, "page": before // LINES_A_PAGE + 1}
        return f"{self.url('draft')}?{urlencode(query)}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(self.framework.reference, self.framework.get_absolute_url()),
            Crumb(_("Draft"), self.url("draft")),
        )


class DraftFormPage(OfDraft, FormPage):
    """A form about the draft. What was typed is kept also when the draft was accepted or dropped meanwhile."""

    def prepare(self) -> None:
        """Find the draft, and check that it may be written."""
        if self.request.method != "POST":
            _draft = self.some_draft
        self.open_unless(self.refusal or None)

    def get_subtitle(self) -> str:
        """Name the framework and its draft."""
        return f"{self.framework.title} · {self.draft.label}" if self.draft else self.framework.title

    def get_cancel_url(self) -> str:
        """Return to the draft."""
        return self.url("draft")

    def write(self, form: Any) -> str:
        """Write what was typed and return where to go."""
        raise NotImplementedError

    def save(self, form: Any) -> str:
        """Write what was typed, or say why it can't be."""
        if self.draft is None:
            raise ValidationError(
                _(
                    "There is no draft any more: it was accepted or dropped meanwhile. What you typed stands here still; copy it before you leave."
                )
            )
        try:
            return self.write(form)
        except FieldsRefused as refused:
            raise ValidationError(refused.errors) from refused
