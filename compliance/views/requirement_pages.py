"""The page of a requirement: its words in one edition, and what they were in others."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, F
from django.db.models import When as WhenTrue
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.choices import Method, Withdrawal
from compliance.models import RequirementText
from compliance.parts import FIELDS, Clauses, withdrawn_badge
from compliance.selectors import around, text_changes, versions_of
from compliance.selectors.pages import Around, TextVersion
from foundation.registry import PagePart, registry
from foundation.ui.components import Badge, Link, Listing, Reference, Tone, When
from foundation.ui.pages import Page
from foundation.ui.passages import Passages
from foundation.ui.structure import Action, Crumb, Fact

# What other apps give to this page, they give to this place (`registry.PagePart`).
PLACE = "compliance.requirement"


class TextPage(Page):
    """Exactly what an edition says of a requirement."""

    def get_text(self) -> RequirementText:
        """Return the text, of the frameworks that the reader may read."""
        found: RequirementText = get_object_or_404(self.get_texts(), pk=self.kwargs["text"])
        return found

    def get_texts(self) -> Any:
        """Return the texts of accepted editions that the reader may read."""
        texts = RequirementText.objects.visible_to(self.request.user)
        accepted = texts.filter(requirement__isnull=False, edition__accepted_at__isnull=False)
        return accepted.select_related("requirement", "edition__framework").defer("words")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        text = self.get_text()
        sides, versions = around(text), versions_of(text)
        older = self._older(text, versions)
        context = {
            "now": self.now,
            "title": f"{text.identifier} {text.title}",
            "subtitle": Listing((text.edition.framework.title, text.edition.label), " · "),
            "crumbs": self._crumbs(text),
            "actions": self._actions(sides),
            "text": text,
            "is_old": text.edition_id != text.edition.framework.current_id,
            "current_url": text.requirement.get_absolute_url() if text.requirement else "",
            "clauses": [
                (FIELDS[name], Clauses(getattr(text, name)))
                for name in ("statement", "guidance", "objectives")
                if getattr(text, name)
            ],
            "methods": [(Method(one["method"]).label, one["objects"]) for one in text.methods],
            "facts": self._facts(text, sides),
            "children": sides.children,
            "related": [(one["identifier"], sides.known.get(one["key"])) for one in text.related],
            "versions": versions,
            "older": older,
            "changes": [(FIELDS[name], Passages(found)) for name, found in text_changes(older, text)]
            if older
            else [],
        }
        return render(request, "compliance/requirement_detail.html", context | {"parts": self._parts(text)})

    def _parts(self, text: RequirementText) -> list[tuple[str, Any]]:
        """Return what apps above have to say of the requirement: the template of each, and what it needs."""
        parts = [one for one in registry.all(PagePart) if one.place == PLACE]
        shown = (
            (one.template, one.context(subject=text, request=self.request, now=self.now)) for one in parts
        )
        return [(template, context) for template, context in shown if context is not None]

    def _older(self, text: RequirementText, versions: Sequence[TextVersion]) -> RequirementText | None:
        """Return the text that this one is compared with: of the edition that the address names, else of the one before, if it is another."""
        numbers = {version.text.edition.number: version.text for version in versions}
        asked = self.request.GET.get("against", "")
        if asked:
            if not asked.isdecimal() or int(asked[:6]) not in numbers:
                raise Http404
            chosen = numbers[int(asked[:6])]
        else:
            earlier = [number for number in numbers if number < text.edition.number]
            if not earlier:
                return None
            chosen = numbers[max(earlier)]
        if chosen.pk == text.pk or chosen.digest == text.digest:
            return None
        return RequirementText.objects.select_related("edition").defer("words").get(pk=chosen.pk)

    def _crumbs(self, text: RequirementText) -> Sequence[Crumb]:
        framework = text.edition.framework
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(framework.reference, framework.get_absolute_url()),
            Crumb(text.identifier),
        )

    def _actions(self, sides: Around) -> Sequence[Action]:
        ways = ((sides.before, "arrow-left"), (sides.after, "arrow-right"))
        return [Action(line.identifier, line.get_absolute_url(), icon=icon) for line, icon in ways if line]

    def _facts(self, text: RequirementText, sides: Around) -> Sequence[Fact]:
        framework, edition = text.edition.framework, text.edition
        is_current = edition.pk == framework.current_id
        state: Any = withdrawn_badge() if text.is_withdrawn else Badge(_("Required"), Tone.GOOD, dot=True)
        facts = [
            Fact(_("State"), state),
            Fact(
                _("Framework"),
                Listing((Reference(framework.reference, framework.get_absolute_url()), framework.title), " "),
            ),
            Fact(_("Version"), f"{edition.label} ({_('current') if is_current else _('earlier')})"),
            Fact(_("Accepted"), When(edition.accepted_at, self.now)),
            Fact(_("Kind"), text.get_kind_display()),
        ]
        if sides.parent is not None:
            facts.append(Fact(_("Stands in"), self._place(text, sides.parent)))
        for one in text.withdrawn_to:
            line = sides.known.get(one["key"])
            went = (
                Link(str(line), line.get_absolute_url())
                if line and line.requirement_id
                else one["identifier"]
            )
            facts.append(Fact(Withdrawal(one["how"]).label, went))
        return facts

    def _place(self, text: RequirementText, parent: RequirementText) -> Link:
        if parent.requirement_id:
            return Link(str(parent), parent.get_absolute_url())
        framework = text.edition.framework
        query: dict[str, Any] = {"group": parent.key}
        if text.edition_id != framework.current_id:
            query["version"] = text.edition.number
        return Link(str(parent).strip(), f"{framework.get_absolute_url()}?{urlencode(query)}")


class RequirementPage(TextPage):
    """What the current edition says of a requirement, or the last one that held it."""

    def get_text(self) -> RequirementText:
        """Return the current text, else the latest one, of the frameworks that the reader may read."""
        is_current = Case(WhenTrue(edition__framework__current=F("edition"), then=0), default=1)
        found = self.get_texts().filter(requirement=self.kwargs["requirement"])
        text = found.order_by(is_current, "-edition__number").first()
        if text is None:
            raise Http404
        assert isinstance(text, RequirementText)
        return text
