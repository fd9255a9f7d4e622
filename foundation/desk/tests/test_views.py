"""My desk shows what waits for me, and nothing of others."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from audits.tests.factories import audit_make, programme_make
from foundation.accounts.models import User
from foundation.conversation.models import Mention
from foundation.conversation.services import comment_add, follow_set
from foundation.desk import first_steps
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.registry import FirstStep, Registry
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_it_works_when_nothing_waits(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)
    assert "Nothing waits for you" in client.get("/").content.decode()


def test_dates_stand_on_the_desk_of_whom_they_concern(client: Client, cast: Cast) -> None:
    today = timezone.localdate()
    audit_make(cast, title="Late one", starts_on=today - timedelta(days=3), now=timezone.now())
    audit_make(
        cast, title="Soon and mine to attend", starts_on=today + timedelta(days=10), auditees=[cast.personnel]
    )
    client.force_login(cast.auditor)
    with assert_queries("desk"):
        page = client.get("/").content.decode()
    assert page.index("Late one") < page.index("Soon and mine to attend")
    client.force_login(cast.personnel)
    page = client.get("/").content.decode()
    assert "Soon and mine to attend" in page
    assert "Late one" not in page


def test_restricted_dates_stay_hidden(client: Client, cast: Cast) -> None:
    start = timezone.localdate() + timedelta(days=5)
    audit_make(cast, title="Quiet matter", starts_on=start, confidentiality=Confidentiality.RESTRICTED)
    client.force_login(cast.unit_lead)
    assert "Quiet matter" not in client.get("/").content.decode()


def test_decisions_wait_on_the_approver_s_desk(client: Client, cast: Cast) -> None:
    apply_transition(record=programme_make(cast), name="submit", actor=cast.analyst, now=timezone.now())
    client.force_login(cast.ciso)
    assert "Audit programme 2027" in client.get("/").content.decode()
    client.force_login(cast.analyst)
    assert "asked for by" not in client.get("/").content.decode()


class TestRecent:
    def test_what_was_opened_last_stands_there_until_it_may_not_be_known_of(
        self, client: Client, cast: Cast
    ) -> None:
        audit = audit_make(cast, title="Opened lately", starts_on=timezone.localdate() + timedelta(days=200))
        client.force_login(cast.unit_lead)
        assert "Recently opened" not in client.get("/").content.decode()
        client.get(audit.get_absolute_url())
        page = client.get("/").content.decode()
        assert "Recently opened" in page
        assert "Opened lately" in page
        type(audit).objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)
        assert "Opened lately" not in client.get("/").content.decode()


class TestFirstSteps:
    def test_they_follow_what_there_is(self, client: Client, cast: Cast, settings: Settings) -> None:
        settings.EMAIL_URL = ""
        client.force_login(cast.ciso)
        client.get("/")
        with assert_queries("desk-first-steps"):
            page = client.get("/").content.decode()
        assert "First steps" in page
        assert re.search(r'"To do">(?:(?!<li).)*<a[^>]*>Plan the first audit', page, re.DOTALL)
        assert "Somebody with the right for it does this" in page, "mail is the administrator's"
        audit_make(cast, starts_on=timezone.localdate())
        page = client.get("/").content.decode()
        assert re.search(r'"Done">(?:(?!<li).)*<span[^>]*>Plan the first audit', page, re.DOTALL)

    def test_they_are_for_who_runs_the_organisation(self, client: Client, cast: Cast) -> None:
        for person, is_shown in ((cast.administrator, True), (cast.analyst, False), (cast.outsider, False)):
            client.force_login(person)
            assert ("First steps" in client.get("/").content.decode()) is is_shown

    def test_each_person_takes_them_off_the_own_desk(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.ciso)
        for _twice in range(2):
            answer = client.post(reverse("desk:first-steps-dismiss"), follow=True)
            assert 'id="first-steps"' not in answer.content.decode()
        assert Entry.objects.filter(action="desk.first_steps.dismissed").count() == 1
        client.force_login(cast.administrator)
        assert 'id="first-steps"' in client.get("/").content.decode()

    def test_they_go_when_all_is_done(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        own = Registry()
        monkeypatch.setattr(first_steps, "registry", own)
        step = {"label": "Step", "text": "", "icon": "bell", "url_name": "desk:desk", "order": 1}
        own.register(FirstStep(key="a", done=lambda now: User.objects.all(), at_least=2, **step))
        assert first_steps.first_steps_of(cast.ciso, now=timezone.now()) is None
        own.register(FirstStep(key="b", done=lambda now: User.objects.none(), **step))
        shown = first_steps.first_steps_of(cast.ciso, now=timezone.now())
        assert shown is not None
        assert [one.is_done for one in shown.steps] == [True, False]
        assert shown.done == 1


class TestTalk:
    def test_mentions_and_news_stand_there_until_they_may_not_be_known_of(
        self, client: Client, cast: Cast
    ) -> None:
        now = timezone.now()
        audit = audit_make(cast, title="Much talked of", starts_on=timezone.localdate() + timedelta(days=200))
        for person in (cast.unit_lead, cast.analyst):
            follow_set(record=audit, user=person, follows=True, now=now - timedelta(days=1))
        comment, _told = comment_add(record=audit, author=cast.analyst, text="Look", key=uuid4(), now=now)
        Mention.objects.create(comment=comment, user=cast.unit_lead, name="lead")
        client.force_login(cast.analyst)
        assert "News of what you follow" not in client.get("/").content.decode(), "all of it is the analyst's"
        client.force_login(cast.unit_lead)
        page = client.get("/").content.decode()
        assert f"#comment-{comment.pk}" in page
        assert "News of what you follow" in page

        client.get(audit.get_absolute_url())
        page = client.get("/").content.decode()
        assert "News of what you follow" not in page
        assert "Mentioned" in page
        type(audit).objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)
        assert "Much talked of" not in client.get("/").content.decode()
