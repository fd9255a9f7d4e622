"""What an administrator does about stuck mails, addresses and notices."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.accounts.permissions import person_of, right_check
from foundation.notifications.choices import MailState
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.services import address_unpark, mail_retry, mails_retry_all, notices_retry
from foundation.notifications.views.common import RIGHT, MailManagerMixin, outbox_crumb
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.structure import Crumb


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue one mail again, or send one that was kept."""
    person = person_of(request)
    right_check(user=person, right=RIGHT)
    mail = get_object_or_404(Mail, pk=pk)
    try:
        mail_retry(mail=mail, actor=person, now=clock.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Queued: the mail goes out within a minute"))
    return redirect("notifications:mail-detail", pk=pk)


class RetryAllPage(MailManagerMixin, ConfirmPage):
    """Queue all parked mails again."""

    state = MailState.PARKED
    title = gettext_lazy("Retry all parked mails")
    submit_label = gettext_lazy("Retry all")

    def get_text(self) -> str:
        """Say what happens to addresses, and what stays."""
        return _(
            "All parked mails are tried again within a minute, also those to addresses that were refused. Mails of people "
            "who left stay parked."
        )

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [outbox_crumb(), Crumb(self.get_title())]

    def get_cancel_url(self) -> str:
        """Lead back to the list."""
        return reverse("notifications:mail-list")

    def save(self, form: Any) -> str:
        """Queue them."""
        count = mails_retry_all(state=self.state, actor=person_of(self.request), now=clock.now())
        messages.success(
            self.request,
            ngettext("%(count)d mail queued", "%(count)d mails queued", count) % {"count": count},
        )
        return self.get_cancel_url()


class ReleaseAllPage(RetryAllPage):
    """Send all mails that were kept while there was no server."""

    state = MailState.KEPT
    title = gettext_lazy("Send all mails that were kept")
    submit_label = gettext_lazy("Send all")

    def get_text(self) -> str:
        """Say that they are old."""
        return _(
            "They were written while no mail server was configured, and say what was true then. People may get "
            "many mails at once."
        )


class UnparkPage(MailManagerMixin, ConfirmPage):
    """Let mails go to an address again."""

    title = gettext_lazy("Send there again")
    submit_label = gettext_lazy("Send there again")

    def prepare(self) -> None:
        """Find the address."""
        self.address = get_object_or_404(ParkedAddress, pk=self.kwargs["pk"])

    def get_text(self) -> str:
        """Name the address, and why it was refused."""
        return _(
            "%(address)s was refused: “%(answer)s”. Mails that were parked because of it are tried again within a minute."
        ) % {"address": self.address.address, "answer": self.address.reason}

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [
            outbox_crumb(),
            Crumb(_("Refused addresses"), self.get_cancel_url()),
            Crumb(self.address.address),
        ]

    def get_cancel_url(self) -> str:
        """Lead back to the list."""
        return reverse("notifications:address-list")

    def save(self, form: Any) -> str:
        """Let mails go there, and queue those that waited."""
        count = address_unpark(address=self.address, actor=person_of(self.request), now=clock.now())
        messages.success(
            self.request,
            ngettext("Address freed, %(count)d mail queued", "Address freed, %(count)d mails queued", count)
            % {"count": count},
        )
        return self.get_cancel_url()


class NoticeRetryPage(MailManagerMixin, ConfirmPage):
    """Compose notices again that could not be told."""

    title = gettext_lazy("Retry notices that could not be told")
    submit_label = gettext_lazy("Retry all")

    def get_text(self) -> str:
        """Say when this helps."""
        return _(
            "They are composed again within a minute. Those whose content is still faulty come back here."
        )

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [outbox_crumb(), Crumb(self.get_title())]

    def get_cancel_url(self) -> str:
        """Lead back to the list."""
        return reverse("notifications:notice-list")

    def save(self, form: Any) -> str:
        """Make them pending."""
        count = notices_retry(notices=Notice.objects.all(), actor=person_of(self.request))
        messages.success(
            self.request,
            ngettext("%(count)d notice to be told again", "%(count)d notices to be told again", count)
            % {"count": count},
        )
        return self.get_cancel_url()
