"""People are told of approvals in their own language, whoever acts; what is kept of them is in one."""

import pytest

from audits.tests.factories import NOW
from foundation import clock
from foundation.accounts.models import User
from foundation.approvals.choices import Verdict
from foundation.approvals.services import approval_hand_on, approval_void_if_changed, remark_make
from foundation.approvals.tests.factories import ask, decide, reviewer
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.records.selectors import specific
from foundation.testing.cast import Cast
from foundation.testing.languages import LANGUAGE, loud

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def told(kind: str, person: User) -> dict[str, str]:
    payload: dict[str, str] = Notice.objects.get(kind=kind, recipient=person).payload
    return payload


def test_who_decides_and_who_asked_are_told_in_their_languages(cast: Cast) -> None:
    User.objects.filter(pk=cast.analyst.pk).update(language=LANGUAGE)
    with loud():
        request = ask(cast)
        assert told("approvals.requested", cast.ciso)["sentence"] == "Waits for your decision."
        approval_hand_on(request=request, actor=cast.ciso, to=reviewer(cast), reason="Knows it.", now=NOW)
        handed = told("approvals.requested", reviewer(cast))
        assert handed["reason"] == f"{cast.ciso.full_name} handed it on to you: Knows it."
        decide(request, reviewer(cast), Verdict.CHANGES, comment="Shorter")
    assert told("approvals.changes", cast.analyst)["sentence"] == "TO BE CHANGED BEFORE IT CAN BE APPROVED."


def test_stages_are_called_in_one_language_whoever_asks(cast: Cast) -> None:
    with loud():
        request = ask(cast)
    assert request.steps.get().label == "Approval by the CISO"


def test_remarks_are_told_in_the_readers_language(cast: Cast) -> None:
    request = ask(cast)
    with loud():
        remark_make(request=request, actor=cast.ciso, passage="", text="Why?", now=NOW)
    assert "remark" in told("approvals.remarked", cast.analyst)["sentence"]


def test_that_it_is_void_is_told_in_the_readers_language(cast: Cast) -> None:
    request = ask(cast)
    Record.objects.filter(pk=request.record_id).update(title="Another")
    with loud():
        approval_void_if_changed(record=specific(request.record), actor=cast.ciso, now=NOW)
    assert told("approvals.void", cast.analyst)["sentence"].startswith("Changed since")
