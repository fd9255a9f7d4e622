"""A walk over every address with the words of a hidden record in mind: none of them stands in any answer.

The record is one that everybody worked on before it was restricted: it has a file, a comment, an action and dates, it is
linked with whatever an address is about, it was opened and told of. What is added to the URL × role table is walked, too.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from audits.models import Audit
from audits.tests.factories import audit_make
from ciso_portal.tests.test_hidden_records import body_of
from foundation import clock
from foundation.accounts.organisation import forget_organisation
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.conversation.services import comment_add
from foundation.deadlines.models import Deadline
from foundation.files.tests.contents import file_make
from foundation.links.models import Link
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, ReferenceCounter
from foundation.registry import RecordTab, RelationKind, registry
from foundation.search.models import RecordVisit
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, declared_rows

WORD, SOUGHT = "Zyzzyva", "quibble"
READERS = ("analyst", "auditor", "administrator")
# Asked at each address, and with the first search alone: every question of everyone would take too long.
MORE_READERS = ("unit_lead", "executive", "personnel", "outsider")
LOOKED_FOR = (f"?q={SOUGHT}", f"?q={SOUGHT}&export=csv", "?reference=AUD-7341")
RECORD_PAGES = {"audits:audit-detail", "audits:programme-detail", "actions:action-detail"}
# All the doors at which who may know of it meets it: a walk that met it nowhere would prove nothing.
MEETINGS = {
    "actions:action-detail",
    "actions:action-list",
    "audits:audit-detail",
    "audits:audit-list",
    "audits:programme-detail",
    "audits:year",
    "audits:year-part",
    "calendar:calendar",
    "desk:desk",
    "duties:activity-detail",
    "duties:duty-list",
    "duties:year-planner",
    "links:records",
    "notifications:notice-page",
    "records:trail-list",
    "search:palette",
    "search:search",
}
LISTS_WITH_FILES = {"actions:action-list", "audits:audit-list", "records:trail-list"}


@pytest.fixture
def hidden(cast: Cast) -> Audit:
    """Make the record that the words are of."""
    return hidden_make(cast)


def hidden_make(cast: Cast) -> Audit:
    """Make the record, let everybody work on it, and restrict it to the CISO."""
    now = clock.now()
    for prefix in ("AUD", "ACT"):
        ReferenceCounter.objects.update_or_create(prefix=prefix, defaults={"last": 7340})
    audit = audit_make(
        cast,
        title=f"{WORD} {SOUGHT}",
        scope=f"{WORD} {SOUGHT}",
        starts_on=(now + timedelta(days=2)).date(),
        lead_auditor=cast.ciso,
    )
    file_make(audit, cast.analyst, f"{WORD}-{SOUGHT}.txt", description=f"{WORD} {SOUGHT}")
    text = f"{WORD} {SOUGHT}, @Odile Brandt"
    comment_add(record=audit, author=cast.analyst, text=text, key=uuid4(), now=now)
    due_on = (now + timedelta(days=1)).date()
    title = f"{WORD} {SOUGHT} action"
    action = action_create(
        source=audit, title=title, owner=cast.analyst, due_on=due_on, actor=cast.analyst, now=now
    )
    secret = [audit.pk, action.pk]
    for person in cast.people().values():
        for pk in secret:
            RecordVisit.objects.create(user=person, record_id=pk, at=now)
            Notice.objects.create(
                recipient=person,
                kind="deadlines.reminder",
                record_id=pk,
                dedupe_key=f"hidden:{person.pk}:{pk}",
                payload={"title": audit.title, "sentence": f"{WORD} is due.", "reference": audit.reference},
                state=NoticeState.SHOWN,
                send_after=now,
                created_at=now,
            )
    Participant.objects.filter(record__in=secret).delete()
    Record.objects.filter(pk__in=secret).update(
        confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso, unit=cast.units.root
    )
    return audit


def addresses(row: UrlRow, hidden: Audit, cast: Cast) -> list[str]:
    """Make what the address is about, hang the hidden ones on its records, and return what is asked for."""
    before = set(Record.objects.values_list("pk", flat=True))
    path = row.url(cast)
    made = list(Record.objects.exclude(pk__in=before).order_by("pk").values_list("pk", flat=True))
    hang(hidden, made, cast)
    return asked_for(row, path, made)


def hang(hidden: Audit, made: list[int], cast: Cast) -> None:
    """Link the hidden record with these, and let its action follow from one of them."""
    relation = next(registry.all(RelationKind)).key
    Link.objects.bulk_create(
        Link(source_id=pk, target=hidden, relation=relation, created_by=cast.ciso, created_at=clock.now())
        for pk in made
    )
    Action.objects.filter(title__startswith=WORD).update(source_id=made[0] if made else hidden.pk)


def asked_for(row: UrlRow, path: str, made: list[int]) -> list[str]:
    """Return what is asked for of a row whose address is about these records."""
    if row.name in RECORD_PAGES:
        records = Record.objects.filter(pk__in=made)
        return [path, *(one.get_tab_url(tab.key) for one in records for tab in registry.all(RecordTab))]
    if row.makes_something and row.name != "links:records":
        return [path]
    return [path, *(path.partition("?")[0] + more for more in LOOKED_FOR)]


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_word_of_a_hidden_record_is_said(hidden: Audit, cast: Cast) -> None:
    browsers = {part: Client() for part in ("ciso", *READERS, *MORE_READERS)}
    for part, browser in browsers.items():
        browser.force_login(cast.people()[part])

    def answers(row: UrlRow) -> Iterator[tuple[str, str]]:
        """Yield who is told of the record, and where; the CISO, who may know of it, among them."""
        with transaction.atomic():
            for path in addresses(row, hidden, cast):
                # What was asked for by its reference may be repeated.
                words = (
                    [WORD.encode()]
                    if hidden.reference in path
                    else [WORD.encode(), hidden.reference.encode()]
                )
                for part, browser in browsers.items():
                    if part in MORE_READERS and path.endswith(LOOKED_FOR[1:]):
                        continue
                    body = body_of(browser.get(path))
                    if any(word in body for word in words):
                        yield part, path
                    forget_organisation()
            transaction.set_rollback(True)

    told = [(row.name, part, path) for row in declared_rows() for part, path in answers(row)]
    said = [f"GET {path} as {part}" for _name, part, path in told if part != "ciso"]
    assert not said, "\n".join(said)
    met = [(name, path) for name, part, path in told if part == "ciso"]
    assert {name for name, _path in met} == MEETINGS
    assert {name for name, path in met if path.endswith("&export=csv")} >= LISTS_WITH_FILES


# What differs between two answers that say the same; and the trail tells its readers how many entries wait for a seal.
PASSING = re.compile(
    rb'(?<=csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+|nonce="[^"]+"|[0-9a-f-]{36}|\d+ entr\w+ waits? for'
)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "row", [row for row in declared_rows() if row.name in MEETINGS], ids=lambda row: row.name
)
def test_no_number_counts_a_hidden_record(row: UrlRow, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask before the record is there and when it is hidden: where it would be met, everything reads the same."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    audit_make(cast)  # that there are audits is no secret: the first steps say so
    before = set(Record.objects.values_list("pk", flat=True))
    path = row.url(cast)
    made = list(Record.objects.exclude(pk__in=before).order_by("pk").values_list("pk", flat=True))
    people = {part: cast.people()[part] for part in READERS}
    paths = [one for one in asked_for(row, path, made) if not one.endswith(LOOKED_FOR[1:])]

    def answers() -> Iterator[tuple[str, bytes]]:
        for part, person in people.items():
            browser = Client()
            with transaction.atomic():
                browser.force_login(person)
                dates = Deadline.objects.filter(record__reference__endswith="-7341")
                dates.update(assignee=person)
                late = dates.order_by("pk").values("pk")[:2]
                dates.filter(pk__in=late).update(due_at=now - timedelta(days=1), due_on=None)
                for one in paths:
                    yield f"GET {one} as {part}", PASSING.sub(b"", body_of(browser.get(one)))
                    forget_organisation()
                transaction.set_rollback(True)

    without = dict(answers())
    hang(hidden_make(cast), made, cast)
    told = [f"{asked}: {line}" for asked, body in answers() for line in new_lines(without[asked], body)]
    assert not told, "\n".join(told)


def new_lines(without: bytes, body: bytes) -> list[str]:
    """Return what is answered in another way now."""
    lines = zip_longest(without.splitlines(), body.splitlines(), fillvalue=b"")
    return [line.decode(errors="replace") for other, line in lines if other != line][:1]
