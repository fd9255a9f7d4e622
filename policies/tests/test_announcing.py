"""Who is told that a document is in force: its audience, batch by batch and nobody twice; its owner and its approvers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.notifications.choices import NoticeState, Rhythm
from foundation.notifications.models import Mail, MailPreference, Notice
from foundation.notifications.services import mails_compose
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.testing.languages import LANGUAGE, loud
from policies.models import Announcement, Document
from policies.selectors import coming_of
from policies.services import (
    announcement_finish,
    announcement_go_on,
    announcements_waiting,
    announcing,
    document_change,
    draft_write,
)
from policies.services.announcing import CHANGED, IN_FORCE, PUBLISHED
from policies.tasks import announce
from policies.tests.factories import NOW, decide, published, revising, step

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    found = Notice.objects.filter(kind=kind).exclude(state=NoticeState.CANCELLED)
    return set(found.values_list("recipient__full_name", flat=True))


def minor(cast: Cast) -> Document:
    """Publish version 1.1 of a document."""
    document = step(published(cast), "revise", cast.analyst)
    draft = coming_of(document)
    assert draft is not None
    draft_write(
        document=document,
        changes={"body": "Keep doors shut, always.", "summary": "Said more clearly"},
        is_material=False,
        actor=cast.analyst,
        now=NOW,
        revision=draft.revision,
    )
    return decide(step(document, "submit_revision", cast.analyst), cast.ciso)


def test_the_audience_is_told_and_owner_and_approver_in_other_words(cast: Cast) -> None:
    document = published(cast, audience=[cast.units.payments.pk], audience_roles=["executive"])
    assert told(PUBLISHED) == {"Anders Falk", "Celia Moreau"}
    assert not told(IN_FORCE)
    announce()
    assert told(IN_FORCE) == {"Ulrike Sommer", "Pavel Dimitrov", "Edmund Castell"}
    notice = Notice.objects.filter(kind=IN_FORCE).first()
    assert notice.payload["path"] == f"/policies/library/{document.reference}/"
    assert Announcement.objects.get().told == 3


def test_everyone_is_told_of_what_is_for_everyone_but_who_left(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    published(cast)
    announce()
    names = {person.full_name for person in cast.people().values()}
    assert told(IN_FORCE) == names - {"Anders Falk", "Celia Moreau", "Oskar Lindqvist"}


def test_nobody_is_told_twice_and_who_is_stopped_goes_on_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 3)
    document = published(cast)
    key = document.current_id
    assert announcement_go_on(key=key, now=NOW)
    first = Announcement.objects.get()
    assert first.reached
    assert Notice.objects.filter(kind=IN_FORCE).count() == first.told < 3
    assert announcements_waiting() == [key]
    Announcement.objects.update(reached=0)  # as if the batch had not been written down
    announcement_finish(key=key, now=NOW)
    announce()
    assert Notice.objects.filter(kind=IN_FORCE).count() == 6
    assert announcements_waiting() == []


def test_a_mail_comes_of_what_is_material_though_the_register_is_closed_to_its_reader(cast: Cast) -> None:
    published(cast)
    announce()
    mails_compose(now=NOW + timedelta(days=400))
    mail = Mail.objects.get(recipient=cast.personnel)
    assert mail.subject == "Door policy (DOC-0001): in force, to be read"
    assert "/policies/library/DOC-0001/" in mail.text


def test_of_what_changed_in_details_the_portal_tells_and_mails_go_to_who_chose_so(cast: Cast) -> None:
    minor(cast)
    Announcement.objects.filter(version__minor=0).update(done_at=NOW)
    MailPreference.objects.create(user=cast.executive, kind=CHANGED, rhythm=Rhythm.IMMEDIATE)
    announce()
    mails_compose(now=NOW + timedelta(days=400))
    mailed = Notice.objects.filter(kind=CHANGED, state=NoticeState.MAILED)
    assert set(mailed.values_list("recipient__full_name", flat=True)) == {"Edmund Castell"}
    shown = Notice.objects.filter(kind=CHANGED, state=NoticeState.SHOWN)
    assert "Pavel Dimitrov" in set(shown.values_list("recipient__full_name", flat=True))
    assert "Said more clearly" in shown.first().payload["sentence"]


def test_a_new_material_version_is_told_anew(cast: Cast) -> None:
    document = step(revising(cast), "submit_revision", cast.analyst)
    announce()
    decide(document, cast.ciso)
    announce()
    assert Notice.objects.filter(kind=IN_FORCE, recipient=cast.personnel).count() == 2


def test_what_is_restricted_is_told_nobody_but_who_knows(cast: Cast) -> None:
    published(cast, confidentiality=Confidentiality.RESTRICTED)
    announce()
    assert not told(IN_FORCE)
    assert told(PUBLISHED) == {"Anders Falk", "Celia Moreau"}


def turn(document: Document, confidentiality: str, actor: User) -> Document:
    now = Document.objects.get(pk=document.pk)
    changes = {"confidentiality": confidentiality}
    return document_change(document=now, changes=changes, actor=actor, now=NOW, version=now.version)


def test_what_was_restricted_when_it_came_in_force_is_told_once_it_is_opened(cast: Cast) -> None:
    document = published(cast, confidentiality=Confidentiality.RESTRICTED)
    announce()
    assert announcements_waiting() == []
    turn(document, Confidentiality.INTERNAL, cast.ciso)
    announce()
    names = {person.full_name for person in cast.people().values()}
    assert told(IN_FORCE) == names - {"Anders Falk", "Celia Moreau"}
    announce()
    assert Notice.objects.filter(kind=IN_FORCE).count() == len(told(IN_FORCE))


def test_what_is_opened_again_is_told_to_all_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "BATCH", 3)
    document = published(cast)
    announcement_go_on(key=document.current_id, now=NOW)
    before = told(IN_FORCE)
    assert before
    turn(document, Confidentiality.RESTRICTED, cast.ciso)
    announce()
    assert not told(IN_FORCE)
    turn(document, Confidentiality.INTERNAL, cast.ciso)
    announce()
    assert before < told(IN_FORCE)
    assert Announcement.objects.get().told == len(told(IN_FORCE))


def test_what_was_replaced_while_it_was_restricted_is_not_told(cast: Cast) -> None:
    document = step(revising(cast), "submit_revision", cast.analyst)
    turn(document, Confidentiality.RESTRICTED, cast.ciso)
    decide(Document.objects.get(pk=document.pk), cast.ciso)
    turn(document, Confidentiality.INTERNAL, cast.ciso)
    announce()
    kept = Notice.objects.filter(kind=IN_FORCE, recipient=cast.personnel).exclude(state=NoticeState.CANCELLED)
    assert "Version 2.0" in kept.get().payload["sentence"]


def test_who_opens_it_is_told_what_follows(sign_in: Callable[[User], Client], cast: Cast) -> None:
    document = published(cast, confidentiality=Confidentiality.RESTRICTED)
    browser = sign_in(cast.ciso)
    answer = send(browser, f"/policies/{document.reference}/edit/", confidentiality="internal")
    assert "are being told that it is in force" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("how", ["restricted", "retired"])
def test_what_is_open_no_more_is_shown_no_more(cast: Cast, how: str) -> None:
    document = published(cast)
    announce()
    assert told(IN_FORCE)
    if how == "restricted":
        document_change(
            document=document,
            changes={"confidentiality": Confidentiality.RESTRICTED},
            actor=cast.ciso,
            now=NOW,
            version=document.version,
        )
    else:
        step(document, "retire", cast.ciso, comment="Doors are gone")
    assert not told(IN_FORCE)
    announce()
    assert not told(IN_FORCE)


def test_each_is_told_in_their_own_language(cast: Cast) -> None:
    User.objects.filter(pk__in=(cast.executive.pk, cast.ciso.pk)).update(language=LANGUAGE)
    with loud():
        document = published(cast, audience=[cast.units.payments.pk], audience_roles=["executive"])
        announce()

    def sentences(kind: str) -> dict[str, str]:
        found = Notice.objects.filter(kind=kind, payload__reference=document.reference)
        return {one.recipient.full_name: one.payload["sentence"] for one in found}

    known = sentences(PUBLISHED)
    assert known[cast.analyst.full_name].startswith("Version 1.0 is in force.")
    assert known[cast.ciso.full_name].startswith("VERSION 1.0 IS IN FORCE.")
    audience = sentences(IN_FORCE)
    assert audience[cast.executive.full_name] == "IT IS IN FORCE NOW AND MEANT FOR YOU: READ IT."
    assert audience[cast.unit_lead.full_name] == "It is in force now and meant for you: read it."
