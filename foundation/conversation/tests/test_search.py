"""Comments are found by their words, as they stand now, by those alone who may see the record."""

from uuid import uuid4

import pytest

from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.conversation.models import Comment
from foundation.conversation.selectors import comments_matching
from foundation.conversation.selectors import search as search_module
from foundation.conversation.services import comment_add, comment_edit, comment_withdraw
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def say(record: Record, author: User, text: str) -> Comment:
    comment, _mentioned = comment_add(record=record, author=author, text=text, key=uuid4(), now=NOW)
    return comment


def found(text: str, reader: User, limit: int = 5) -> list[str]:
    return [hit.text for hit in comments_matching(user=reader, text=text, now=NOW, limit=limit)]


def test_a_comment_is_found_by_the_words_it_has_now(cast: Cast) -> None:
    audit = audit_make(cast)
    comment = say(audit, cast.auditor, "The **leavers'** list of Zürich is in.")
    assert found("zurich leav", cast.ciso) == [comment.text]
    assert found("zurich absent", cast.ciso) == []
    comment_edit(comment=comment, text="All done.", actor=cast.auditor, revision=1, now=NOW)
    assert found("zurich", cast.ciso) == []
    assert found("done", cast.ciso) == ["All done."]
    comment_withdraw(comment=comment, actor=cast.auditor, reason="", now=NOW)
    assert found("done", cast.ciso) == []


def test_who_may_not_see_the_record_finds_nothing(cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider])
    say(audit, cast.auditor, "Secret harbour")
    for reader in (cast.ciso, cast.analyst, cast.outsider):
        assert found("harbour", reader) == ["Secret harbour"]
    for reader in (cast.unit_lead, cast.executive, cast.administrator, cast.personnel):
        assert found("harbour", reader) == []


def test_rare_words_are_found_however_old(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "LOOKED_THROUGH", 2)
    audit = audit_make(cast)
    for text in ("rare word", "common word", "common word"):
        say(audit, cast.auditor, text)
    assert found("rare", cast.ciso) == ["rare word"]
    assert found("word", cast.ciso, limit=2) == ["common word", "common word"]


@pytest.mark.parametrize("text", ["", "'", "\\", "&|!:*()<->", "\x00", "x" * 5_000, "%_", "😀"])
def test_any_text_may_be_asked(cast: Cast, text: str) -> None:
    say(audit_make(cast), cast.auditor, "Said.")
    assert found(text, cast.ciso) == []
