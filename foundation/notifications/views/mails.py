"""One mail: what is known of it, and what it says where the reader may know."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin

from foundation.accounts.permissions import person_of
from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.models import Mail
from foundation.notifications.selectors import may_read, outbox
from foundation.notifications.views.common import MailManagerMixin, outbox_crumb, state_badge
from foundation.ui.components import Person, When
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action, Crumb, Fact

# What a mail's HTML may do in the page that frames it: be looked at.
FRAMED = {
    "style-src": [UNSAFE_INLINE],
    "script-src": [NONE],
    "img-src": [NONE],
    "font-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class MailPage(MailManagerMixin, RecordPage):
    """A mail with its state, how its HTML looks and its plain text; of a restricted record only that there is one."""

    tabs = (
        TabPage("look", gettext_lazy("As it looks"), "notifications/tab_look.html", "mail-opened"),
        TabPage("text", gettext_lazy("Plain text"), "notifications/tab_text.html", "file-text"),
    )

    def get_record(self) -> Mail:
        """Return the mail."""
        mail = get_object_or_404(outbox(), pk=self.kwargs["pk"])
        self.readable = may_read(user=person_of(self.request), mail=mail)
        return mail

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "look":
            return reverse("notifications:mail-detail", args=[self.record.pk])
        return reverse("notifications:mail-tab", args=[self.record.pk, key])

    def get_title(self) -> str:
        """Return the subject, unless it is not for this reader."""
        return self.record.subject if self.readable else _("Restricted")

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [outbox_crumb(), Crumb(self.get_title())]

    def get_actions(self) -> list[Action]:
        """Offer to try again, or to send what was kept."""
        mail: Mail = self.record
        url = reverse("notifications:mail-retry", args=[mail.pk])
        if mail.state == MailState.PARKED and mail.park_reason != ParkReason.NOT_VISIBLE:
            return [Action(_("Retry"), url, icon="refresh", primary=True, posts=True)]
        if mail.state == MailState.KEPT and settings.EMAIL_URL:
            return [Action(_("Send now"), url, icon="send", primary=True, posts=True)]
        return []

    def get_facts(self) -> list[Fact]:
        """Return what is known of the mail, whatever it says."""
        mail: Mail = self.record
        facts: list[tuple[str, Any]] = [
            (_("State"), state_badge(mail.state)),
            (_("Parked because"), ParkReason(mail.park_reason).label if mail.park_reason else ""),
            (_("Last answer"), mail.last_error),
            (_("To"), Person(mail.recipient.full_name)),
            (_("Address"), mail.address),
            (_("Written"), When(mail.created_at, self.now)),
            (_("Sent"), When(mail.sent_at, self.now) if mail.sent_at else ""),
            (
                _("Next attempt"),
                When(mail.next_attempt_at, self.now) if mail.state == MailState.QUEUED else "",
            ),
            (_("Attempts"), str(mail.attempts)),
            (_("Message-ID"), mail.message_id),
        ]
        return [Fact(label, value) for label, value in facts if value]

    def context_look(self, mail: Mail) -> dict[str, Any]:
        """Tell whether the reader may know."""
        return {"mail": mail, "readable": self.readable}

    context_text = context_look


@method_decorator(xframe_options_sameorigin, name="dispatch")
@method_decorator(csp_replace(FRAMED), name="dispatch")
class MailHtml(MailManagerMixin, View):
    """A mail's HTML as its reader's program gets it, to be framed by the mail's page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it to who may know."""
        mail = get_object_or_404(outbox(), pk=pk)
        if not may_read(user=person_of(request), mail=mail):
            raise Http404
        return HttpResponse(mail.html)
