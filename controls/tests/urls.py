"""Who meets what behind the addresses of controls."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from controls.choices import ControlType, Frequency, Implementation, Nature
from controls.models import Control
from controls.tests.factories import control_make, documented, mapped, operating
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# A control of the whole organisation, which the analyst owns.
READERS = only("ciso", "analyst", "auditor", otherwise=404)
WRITERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403)
WRITTEN = {**WRITERS, "ciso": 302, "analyst": 302}
BEGINNERS = only("ciso", "analyst", otherwise=403)
SAID = {
    "title": "Gates are shut",
    "statement": "Somebody shuts them.",
    "type": ControlType.PREVENTIVE,
    "nature": Nature.MANUAL,
    "frequency": Frequency.DAILY,
}


def of_control(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (control_make(cast).reference, *more)

    return arguments


def of_operating(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (operating(cast).reference, *more)

    return arguments


def of_mapped(cast: Cast) -> Sequence[Any]:
    link = mapped(cast).requirement_links.get()
    return (link.control.reference, link.pk)


def of_documented(cast: Cast) -> Sequence[Any]:
    link = documented(cast).document_links.get()
    return (link.control.reference, link.pk)


def covered(cast: Cast) -> Sequence[Any]:
    return (mapped(cast).requirement_links.get().requirement.framework.reference,)


def version() -> int:
    control = Control.objects.first()
    return control.version if control else 1


def begun(cast: Cast) -> Mapping[str, Any]:
    whose = {"unit": cast.units.root.pk, "owner": cast.analyst.pk, "confidentiality": "internal"}
    return {**SAID, **whose, "submission": str(uuid4())}


def settled(cast: Cast) -> Mapping[str, Any]:
    return {**begun(cast), "version": version()}


def written(cast: Cast) -> Mapping[str, Any]:
    return {**SAID, "version": version()}


def implemented(cast: Cast) -> Mapping[str, Any]:
    return {"implementation": Implementation.IMPLEMENTED, "note": "", "version": version()}


NOTHING_SAID = {**WRITERS, "ciso": 422, "analyst": 422}

ROWS = [
    UrlRow(
        name="controls:coverage",
        get=only("ciso", "analyst", "auditor", "unit_lead", otherwise=404),
        args=covered,
    ),
    UrlRow(
        name="controls:requirements-add",
        get=WRITERS,
        post=answers(otherwise=404, auditor=403),  # no framework is named
        args=of_control(),
    ),
    UrlRow(
        name="controls:requirement-edit",
        get=WRITERS,
        post=WRITTEN,
        args=of_mapped,
        data=lambda cast: {"extent": "full", "note": "All of it", "version": 1},
    ),
    UrlRow(name="controls:requirement-remove", get=WRITERS, post=WRITTEN, args=of_mapped),
    UrlRow(name="controls:documents", get=WRITERS, args=of_control()),
    UrlRow(name="controls:document-add", get=WRITERS, post=NOTHING_SAID, args=of_control()),
    UrlRow(name="controls:document-remove", get=WRITERS, post=WRITTEN, args=of_documented),
    UrlRow(name="controls:control-list", get=everyone()),
    UrlRow(
        name="controls:control-create",
        get=BEGINNERS,
        post=only("ciso", "analyst", answer=302),
        data=begun,
    ),
    UrlRow(name="controls:control-detail", get=READERS, args=of_control()),
    UrlRow(name="controls:control-tab", get=READERS, args=of_control("versions")),
    UrlRow(name="controls:version-detail", get=READERS, args=of_control("1")),
    UrlRow(name="controls:control-edit", get=WRITERS, post=WRITTEN, args=of_control(), data=settled),
    UrlRow(name="controls:draft-write", get=WRITERS, post=WRITTEN, args=of_control(), data=written),
    UrlRow(name="controls:control-implement", get=WRITERS, post=WRITTEN, args=of_control(), data=implemented),
    UrlRow(
        name="controls:control-rate",
        get=answers(otherwise=404, ciso=200, analyst=403, auditor=200),
        post=answers(otherwise=404, ciso=422, analyst=422, auditor=422),  # nothing is said
        args=of_operating(),
        refused_otherwise=True,  # the analyst owns it
    ),
    UrlRow(
        name="controls:evidence-give",
        get=WRITERS,
        post={**WRITERS, "ciso": 422, "analyst": 422},  # no file
        args=of_operating(),
    ),
    UrlRow(
        name="controls:control-transition",
        get=WRITERS,
        post={**WRITERS, "ciso": 422, "analyst": 302},  # the only CISO would decide on what the CISO asked
        args=of_control("submit"),
    ),
]
