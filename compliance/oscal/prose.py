"""The parts of a control as Markdown: lettered items as nested lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from compliance.catalogues.values import METHODS, MOST_DEPTH, TEXT_LENGTH, MethodNote
from compliance.oscal.parameters import Parameters
from compliance.oscal.places import Place

STATEMENTS = ("statement",)
GUIDANCE = ("guidance",)
OBJECTIVES = ("assessment-objective", "objective")
ASSESSMENTS = ("assessment-method", "assessment")
OBJECTS = ("assessment-objects", "objects")
ITEM = "item"
# What stands for the statement in catalogues that have none.
INSTEAD = (ITEM, "requirement", "control", "description", "overview")
OTHER_LABELS = ("sp800-53a", "zero-padded")
MOST_WRITTEN = 5 * TEXT_LENGTH  # characters of all parts of one control


@dataclass(frozen=True)
class Prose:
    """What the parts of a control or a group say."""

    statement: str = ""
    guidance: str = ""
    objectives: str = ""
    methods: tuple[MethodNote, ...] = ()


def read_parts(place: Place, parameters: Parameters) -> Prose:
    """Return what the parts of a control or a group say.

    A part of a name that is not known is guidance under that name, and a method that is not known stands among the objectives.
    """
    return _Writing(place, parameters).prose()


def label_of(place: Place) -> str:
    """Return the label that is printed: none of those that only NIST's tools and tables use, unless there is no other."""
    labels = place.props("label")
    return next(
        (value for value, of_class in labels if of_class not in OTHER_LABELS), labels[0][0] if labels else ""
    )


def own_label_of(part: Place, control: Place) -> str:
    """Return the label of a part at the top of a control; none that the control has itself."""
    label = label_of(part)
    known = {value.casefold() for value, _class in control.props("label")} if label else set()
    return "" if label.casefold() in known else label


@dataclass
class _Writing:
    """The parts of one control on their way into texts; `length` counts what was written of them."""

    place: Place
    parameters: Parameters
    length: int = 0
    objectives: list[str] = field(default_factory=list)
    methods: list[MethodNote] = field(default_factory=list)

    def prose(self) -> Prose:
        parts = [(self._name_of(part), part) for part in self.place.items("parts")]
        names = {name for name, _part in parts}
        statements = STATEMENTS if names & set(STATEMENTS) else INSTEAD
        statement: list[str] = []
        guidance: list[str] = []
        for name, part in parts:
            if name in statements:
                statement.append(self._markdown(part))
            elif name in GUIDANCE:
                guidance.append(self._markdown(part))
            elif name in OBJECTIVES:
                self.objectives.append(self._markdown(part))
            elif name in ASSESSMENTS:
                self._take_method(part, name)
            else:
                guidance.append(self._markdown(part, heading=part.text("name")))
        return Prose(
            statement=self._together(statement),
            guidance=self._together(guidance),
            objectives=self._together(self.objectives),
            methods=tuple(_merged(self.methods)),
        )

    def _name_of(self, part: Place) -> str:
        """Return what a part is; one of another namespace is none of those that are known, whatever it is called."""
        name = part.text("name", required=True)
        return name if part.is_own() else ""

    def _together(self, texts: list[str]) -> str:
        text = "\n\n".join(text for text in texts if text)
        if len(text) > TEXT_LENGTH:
            self._too_long(TEXT_LENGTH)
        return text

    def _filled(self, place: Place) -> str:
        text = self.parameters.filled(place)
        self.length += len(text)
        if self.length > MOST_WRITTEN:
            self._too_long(MOST_WRITTEN)
        return text

    def _too_long(self, limit: int) -> None:
        self.place.fail(
            _("The texts here have more than %(limit)s characters together.") % {"limit": f"{limit:,}"}
        )

    def _markdown(self, part: Place, *, heading: str = "") -> str:
        """Return a part and what stands in it: its prose, and each inner part as an item of a list."""
        title, label, prose = (
            self._title_of(part),
            own_label_of(part, self.place),
            self._filled(part.child("prose")),
        )
        texts = [f"**{title or heading}**"] if title or heading else []
        texts.append(" ".join(word for word in (f"**{label}**" if label else "", prose) if word))
        items = list(self._items(part, 1))
        if len(items) == 1 and texts == [""]:
            texts.append(items[0].removeprefix("- ").replace("\n  ", "\n"))
        else:
            texts.append("\n".join(items))
        return "\n\n".join(text for text in texts if text)

    def _items(self, part: Place, depth: int) -> Iterator[str]:
        if depth > MOST_DEPTH:
            part.fail(_("Parts stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH})
        for inner in part.items("parts"):
            label, title = label_of(inner), self._title_of(inner)
            if not label and not title:
                title = self._kind_of(inner, part)
            words = [f"**{text}**" for text in (label, title) if text]
            words.append(self._filled(inner.child("prose")))
            lines = [" ".join(word for word in words if word), *self._items(inner, depth + 1)]
            text = "\n".join(line for line in lines if line)
            if text:
                yield "- " + text.replace("\n", "\n  ")

    def _kind_of(self, inner: Place, part: Place) -> str:
        """Return what an inner part is, where that is not to be expected of what stands in such a part."""
        name = inner.text("name", required=True)
        return "" if name in (ITEM, part.text("name"), *OBJECTS) else name

    def _title_of(self, part: Place) -> str:
        return " ".join(self._filled(part.child("title")).split())

    def _take_method(self, part: Place, name: str) -> None:
        """Take in how something is found out, and what is looked at, asked or tried for it."""
        labels = [value for value, of_class in part.props("label") if of_class not in OTHER_LABELS]
        words = " ".join(word for word in (*labels[:1], self._title_of(part)) if word)
        objects = [*([words] if words else ()), *self._objects(part, 1)]
        named = [value.strip() for value, _class in part.props("method")] or [name]
        for method in named:
            if method.lower() in METHODS:
                self.methods.append(MethodNote(method.lower(), tuple(objects)))
            else:
                self.objectives.append(
                    "\n".join([f"**{method}**", "", *(f"- {one}" for one in objects)]).strip()
                )

    def _objects(self, part: Place, depth: int) -> Iterator[str]:
        """Yield what a method names, each on one line: paragraph by paragraph, of all parts that stand in it."""
        if depth > MOST_DEPTH:
            part.fail(_("Parts stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH})
        for paragraph in self._filled(part.child("prose")).split("\n\n"):
            if text := " ".join(paragraph.split()):
                yield text
        for inner in part.items("parts"):
            inner.text("name", required=True)
            words = [] if inner.text("name") in OBJECTS else [label_of(inner)]
            words.append(self._title_of(inner))
            if text := " ".join(word for word in words if word):
                yield text
            yield from self._objects(inner, depth + 1)


def _merged(methods: list[MethodNote]) -> Iterator[MethodNote]:
    """Yield each method once, in the order of METHODS, with all that is named for it."""
    for method in METHODS:
        if notes := [note for note in methods if note.method == method]:
            yield MethodNote(method, tuple(dict.fromkeys(one for note in notes for one in note.objects)))
