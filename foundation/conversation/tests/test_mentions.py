"""Whom a comment mentions, who is told, who follows."""

from uuid import uuid4

import pytest

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.conversation.markdown import markdown_html
from foundation.conversation.mentions import mentioned_in
from foundation.conversation.models import Follow, Mention
from foundation.conversation.selectors import followers_of, is_following, people_to_mention
from foundation.conversation.services import comment_add, follow_set
from foundation.notifications.choices import NoticeReason
from foundation.notifications.models import Mail, Notice
from foundation.notifications.services import mails_compose
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.selectors import people_who_see
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


@pytest.fixture
def secret(cast: Cast) -> Audit:
    """A restricted audit: owned by the analyst, led by the auditor, and the outsider named in it."""
    return audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider])


def say(record: Record, author: User, text: str) -> None:
    comment_add(record=record, author=author, text=text, key=uuid4(), now=NOW)


def told() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("recipient__full_name", "kind"))


def names(audit: Audit, text: str) -> tuple[list[str], list[str]]:
    found = mentioned_in(text, record=audit, on=TODAY)
    return [person.full_name for person in found.people], found.unknown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Odile Brandt can you?", ["Odile Brandt"]),
        ("ask @odile brandt.", ["Odile Brandt"]),
        ("(@ODILE.BRANDT@example.com) and @Celia Moreau!", ["Odile Brandt", "Celia Moreau"]),
        ("@Odile Brandt's list, @Odile Brandt", ["Odile Brandt"]),
        ("**@Celia Moreau**: see", ["Celia Moreau"]),
        ("> @Celia Moreau wrote", ["Celia Moreau"]),
        ("`@Celia Moreau` or\n\n    @Celia Moreau", []),
        ("[@Celia Moreau](https://example.com)", []),
        ("mail to celia@Celia Moreau", []),
        ("at 5 @ noon, @", []),
    ],
)
def test_people_are_found_as_they_are_typed(audit: Audit, text: str, expected: list[str]) -> None:
    assert names(audit, text) == (expected, [])


def test_who_may_not_see_it_is_nobody(cast: Cast, audit: Audit, secret: Audit) -> None:
    text = "@Ulrike Sommer @Oskar Lindqvist @Nobody Atall @ada.nyberg@example.com"
    assert names(audit, text) == (["Ulrike Sommer"], ["Oskar", "Nobody", "ada.nyberg@example.com"])
    assert names(secret, text) == (["Oskar Lindqvist"], ["Ulrike", "Nobody", "ada.nyberg@example.com"])
    cast.unit_lead.is_active = False
    cast.unit_lead.save()
    assert names(audit, "@Ulrike Sommer") == ([], ["Ulrike"])


def test_namesakes_are_told_apart_by_their_address(audit: Audit) -> None:
    other = UserFactory.create(full_name="Odile Brandt", email="odile2@example.com")
    RoleGrantFactory.create(user=other, role=Role.SECURITY)
    assert names(audit, "@Odile Brandt") == ([], ["Odile Brandt"])
    assert names(audit, "@odile2@example.com") == (["Odile Brandt"], [])
    written = {one.written for one in people_to_mention("odi", record=audit, author=audit.owner, on=TODAY)}
    assert written == {"odile2@example.com", "odile.brandt@example.com"}


def test_a_thousand_mentions_cost_one_query(audit: Audit, django_assert_num_queries) -> None:
    record = Record.objects.select_related("unit").get(pk=audit.pk)
    with django_assert_num_queries(1):
        mentioned_in("@Odile Brandt @nobody " * 900, record=record, on=TODAY)


def test_what_is_typed_is_marked_and_can_do_no_harm() -> None:
    html = markdown_html("@Lena <b> and @lena", ("Lena <b>", "lena"))
    assert html == (
        '<p><span class="mention">@Lena &lt;b&gt;</span> and <span class="mention">@lena</span></p>\n'
    )


def test_those_are_suggested_alone_who_may_see_it(cast: Cast, audit: Audit, secret: Audit) -> None:
    everyone = cast.people().values()
    for record in (audit, secret):
        seeing = {person for person in everyone if Record.objects.visible_to(person).filter(pk=record.pk)}
        assert set(people_who_see(record, on=TODAY)) == seeing
        for person in everyone:
            first = person.full_name.split()[0].lower()
            names = [one.name for one in people_to_mention(first, record=record, author=cast.ciso, on=TODAY)]
            assert (person.full_name in names) == (person in seeing - {cast.ciso})
    last = people_to_mention(" lind", record=secret, author=cast.ciso, on=TODAY)
    assert [one.name for one in last] == ["Oskar Lindqvist"]
    assert not people_to_mention("%", record=audit, author=cast.ciso, on=TODAY)
    unasked = people_to_mention("", record=secret, author=cast.auditor, on=TODAY)
    assert [one.name for one in unasked] == ["Anders Falk", "Oskar Lindqvist"]


def test_each_is_told_once_and_the_author_not_at_all(cast: Cast, audit: Audit) -> None:
    say(audit, cast.auditor, "@Anders Falk @Celia Moreau @Odile Brandt look")
    # Anders owns it and is mentioned: told of the mention alone.
    assert told() == {("Anders Falk", "conversation.mentioned"), ("Celia Moreau", "conversation.mentioned")}
    assert Notice.objects.count() == 2
    assert Mention.objects.count() == 3
    Notice.objects.all().delete()
    say(audit, cast.unit_lead, "Go on.")
    assert told() == {("Anders Falk", "conversation.commented"), ("Odile Brandt", "conversation.commented")}


def test_mails_say_who_wrote_and_not_what(cast: Cast, secret: Audit) -> None:
    say(secret, cast.auditor, "@Anders Falk the attacker was Bob")
    mails_compose(now=NOW)
    mail = Mail.objects.get(recipient=cast.analyst)
    assert mail.subject == "A notice about a restricted record"
    assert "Odile Brandt mentioned you" in mail.text
    assert "/conversation/comments/" in mail.text
    assert "A comment mentions you." in mail.text
    assert not any("Bob" in part for part in (mail.subject, mail.text, mail.html))


def test_who_may_no_longer_see_it_when_mails_are_written_gets_none(cast: Cast, secret: Audit) -> None:
    say(secret, cast.auditor, "@Oskar Lindqvist look")
    secret.participants.filter(user=cast.outsider).delete()
    mails_compose(now=NOW)
    assert not Mail.objects.filter(recipient=cast.outsider)
    assert Notice.objects.get(recipient=cast.outsider).reason == NoticeReason.NOT_VISIBLE
    Notice.objects.all().delete()
    follow_set(record=secret, user=cast.outsider, follows=True, now=NOW)
    say(secret, cast.auditor, "Go on.")
    assert "Oskar Lindqvist" not in {name for name, _kind in told()}


def test_owner_and_participants_follow_and_whoever_comments(cast: Cast, audit: Audit) -> None:
    assert followers_of(audit, on=TODAY) == {cast.analyst.pk, cast.auditor.pk}
    say(audit, cast.unit_lead, "Hello.")
    assert is_following(cast.unit_lead, audit)
    assert not is_following(cast.ciso, audit)
    assert followers_of(audit, on=TODAY) == {cast.analyst.pk, cast.auditor.pk, cast.unit_lead.pk}


def test_who_does_not_want_to_follow_is_not_made_to(cast: Cast, audit: Audit) -> None:
    for person in (cast.analyst, cast.unit_lead):
        follow_set(record=audit, user=person, follows=False, now=NOW)
        say(audit, person, "Hello.")
        assert not is_following(person, audit)
    assert followers_of(audit, on=TODAY) == {cast.auditor.pk}
    assert Follow.objects.count() == 2
    follow_set(record=audit, user=cast.analyst, follows=True, now=NOW)
    assert is_following(cast.analyst, audit)


def test_a_form_that_is_sent_twice_tells_once(cast: Cast, audit: Audit) -> None:
    key = uuid4()
    for _time in range(2):
        comment_add(record=audit, author=cast.ciso, text="@Odile Brandt", key=key, now=NOW)
    assert Mention.objects.count() == 1
    assert Notice.objects.filter(recipient=cast.auditor).count() == 1
