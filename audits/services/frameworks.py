"""Which frameworks an audit is held against."""

from collections.abc import Iterable, Sequence

from audits.models import Audit
from compliance.models import Framework
from foundation.accounts.models import User
from foundation.records.plain import plain
from foundation.trail.services import EntryDraft, entries_write, entry_write

ACTION = "audits.audit.frameworks"


def frameworks_name_all(*, named: Iterable[tuple[Audit, Sequence[Framework]]], actor: User | None) -> None:
    """Name the frameworks of many new audits, which have none yet; one entry in the trail for each that has some."""
    through = Audit.frameworks.through
    rows, drafts = [], []
    for audit, frameworks in named:
        rows += [through(audit_id=audit.pk, framework_id=one.pk) for one in dict.fromkeys(frameworks)]
        if frameworks:
            after = {"frameworks": plain(list(frameworks))}
            drafts.append(EntryDraft(action=ACTION, actor=actor, record=audit, after=after))
    if rows:
        through.objects.bulk_create(rows, batch_size=1_000)
        entries_write(drafts=drafts)


def frameworks_set(*, audit: Audit, frameworks: Iterable[Framework], actor: User) -> bool:
    """Let an audit be held against exactly these frameworks, and tell whether that is another set than before.

    Must be called inside a transaction.
    """
    before = list(audit.frameworks.order_by("pk"))
    after = sorted(set(frameworks), key=lambda one: one.pk)
    if before == after:
        return False
    audit.frameworks.set(after)
    entry_write(
        action=ACTION,
        actor=actor,
        record=audit,
        before={"frameworks": plain(before)},
        after={"frameworks": plain(after)},
    )
    return True
