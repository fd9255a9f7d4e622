"""The forms that begin a document, write its text, and change what is said of it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import PersonChoice, UnitChoice, people_to_choose, units_to_choose
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import current_organisation, organisation_day
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.signs import plain_line
from foundation.ui.conflicts import Conflict, conflict_between, send_instead
from policies.choices import DocumentType, ReviewOutcome
from policies.models import Document, DocumentVersion, DraftLock
from policies.models.documents import LONGEST_CADENCE, SHORTEST_CADENCE, USUAL_CADENCE
from policies.models.versions import MOST_TEXT
from policies.permissions import WRITE
from policies.prose import PICTURE, pictures_named
from policies.starting_texts import starting_text, starting_texts

SETTLED = ("owner", "unit", "cadence_months", "confidentiality")
EMPTY_PAGE = ("", lazy("An empty page"))


class AudienceChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The business units whose people a version is for."""

    def __init__(self) -> None:
        super().__init__(
            label=lazy("Audience: business units"),
            queryset=BusinessUnit.objects.order_by("path"),
            required=False,
            widget=forms.SelectMultiple(attrs={"data-search": ""}),
            help_text=lazy("Whose people it is for, with all below them. Neither units nor roles: everyone."),
        )


class SettledFields(forms.Form):
    """Whose the document is, and how often it is reviewed."""

    cadence_months = forms.IntegerField(
        label=lazy("Reviewed every (months)"),
        min_value=SHORTEST_CADENCE,
        max_value=LONGEST_CADENCE,
        initial=USUAL_CADENCE,
    )
    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        initial=Confidentiality.INTERNAL,
        help_text=lazy(
            "Restricted: only the owner, the people named in it and the CISO know of it. Whom it is for is told once it is opened."
        ),
    )

    def __init__(
        self, *args: Any, user: User, now: datetime, document: Document | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=lazy("Business unit"),
            queryset=units_to_choose(access_of(user, now).scope(WRITE), document.unit if document else None),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"), queryset=people_to_choose(document.owner if document else None)
        )
        self.helper = FormHelper()

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(lazy("%(person)s is no longer active.") % {"person": owner})
        return owner


class DocumentBeginForm(SubmissionFormMixin, SettledFields):
    """Begins a document, from an empty page or from one of the texts that there are."""

    start = forms.ChoiceField(
        label=lazy("Start from"),
        required=False,
        help_text=lazy("What stands in [square brackets] in such a text is for you to settle."),
    )
    type = forms.ChoiceField(
        label=lazy("Type"),
        choices=[("", lazy("As the text to start from")), *DocumentType.choices],
        required=False,
    )
    title = forms.CharField(
        label=lazy("Title"),
        max_length=200,
        required=False,
        help_text=lazy("Empty: that of the text to start from."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [  # type: ignore[attr-defined]
            EMPTY_PAGE,
            *((text.key, text.title) for text in starting_texts()),
        ]
        self.initial.setdefault("owner", kwargs["user"].pk)
        self.helper.layout = Layout(
            Div(
                "start",
                "title",
                "type",
                "unit",
                "owner",
                "cadence_months",
                "confidentiality",
                css_class="form-grid",
            ),
            "submission",
        )

    def clean(self) -> dict[str, Any]:
        """Ask for what the text to start from does not say."""
        found: dict[str, Any] = super().clean() or {}
        text = starting_text(found.get("start", ""))
        found["title"] = found.get("title", "").strip() or (text.title if text else "")
        found["type"] = found.get("type") or (text.type if text else "")
        for name in ("title", "type"):
            if not found[name] and name not in self.errors:
                self.add_error(name, lazy("This field is required."))
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        text = starting_text(self.cleaned_data["start"])
        organisation = current_organisation()
        body = text.body_for(organisation.name if organisation else "") if text else ""
        return {name: self.cleaned_data[name] for name in (*SETTLED, "title", "type")} | {"body": body}


class DocumentSettleForm(VersionedFormMixin, SettledFields):
    """Changes whose a document is, and how often it is reviewed."""

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        initial = {name: getattr(document, name) for name in SETTLED}
        super().__init__(*args, record=document, document=document, initial=initial, **kwargs)
        self.helper.layout = Layout(Div(*SETTLED, css_class="form-grid"), "version")

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the fields."""
        return {name: self.cleaned_data[name] for name in SETTLED}


class ReviewForm(forms.Form):
    """Says whether what is in force is still right."""

    outcome = forms.ChoiceField(
        label=lazy("What did the review come to?"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=lazy("Why?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("What you looked at, whom you asked; or what the new version has to change."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": document.version}
        super().__init__(*args, **kwargs)


class DraftUploadForm(forms.Form):
    """Takes a DOCX or PDF as what a draft says."""

    file = forms.FileField(
        label=lazy("File"),
        allow_empty_file=True,
        error_messages={"required": lazy("Choose a file first.")},
        help_text=lazy("A DOCX or a PDF, without macros, scripts, forms and embedded files."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: DocumentVersion, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": draft.revision}
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["data-max-bytes"] = settings.FILES_MAX_BYTES


def too_long(length: int) -> str:
    """Return the sentence for a text that is longer than a document may be."""
    return _(
        "The text has %(length)s characters, and may have %(most)s: some two hundred pages. Part it into several documents."
    ) % {
        "length": number_format(length, force_grouping=True),
        "most": number_format(MOST_TEXT, force_grouping=True),
    }


class DraftForm(forms.Form):
    """Writes the text of a version that comes."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    effective_on = forms.DateField(
        label=lazy("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=lazy("Empty: as soon as it is approved."),
    )
    summary = forms.CharField(
        label=lazy("What changed"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("For everyone who knows the version before; needed from the second version on."),
    )
    is_material = forms.BooleanField(
        label=lazy("Material: people have to acknowledge it anew"), required=False
    )
    body = forms.CharField(
        label=lazy("Text"),
        required=False,
        strip=False,
        # Without `maxlength`, at which a browser cuts off what is pasted, and says nothing.
        widget=forms.Textarea(
            attrs={"rows": 28, "class": "draft-text", "spellcheck": "true", "data-most": MOST_TEXT}
        ),
        help_text=lazy(
            "Markdown: # headings, - lists, - [ ] tasks, | tables |, **bold**, [links](https://example.com), "
            "![pictures](files/…) of this document."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def __init__(self, *args: Any, draft: DocumentVersion, now: datetime, **kwargs: Any) -> None:
        self.draft, self.now = draft, now
        kwargs["initial"] = {
            "title": draft.title,
            "effective_on": draft.effective_on,
            "summary": draft.summary,
            "is_material": draft.is_material,
            "audience": draft.audience,
            "audience_roles": draft.audience_roles,
            "body": draft.body,
            "version": draft.revision,
        }
        super().__init__(*args, **kwargs)
        self.fields["audience"] = AudienceChoice()
        self.fields["audience_roles"] = forms.MultipleChoiceField(
            label=lazy("Roles"),
            choices=Role.choices,
            required=False,
            widget=forms.SelectMultiple(attrs={"data-search": ""}),
            help_text=lazy("Whoever holds one of them, in whichever unit, besides the people of the units."),
        )
        if draft.file_id is not None:
            del self.fields["body"]
        if draft.number == 1:
            del self.fields["is_material"], self.fields["summary"]
        self.helper = FormHelper()
        more = ["is_material", "summary"] if draft.number > 1 else []
        self.helper.layout = Layout(
            Div("title", "effective_on", css_class="form-grid"),
            Div("audience", "audience_roles", css_class="form-grid"),
            *more,
            *(["body"] if draft.file_id is None else []),
            "version",
            "over",
        )

    def clean_effective_on(self) -> date | None:
        """Refuse a day that is over: nothing holds from before it was approved."""
        day: date | None = self.cleaned_data["effective_on"]
        if day and day < organisation_day(self.now) and day != self.draft.effective_on:
            raise forms.ValidationError(lazy("It can't hold from a day that is over."))
        return day

    def clean_body(self) -> str:
        """Keep lines as they are typed, whatever a browser sends between them."""
        body: str = self.cleaned_data["body"]
        if "\x00" in body:
            raise forms.ValidationError(lazy("Null characters are not allowed."))
        body = body.replace("\r\n", "\n")
        if len(body) > MOST_TEXT:
            raise forms.ValidationError(too_long(len(body)))
        if foreign := [source for source in pictures_named(body) if not PICTURE.fullmatch(source)]:
            raise forms.ValidationError(
                _(
                    "A text shows pictures that are files of the document, and no others. Add the file first: %(sources)s"
                )
                % {"sources": ", ".join(source[:80] for source in foreign[:5])}
            )
        return body

    def clean_title(self) -> str:
        """Leave out signs that nobody sees."""
        title = plain_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(lazy("This field is required."))
        return title

    def clean_summary(self) -> str:
        """Leave out signs that nobody sees."""
        return plain_line(self.cleaned_data["summary"])

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            **({"body": data["body"]} if "body" in data else {}),
            "summary": data.get("summary", ""),
            "effective_on": data["effective_on"],
            "audience": sorted(unit.pk for unit in data["audience"]),
            "audience_roles": sorted(data["audience_roles"]),
        }

    def conflict_with(self, current: DocumentVersion) -> Conflict:
        """Return what was typed beside what stands there now; the form then stands on that."""

        def now_there(name: str) -> Any:
            if name == "audience":
                return BusinessUnit.objects.filter(pk__in=current.audience)
            return getattr(current, name)

        return conflict_between(
            self,
            now_there,
            name=current.title,
            version=str(current.revision),
            by=current.written_by.full_name,
            at=current.written_at,
        )

    def conflict_with_holder(self, current: DocumentVersion, lock: DraftLock, told: str) -> Conflict:
        """Return what was typed beside the draft that somebody else has now; sent again, it is taken over from them."""
        found = self.conflict_with(current)
        send_instead(self, "over", str(lock.key))
        title = _("%(person)s writes on this draft now") % {"person": lock.holder.full_name}
        return replace(found, title=title, told=told)
