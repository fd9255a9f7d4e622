"""Who meets what behind the addresses of frameworks and requirements."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from compliance.models import Framework, RequirementText
from compliance.selectors import requirements_of
from compliance.services import draft_begin
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import content
from foundation.records.imports.drafts import import_file_keep
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# A framework of the whole organisation is read by whoever reads working records anywhere.
READERS = only("ciso", "analyst", "auditor", "unit_lead", otherwise=404)
MANAGERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)


def of_framework(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (framework_make(cast).reference, *more)

    return arguments


def of_text(cast: Cast) -> Sequence[Any]:
    return (requirements_of(framework_make(cast).current)[0].pk,)


def of_requirement(cast: Cast) -> Sequence[Any]:
    return (requirements_of(framework_make(cast).current)[0].requirement_id,)


def reason(cast: Cast) -> Mapping[str, Any]:
    return {"comment": "No longer sold there"}


def of_draft(*more: str) -> Callable[[Cast], Sequence[Any]]:
    """A framework with a draft that the analyst writes."""

    def arguments(cast: Cast) -> Sequence[Any]:
        framework = framework_make(cast)
        draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
        return (framework.reference, *more)

    return arguments


def of_line(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        (reference,) = of_draft()(cast)
        return (reference, RequirementText.objects.get(edition__label="2.0", key="hb-2").pk, *more)

    return arguments


def of_import(cast: Cast) -> Sequence[Any]:
    """A catalogue that the analyst brought: nobody else finds it."""
    file = import_file_keep(
        user=cast.analyst, purpose="catalogue", file_name="harbour.json", content=content(), sheet="", now=NOW
    )
    return (file.key,)


def said_of_framework(cast: Cast) -> Mapping[str, Any]:
    return {"title": "Quay rules", "label": "1.0", "submission": str(uuid4())}


def change_of_framework(cast: Cast) -> Mapping[str, Any]:
    return {"title": "Quay rules", "owner": cast.ciso.pk, "confidentiality": "internal", "version": 1}


def line_data(cast: Cast) -> Mapping[str, Any]:
    return {"kind": "requirement", "identifier": "HB-9", "title": "Nine"}


def line_change_data(cast: Cast) -> Mapping[str, Any]:
    line = RequirementText.objects.filter(edition__label="2.0", key="hb-2").first()
    return {**line_data(cast), "version": line.digest if line else ""}


ACCEPTERS = only("ciso", "analyst", otherwise=403)
WRITERS = {**MANAGERS, "ciso": 302, "analyst": 302}

ROWS = [
    UrlRow(
        name="compliance:framework-create",
        get=ACCEPTERS,
        post=only("ciso", "analyst", answer=302),
        data=said_of_framework,
    ),
    UrlRow(
        name="compliance:framework-edit",
        get=MANAGERS,
        post=WRITERS,
        args=of_framework(),
        data=change_of_framework,
    ),
    UrlRow(name="compliance:import", get=ACCEPTERS, post=only("ciso", "analyst", answer=422)),
    UrlRow(name="compliance:import-template", get=ACCEPTERS, args=lambda cast: ("csv",)),
    UrlRow(
        name="compliance:import-preview",
        get=answers(otherwise=403, ciso=404, analyst=200),
        args=of_import,
    ),
    UrlRow(
        name="compliance:import-confirm",
        get=answers(otherwise=405),
        post=answers(otherwise=403, ciso=404, analyst=302),
        args=of_import,
        data=lambda cast: {"against": "new"},
    ),
    UrlRow(name="compliance:edition-differences", get=READERS, args=of_framework("1")),
    UrlRow(
        name="compliance:edition-restore",
        get=MANAGERS,
        post={**MANAGERS, "ciso": 422, "analyst": 422},
        args=of_framework("1"),
        data=lambda cast: {"against": Framework.objects.get().current_id},
    ),
    UrlRow(
        name="compliance:draft",
        get=MANAGERS,
        post=WRITERS,
        args=of_framework(),
        data=lambda cast: {"label": "2.0"},
    ),
    UrlRow(
        name="compliance:draft-accept",
        get=MANAGERS,
        post={**MANAGERS, "ciso": 409, "analyst": 409},
        args=of_draft(),
    ),
    UrlRow(name="compliance:draft-drop", get=MANAGERS, post=WRITERS, args=of_draft()),
    UrlRow(name="compliance:line-create", get=MANAGERS, post=WRITERS, args=of_draft(), data=line_data),
    UrlRow(name="compliance:line-edit", get=MANAGERS, post=WRITERS, args=of_line(), data=line_change_data),
    UrlRow(
        name="compliance:line-place",
        get=MANAGERS,
        post=WRITERS,
        args=of_line(),
        data=lambda cast: {"parent": ""},
    ),
    UrlRow(name="compliance:line-remove", get=MANAGERS, post=WRITERS, args=of_line()),
    UrlRow(name="compliance:line-move", get=answers(otherwise=405), post=WRITERS, args=of_line("up")),
    UrlRow(name="compliance:framework-list", get=everyone()),
    UrlRow(name="compliance:framework-detail", get=READERS, args=of_framework()),
    UrlRow(name="compliance:framework-tab", get=READERS, args=of_framework("history")),
    UrlRow(
        name="compliance:framework-transition",
        get=MANAGERS,
        post={**MANAGERS, "ciso": 302, "analyst": 302},
        args=of_framework("retire"),
        data=reason,
    ),
    UrlRow(name="compliance:text-detail", get=READERS, args=of_text),
    UrlRow(name="compliance:requirement-detail", get=READERS, args=of_requirement),
]
