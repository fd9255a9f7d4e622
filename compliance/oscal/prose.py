"""The parts of a control as Markdown: lettered items as nested lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from compliance.catalogues.values import METHODS, MOST_DEPTH, TEXT_LENGTH, MethodNote
from compliance.oscal.parameters import Parameters
from compliance.oscal.places import Place

STATEMENTS = ("statement",)
GUIDANCE = ("guidance",)
OBJECTIVES = ("assessment-objective", "objective")
ASSESSMENTS = ("assessment-method", "assessment")
OBJECTS = ("assessment-objects", "objects")
# What stands for the statement in catalogues that have none.
INSTEAD = ("item", "requirement", "control", "description", "overview")
OTHER_LABELS = ("sp800-53a", "zero-padded")


@dataclass(frozen=True)
class Prose:
    """What the parts of a control or a group say."""

    statement: str = ""
    guidance: str = ""
    objectives: str = ""
    methods: tuple[MethodNote, ...] = ()


def read_parts(place: Place, parameters: Parameters) -> Prose:
    """Return what the parts of a control or a group say; a part of a name that is not known is guidance."""
    parts = [(part.text("name", required=True), part) for part in place.items("parts")]
    names = {name for name, _part in parts}
    statements = STATEMENTS if names & set(STATEMENTS) else INSTEAD
    statement: list[str] = []
    guidance: list[str] = []
    objectives: list[str] = []
    methods: list[MethodNote] = []
    for name, part in parts:
        if name in statements:
            statement.append(_markdown(part, parameters))
        elif name in GUIDANCE:
            guidance.append(_markdown(part, parameters))
        elif name in OBJECTIVES:
            objectives.append(_markdown(part, parameters))
        elif name in ASSESSMENTS:
            methods += _methods(part, parameters)
        else:
            guidance.append(_markdown(part, parameters, heading=_title_of(part, parameters) or name))
    return Prose(
        statement=_together(statement, place),
        guidance=_together(guidance, place),
        objectives=_together(objectives, place),
        methods=tuple(_merged(methods)),
    )


def _together(texts: list[str], place: Place) -> str:
    text = "\n\n".join(text for text in texts if text)
    if len(text) > TEXT_LENGTH:
        place.fail(
            _("The texts here have more than %(limit)s characters together.") % {"limit": f"{TEXT_LENGTH:,}"}
        )
    return text


def _markdown(part: Place, parameters: Parameters, *, heading: str = "") -> str:
    """Return a part and what stands in it: its prose, and each inner part as an item of a list."""
    texts = [f"**{heading}**"] if heading else []
    texts.append(parameters.filled(part.child("prose")))
    items = list(_items(part, parameters, 1))
    if len(items) == 1 and not texts[-1] and not heading:
        texts.append(items[0].removeprefix("- ").replace("\n  ", "\n"))
    else:
        texts.append("\n".join(items))
    return "\n\n".join(text for text in texts if text)


def _items(part: Place, parameters: Parameters, depth: int) -> Iterator[str]:
    if depth > MOST_DEPTH:
        part.fail(_("Parts stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH})
    for inner in part.items("parts"):
        label, title = _label_of(inner), _title_of(inner, parameters)
        words = [f"**{text}**" for text in (label, title) if text]
        words.append(parameters.filled(inner.child("prose")))
        lines = [" ".join(word for word in words if word), *_items(inner, parameters, depth + 1)]
        text = "\n".join(line for line in lines if line)
        if text:
            yield "- " + text.replace("\n", "\n  ")


def _label_of(part: Place) -> str:
    labels = part.props("label")
    return next(
        (value for value, of_class in labels if of_class not in OTHER_LABELS), labels[0][0] if labels else ""
    )


def _title_of(part: Place, parameters: Parameters) -> str:
    return parameters.filled(part.child("title"))


def _methods(part: Place, parameters: Parameters) -> Iterator[MethodNote]:
    named = part.prop("method").lower()
    if named not in METHODS:
        return
    objects: list[str] = []
    if prose := parameters.filled(part.child("prose")):
        objects += prose.split("\n\n")
    for inner in part.items("parts"):
        if inner.text("name", required=True) in OBJECTS:
            objects += parameters.filled(inner.child("prose")).split("\n\n")
    yield MethodNote(named, tuple(text for one in objects if (text := " ".join(one.split()))))


def _merged(methods: list[MethodNote]) -> Iterator[MethodNote]:
    """Yield each method once, in the order of METHODS, with all that is named for it."""
    for method in METHODS:
        if notes := [note for note in methods if note.method == method]:
            yield MethodNote(method, tuple(dict.fromkeys(one for note in notes for one in note.objects)))
