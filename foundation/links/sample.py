"""Links between the sample bank's audits."""

from datetime import timedelta
from itertools import cycle

from foundation.accounts.sample import SampleContext
from foundation.links.relations import Direction
from foundation.links.services import link_add
from foundation.records.models import Record
from foundation.registry import RelationKind, registry

RELATIONS = ("relates", "follows", "evidences", "relates")
LINKED = 30


def sample_links(context: SampleContext) -> None:
    """Link audits with those planned just before them, each by its owner."""
    audits = list(Record.objects.filter(kind="audit").order_by("-pk").select_related("owner")[:LINKED])
    for place, relation in zip(range(0, len(audits) - 3, 2), cycle(RELATIONS)):
        record, other = audits[place], audits[place + 3]
        if not Record.objects.visible_to(record.owner).filter(pk=other.pk).exists():
            continue
        direction = Direction(registry.get(RelationKind, relation), is_back=False)
        now = context.now - timedelta(days=1, minutes=place)
        link_add(record=record, other=other, direction=direction, actor=record.owner, now=now)
