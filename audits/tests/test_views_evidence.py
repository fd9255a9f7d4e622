"""The pages of requests for evidence, as auditors, those who are asked, and everybody else meet them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.choices import EvidenceState
from audits.models import Audit, EvidenceRequest
from audits.services import EvidenceAsk
from audits.tests.checks import audit_with_checks, first_check
from audits.tests.factories import NOW, audit_in, evidence_answered, evidence_make
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.files.models import File
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/audits/evidence/"


@pytest.fixture(autouse=True)
def files_here(tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path


def answer_url(request: EvidenceRequest) -> str:
    return reverse("audits:evidence-answer", args=[request.reference])


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def ask_url(audit: Audit) -> str:
    return reverse("audits:evidence-ask", args=[audit.reference])


# Asking


def test_one_thing_a_line_of_each_person(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_in(cast, auditees=[cast.personnel])
    client = sign_in(cast.auditor)
    assert ask_url(audit) in page_of(client, f"{audit.get_absolute_url()}evidence/")
    shown = filled(client, ask_url(audit))
    assert shown["owners"] == [cast.personnel.pk], "the one auditee is suggested"
    answer = send(
        client,
        ask_url(audit),
        lines="Access list\n\n  Joiners of October \nAccess list",
        owners=[cast.personnel.pk, cast.unit_lead.pk],
        due_on="2026-12-04",
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{audit.get_absolute_url()}evidence/")
    assert EvidenceRequest.objects.count() == 4
    page = page_of(client, answer["Location"])
    assert "4 requests are on their way" in page
    assert "Joiners of October" in page


def test_a_form_sent_twice_asks_once(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_in(cast)
    client = sign_in(cast.auditor)
    data = {
        "lines": "Access list",
        "owners": [cast.personnel.pk],
        "due_on": "2026-12-04",
        "submission": str(uuid4()),
    }
    for _time in range(2):
        assert client.post(ask_url(audit), data).status_code == 302
    assert EvidenceRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": " \n "}, "This field is required"),
        ({"lines": "x" * 201}, "A line has 200 characters at the most"),
        ({"lines": "\n".join(f"Thing {number}" for number in range(51))}, "At most 50 lines"),
        ({"owners": []}, "This field is required"),
        ({"due_on": "1999-01-01"}, "Use a date between 2000 and 2100"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_asked(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], words: str
) -> None:
    audit = audit_in(cast)
    given = {"lines": "Access list", "owners": [cast.personnel.pk], "due_on": "2026-12-04", **changes}
    answer = send(sign_in(cast.auditor), ask_url(audit), **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not EvidenceRequest.objects.exists()


def test_a_check_is_asked_for_by_its_line_or_by_the_address(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    check = first_check(audit)
    client = sign_in(cast.auditor)
    url = f"{ask_url(audit)}?check={check.pk}"
    assert url in page_of(client, f"{audit.get_absolute_url()}checklist/{check.pk}/")
    shown = filled(client, url)
    assert shown["lines"] == f"{check.text.identifier} {check.text.title}"
    send(client, url, lines="Whatever shows it", owners=[cast.personnel.pk])
    assert list(EvidenceRequest.objects.get().checks.all()) == [check]
    send(
        client,
        ask_url(audit),
        lines=f"{check.text.identifier}: the list\nSomething else",
        owners=[cast.personnel.pk],
    )
    by_title = {one.title: one for one in EvidenceRequest.objects.all()}
    assert list(by_title[f"{check.text.identifier}: the list"].checks.all()) == [check]
    assert not by_title["Something else"].checks.exists()
    another = first_check(audit_with_checks(cast))
    assert filled(client, f"{ask_url(audit)}?check={another.pk}")["lines"] == ""


def test_an_earlier_audit_is_a_template(cast: Cast, sign_in: SignIn) -> None:
    earlier = audit_in(cast)
    evidence_make(cast, earlier, asks=[EvidenceAsk(title="Access list", description="As of today.")])
    audit = audit_in(cast)
    client = sign_in(cast.auditor)
    url = f"{ask_url(audit)}?from={earlier.reference}"
    assert url in page_of(client, ask_url(audit))
    assert filled(client, url)["lines"] == "Access list"
    send(client, url, lines="Access list\nNew", owners=[cast.personnel.pk])
    made = EvidenceRequest.objects.filter(audit=audit).values_list("title", "description")
    assert set(made) == {("Access list", "As of today."), ("New", "")}


def test_a_hidden_audit_is_no_template(cast: Cast, sign_in: SignIn) -> None:
    hidden = audit_in(cast)
    evidence_make(cast, hidden)
    Audit.objects.filter(pk=hidden.pk).update(confidentiality=Confidentiality.RESTRICTED)
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit = audit_in(cast, team=[colleague])
    url = f"{ask_url(audit)}?from={hidden.reference}"
    assert hidden.reference not in page_of(sign_in(colleague), ask_url(audit))
    assert filled(sign_in(colleague), url)["lines"] == ""


# Answering


def test_who_is_asked_is_led_to_one_page_and_answers_there(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_make(cast)
    client = sign_in(cast.personnel)
    answer = client.get(request.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, answer_url(request))
    client.get(answer_url(request))
    with assert_queries("evidence-answer"):
        page = page_of(client, answer_url(request))
    for words in ("Access list of the gateway", "As of last month.", "Please answer by", "Odile Brandt asks"):
        assert words in page
    assert "asteriskField" not in page, "files or words: neither is needed by itself"
    for jargon in ("AUD-0001", "Payment gateway access review", "Confidentiality", "Lead auditor"):
        assert jargon not in page, "nothing of the audit, which the person may not know of"
    upload = SimpleUploadedFile("list.txt", b"svc-settlement\n", content_type="text/plain")
    added = client.post(reverse("files:file-add", args=[request.reference]), {"uploads": [upload]})
    assert added.status_code == 302
    assert "list.txt" in page_of(client, answer_url(request))
    sent = send(client, answer_url(request), answer="Two accounts of leavers are still there.")
    assert (sent.status_code, sent["Location"]) == (302, request.get_absolute_url())
    page = page_of(client, sent["Location"])
    assert "Thank you. Your answer is sent" in page
    assert "Two accounts of leavers" in page
    assert "AUD-0001" not in page
    request.refresh_from_db()
    assert request.state == EvidenceState.ANSWERED


def test_an_empty_answer_says_what_is_missing(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_make(cast)
    answer = send(sign_in(cast.personnel), answer_url(request), answer=" ")
    assert answer.status_code == 422
    assert "Add a file, or write an answer." in answer.content.decode()


def test_a_returned_request_says_why_before_all_else(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_answered(cast, evidence_make(cast), "See <attached>")
    client = sign_in(cast.auditor)
    answer = send(client, f"{request.get_absolute_url()}steps/return/", comment="The list is of 2025")
    assert answer.status_code == 302
    page = page_of(sign_in(cast.personnel), answer_url(request))
    assert page.index("Something is still missing") < page.index("What is needed")
    assert "The list is of 2025" in page
    assert "See &lt;attached&gt;" in page, "the first answer is there to be mended"


def test_too_late_is_told_with_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_make(cast)
    client = sign_in(cast.personnel)
    data = filled(client, answer_url(request), answer="Here it is")
    apply_transition(record=request, name="withdraw", actor=cast.auditor, now=NOW, comment="Found it")
    answer = client.post(answer_url(request), data)
    assert answer.status_code == 422
    assert "It does not wait for an answer any more." in answer.content.decode()
    assert "Here it is" in answer.content.decode()
    assert client.get(answer_url(request)).status_code == 403


# Looking at the answer


def test_the_page_of_the_auditors(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_answered(cast, evidence_make(cast))
    client = sign_in(cast.auditor)
    client.get(request.get_absolute_url())
    with assert_queries("evidence-detail"):
        page = page_of(client, request.get_absolute_url())
    for words in ("All of it is here.", "Pavel Dimitrov", "AUD-0001", "Accept", "Return"):
        assert words in page
    answer = client.post(f"{request.get_absolute_url()}steps/accept/", {"comment": ""})
    assert answer.status_code == 302
    assert Notice.objects.filter(recipient=cast.personnel, kind="audits.evidence_settled").count() == 1


def test_what_is_asked_can_be_changed_while_it_waits(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_make(cast)
    client = sign_in(cast.analyst)
    url = reverse("audits:evidence-edit", args=[request.reference])
    assert send(client, url, title="Access list, this year's", owner=cast.unit_lead.pk).status_code == 302
    request.refresh_from_db()
    assert (request.title, request.owner) == ("Access list, this year's", cast.unit_lead)
    answer = send(client, url, owner=cast.auditor.pk)
    assert answer.status_code == 422
    assert "Odile Brandt audits here" in answer.content.decode()
    apply_transition(record=request, name="withdraw", actor=cast.auditor, now=NOW, comment="Found it")
    assert client.get(url).status_code == 403


# Lists


def test_the_list_shows_each_reader_what_they_may_know(cast: Cast, sign_in: SignIn) -> None:
    another = UserFactory.create(full_name="Nadia Petrova", unit=cast.units.cards)
    audit = audit_in(cast, auditees=[cast.personnel, another])
    evidence_make(cast, audit)
    evidence_make(cast, audit, asks=[EvidenceAsk(title="Vault keys")], owners=[another])
    client = sign_in(cast.auditor)
    client.get(LIST)
    with assert_queries("evidence-list"):
        page = page_of(client, LIST)
    assert "Vault keys" in page
    assert "Access list of the gateway" in page
    mine = page_of(sign_in(cast.personnel), LIST)
    assert "Access list of the gateway" in mine
    assert "Vault keys" not in mine
    assert "Nadia Petrova" not in mine
    assert "Nobody asks you for evidence" in page_of(sign_in(cast.outsider), LIST)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Access list of the gateway", "Vault keys"}),
        ("?q=vault", {"Vault keys"}),
        ("?state=answered", {"Vault keys"}),
        ("?owner=Sommer", {"Vault keys"}),
        ("?audit=AUD-0001", {"Access list of the gateway", "Vault keys"}),
        ("?audit=AUD-9999", set()),
        ("?due_until=2026-12-04", {"Access list of the gateway"}),
        ("?mine=on", set()),
    ],
)
def test_filters(cast: Cast, sign_in: SignIn, query: str, titles: set[str]) -> None:
    audit = audit_in(cast)
    evidence_make(cast, audit)
    evidence_answered(
        cast, evidence_make(cast, audit, asks=[EvidenceAsk(title="Vault keys")], owners=[cast.unit_lead])
    )
    page = page_of(sign_in(cast.auditor), f"{LIST}{query}")
    assert {title for title in ("Access list of the gateway", "Vault keys") if title in page} == titles


def test_many_are_assigned_and_moved_at_once(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_in(cast)
    waiting = [evidence_make(cast, audit) for _number in range(2)]
    settled = evidence_answered(cast, evidence_make(cast, audit))
    client = sign_in(cast.analyst)

    def rows() -> list[str]:
        return [f"{one.pk}:{one.version}" for one in EvidenceRequest.objects.order_by("pk")]

    assert reverse("audits:evidence-assign") in page_of(client, LIST)
    client.post(reverse("audits:evidence-assign"), {"row": rows(), "owner": cast.unit_lead.pk})
    client.post(reverse("audits:evidence-move"), {"row": rows(), "days": "7"})
    for one in waiting:
        one.refresh_from_db()
        assert (one.owner, one.due_on) == (cast.unit_lead, date(2026, 12, 11))
    settled.refresh_from_db()
    assert (settled.owner, settled.due_on) == (cast.personnel, date(2026, 12, 4)), "it waits for nobody"


# Who knows nothing


def test_another_auditee_meets_nothing_at_any_door(cast: Cast, sign_in: SignIn) -> None:
    another = UserFactory.create(full_name="Nadia Petrova", unit=cast.units.cards)
    audit = audit_in(cast, auditees=[cast.personnel, another])
    request = evidence_make(cast, audit, asks=[EvidenceAsk(title="Vault keys", description="Ceremony")])
    owner = sign_in(cast.personnel)
    upload = SimpleUploadedFile("ceremony.txt", b"keys\n", content_type="text/plain")
    owner.post(reverse("files:file-add", args=[request.reference]), {"uploads": [upload]})
    file = File.objects.get()
    evidence_answered(cast, request)
    client = sign_in(another)
    page = request.get_absolute_url()
    for path in (
        page,
        f"{page}history/",
        f"{page}files/",
        f"{page}activity/",
        f"{page}answer/",
        f"{page}edit/",
        f"{page}steps/accept/",
        file.get_absolute_url(),
        reverse("files:file-download", args=[file.key, 1]),
    ):
        assert client.get(path).status_code == 404, path
    upload = SimpleUploadedFile("more.txt", b"more\n", content_type="text/plain")
    added = client.post(reverse("files:file-add", args=[request.reference]), {"uploads": [upload]})
    assert added.status_code == 404
    tab = page_of(client, f"{audit.get_absolute_url()}evidence/")
    with assert_queries("audit-evidence"):
        page_of(client, f"{audit.get_absolute_url()}evidence/")
    assert "Nothing is asked for" in tab
    for path in (
        f"{audit.get_absolute_url()}evidence/",
        f"{audit.get_absolute_url()}history/",
        f"{LIST}?state=all",
        "/search/?q=ceremony",
        "/search/?q=vault",
        "/calendar/",
        "/",
        audit.get_absolute_url(),
    ):
        found = page_of(client, path)
        for words in ("Vault keys", request.reference, "ceremony.txt"):
            assert words not in found, path
    assert not Notice.objects.filter(recipient=another, record_id=request.pk).exists()
    assert 'Evidence <span class="tab-count">0</span>' in tab, "what is counted is the own alone"


def test_who_is_asked_sees_the_own_on_the_audits_page(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_in(cast, auditees=[cast.personnel, cast.unit_lead])
    evidence_make(cast, audit)
    evidence_make(cast, audit, asks=[EvidenceAsk(title="Vault keys")], owners=[cast.ciso], actor=cast.analyst)
    page = page_of(sign_in(cast.personnel), f"{audit.get_absolute_url()}evidence/")
    assert "Access list of the gateway" in page
    assert "Vault keys" not in page
    assert ask_url(audit) not in page


def test_my_desk_leads_to_what_waits_for_me(cast: Cast, sign_in: SignIn) -> None:
    request = evidence_make(cast)
    page = page_of(sign_in(cast.personnel), "/")
    assert "Access list of the gateway" in page
    assert request.get_absolute_url() in page
