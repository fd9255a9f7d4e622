"""The forms that ask for an exception: from which document, and what is asked for."""

from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from exceptions.choices import RiskLevel
from exceptions.models import LONGEST_DAYS, MOST_WORDS, PolicyException
from exceptions.permissions import REQUEST
from exceptions.selectors import document_written, documents_meant, sections_of
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import PersonChoice, UnitChoice, people_to_choose, units_to_choose
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from policies.models import Document

WRITTEN = (
    "title",
    "section",
    "unit",
    "owner",
    "systems",
    "reason",
    "compensation",
    "risk",
    "risk_words",
    "starts_on",
    "expires_on",
    "confidentiality",
)


class DocumentChooseForm(forms.Form):
    """Chooses the document from which an exception is asked for: by its reference, or words of its title."""

    other = forms.CharField(
        label=_("From which document?"),
        max_length=300,
        help_text=_(
            "Its reference, such as DOC-0001; or some words of its title, to choose from. It is in force, and you may read it."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_other(self) -> Document:
        """Return the document that is meant; what the person may not read is as unknown as what does not exist."""
        text: str = self.cleaned_data["other"]
        if written := document_written(text, self.user):
            return written
        meant = documents_meant(text, self.user)
        exactly = [one for one in meant if one.title.casefold() == text.strip().casefold()]
        found = exactly if len(exactly) == 1 else meant
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                _("No document in force that you may read has this reference, or these words in its title.")
            )
        names = ", ".join(f"{one.reference} {one.title}" for one in found)
        raise forms.ValidationError(
            _("Several have these words: %(names)s. Write the reference of the one that you mean.")
            % {"names": names}
        )


def _words(label: Any, help_text: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ExceptionFields(forms.Form):
    """What is asked for."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("In a few words: who need not do what.")
    )
    section = forms.ChoiceField(
        label=_("Section"), required=False, help_text=_("The heading under which the rule stands.")
    )
    systems = forms.CharField(
        label=_("Systems"),
        max_length=1_000,
        required=False,
        help_text=_("For which systems or processes; empty: for all of the unit."),
    )
    reason = _words(_("Why?"), _("What keeps the rule from being followed, and what is done to end that."))
    compensation = _words(
        _("Compensating controls"), _("What is done instead, so that little can happen meanwhile.")
    )
    risk = forms.ChoiceField(
        label=_("Risk"),
        choices=[("", _("Choose the level")), *RiskLevel.choices],
        help_text=_("What remains with these controls in place. High or critical: the CISO decides, too."),
    )
    risk_words = _words(
        _("Risk in words"), _("What may happen, how likely that is, and what it would cost."), rows=3
    )
    starts_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expires_on = forms.DateField(
        label=_("In force until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day on which it holds: a year later at most. At midnight it is over."),
    )
    confidentiality = forms.ChoiceField(
        label=_("Confidentiality"),
        choices=Confidentiality.choices,
        initial=Confidentiality.INTERNAL,
        help_text=_("Restricted: only the owner, the people named in it and the CISO know of it."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        now: datetime,
        document: Document,
        exception: PolicyException | None = None,
        **kwargs: Any,
    ) -> None:
        self.document, self.now, self.exception = document, now, exception
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=_("Business unit"),
            queryset=units_to_choose(
                access_of(user, now).scope(REQUEST), exception.unit if exception else None
            ),
            help_text=_("Whose people or systems need not follow it."),
        )
        self.fields["owner"] = PersonChoice(
            label=_("Owner"),
            queryset=people_to_choose(exception.owner if exception else None),
            help_text=_("Who answers for the controls, and is reminded of the end."),
        )
        headings = [(one.anchor, f"{'– ' * (one.depth - 1)}{one.title}") for one in sections_of(document)]
        self.fields["section"].choices = [("", _("All of the document")), *headings]  # type: ignore[attr-defined]
        if document.is_restricted:
            self.fields["confidentiality"].choices = [  # type: ignore[attr-defined]
                (Confidentiality.RESTRICTED.value, Confidentiality.RESTRICTED.label)
            ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            Div("section", "systems", "unit", "owner", css_class="form-grid"),
            "reason",
            "compensation",
            Div("risk", css_class="form-grid"),
            "risk_words",
            Div("starts_on", "expires_on", "confidentiality", css_class="form-grid"),
            *(name for name in ("submission", "version") if name in self.fields),
        )

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(_("%(person)s is no longer active.") % {"person": owner})
        return owner

    def clean_expires_on(self) -> date:
        """Refuse a day that is over."""
        day: date = self.cleaned_data["expires_on"]
        if day < organisation_day(self.now):
            raise forms.ValidationError(_("It can't end on a day that is over."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse what holds too long, or ends before it begins."""
        found: dict[str, Any] = super().clean() or {}
        starts, expires = found.get("starts_on"), found.get("expires_on")
        if starts and expires:
            if expires < starts:
                self.add_error("expires_on", _("It can't end before it begins."))
            elif (expires - starts).days > LONGEST_DAYS:
                self.add_error(
                    "expires_on",
                    _(
                        "An exception holds for a year at most. Whoever needs it longer renews it, and somebody looks at its risk again."
                    ),
                )
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in WRITTEN}


class ExceptionAskForm(SubmissionFormMixin, ExceptionFields):
    """Asks for an exception, or for the renewal of one."""

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        renewed: PolicyException | None = kwargs.pop("renews", None)
        initial = {"owner": user.pk, "starts_on": organisation_day(now), "unit": _only_unit(user, now)}
        if renewed is not None:
            initial |= _of_renewed(renewed, kwargs["document"], organisation_day(now))
        kwargs.setdefault("initial", initial)
        super().__init__(*args, user=user, now=now, exception=renewed, **kwargs)


class ExceptionEditForm(VersionedFormMixin, ExceptionFields):
    """Changes what is asked for, before it is submitted."""

    def __init__(self, *args: Any, exception: PolicyException, **kwargs: Any) -> None:
        initial = {name: getattr(exception, name) for name in WRITTEN}
        super().__init__(*args, record=exception, exception=exception, initial=initial, **kwargs)


def _only_unit(user: User, now: datetime) -> BusinessUnit | None:
    """Return the unit that a person belongs to, if the person may ask for it."""
    return user.unit if user.unit and access_of(user, now).has(REQUEST, user.unit_id) else None


def _of_renewed(renewed: PolicyException, document: Document, today: date) -> dict[str, Any]:
    """Return what a renewal starts from: what was said before, the days excepted; a section, where there still is one."""
    anchors = {section.anchor for section in sections_of(document)}
    said = {name: getattr(renewed, name) for name in WRITTEN if name not in ("starts_on", "expires_on")}
    return {
        **said,
        "section": renewed.section if renewed.section in anchors else "",
        "starts_on": max(today, date.fromordinal(renewed.expires_on.toordinal() + 1)),
    }
