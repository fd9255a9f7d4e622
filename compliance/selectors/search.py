"""Requirements by identifier and by words, for search and the palette."""

from datetime import datetime

from django.db.models import Case, IntegerField, Value, When

from compliance.choices import NodeKind
from compliance.models import RequirementText
from compliance.selectors.outline import storable, text_matches
from foundation.accounts.models import User
from foundation.records.names import RecordName
from foundation.registry import SearchHit


def requirements_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return requirements of current editions, the one whose identifier the text is first; one query."""
    asked = storable(text[:100])
    if not asked:
        return []
    rank = Case(
        When(identifier__iexact=asked, then=Value(0)),
        When(identifier__istartswith=asked, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    texts = (
        RequirementText.objects.visible_to(user)
        .current()
        .exclude(kind=NodeKind.GROUP)
        .filter(text_matches(asked), edition__framework__archived_at__isnull=True)
        .select_related("edition__framework")
        .only(
            "pk",
            "identifier",
            "title",
            "statement",
            "edition__label",
            "edition__framework__kind",
            "edition__framework__reference",
            "edition__framework__title",
        )
        .order_by(rank, "edition__framework", "position")[:limit]
    )
    return [
        SearchHit(
            title=f"{one.identifier} {one.title}",
            url=one.get_absolute_url(),
            record=RecordName(
                one.edition.framework.pk,
                one.edition.framework.kind,
                one.edition.framework.reference,
                one.edition.framework.title,
            ),
            text=one.statement,
            note=one.edition.label,
        )
        for one in texts
    ]
