"""Who meets what behind the addresses of links."""

from audits.tests.factories import NOW, audit_make
from foundation.links.relations import Direction
from foundation.links.services import link_add
from foundation.registry import RelationKind, registry
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers


def _reference(cast: Cast) -> list[str]:
    return [audit_make(cast).reference]


def _link(cast: Cast) -> list[str | int]:
    record, other = audit_make(cast), audit_make(cast)
    direction = Direction(registry.get(RelationKind, "relates"), is_back=False)
    link = link_add(record=record, other=other, direction=direction, actor=cast.analyst, now=NOW)
    return [record.reference, link.pk]


ROWS = [
    UrlRow(
        name="links:link-add",
        args=_reference,
        get=answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=403),
        post=answers(otherwise=404, ciso=422, analyst=422, auditor=422, unit_lead=403),
    ),
    UrlRow(
        name="links:records",
        args=_reference,
        get=answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=200),
        post=answers(otherwise=405),
    ),
    UrlRow(
        name="links:link-remove",
        args=_link,
        get=answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=403),
        post=answers(otherwise=404, ciso=302, analyst=302, auditor=302, unit_lead=403),
    ),
]
