"""The form that takes activities over from the starter plan: which, by whom, and when first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as lazy

from duties.choices import FACTS, Duty
from duties.permissions import MANAGE
from duties.services.starter import StarterChoice
from duties.starting_texts import StarterActivity
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import UnitChoice, day_field, person_label, units_to_choose
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day

TAKE, OWNER, FIRST = "take", "owner", "first"
CSS = ("form-check-input", "form-select", "form-control")


def field_name(part: str, key: str) -> str:
    """Return the name of a field of an activity."""
    return f"{part}-{key.replace('.', '-')}"


@dataclass(frozen=True)
class StarterRow:
    """An activity of the plan as it is drawn: with its fields, or with the activity that it became; `is_taken` where the reader may not know that."""

    text: StarterActivity
    is_taken: bool
    activity: Any
    take: BoundField | None = None
    owner: BoundField | None = None
    first: BoundField | None = None

    @property
    def key(self) -> str:
        """Return the activity's key, as an id in the page."""
        return self.text.key.replace(".", "-")


class StarterForm(forms.Form):
    """Which activities of the starter plan are taken over. `people` may own them; `taken` are those that were, with what the reader may know of them."""

    with_sign_off = forms.BooleanField(
        label=lazy("With sign-offs where the plan proposes one"),
        required=False,
        help_text=lazy(
            "Somebody else than who did it then signs it off: a CISO who did none of it must be there."
        ),
    )

    def __init__(
        self,
        *args: Any,
        plan: Sequence[StarterActivity],
        taken: Mapping[str, Any],
        people: Sequence[User],
        user: User,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.taken, self.today = plan, taken, organisation_day(now)
        self.people = {str(person.pk): person for person in people}
        units = units_to_choose(access_of(user, now).scope(MANAGE))
        unit = UnitChoice(label=lazy("Business unit"), queryset=units, initial=_first_unit(units))
        unit.widget.attrs["class"] = "form-select"
        self.fields["with_sign_off"].widget.attrs["class"] = "form-check-input"
        self.fields = {"unit": unit, **self.fields}
        owners = [(key, person_label(person)) for key, person in self.people.items()]
        for text in self.left():
            take = forms.BooleanField(label=text.title, required=False, initial=True)
            owner = forms.ChoiceField(
                label=lazy("Owner"), choices=owners, initial=str(user.pk), required=False
            )
            first = day_field(lazy("First due on"), initial=text.first_on(self.today))
            fields = ((TAKE, take), (OWNER, owner), (FIRST, first))
            for (_part, field), css in zip(fields, CSS, strict=True):
                field.widget.attrs["class"] = css
            self.fields.update({field_name(part, text.key): field for part, field in fields})

    def left(self) -> list[StarterActivity]:
        """Return what was not taken over yet."""
        return [text for text in self.plan if text.key not in self.taken]

    def clean(self) -> dict[str, Any]:
        """Ask of each that is chosen who does it and when first; of the others it does not matter what stands there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = []
        for text in self.left():
            names = {part: field_name(part, text.key) for part in (TAKE, OWNER, FIRST)}
            if not cleaned.get(names[TAKE]):
                for part in (OWNER, FIRST):
                    self.errors.pop(names[part], None)
                continue
            owner, first = self.people.get(cleaned.get(names[OWNER]) or ""), cleaned.get(names[FIRST])
            if owner is None and names[OWNER] not in self.errors:
                self.add_error(names[OWNER], lazy("Choose who does it."))
            if first is None and names[FIRST] not in self.errors:
                self.add_error(names[FIRST], lazy("Give the day on which it is due first."))
            elif first is not None and first < self.today:
                self.add_error(names[FIRST], lazy("That day is over."))
            elif owner is not None and first is not None:
                chosen.append(StarterChoice(key=text.key, owner=owner, first_on=first))
        if not chosen and not self.errors:
            self.add_error(None, lazy("Choose at least one activity."))
        cleaned["chosen"] = chosen
        return cleaned

    def duties(self) -> Iterator[tuple[str, Any, list[StarterRow]]]:
        """Yield each duty with what it means, and its activities."""
        for duty in Duty:
            rows = [self._row(text) for text in self.plan if text.duty == duty]
            if rows:
                yield duty.title, FACTS[duty].meaning, rows

    def _row(self, text: StarterActivity) -> StarterRow:
        if text.key in self.taken:
            return StarterRow(text, is_taken=True, activity=self.taken[text.key])
        take, owner, first = (self[field_name(part, text.key)] for part in (TAKE, OWNER, FIRST))
        return StarterRow(text, is_taken=False, activity=None, take=take, owner=owner, first=first)


def _first_unit(units: Any) -> Any:
    """Return the unit that is taken at first: the topmost of those."""
    return next(iter(units), None)
