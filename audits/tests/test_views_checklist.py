"""The page of a checklist: what it shows to whom, and what it costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audits.choices import AuditState, CheckResult
from audits.models import Audit, Check
from audits.tests.checklist_client import SignIn, send, shown
from audits.tests.checklist_page import checklist
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import NOW, audit_make
from audits.tests.reports import state_set
from foundation.accounts.models import User
from foundation.files.services import file_withdraw
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    check = saved(first_check(audit), cast.auditor, result="minor", notes="Two of ten accounts")
    html = shown(sign_in(cast.auditor), audit, f"{check.pk}/")
    for text in (
        "HB-1",
        "Duty 3",
        "Keep watch over duty 1.",
        "Minor nonconformity",
        "1 of 3 tested",
        "1/3",
        "Harbour",
        "Two of ten accounts",
        "Odile Brandt",
        "Next untested",
        "Add requirements",
        "Save and next",
    ):
        assert text in html, text
    assert 'aria-current="true"' in html


def test_an_empty_one_says_what_to_do_first(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, owner=cast.outsider)
    empty = shown(sign_in(cast.auditor), audit)
    assert "Take the requirements from a framework" in empty
    assert empty.count("Add requirements") == 1, "said once"
    assert "not put the checklist together yet" in shown(sign_in(cast.outsider), audit)
    overview = sign_in(cast.auditor).get(audit.get_absolute_url())
    assert "No requirement is on it yet." in overview.content.decode()


def test_an_audit_that_is_over_was_held_without_one(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(state=AuditState.CLOSED)
    client = sign_in(cast.auditor)
    assert "The audit was held without one." in shown(client, audit)
    assert "of 0 tested" not in shown(client, audit)
    assert "Open the checklist" not in client.get(audit.get_absolute_url()).content.decode()


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast, confidentiality=Confidentiality.RESTRICTED, team=[cast.outsider])
    other = audit_with_checks(cast)
    check = first_check(audit)
    assert sign_in(cast.outsider).get(checklist(audit)).status_code == 200, "of the team"
    for person in (cast.unit_lead, cast.analyst):
        expected = 200 if person == audit.owner else 404
        assert sign_in(person).get(checklist(audit)).status_code == expected
        assert sign_in(person).get(checklist(audit, f"{check.pk}/")).status_code == expected
    assert sign_in(cast.ciso).get(checklist(other, f"{check.pk}/")).status_code == 404, "of another audit"
    assert send(sign_in(cast.unit_lead), check, notes="x").status_code == 404


def test_who_is_audited_never_sees_it(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast, auditees=[cast.unit_lead, cast.outsider])
    check = first_check(audit)
    for person in (cast.unit_lead, cast.outsider):
        client = sign_in(person)
        overview = client.get(audit.get_absolute_url()).content.decode()
        assert "Checklist" not in overview
        assert "0 of 3 tested" not in overview
        for rest in ("", f"{check.pk}/", "add/", "copy/", f"{check.pk}/evidence/", "?export=csv"):
            assert client.get(checklist(audit, rest)).status_code == 403, rest
        assert send(client, check, notes="x").status_code == 403


def test_who_is_audited_reads_nothing_of_it_in_the_history_or_among_the_files(
    cast: Cast, sign_in: SignIn
) -> None:
    audit = audit_with_checks(cast, auditees=[cast.unit_lead, cast.outsider])
    check = saved(first_check(audit), cast.auditor, result=CheckResult.MAJOR)
    upload = SimpleUploadedFile("interview-notes.txt", b"They said that nobody looks.")
    url = reverse("audits:check-upload", args=[audit.reference, check.pk])
    assert sign_in(cast.auditor).post(url, {"uploads": upload}).status_code == 302
    assert check.evidence.count() == 1
    file_withdraw(file=check.evidence.get(), actor=cast.auditor, now=NOW, reason="The wrong file.")
    for tab in ("", "history/", "activity/", "files/"):
        place = f"{audit.get_absolute_url()}{tab}"
        told = sign_in(cast.auditor).get(place).content.decode()
        if tab != "files/":
            assert "set the result of" in told, tab
        assert "interview-notes" in told or tab == "", tab
        for person in (cast.unit_lead, cast.outsider):
            answer = sign_in(person).get(place)
            assert answer.status_code == 200
            for words in ("set the result of", "Major nonconformity", "interview-notes", "evidence to"):
                assert words not in answer.content.decode(), (tab, person, words)


def test_readers_read_and_do_not_write(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast, owner=cast.outsider)
    check = saved(first_check(audit), cast.auditor, notes="Seen")
    client = sign_in(cast.outsider)
    html = shown(client, audit, f"{check.pk}/")
    assert "Seen" in html
    assert "whoever runs audits of" in html
    for part in ("Save and next", 'name="row"', "Add requirements", "Record a finding", 'name="uploads"'):
        assert part not in html, part
    assert send(client, check, version=2, notes="Changed").status_code == 422
    assert client.post(checklist(audit, "set/"), {"row": f"{check.pk}:2"}).status_code == 403


@pytest.mark.parametrize(
    ("state", "is_offered"),
    [
        (AuditState.PLANNED, False),
        (AuditState.PREPARING, False),
        (AuditState.FIELDWORK, True),
        (AuditState.REPORTING, True),
        (AuditState.REPORT_REVIEW, False),
    ],
)
def test_a_finding_is_offered_where_one_can_be_raised(
    cast: Cast, sign_in: SignIn, state: str, is_offered: bool
) -> None:
    audit = audit_with_checks(cast)
    check = first_check(audit)
    state_set(audit, state)
    client = sign_in(cast.auditor)
    address = f"{reverse('audits:finding-create', args=[audit.reference])}?check={check.pk}"
    assert (address in shown(client, audit, f"{check.pk}/")) is is_offered
    assert (client.get(address).status_code == 200) is is_offered


def test_nobody_grades_the_own_unit(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    User.objects.filter(pk=cast.analyst.pk).update(unit=cast.units.payments)
    client = sign_in(User.objects.get(pk=cast.analyst.pk))
    check = first_check(audit)
    assert "nobody audits their own unit" in shown(client, audit, f"{check.pk}/")
    response = send(client, check, result="conforms")
    assert (response.status_code, "nobody audits their own unit" in response.json()["errors"][""]) == (
        422,
        True,
    )
    check.refresh_from_db()
    assert check.result == "not_tested"


def test_the_overview_says_how_far_it_is(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    saved(first_check(audit), cast.auditor, result="major")
    html = sign_in(cast.analyst).get(audit.get_absolute_url()).content.decode()
    assert "1 of 3 tested" in html
    assert "Open the checklist" in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"HB-1", "HB-2", "HB-3"}),
        ("?result=not_tested", {"HB-2", "HB-3"}),
        ("?result=major", {"HB-1"}),
        ("?mine=on", {"HB-1"}),
        ("?q=duty+2", {"HB-2"}),
        ("?q=hb-3", {"HB-3"}),
        ("?q=nothing", set()),
        ("?result=splendid", {"HB-1", "HB-2", "HB-3"}),
        ("?q=%00", {"HB-1", "HB-2", "HB-3"}),
    ],
)
def test_filters(cast: Cast, sign_in: SignIn, query: str, names: set[str]) -> None:
    audit = audit_with_checks(cast)
    saved(first_check(audit), cast.auditor, result="major")
    for headers in ({}, {"HX-Request": "true", "HX-Target": "check-list"}):
        html = shown(sign_in(cast.auditor), audit, query, **headers)
        assert {name for name in ("HB-1", "HB-2", "HB-3") if f">{name}</span>" in html} == names


def test_a_part_is_all_that_a_script_gets(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    html = shown(
        sign_in(cast.auditor),
        audit,
        f"{first_check(audit).pk}/",
        **{"HX-Request": "true", "HX-Target": "check-pane"},
    )
    assert html.startswith("<section")
    assert "HB-2" not in html


def test_a_file_has_what_is_shown(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    saved(first_check(audit), cast.auditor, result="major", notes="=2+2", methods=["examine"])
    client = sign_in(cast.auditor)
    csv = client.get(checklist(audit, "?export=csv")).getvalue().decode()
    assert csv.count("HB-") == 3
    assert '"\'=2+2"' in csv
    assert "Major nonconformity" in csv
    filtered = client.get(checklist(audit, "?result=major&export=csv")).getvalue().decode()
    assert filtered.count("HB-") == 1
    assert client.get(checklist(audit, "?export=xlsx")).status_code == 200
    assert client.get(checklist(audit, "?export=pdf")).status_code == 302
    assert Entry.objects.filter(action="audits.checks.exported").count() == 3


def test_the_history_of_a_check_tells_who_changed_what(cast: Cast, sign_in: SignIn) -> None:
    check = first_check(audit_with_checks(cast))
    client = sign_in(cast.auditor)
    send(client, check, notes="Seen", result="minor")
    html = shown(client, check.audit, f"{check.pk}/")
    assert "Who changed what, when" in html
    assert "<ins>Minor nonconformity</ins>" in html
    assert "<strong>Odile Brandt</strong> changed it" in html


def test_earlier_results_of_the_same_requirement_are_shown(cast: Cast, sign_in: SignIn) -> None:
    earlier = audit_with_checks(cast, title="Last year's review")
    saved(first_check(earlier), cast.auditor, result="major")
    audit = audit_with_checks(cast)
    check = first_check(audit)
    Check.objects.filter(pk=check.pk).update(requirement=first_check(earlier).requirement)
    html = shown(sign_in(cast.auditor), audit, f"{check.pk}/")
    assert "Last year&#x27;s review" in html
    Audit.objects.filter(pk=earlier.pk).update(
        confidentiality=Confidentiality.RESTRICTED, lead_auditor=cast.ciso
    )
    earlier.participants.all().delete()
    assert "Last year&#x27;s review" not in shown(sign_in(cast.auditor), audit, f"{check.pk}/")


@pytest.mark.parametrize("count", [3, 40])
def test_query_count(cast: Cast, sign_in: SignIn, count: int) -> None:
    audit = audit_with_checks(cast, count=count)
    check = saved(first_check(audit), cast.auditor, result="minor", notes="Seen")
    client = sign_in(cast.auditor)
    shown(client, audit)
    with assert_queries("checklist"):
        shown(client, audit)
    with assert_queries("check-detail"):
        shown(client, audit, f"{check.pk}/")
    with assert_queries("check-pane"):
        shown(client, audit, f"{check.pk}/", **{"HX-Request": "true", "HX-Target": "check-pane"})
    with assert_queries("check-save"):
        send(client, check, version=2, reader=cast.auditor.pk, result="minor", notes="Seen twice")
