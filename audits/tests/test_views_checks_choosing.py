"""The pages that put a checklist together, and those of a check's evidence."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from audits.choices import AuditState
from audits.models import Audit
from audits.services import CheckRefused, check_evidence_add
from audits.tests.checks import audit_with_checks, first_check, saved, texts_of
from audits.tests.factories import NOW, audit_make, evidence_answered, evidence_make
from compliance.models import Framework, RequirementText
from compliance.tests.factories import edition_make, framework_make
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.files.services import Upload, file_add
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def checklist(audit: Audit, rest: str = "") -> str:
    return f"/audits/{audit.reference}/checklist/{rest}"


def html(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def file_of(record: Any, actor: User, name: str = "notes.txt") -> File:
    return file_add(record=record, upload=Upload(name, io.BytesIO(name.encode())), actor=actor, now=NOW)


def test_frameworks_are_offered_with_what_is_in(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    framework_make(cast, title="Second house")
    hidden = framework_make(cast, title="Hidden house")
    Framework.objects.filter(pk=hidden.pk).update(confidentiality=Confidentiality.RESTRICTED)
    page = html(sign_in(cast.auditor).get(checklist(audit, "add/")))
    assert "Second house" in page
    assert "3 in the checklist" in page
    assert "Hidden house" not in page
    response = sign_in(cast.auditor).get(checklist(audit, f"add/?framework={hidden.reference}"))
    assert response.status_code == 404


def test_a_tree_without_scripts(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    framework = framework_make(cast, requirements=4)
    client = sign_in(cast.auditor)
    url = checklist(audit, "add/")
    page = html(client.get(f"{url}?framework={framework.reference}"))
    assert page.count('name="text"') == 4
    filtered = html(client.get(f"{url}?framework={framework.reference}&q=duty+3"))
    assert (filtered.count('name="text"'), "HB-3" in filtered) == (1, True)
    one, two, *_rest = texts_of(framework)
    data: dict[str, Any] = {"framework": framework.reference, "text": [one, two]}
    assert "2 requirements added" in html(client.post(url, data, follow=True))
    group = RequirementText.objects.get(edition=framework.current, requirement=None)
    data = {"framework": framework.reference, "group": group.pk}
    done = html(client.post(url, data, follow=True))
    assert "2 requirements added" in done
    assert "2 were in the checklist already" in done
    assert "4 of 4 in the checklist" in html(client.get(f"{url}?framework={framework.reference}"))


def test_all_of_it_or_nothing_ticked(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    framework = framework_make(cast, requirements=4)
    client = sign_in(cast.auditor)
    nothing = client.post(checklist(audit, "add/"), {"framework": framework.reference})
    assert nothing.status_code == 422
    assert "Tick what the audit is to test." in nothing.content.decode()
    client.post(checklist(audit, "add/"), {"framework": framework.reference, "all": "1"})
    assert audit.checks.count() == 4
    assert client.post(checklist(audit, "add/"), {"framework": "FRM-9999"}).status_code == 404


def test_a_script_asks_which_lines_have_the_words(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    framework = framework_make(cast, requirements=4)
    client = sign_in(cast.auditor)

    def lines(words: str) -> Any:
        url = f"{checklist(audit, 'add/')}?framework={framework.reference}&q={words}"
        return client.get(url, headers={"Accept": "application/json"}).json()["lines"]

    assert lines("watch+duty+2") == [texts_of(framework)[1]]
    assert lines("hb-4") == [texts_of(framework)[3]]
    assert lines("") is None
    assert lines("nothing") == []


def test_a_large_tree_costs_no_more_queries(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    client = sign_in(cast.auditor)
    for count in (3, 60):
        framework = framework_make(cast, title=f"House {count}", requirements=count)
        with assert_queries("checks-tree"):
            html(client.get(f"{checklist(audit, 'add/')}?framework={framework.reference}"))


@pytest.mark.parametrize("state", [AuditState.REPORTING])
def test_once_the_fieldwork_is_over_the_pages_say_why_not(cast: Cast, sign_in: SignIn, state: str) -> None:
    audit = audit_with_checks(cast, state=state)
    client = sign_in(cast.auditor)
    for rest in ("add/", "copy/"):
        response = client.get(checklist(audit, rest))
        assert response.status_code == 403
        assert "settled once the fieldwork is over" in response.content.decode()
    assert "Add requirements" not in html(client.get(checklist(audit)))


def test_an_earlier_audit_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    earlier = audit_with_checks(cast, title="Last year's review")
    saved(first_check(earlier), cast.auditor, result="minor")
    edition_make(cast, earlier.frameworks.get(), requirements=2)
    hidden = audit_with_checks(cast, title="Quiet review", confidentiality=Confidentiality.RESTRICTED)
    Audit.objects.filter(pk=hidden.pk).update(lead_auditor=cast.ciso)
    hidden.participants.all().delete()
    audit = audit_make(cast)
    client = sign_in(cast.auditor)
    page = html(client.get(checklist(audit, "copy/")))
    assert "Last year&#x27;s review" in page
    assert "Quiet review" not in page
    refused = client.post(checklist(audit, "copy/"), {"source": hidden.pk, "which": "all"})
    assert refused.status_code == 422
    done = html(client.post(checklist(audit, "copy/"), {"source": earlier.pk, "which": "all"}, follow=True))
    assert "2 requirements added" in done
    assert "No longer required, so not added: HB-3" in done


def test_evidence_is_uploaded_picked_and_taken_off(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    one, two, _three = audit.checks.order_by("position")
    client = sign_in(cast.auditor)
    upload = {"uploads": io.BytesIO(b"Seen")}
    upload["uploads"].name = "interview.txt"
    page = html(client.post(f"/audits/upload/{audit.reference}/{one.pk}/", upload, follow=True))
    assert "interview.txt" in page
    assert "1 file added" in page
    file = one.evidence.get()
    assert file.record_id == audit.pk

    # The same content again, in another check: the file that the audit has is attached.
    upload["uploads"].seek(0)
    answer = client.post(
        f"/audits/upload/{audit.reference}/{two.pk}/", upload, headers={"Accept": "application/json"}
    )
    assert answer.json()["added"] == ["interview.txt"]
    assert two.evidence.get() == file

    plan = file_of(audit, cast.auditor, "plan.txt")
    picked = client.post(checklist(audit, f"{one.pk}/evidence/"), {"chosen": str(plan.key)}, follow=True)
    assert "plan.txt" in html(picked)
    client.post(checklist(audit, f"{one.pk}/evidence/{file.key}/remove/"))
    assert list(one.evidence.all()) == [plan]
    actions = Entry.objects.filter(action__startswith="audits.check.evidence").values_list(
        "action", flat=True
    )
    assert sorted(actions) == ["audits.check.evidence_added"] * 3 + ["audits.check.evidence_removed"]
    html(client.get(f"{audit.get_absolute_url()}history/"))


def test_evidence_comes_from_accepted_requests_and_from_nowhere_else(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    check = first_check(audit)
    other = file_of(audit_make(cast), cast.auditor)
    requests = [evidence_make(cast, audit) for _number in range(2)]
    names = ("accepted.txt", "answered.txt")
    accepted, answered = (
        file_of(one, cast.personnel, name) for one, name in zip(requests, names, strict=True)
    )
    for request in requests:
        evidence_answered(cast, request)
    apply_transition(record=requests[0], name="accept", actor=cast.auditor, now=NOW)
    page = html(sign_in(cast.auditor).get(checklist(audit, f"{check.pk}/evidence/")))
    assert f"accepted.txt ({requests[0].reference})" in page
    assert "answered.txt" not in page
    check_evidence_add(check=check, files=[accepted], actor=cast.auditor, now=NOW)
    for file in (other, answered):
        with pytest.raises(CheckRefused, match="accepted request"):
            check_evidence_add(check=check, files=[file], actor=cast.auditor, now=NOW)
    with pytest.raises(CheckRefused, match="whoever runs audits"):
        check_evidence_add(check=check, files=[file_of(audit, cast.auditor)], actor=cast.executive, now=NOW)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    late = sign_in(cast.auditor).post(checklist(audit, f"{check.pk}/evidence/{accepted.key}/remove/"))
    assert late.status_code == 403
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        check.evidence.clear()
    assert check.evidence.get() == accepted
