"""How one person signs in, for who manages the account: ending sessions, and taking lost second factors away.

Weighty steps all: whoever takes one proves again who they are and says why, the trail keeps it, and the person is told.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from foundation.accounts.confirmation import confirm_first
from foundation.accounts.devices import device_words
from foundation.accounts.models import Session
from foundation.accounts.services import factors_reset, session_end, sessions_end
from foundation.accounts.views.person_forms import PersonPage
from foundation.ui.form_pages import CommentForm, ConfirmPage


class SignInStep(PersonPage, ConfirmPage):
    """A step about how somebody else signs in."""

    def prepare(self) -> None:
        """Refuse the reader's own: that is a page of its own."""
        super().prepare()
        if self.person.pk == self.actor.pk:
            raise PermissionDenied(own_is_elsewhere())

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask why."""
        return {"needs_comment": True, "comment_label": _("Why (the person is told)")}

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def get_cancel_url(self) -> str:
        """Return to how the person signs in."""
        return reverse("accounts:person-sign-in", args=[self.person.pk])

    def save(self, form: CommentForm) -> str:
        """Ask who it is, and take the step."""
        confirm_first(self.request)
        messages.success(self.request, self.take(form.cleaned_data["comment"]))
        return self.get_cancel_url()

    def take(self, reason: str) -> str:
        """Take the step, and return what to say of it."""
        raise NotImplementedError


class FactorsReset(SignInStep):
    """Takes the second factors from someone who lost them."""

    title = lazy("Take the second factors")
    submit_label = lazy("Take them")

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "For someone who lost phone and recovery codes: %(person)s signs in by password alone then, and is led to set up a new one "
            "where a role demands it. Make sure that it is really %(person)s who asks."
        ) % {"person": self.person}

    def take(self, reason: str) -> str:
        """Take them."""
        factors_reset(user=self.person, actor=self.actor, now=self.now, comment=reason)
        return _("%(person)s has no second factor any more") % {"person": self.person}


class PersonSignOut(SignInStep):
    """Ends all sessions of a person."""

    title = lazy("Sign out everywhere")
    submit_label = lazy("Sign out everywhere")

    def get_text(self) -> str:
        """Say what it means."""
        return _("%(person)s has to sign in again, on every device.") % {"person": self.person}

    def take(self, reason: str) -> str:
        """End them."""
        count = sessions_end(user=self.person, actor=self.actor, now=self.now, comment=reason)
        text = ngettext("%(count)d session ended", "%(count)d sessions ended", count)
        return text % {"count": count}


class PersonSessionEnd(SignInStep):
    """Ends one session of a person."""

    title = lazy("End the session")
    submit_label = lazy("End it")
    session: Session

    def prepare(self) -> None:
        """Find the session, of the person's."""
        super().prepare()
        sessions = Session.objects.select_related("user").filter(user=self.person)
        self.session = get_object_or_404(sessions, pk=self.kwargs["key"])

    def get_text(self) -> str:
        """Say which, and what it means."""
        return _("%(person)s has to sign in again here: %(device)s, %(address)s.") % {
            "person": self.person,
            "device": device_words(self.session.user_agent),
            "address": self.session.ip_address or _("address unknown"),
        }

    def take(self, reason: str) -> str:
        """End it."""
        session_end(session=self.session, actor=self.actor, now=self.now, comment=reason)
        return _("Session ended")


def own_is_elsewhere() -> str:
    """Return where the reader's own factors and sessions are."""
    return _("Your own second factors and sessions are under “Sign-in and security”.")
