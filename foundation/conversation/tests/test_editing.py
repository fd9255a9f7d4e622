"""Editing and withdrawing a comment: visibly, with nothing lost, and for whom."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.conversation.models import Comment, Mention
from foundation.conversation.services import StaleComment, comment_add, comment_edit, comment_withdraw
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.notifications.services import mails_compose
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


@pytest.fixture
def comment(cast: Cast, audit: Audit) -> Comment:
    """What the auditor said first, mentioning the unit's lead."""
    return say(audit, cast.auditor, "First words for @Ulrike Sommer.")


def say(audit: Audit, author: User, text: str) -> Comment:
    comment, _mentioned = comment_add(record=audit, author=author, text=text, key=uuid4(), now=NOW)
    return comment


def activity(client: Client, audit: Audit) -> str:
    return client.get(f"/audits/{audit.reference}/activity/").content.decode()


def pending() -> set[str]:
    waiting = Notice.objects.filter(state=NoticeState.PENDING, kind="conversation.mentioned")
    return set(waiting.values_list("recipient__full_name", flat=True))


def test_an_edited_comment_keeps_its_earlier_versions(cast: Cast, sign_in: SignIn, comment: Comment) -> None:
    client = sign_in(cast.auditor)
    url = f"/conversation/comments/{comment.pk}/edit/"
    assert "First words" in client.get(url).content.decode()
    assert client.post(url, {"text": "Second words.", "revision": "1"}).status_code == 302
    assert client.post(url, {"text": "Third words.", "revision": "2"}).status_code == 302
    reader = sign_in(cast.unit_lead)
    html = activity(reader, comment.record)
    assert "Third words." in html
    assert "Edited" in html
    assert "First words" not in html
    versions = reader.get(f"/conversation/comments/{comment.pk}/versions/").content.decode()
    for text in ("First words", "Second words.", "Third words.", "Version 1 of Odile Brandt"):
        assert text in versions, text
    entries = Entry.objects.filter(action__startswith="conversation.comment.").order_by("pk")
    first, second, third = (entry.after["fingerprint"] for entry in entries)
    assert entries[1].before == {"fingerprint": first}
    assert all(fingerprint in versions for fingerprint in (first, second, third))


def test_a_stale_edit_is_told_and_shown_both(cast: Cast, sign_in: SignIn, comment: Comment) -> None:
    client = sign_in(cast.auditor)
    url = f"/conversation/comments/{comment.pk}/edit/"
    client.post(url, {"text": "From the other tab.", "revision": "1"})
    answer = client.post(url, {"text": "From this tab.", "revision": "1"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "From the other tab." in html
    assert "From this tab." in html
    assert client.post(url, {"text": "From this tab.", "revision": "2"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.revision, comment.versions.count()) == ("From this tab.", 3, 2)


def test_bad_words_are_refused_and_kept(cast: Cast, sign_in: SignIn, comment: Comment) -> None:
    client = sign_in(cast.auditor)
    url = f"/conversation/comments/{comment.pk}/edit/"
    for text, revision in (("", "1"), ("x" * 20_001, "1"), ("y", "no number")):
        answer = client.post(url, {"text": text, "revision": revision})
        assert answer.status_code in (409, 422)
        assert text in answer.content.decode()
    comment.refresh_from_db()
    assert comment.revision == 1


def test_the_same_words_are_no_edit(cast: Cast, comment: Comment) -> None:
    comment_edit(comment=comment, text=comment.text, actor=cast.auditor, revision=1, now=LATER)
    comment.refresh_from_db()
    assert comment.edited_at is None
    assert not Entry.objects.filter(action="conversation.comment.edited").exists()


def test_who_is_mentioned_anew_is_told_and_who_no_longer_is_not(cast: Cast, comment: Comment) -> None:
    assert pending() == {"Ulrike Sommer"}
    comment_edit(comment=comment, text="For @Celia Moreau", actor=cast.auditor, revision=1, now=LATER)
    assert pending() == {"Celia Moreau"}
    assert [mention.user for mention in Mention.objects.all()] == [cast.ciso]
    mails_compose(now=LATER)
    text = "For @Celia Moreau, soon"
    comment_edit(comment=comment, text=text, actor=cast.auditor, revision=2, now=LATER)
    assert pending() == set(), "nobody is told twice"


def test_a_withdrawn_comment_leaves_its_place_and_not_its_words(
    cast: Cast, sign_in: SignIn, comment: Comment
) -> None:
    url = f"/conversation/comments/{comment.pk}/withdraw/"
    assert sign_in(cast.auditor).post(url, {"reason": "Wrong record"}).status_code == 302
    assert not Notice.objects.filter(state=NoticeState.PENDING).exists(), "nobody is told any more"
    versions = f"/conversation/comments/{comment.pk}/versions/"
    for person, may_read in (
        (cast.auditor, True),
        (cast.ciso, True),
        (cast.analyst, False),
        (cast.unit_lead, False),
    ):
        client = sign_in(person)
        html = activity(client, comment.record)
        assert "Withdrawn by Odile Brandt" in html
        assert "Wrong record" in html
        assert "First words" not in html
        assert (versions in html) == may_read
        answer = client.get(versions)
        assert answer.status_code == (200 if may_read else 403)
        assert ("First words" in answer.content.decode()) == may_read
        why = f"/rights/comments.view_withdrawn/?unit={comment.record.unit_id}"
        assert (why in answer.content.decode()) != may_read
    assert sign_in(cast.auditor).get(f"/conversation/comments/{comment.pk}/edit/").status_code == 403
    assert sign_in(cast.auditor).post(url).status_code == 403


def test_evidence_of_restricted_records_is_for_who_sees_them(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, lead_auditor=cast.analyst)
    comment = say(audit, cast.ciso, "Secret.")
    comment_withdraw(comment=comment, actor=cast.ciso, reason="", now=LATER)
    # The auditor may read what was withdrawn, but not know of this record.
    for page in ("versions", "edit", "withdraw"):
        assert sign_in(cast.auditor).get(f"/conversation/comments/{comment.pk}/{page}/").status_code == 404


def test_others_words_are_withdrawn_by_right_and_with_a_reason(
    cast: Cast, sign_in: SignIn, comment: Comment
) -> None:
    url = f"/conversation/comments/{comment.pk}/withdraw/"
    client = sign_in(cast.ciso)
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Names a whistle-blower"}).status_code == 302
    comment.refresh_from_db()
    assert comment.withdrawn_by == cast.ciso
    entry = Entry.objects.get(action="conversation.comment.withdrawn")
    assert (entry.actor_name, entry.comment) == ("Celia Moreau", "Names a whistle-blower")


def test_what_is_withdrawn_is_neither_edited_nor_withdrawn_again(cast: Cast, comment: Comment) -> None:
    comment_withdraw(comment=comment, actor=cast.auditor, reason="", now=LATER)
    with pytest.raises(ValidationError):
        comment_edit(comment=comment, text="x", actor=cast.auditor, revision=1, now=LATER)
    with pytest.raises(ValidationError):
        comment_withdraw(comment=comment, actor=cast.ciso, reason="x", now=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_wins(committed_cast: Cast) -> None:
    comment = say(audit_make(committed_cast), committed_cast.auditor, "First.")

    def edit(text: str) -> str:
        try:
            comment_edit(comment=comment, text=text, actor=committed_cast.auditor, revision=1, now=LATER)
        except StaleComment:
            return "stale"
        return text

    outcome = together(lambda: edit("one"), lambda: edit("two"))
    comment.refresh_from_db()
    assert "stale" in outcome
    assert comment.text in outcome
    assert comment.versions.count() == 1
