"""Reads for choosing what an audit tests: frameworks, and the tree of an edition with what is in the checklist already."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Q, QuerySet

from audits.models import Audit
from compliance.models import Framework
from compliance.selectors import frameworks_visible
from compliance.selectors.choosing import TreeLine
from foundation.accounts.models import User

LINES = """
    SELECT said.id, said.parent_id, said.depth, said.kind, said.identifier, said.title, said.is_withdrawn,
        EXISTS (
            SELECT 1 FROM audits_check AS checked
            WHERE checked.audit_id = %s AND checked.requirement_id = said.requirement_id
        )
    FROM compliance_requirementtext AS said WHERE said.edition_id = %s ORDER BY said.position
"""


def frameworks_to_choose(user: User, audit: Audit) -> QuerySet[Framework]:
    """Return the active frameworks that a person may read, with how many of their requirements the audit tests."""
    found: QuerySet[Framework] = (
        frameworks_visible(user)
        .active()
        .filter(current__isnull=False)
        .select_related("current")
        .annotate(tested_here=Count("requirements__checks", filter=Q(requirements__checks__audit=audit)))
        .order_by("title", "pk")
    )
    return found


def tree_of(framework: Framework, audit: Audit) -> list[TreeLine]:
    """Return the current edition's lines in order, without what was withdrawn; one query."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [audit.pk, framework.current_id])
        lines = [TreeLine._make(row) for row in cursor.fetchall()]
    return [line for line in lines if not line.is_withdrawn]
