"""Who is audited does not decide about the audit: at the form, the bulk pages, the calendar, the series and a hand-over."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole, AuditState, AuditType, CheckResult
from audits.imports import audits_preview
from audits.models import Audit, EvidenceRequest, Finding
from audits.permissions import can_see_checks
from audits.services import (
    AuditRefused,
    EvidenceRefused,
    SeriesRefused,
    audit_change,
    evidence_change,
    occurrence_skip,
    parts_hand_over,
    series_end,
    series_hand_over,
)
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import NOW, audit_in, audit_make, evidence_make, finding_make
from audits.tests.tables import table
from audits.tests.test_views_audit_forms import changed, errors
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.models import Action
from foundation.actions.services import action_change, action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.registry import HandOverRefused
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
OWN = "Petra Vale belongs to Payments, and nobody audits their own unit."
AUDITED = "You are audited here, so somebody else must do this."
ANSWERS = "You answer for findings or evidence of this audit, so somebody else must do this."
JUDGED = "It has results or findings, so its type and its unit stay as they are."


@pytest.fixture(params=["payments", "cards"])
def insider(cast: Cast, request: pytest.FixtureRequest) -> User:
    """Somebody of security who belongs to payments, or to cards below it."""
    person = UserFactory.create(full_name="Petra Vale", unit=getattr(cast.units, request.param))
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    return person


@pytest.fixture
def auditee(cast: Cast) -> User:
    """Somebody of security elsewhere, who is audited by name."""
    person = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    return person


def fresh(audit: Audit) -> Audit:
    return Audit.objects.get(pk=audit.pk)


def change(audit: Audit, actor: User, changes: dict[str, Any] | None = None, **people: Any) -> Audit:
    given = {"now": NOW, "version": fresh(audit).version, **people}
    return audit_change(audit=fresh(audit), changes=changes or {}, actor=actor, **given)


CHANGES: list[dict[str, Any]] = [
    {"auditees": []},
    {"title": "Another"},
    {"scope": "Nothing"},
    {"starts_on": "2027-06-01"},
    {"confidentiality": "restricted"},
]


@pytest.mark.parametrize("values", CHANGES, ids=lambda values: next(iter(values)))
def test_an_auditee_changes_nothing_of_the_audit(
    cast: Cast, sign_in: SignIn, auditee: User, values: dict[str, Any]
) -> None:
    audit = audit_with_checks(cast, auditees=[auditee])
    client, url = sign_in(auditee), f"{audit.get_absolute_url()}edit/"
    shown = client.get(url)
    assert shown.status_code == 403
    assert AUDITED in shown.text
    assert url not in client.get(audit.get_absolute_url()).text, "still seen, without the button"
    assert errors(client.post(url, changed(fresh(audit), **values))) == {"__all__": [AUDITED]}
    assert fresh(audit).version == audit.version
    assert not can_see_checks(auditee, fresh(audit))
    assert client.get(f"{audit.get_absolute_url()}checklist/").status_code in (403, 404)
    with pytest.raises(AuditRefused, match="You are audited here"):
        change(audit, auditee, auditees=[])


def test_who_answers_in_the_audit_changes_nothing_of_it(cast: Cast, sign_in: SignIn, auditee: User) -> None:
    audit = audit_in(cast)
    finding_make(cast, audit, owner=auditee)
    url = f"{audit.get_absolute_url()}edit/"
    assert errors(sign_in(auditee).post(url, changed(fresh(audit), title="Other"))) == {"__all__": [ANSWERS]}


def test_who_belongs_to_the_unit_does_not_make_it_an_audit_of_something_else(
    cast: Cast, sign_in: SignIn, insider: User
) -> None:
    audit = audit_with_checks(cast)
    client, url = sign_in(insider), f"{audit.get_absolute_url()}edit/"
    assert OWN in client.get(url).text
    for values in ({"type": "supplier"}, {"unit": cast.units.retail.pk}, {"lead_auditor": cast.ciso.pk}):
        assert errors(client.post(url, changed(fresh(audit), **values))) == {"__all__": [OWN]}
    assert fresh(audit).type == AuditType.INTERNAL


@pytest.mark.parametrize("type", [AuditType.EXTERNAL, AuditType.CERTIFICATION])
def test_who_accompanies_auditors_from_outside_plans_but_decides_nothing(
    cast: Cast, sign_in: SignIn, insider: User, type: str
) -> None:
    audit = audit_make(cast, type=type, lead_auditor=insider)
    client, url = sign_in(insider), f"{audit.get_absolute_url()}edit/"
    form = client.get(url).context["form"]
    for name in ("type", "unit", "confidentiality", "owner", "lead_auditor", "team", "auditees"):
        assert form.fields[name].disabled
        assert form.fields[name].help_text == OWN
    decided: dict[str, Any] = {
        "type": "supplier",
        "unit": cast.units.retail.pk,
        "confidentiality": "restricted",
        "owner": cast.ciso.pk,
        "lead_auditor": cast.ciso.pk,
        "team": [cast.ciso.pk],
        "auditees": [cast.outsider.pk],
    }
    for name, value in decided.items():
        assert errors(client.post(url, changed(fresh(audit), **{name: value}))) == {name: [OWN]}
    sent = {name: value for name, value in changed(audit).items() if name not in decided}
    assert client.post(url, {**sent, "starts_on": "2027-02-01", "scope": "All"}).status_code == 302
    again = fresh(audit)
    assert (again.starts_on, again.scope) == (date(2027, 2, 1), "All")
    assert (again.type, again.lead_auditor, again.owner) == (type, insider, cast.analyst)


def test_nobody_turns_an_audit_into_one_of_the_own_unit(cast: Cast, sign_in: SignIn, insider: User) -> None:
    elsewhere_ = audit_make(cast, unit=cast.units.retail)
    client = sign_in(insider)
    data = changed(elsewhere_, unit=cast.units.payments.pk)
    assert errors(client.post(f"{elsewhere_.get_absolute_url()}edit/", data)) == {"unit": [OWN]}
    supplier = audit_make(cast, type=AuditType.SUPPLIER)
    data = changed(supplier, type="external")
    assert errors(client.post(f"{supplier.get_absolute_url()}edit/", data)) == {"type": [OWN]}


@pytest.mark.parametrize("what", ["result", "finding"])
@pytest.mark.parametrize("field", ["type", "unit"])
def test_type_and_unit_stay_once_something_was_judged(
    cast: Cast, sign_in: SignIn, what: str, field: str
) -> None:
    audit = audit_with_checks(cast)
    value = {"type": "supplier", "unit": cast.units.retail.pk}[field]
    client, url = sign_in(cast.analyst), f"{audit.get_absolute_url()}edit/"
    assert not client.get(url).context["form"].fields[field].disabled
    if what == "result":
        saved(first_check(audit), cast.auditor, result=CheckResult.CONFORMS)
    else:
        finding = finding_make(cast, audit)
    form = client.get(url).context["form"]
    assert (form.fields[field].disabled, form.fields[field].help_text) == (True, JUDGED)
    assert errors(client.post(url, changed(fresh(audit), **{field: value}))) == {field: [JUDGED]}
    sent = {
        name: one
        for name, one in changed(fresh(audit), title="Other").items()
        if name not in ("type", "unit")
    }
    assert client.post(url, sent).status_code == 302
    assert (fresh(audit).title, fresh(audit).type) == ("Other", AuditType.INTERNAL)
    if what == "finding":
        apply_transition(record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="Wrong.")
    else:
        saved(first_check(audit), cast.auditor, result=CheckResult.NOT_TESTED)
    assert client.post(url, changed(fresh(audit), **{field: value})).status_code == 302


def test_many_at_once_are_neither_assigned_nor_moved_by_who_is_audited(
    cast: Cast, sign_in: SignIn, auditee: User
) -> None:
    own, other = audit_make(cast, auditees=[auditee]), audit_make(cast, title="Other")
    client = sign_in(auditee)
    rows = [f"{audit.pk}:{audit.version}" for audit in (own, other)]
    told = client.post(reverse("audits:audits-assign"), {"row": rows, "lead_auditor": cast.ciso.pk})
    assert AUDITED in told.text
    assert (fresh(own).lead_auditor, fresh(other).lead_auditor) == (cast.auditor, cast.ciso)
    rows = [f"{audit.pk}:{fresh(audit).version}" for audit in (own, other)]
    told = client.post(reverse("audits:audits-move"), {"row": rows, "days": "7"})
    assert AUDITED in told.text
    assert fresh(own).starts_on == own.starts_on
    assert fresh(other).starts_on != other.starts_on


def test_many_at_once_are_not_assigned_by_who_accompanies(cast: Cast, sign_in: SignIn, insider: User) -> None:
    audit = audit_make(cast, type=AuditType.EXTERNAL)
    data = {"row": [f"{audit.pk}:{audit.version}"], "lead_auditor": cast.ciso.pk}
    assert OWN in sign_in(insider).post(reverse("audits:audits-assign"), data).text
    assert fresh(audit).lead_auditor == cast.auditor


def test_the_calendar_moves_no_date_for_who_is_audited(cast: Cast, sign_in: SignIn, insider: User) -> None:
    audit = audit_make(cast)
    start = Deadline.objects.get(record=audit, kind="audits.start")
    move = reverse("calendar:date-move", args=[start.pk])
    answer = sign_in(insider).post(move, {"to": "2027-03-01", "version": str(audit.version)})
    assert OWN in answer.text
    assert fresh(audit).starts_on == audit.starts_on


def test_an_import_says_so_beside_the_row(cast: Cast, auditee: User) -> None:
    audit_make(cast, auditees=[auditee], external_reference="X-1")
    own = audits_preview(
        content=table({"External reference": "X-1", "Title": "Other"}), actor=auditee, now=NOW
    )
    assert AUDITED in [problem.message for problem in own.problems]


def test_who_is_audited_decides_nothing_about_the_series(cast: Cast, sign_in: SignIn, insider: User) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    client, url = sign_in(insider), audit.get_absolute_url()
    for page in ("series-end", "series-edit"):
        shown = client.get(reverse(f"audits:{page}", args=[audit.reference]))
        assert (shown.status_code, OWN in shown.text) == (403, True), url
    end = reverse("audits:series-end", args=[audit.reference])
    assert OWN in client.post(end, {"comment": "Enough"}).text
    skip = reverse("audits:occurrence-skip", args=[audit.reference, "2027-02-18"])
    assert OWN in client.post(skip, {"comment": "Enough"}).text
    with pytest.raises(SeriesRefused, match="nobody audits their own unit"):
        series_end(audit=audit, actor=insider, now=NOW, reason="Enough")
    with pytest.raises(SeriesRefused, match="nobody audits their own unit"):
        occurrence_skip(audit=audit, occurrence_on=date(2027, 2, 18), actor=insider, reason="Enough", now=NOW)
    series = fresh(audit).series
    assert series is not None
    assert series.ended_at is None


def test_who_is_audited_hands_over_no_lead_and_names_nobody_for_the_team(cast: Cast, auditee: User) -> None:
    audit = audit_make(
        cast, owner=cast.ciso, team=[cast.analyst], auditees=[auditee, cast.personnel], rrule="FREQ=YEARLY"
    )
    successor = UserFactory.create(full_name="Signe Dahl", unit=cast.units.retail)
    RoleGrantFactory.create(user=successor, role=Role.AUDITOR)
    for hand_over in (parts_hand_over, series_hand_over):
        with pytest.raises(HandOverRefused, match=f"{audit.reference}: You are audited here"):
            hand_over(person=cast.auditor, to=successor, actor=auditee, now=NOW)
    parts_hand_over(person=cast.analyst, to=successor, actor=auditee, now=NOW)
    assert not audit.participants.filter(role=AuditRole.TEAM).exists()
    colleague = UserFactory.create(unit=cast.units.cards)
    parts_hand_over(person=cast.personnel, to=colleague, actor=auditee, now=NOW)
    audited = audit.participants.filter(role=AuditRole.AUDITEE).values_list("user_id", flat=True)
    assert set(audited) == {auditee.pk, colleague.pk}


# Nobody comes to be on both sides.


@pytest.mark.parametrize("how", ["finding", "evidence"])
@pytest.mark.parametrize("part", ["lead_auditor", "team"])
def test_who_answers_there_joins_no_auditors(
    cast: Cast, sign_in: SignIn, auditee: User, how: str, part: str
) -> None:
    audit = audit_in(cast)
    if how == "finding":
        answered: Finding | EvidenceRequest = finding_make(cast, audit, owner=auditee)
    else:
        answered = evidence_make(cast, audit, owners=[auditee])
    client, url = sign_in(cast.analyst), f"{audit.get_absolute_url()}edit/"
    told = errors(client.post(url, changed(fresh(audit), **{part: [auditee.pk]})))
    assert told == {
        part: ["Tarek Nasser answers for findings or evidence there, so somebody else must audit."]
    }
    apply_transition(record=answered, name="withdraw", actor=cast.auditor, now=NOW, comment="Wrong.")
    assert client.post(url, changed(fresh(audit), **{part: [auditee.pk]})).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_who_joins_the_team_meanwhile_is_not_asked_instead(cast: Cast) -> None:
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit = audit_in(cast)
    request = evidence_make(cast, audit)
    with transaction.atomic():
        change(audit, cast.analyst, team=[colleague])
        asked = elsewhere(
            lambda: evidence_change(
                request=request,
                changes={"owner": colleague},
                actor=cast.auditor,
                now=NOW,
                version=request.version,
            )
        )
        wait_until_blocked()
    assert isinstance(asked.exception(20), EvidenceRefused)
    assert EvidenceRequest.objects.get(pk=request.pk).owner == cast.personnel


@pytest.mark.django_db(transaction=True)
def test_who_is_asked_meanwhile_joins_no_team(cast: Cast) -> None:
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit = audit_in(cast)
    with transaction.atomic():
        evidence_make(cast, audit, owners=[colleague])
        joined = elsewhere(lambda: change(audit, cast.analyst, team=[colleague]))
        wait_until_blocked()
    assert isinstance(joined.exception(20), AuditRefused)
    assert fresh(audit).state == AuditState.FIELDWORK
    assert not audit.participants.filter(role=AuditRole.TEAM).exists()


# Actions of the audit itself, which the report prints as agreed


def agreed(audit: Audit, actor: User) -> Action:
    return action_create(
        source=audit, title="Tell operations", owner=actor, due_on=date(2027, 3, 1), actor=actor, now=NOW
    )


@pytest.mark.parametrize("type", [AuditType.INTERNAL, AuditType.CERTIFICATION])
def test_nobody_of_the_audited_unit_agrees_on_actions_of_the_audit(
    cast: Cast, insider: User, sign_in: SignIn, type: str
) -> None:
    audit = audit_in(cast, type=type)
    with pytest.raises(ValidationError, match=OWN):
        agreed(audit, insider)
    page = sign_in(insider).get(audit.get_absolute_url())
    assert reverse("actions:action-create", args=[audit.reference]) not in page.content.decode()
    assert not Action.objects.exists()
    assert agreed(audit, cast.analyst).source_id == audit.pk


def test_no_auditee_and_nobody_who_answers_there_agrees_on_actions_of_the_audit(
    cast: Cast, auditee: User, sign_in: SignIn
) -> None:
    audit = audit_in(cast, auditees=[auditee])
    with pytest.raises(ValidationError, match=AUDITED):
        agreed(audit, auditee)
    follows = agreed(audit, cast.ciso)
    with pytest.raises(ValidationError, match=AUDITED):
        action_create(
            source=follows, title="More", owner=auditee, due_on=date(2027, 3, 1), actor=auditee, now=NOW
        )
    with pytest.raises(ValidationError, match=AUDITED):
        action_change(
            action=follows, changes={"title": "Less"}, actor=auditee, now=NOW, version=follows.version
        )
    form = reverse("actions:action-create", args=[audit.reference])
    assert sign_in(auditee).get(form).status_code == 403
    finding_make(cast, audit, owner=cast.analyst)
    with pytest.raises(ValidationError, match=ANSWERS):
        agreed(audit, cast.analyst)
    assert [*Action.objects.all()] == [follows]
