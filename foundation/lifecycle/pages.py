"""What a lifecycle gives to pages: the state bar, the buttons, and the page that confirms a step."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from foundation.accounts.confirmation import confirm_first
from foundation.accounts.models import User
from foundation.accounts.rights import right_missing
from foundation.lifecycle.services import (
    Offer,
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
    lifecycle_of,
    not_a_step_of,
    whose_step_it_is,
)
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.structure import Action, Step, steps_to


def record_steps(record: Record) -> list[Step]:
    """Return the state bar of a record: the main path of its lifecycle, and the state off it where it is in one."""
    table = lifecycle_of(record)
    labels = dict(table.states.choices)
    path = table.path_for(record)
    aside = [(state, labels[state]) for state in labels if state not in path]
    return steps_to([(state, labels[state]) for state in path], record.state, aside=aside)


def transition_actions(record: Record, actor: User, url: Callable[[str], str]) -> list[Action]:
    """Return the buttons out of the record's state: `offer_actions()` of what is available to the person."""
    return offer_actions(available_transitions(record, actor), record, url)


def offer_actions(offers: Sequence[Offer], record: Record, url: Callable[[str], str]) -> list[Action]:
    """Return the buttons out of the record's state, the way forward last and in the accent colour.

    `url` gives the address of a step by its name. A step that something stands against stays a button, with a lock: it
    and its page say why it can't be taken.
    """
    forward = offer_forward(offers, record)
    return [
        Action(
            offer.transition.label,
            url(offer.transition.name),
            icon=offer.transition.icon,
            primary=offer is forward and offer.refusal is None,
            danger=offer.transition.tone == "danger",
            asks=True,
            against=offer.refusal or "",
        )
        for offer in reversed(offers)
    ]


def offer_forward(offers: Sequence[Offer], record: Record) -> Offer | None:
    """Return the step among those offered that leads on along the record's main path, or None."""
    path = lifecycle_of(record).path_for(record)
    if record.state not in path:
        return None
    following = path[path.index(record.state) + 1 :][:1]
    return next((offer for offer in offers if offer.transition.target in following), None)


class TransitionPage(ConfirmPage):
    """Confirms a step of a record and takes it: one address per step, `…/<slug:step>/`.

    A page of its own says where its records are (`get_record`) and reads what it shows from the table.
    """

    record: Record
    step: Transition
    refusal: str | None

    def get_record(self) -> Record:
        """Return the record that the URL names, of those that the reader may see; raise Http404 for any other."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Find the record and the step, check the right, and ask for the password again where the step needs it."""
        self.record = self.get_record()
        offers = {offer.transition.name: offer for offer in available_transitions(self.record, self.actor)}
        try:
            self.step = lifecycle_of(self.record).transition(self.kwargs["step"])
        except KeyError as error:
            raise Http404 from error
        if self.step.by_approval:
            raise Http404
        offer = offers.get(self.step.name)
        applies = self.step.is_step_of(self.record)
        if offer is None and applies and self.record.state in self.step.sources:
            raise self._forbidden()
        gone = self._gone() if applies else not_a_step_of(self.record)
        self.refusal = offer.refusal if offer else gone
        if self.request.method == "POST" and self.step.reauthenticate:
            confirm_first(self.request)

    def _forbidden(self) -> PermissionDenied:
        if self.step.right:
            return right_missing(self.step.right, self.record.unit_id)
        return PermissionDenied(whose_step_it_is(self.step, self.record))

    def _gone(self) -> str:
        state = lifecycle_of(self.record).states(self.record.state)
        return _("%(reference)s is now “%(state)s”, so this step is no longer possible.") % {
            "reference": self.record.reference,
            "state": state.label,
        }

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return cast(User, self.request.user)

    def get_title(self) -> Any:
        """Return the step's label."""
        return self.step.label

    def get_subtitle(self) -> Any:
        """Return the record."""
        return str(self.record)

    def get_text(self) -> Any:
        """Return why the step can't be taken, or what it means."""
        return self.refusal or self.step.confirm

    def get_submit_label(self) -> Any:
        """Return the step's label."""
        return self.step.label

    def is_dangerous(self) -> bool:
        """Tell whether the step ends something."""
        return self.step.tone == "danger"

    def get_cancel_label(self) -> Any:
        """Say "Back" where "Cancel" beside the name of the step could be taken for it."""
        return _("Back") if self.is_dangerous() else super().get_cancel_label()

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask for a comment, required where the step needs a reason."""
        return {"needs_comment": self.step.needs_comment, "comment_label": self.step.comment_label}

    def get_cancel_url(self) -> str:
        """Return to the record."""
        return self.record.get_absolute_url()

    def get_extra_context(self) -> dict[str, Any]:
        """Leave out the form of a step that can't be taken."""
        return {"is_refused": bool(self.refusal)}

    def save(self, form: Any) -> str:
        """Take the step, and say on the next page that it is taken; what stands against it is told on the form."""
        try:
            apply_transition(
                record=self.record,
                name=self.step.name,
                actor=self.actor,
                now=self.now,
                comment=form.cleaned_data["comment"],
            )
        except TransitionForbidden as error:
            raise self._forbidden() from error
        except TransitionRefused as error:
            raise ValidationError(str(error)) from error
        messages.success(self.request, f"{self.record.reference}: {self.step.label}")
        return self.record.get_absolute_url()
