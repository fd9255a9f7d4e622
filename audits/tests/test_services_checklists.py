"""Which requirements an audit tests: chosen, taken from an earlier audit, taken out again."""

from collections.abc import Callable

import pytest

from audits.choices import AuditState, CopiedChecks
from audits.models import Audit
from audits.services import Added, CheckRefused, checks_add, checks_copy, checks_remove
from audits.tests.checks import audit_with_checks, first_check, saved, texts_of
from audits.tests.factories import NOW, audit_make
from compliance.choices import FrameworkState
from compliance.models import Framework, Requirement, RequirementText
from compliance.tests.factories import edition_make, framework_make
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast, cast_make
from foundation.testing.races import together
from foundation.trail.models import Entry


def identifiers(audit: Audit) -> list[str]:
    return list(audit.checks.order_by("position", "pk").values_list("text__identifier", flat=True))


def test_requirements_come_in_the_order_of_their_frameworks(cast: Cast) -> None:
    audit = audit_make(cast)
    second = framework_make(cast, title="Second", requirements=2)
    first = framework_make(cast, title="First", requirements=4)
    one, two, three, four = texts_of(first)
    add: Callable[..., Added] = lambda *texts: checks_add(  # noqa: E731
        audit=audit, texts=texts, actor=cast.auditor, now=NOW
    )
    assert add(four, two) == Added(2, 0)
    assert add(*texts_of(second)) == Added(2, 0)
    assert add(one, two, three, four) == Added(2, 2)
    assert identifiers(audit) == ["HB-1", "HB-2", "HB-3", "HB-4", "HB-1", "HB-2"]
    assert set(audit.frameworks.all()) == {first, second}
    group = first_check(audit).group
    assert group is not None
    assert group.title == "Harbour"
    entries = Entry.objects.filter(action="audits.checks.added").order_by("pk")
    assert [entry.after["checks"] for entry in entries] == [2, 2, 2]
    assert set(entries[2].after["frameworks"]) == {first.reference, second.reference}


def test_headings_withdrawn_drafted_retired_and_hidden_ones_are_passed_over(cast: Cast) -> None:
    audit = audit_make(cast)
    framework = framework_make(cast, requirements=2)
    old = texts_of(framework)
    edition_make(cast, framework, requirements=2)
    framework.refresh_from_db()
    retired = framework_make(cast, title="Retired")
    Framework.objects.filter(pk=retired.pk).update(state=FrameworkState.RETIRED)
    hidden = framework_make(cast, title="Hidden")
    Framework.objects.filter(pk=hidden.pk).update(confidentiality=Confidentiality.RESTRICTED)
    headings = RequirementText.objects.filter(requirement=None).values_list("pk", flat=True)
    texts = [*old, *headings, *texts_of(retired), *texts_of(hidden)]
    assert checks_add(audit=audit, texts=texts, actor=cast.auditor, now=NOW) == Added(0, 0)
    assert not audit.checks.exists()
    assert not Entry.objects.filter(action="audits.checks.added").exists()


@pytest.mark.parametrize("state", [AuditState.REPORTING, AuditState.CLOSED])
def test_the_list_is_settled_after_the_fieldwork(cast: Cast, state: str) -> None:
    audit = audit_with_checks(cast)
    type(audit).objects.filter(pk=audit.pk).update(state=state)
    texts = texts_of(framework_make(cast))
    with pytest.raises(CheckRefused):
        checks_add(audit=audit, texts=texts, actor=cast.auditor, now=NOW)
    with pytest.raises(CheckRefused):
        checks_remove(audit=audit, chosen={first_check(audit).pk: 1}, reason="", actor=cast.auditor, now=NOW)


def test_who_may_put_it_together(cast: Cast) -> None:
    audit = audit_make(cast, auditees=[cast.unit_lead])
    texts = texts_of(framework_make(cast))
    for person in (cast.unit_lead, cast.executive, cast.outsider):
        with pytest.raises(CheckRefused):
            checks_add(audit=audit, texts=texts, actor=person, now=NOW)
    assert checks_add(audit=audit, texts=texts, actor=cast.analyst, now=NOW) == Added(3, 0)


def test_from_an_earlier_audit_in_the_newest_words(cast: Cast) -> None:
    source = audit_with_checks(cast, count=4)
    checks = list(source.checks.order_by("position"))
    for check, result in zip(checks, ("major", "observation", "minor"), strict=False):
        saved(check, cast.auditor, result=result)
    framework = source.frameworks.get()
    newest = edition_make(cast, framework, requirements=2)  # HB-3 and HB-4 are no longer in it
    audit = audit_make(cast)

    def copy(which: str) -> Added:
        return checks_copy(audit=audit, source=source, which=which, actor=cast.auditor, now=NOW)

    assert copy(CopiedChecks.NONCONFORMING) == Added(1, 0, gone=("HB-3",))
    assert copy(CopiedChecks.UNTESTED) == Added(0, 0, gone=("HB-4",))
    assert copy(CopiedChecks.ALL) == Added(1, 1, gone=("HB-3", "HB-4"))
    assert identifiers(audit) == ["HB-1", "HB-2"]
    assert {check.text.edition for check in audit.checks.all()} == {newest}
    assert {check.result for check in audit.checks.all()} == {"not_tested"}
    assert {check.requirement for check in audit.checks.all()} <= set(Requirement.objects.all())


def test_untested_checks_go_without_a_reason_and_tested_ones_with_one(cast: Cast) -> None:
    audit = audit_with_checks(cast, count=4)
    one, two, three, four = audit.checks.order_by("position")
    saved(two, cast.auditor, result="minor")
    saved(three, cast.auditor, notes="Meanwhile")

    def remove(*chosen: tuple[int, int], reason: str = "") -> tuple[int, list[str]]:
        done = checks_remove(audit=audit, chosen=dict(chosen), reason=reason, actor=cast.auditor, now=NOW)
        return done.removed, [identifier for identifier, _why in done.left]

    assert remove((one.pk, 1), (three.pk, 1)) == (1, ["HB-3"])
    with pytest.raises(CheckRefused, match="Say why"):
        remove((two.pk, 2))
    assert remove((two.pk, 2), reason="Out of scope") == (1, [])
    entry = Entry.objects.filter(action="audits.checks.removed").latest("pk")
    assert (entry.before["results"], entry.comment) == ({"HB-2": "minor"}, "Out of scope")
    assert remove((three.pk, 2), (four.pk, 1)) == (2, [])
    assert audit.frameworks.exists(), "what it was planned on stays, whether or not a check comes from it"


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_the_same_at_once_add_it_once(transactional_db: None) -> None:
    cast = cast_make()
    audit = audit_make(cast)
    texts = texts_of(framework_make(cast, requirements=5))
    results = together(
        lambda: checks_add(audit=audit, texts=texts, actor=cast.auditor, now=NOW),
        lambda: checks_add(audit=audit, texts=texts, actor=cast.analyst, now=NOW),
    )
    assert sorted(results, key=lambda added: added.added) == [Added(0, 5), Added(5, 0)]
    assert audit.checks.count() == 5
