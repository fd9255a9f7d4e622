"""The page of an exception, and the steps of its life."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.choices import ExceptionState
from exceptions.models import PolicyException
from exceptions.parts import document_shown, end_shown, risk_badge, signs_of
from exceptions.permissions import can_write, renewing_refusal, writing_refusal
from exceptions.selectors import exceptions_visible
from exceptions.services import overtaken_words
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.models import Participant
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.ui.components import Listing, Person, Reference, When
from foundation.ui.dates import day_words
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step


def exception_crumbs(*more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to an exception, and on."""
    return (Crumb(_("Exceptions"), reverse("exceptions:exception-list")), *more)


def exception_of(request: HttpRequest, reference: str, day: date) -> PolicyException:
    """Return an exception that the reader may know of as it stands on a day; raise Http404 for any other.

    Its state is the one that the day has put it in: nothing is saved of what a page has read.
    """
    people = Prefetch("participants", Participant.objects.select_related("user"))
    visible = exceptions_visible(request.user).select_related("document__owner", "created_by")
    found: PolicyException = get_object_or_404(visible.prefetch_related(people), reference=reference)
    found.state = found.state_on(day)
    return found


class ExceptionPage(RecordDetailPage):
    """An exception: from what, for whom, why, what is done instead, and until when."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Overview"), "exceptions/exception_overview.html", "file-text"),
        HISTORY_TAB,
    )
    record: PolicyException

    @cached_property
    def today(self) -> date:
        """Return the organisation's day."""
        return organisation_day(self.now)

    def get_record(self) -> PolicyException:
        """Return the exception, of those that the reader may know of."""
        return exception_of(self.request, self.kwargs["reference"], self.today)

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("exceptions:exception-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the exception's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, and the document that it is from."""
        return Listing((self.record.reference, document_shown(self.record)), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exception_crumbs(Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        exception, reference = self.record, self.record.reference
        user = person_of(self.request)

        def step_url(name: str) -> str:
            return reverse("exceptions:exception-transition", args=[reference, name])

        actions = transition_actions(exception, user, step_url)
        if can_write(user, exception):
            if writing_refusal(exception) is None:
                edit = reverse("exceptions:exception-edit", args=[reference])
                actions.insert(0, Action(_("Edit"), edit, icon="pencil"))
            if renewing_refusal(exception) is None and not self.renewals:
                renew = reverse("exceptions:exception-renew", args=[reference])
                actions.append(Action(_("Renew"), renew, icon="repeat", primary=self._asks_for_renewal()))
        return actions

    def _asks_for_renewal(self) -> bool:
        exception = self.record
        return exception.state == ExceptionState.EXPIRED or (exception.expires_on - self.today).days <= 30

    @cached_property
    def kin(self) -> list[PolicyException]:
        """Return what the exception renews, and its renewals that were not given up, of those that the reader may know of."""
        return list(PolicyException.objects.visible_to(self.request.user).kin_of(self.record))

    @property
    def renewals(self) -> list[PolicyException]:
        """Return its renewals."""
        return [one for one in self.kin if one.pk != self.record.renews_id]

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return for whom it is, how grave, and from when until when."""
        exception = self.record
        facts = [
            Fact(_("In force from"), When(exception.starts_on, self.now)),
            Fact(_("In force until"), end_shown(exception, self.now, self.today)),
            Fact(_("Risk"), risk_badge(exception.risk)),
            Fact(_("Business unit"), exception.unit.name),
            Fact(_("Owner"), Person(exception.owner.full_name)),
            Fact(_("Asked for by"), Person(exception.created_by.full_name)),
            Fact(_("Answers for the document"), Person(exception.document.owner.full_name)),
        ]
        if signs := signs_of(exception, self.today):
            facts.insert(0, Fact(_("Note"), Listing(tuple(signs), " ")))
        for one in self.kin:
            label = _("Renews") if one.pk == exception.renews_id else _("Renewed by")
            facts.append(Fact(label, Reference(one.reference, one.get_absolute_url())))
        if exception.granted_at:
            facts.append(Fact(_("Granted"), When(exception.granted_at, self.now)))
        facts.append(Fact(_("Confidentiality"), confidentiality_of(exception)))
        return facts

    def context_overview(self, exception: PolicyException) -> dict[str, Any]:
        """Return what was asked for, what the day has made of it, and the decision."""
        asked = latest_request(exception)
        is_open = exception.state in (ExceptionState.GRANTED, ExceptionState.IN_REVIEW)
        return {
            "document": document_shown(exception),
            "section_url": f"{exception.document.get_absolute_url()}#{exception.section}"
            if exception.section and exception.document_known  # type: ignore[attr-defined]
            else "",
            "expired_on": day_words(exception.expires_on)
            if exception.state == ExceptionState.EXPIRED
            else "",
            "overtaken": overtaken_words(exception) if is_open and exception.is_overtaken else "",
            "replaced_on": exception.replaced_on if exception.state == ExceptionState.GRANTED else None,
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }


class ExceptionStep(TransitionPage):
    """Confirms and takes a step of an exception."""

    def get_record(self) -> PolicyException:
        """Return the exception, of those that the reader may know of."""
        return exception_of(self.request, self.kwargs["reference"], organisation_day(self.now))

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        exception = self.record
        return exception_crumbs(
            Crumb(exception.reference, exception.get_absolute_url()), Crumb(self.step.label)
        )
