"""The lists of the outbox: mails by state, addresses that were refused, notices that could not be told."""

from datetime import timedelta
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import clock
from foundation.accounts.models import User
from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.selectors import COUNTED, Count, mail_counts, outbox, parked_notices
from foundation.notifications.views.common import MailManagerMixin, outbox_tabs, state_badge
from foundation.registry import NoticeKind, registry
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Link, Noted, Tone, When
from foundation.ui.dates import distance_text
from foundation.ui.filters import ChoiceFilter, FilterSet
from foundation.ui.lists import ListPage
from foundation.ui.structure import Action, EmptyState

PEOPLE_FOUND = 200
SUBJECTS_FOUND = 5_000
SEARCHED_BACK = timedelta(days=30)


class MailFilters(FilterSet):
    """By words, state and why it is parked."""

    q = django_filters.CharFilter(
        method="by_words",
        label=gettext_lazy("Person, address, or subject of the last 30 days"),
        max_length=100,
    )
    state = ChoiceFilter(choices=MailState.choices, label=gettext_lazy("State"))
    park_reason = ChoiceFilter(choices=ParkReason.choices, label=gettext_lazy("Parked because"))

    def by_words(self, mails: QuerySet[Mail], name: str, words: str) -> QuerySet[Mail]:
        """Keep mails to people with such a name or address, and those of late whose subject has the words.

        The outbox keeps all mails ever written: so people and subjects are looked up by themselves first, and subjects
        not through all times. A subject that is not shown is not searched.
        """
        named = User.objects.filter(Q(full_name__icontains=words) | Q(email__icontains=words)).order_by("pk")
        people = list(named.values_list("pk", flat=True)[:PEOPLE_FOUND])
        lately = Mail.objects.filter(created_at__gte=clock.now() - SEARCHED_BACK, subject__icontains=words)
        told = list(lately.order_by("-created_at", "-pk").values_list("pk", flat=True)[:SUBJECTS_FOUND])
        return mails.filter(Q(recipient_id__in=people) | Q(pk__in=told, is_secret=False))


class MailList(MailManagerMixin, ListPage):
    """All mails, with their states counted, and what can be done about those that are stuck."""

    title = gettext_lazy("Mail")
    rows_label = gettext_lazy("Mails")
    template_name = "notifications/mail_list.html"
    filterset_class = MailFilters
    primary_filters = ("q", "state")
    quick_filters = (
        QuickFilter(gettext_lazy("All"), {}),
        *(QuickFilter(state.label, {"state": state.value}) for state in MailState),
    )
    columns = (
        Column("subject", gettext_lazy("Subject"), is_title=True),
        Column("recipient", gettext_lazy("To")),
        Column("state", gettext_lazy("State"), order=("state", "created_at")),
        Column("attempts", gettext_lazy("Attempts"), at_end=True),
        Column("created_at", gettext_lazy("Written"), order=("created_at",)),
        Column("moment", gettext_lazy("Sent, or tried next")),
    )
    default_sort = "-created_at"

    def get_rows(self) -> QuerySet[Mail]:
        """Return all mails: who manages mail sees that there are some, not what restricted ones say."""
        return outbox().defer("text", "html")

    def get_actions(self) -> list[Action]:
        """Offer what can be done about all stuck mails at once."""
        self.counts = mail_counts()
        actions = []
        if self.counts[MailState.PARKED].number and settings.EMAIL_URL:
            url = reverse("notifications:mail-retry-all")
            actions.append(Action(_("Retry all parked"), url, icon="refresh", asks=True))
        if self.counts[MailState.KEPT].number and settings.EMAIL_URL:
            url = reverse("notifications:mail-release-all")
            actions.append(Action(_("Send all that were kept"), url, icon="send", asks=True))
        return actions

    def get_extra_context(self) -> dict[str, Any]:
        """Give the counts, the tabs, and whether a server is configured."""
        return {
            "tabs": outbox_tabs("mail-list"),
            "figures": [(state.label, _counted(self.counts[state])) for state in MailState],
            "has_server": bool(settings.EMAIL_URL),
        }

    def get_empty_state(self) -> EmptyState:
        """Say when there will be some."""
        return EmptyState(
            _("No mails yet"), _("They are written when a reminder or another notice is due."), icon="mailbox"
        )

    def cell_subject(self, mail: Mail) -> Link:
        """Link to the mail; a restricted one has no subject here."""
        url = reverse("notifications:mail-detail", args=[mail.pk])
        return Link(_("Restricted") if mail.is_secret else mail.subject, url)  # type: ignore[attr-defined]

    def cell_recipient(self, mail: Mail) -> Noted:
        """Name the person and the address."""
        return Noted(mail.recipient.full_name, mail.address)

    def cell_state(self, mail: Mail) -> Any:
        """Show the state, and why it is parked."""
        badge = state_badge(mail.state)
        return Noted(badge, ParkReason(mail.park_reason).label) if mail.park_reason else badge

    def cell_moment(self, mail: Mail) -> Any:
        """Tell when it was sent, or when it is tried next."""
        if mail.sent_at:
            return When(mail.sent_at, self.now)
        if mail.state != MailState.QUEUED:
            return ""
        return distance_text(mail.next_attempt_at, now=self.now) if mail.attempts else _("now")


class AddressList(MailManagerMixin, ListPage):
    """Addresses to which nothing goes, since a mail server refused them for good."""

    title = gettext_lazy("Refused addresses")
    rows_label = gettext_lazy("Addresses")
    template_name = "notifications/outbox_list.html"
    columns = (
        Column("address", gettext_lazy("Address"), order=("address",), is_title=True),
        Column("reason", gettext_lazy("The server's answer")),
        Column("parked_at", gettext_lazy("Since"), order=("parked_at",)),
        Column("retry", gettext_lazy("Step")),
    )
    default_sort = "-parked_at"

    def get_rows(self) -> QuerySet[ParkedAddress]:
        """Return all of them."""
        return ParkedAddress.objects.all()

    def get_extra_context(self) -> dict[str, Any]:
        """Give the tabs."""
        return {"tabs": outbox_tabs("address-list")}

    def get_empty_state(self) -> EmptyState:
        """Say what would stand here."""
        return EmptyState(
            _("No address was refused"),
            _("When a mail server refuses an address for good, nothing more is sent there until you say so."),
            icon="circle-check",
        )

    def cell_retry(self, address: ParkedAddress) -> Link:
        """Link to the page that lets mails go there again."""
        return Link(_("Send there again"), reverse("notifications:address-unpark", args=[address.pk]))


class NoticeList(MailManagerMixin, ListPage):
    """Notices that could not be written into a mail."""

    title = gettext_lazy("Notices that could not be told")
    rows_label = gettext_lazy("Notices")
    template_name = "notifications/outbox_list.html"
    columns = (
        Column("kind", gettext_lazy("Kind"), order=("kind",), is_title=True),
        Column("recipient", gettext_lazy("For"), order=("recipient__full_name",)),
        Column("record", gettext_lazy("About")),
        Column("detail", gettext_lazy("What went wrong")),
        Column("created_at", gettext_lazy("Written"), order=("created_at",)),
    )
    default_sort = "-created_at"

    def get_rows(self) -> QuerySet[Notice]:
        """Return those that are parked."""
        return parked_notices()

    def get_actions(self) -> list[Action]:
        """Offer to try again, once what was wrong is mended."""
        if not parked_notices().exists():
            return []
        return [Action(_("Retry all"), reverse("notifications:notice-retry-all"), icon="refresh", asks=True)]

    def get_extra_context(self) -> dict[str, Any]:
        """Give the tabs."""
        return {"tabs": outbox_tabs("notice-list")}

    def get_empty_state(self) -> EmptyState:
        """Say what would stand here."""
        return EmptyState(
            _("All notices could be told"),
            _("A notice with faulty content is parked here, and keeps no other from going out."),
            icon="circle-check",
        )

    def cell_kind(self, notice: Notice) -> Any:
        """Name the kind."""
        kind = registry.find(NoticeKind, notice.kind)
        return kind.label if kind else notice.kind

    def cell_recipient(self, notice: Notice) -> str:
        """Name the person."""
        return notice.recipient.full_name

    def cell_record(self, notice: Notice) -> Any:
        """Name the record, unless it is restricted."""
        if notice.record is None:
            return ""
        if notice.record.is_restricted:
            return Badge(_("Restricted"), Tone.NEUTRAL, "lock")
        return notice.record.reference

    def cell_detail(self, notice: Notice) -> str:
        """Tell the fault, unless it may quote from a restricted record."""
        if notice.record is not None and notice.record.is_restricted:
            return _("The content of a restricted record's notice is faulty.")
        return notice.detail


def _counted(count: Count) -> str:
    """Return a count as it is shown."""
    return _("more than %(number)s") % {"number": f"{COUNTED:,}"} if count.is_capped else f"{count.number:,}"
