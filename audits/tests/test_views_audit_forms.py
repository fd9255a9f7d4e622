"""Planning and changing an audit: everything typed is checked beside its field, nothing is lost, and one form makes one."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from audits.choices import AuditRole
from audits.models import Audit, AuditSeries
from audits.services import audit_change, series_end
from audits.tests.factories import NOW, audit_make, programme_make
from audits.tests.urls.audits import audit_data
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
NEW = "/audits/new/"


def plan(client: Client, cast: Cast, **changes: Any) -> Any:
    return client.post(NEW, {**audit_data(cast), **changes})


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def changed(audit: Audit, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends of the form of an audit."""
    parts = list(audit.participants.all())
    return {
        "title": audit.title,
        "type": audit.type,
        "confidentiality": audit.confidentiality,
        "scope": audit.scope,
        "criteria": audit.criteria,
        "objectives": audit.objectives,
        "unit": audit.unit_id,
        "programme": audit.programme_id or "",
        "owner": audit.owner_id,
        "lead_auditor": audit.lead_auditor_id,
        "team": [part.user_id for part in parts if part.role == AuditRole.TEAM],
        "auditees": [part.user_id for part in parts if part.role == AuditRole.AUDITEE],
        "starts_on": audit.starts_on.isoformat(),
        "preparation_days": audit.preparation_days,
        "fieldwork_days": audit.fieldwork_days,
        "report_days": audit.report_days,
        "follow_up_days": audit.follow_up_days,
        "version": audit.version,
        **changes,
    }


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert client.get(NEW).status_code == 200
    response = plan(
        client,
        cast,
        title="  Backup and restore ",
        scope="Tapes\r\nand vaults",
        team=[cast.executive.pk],
        auditees=[cast.unit_lead.pk, cast.outsider.pk],
        programme=programme_make(cast).pk,
        repeat_unit="MONTHLY",
        repeat_interval=6,
        preparation_on="2027-02-15",
        preparation_days="",
    )
    audit = Audit.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/audits/AUD-0001/")
    assert audit.title == "Backup and restore"
    assert (audit.created_by, audit.lead_auditor) == (cast.analyst, cast.auditor)
    assert (audit.preparation_days, audit.preparation_on) == (14, date(2027, 2, 15))
    assert audit.series is not None
    assert audit.series.rrule == "FREQ=MONTHLY;INTERVAL=6"
    parts = {(part.role, part.user) for part in audit.participants.all()}
    assert parts == {
        (AuditRole.LEAD, cast.auditor),
        (AuditRole.TEAM, cast.executive),
        (AuditRole.AUDITEE, cast.unit_lead),
        (AuditRole.AUDITEE, cast.outsider),
    }
    assert Deadline.objects.filter(record=audit, closed_at=None).count() == 5
    assert "AUD-0001 is planned" in client.get(response["Location"]).content.decode()


def test_requires_right(cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.auditor, cast.unit_lead, cast.personnel, cast.administrator, cast.executive):
        assert plan(sign_in(person), cast).status_code == 403
    assert not Audit.objects.exists()


def test_a_planner_of_one_unit_plans_there_only(cast: Cast, sign_in: SignIn) -> None:
    planner = UserFactory.create(full_name="Rita Solberg")
    RoleGrantFactory.create(user=planner, role=Role.SECURITY, unit=cast.units.payments)
    client = sign_in(planner)
    units = client.get(NEW).context["form"].fields["unit"].queryset
    assert set(units) == {cast.units.payments, cast.units.cards}
    assert "unit" in errors(plan(client, cast, unit=cast.units.retail.pk))
    assert plan(client, cast, unit=cast.units.cards.pk).status_code == 302
    audit = Audit.objects.get()
    url = f"{audit.get_absolute_url()}edit/"
    assert "unit" in errors(client.post(url, changed(audit, unit=cast.units.root.pk)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"type": "friendly"}, "type"),
        ({"scope": "x" * 10_001}, "scope"),
        ({"criteria": "\x00"}, "criteria"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"unit": ""}, "unit"),
        ({"unit": "abc"}, "unit"),
        ({"unit": "99999999999999999999999"}, "unit"),
        ({"owner": ""}, "owner"),
        ({"owner": "-5"}, "owner"),
        ({"lead_auditor": ""}, "lead_auditor"),
        ({"lead_auditor": "99999999999999999999999"}, "lead_auditor"),
        ({"team": ["abc"]}, "team"),
        ({"team": ["99999999999999999999999"]}, "team"),
        ({"auditees": ["-1"]}, "auditees"),
        ({"programme": "12345"}, "programme"),
        ({"starts_on": "2027-02-30"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"fieldwork_ends_on": "2027-02-01", "fieldwork_days": ""}, "fieldwork_ends_on"),
        ({"report_days": "1"}, "report_due_on"),
        ({"repeat_unit": "HOURLY"}, "repeat_unit"),
        ({"repeat_unit": "YEARLY", "repeat_interval": "99"}, "repeat_interval"),
        ({"repeat_unit": "YEARLY", "repeat_ends": "on", "repeat_until": "2020-01-01"}, "repeat_until"),
    ],
)
def test_what_can_not_be_is_told_beside_its_field_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], field: str
) -> None:
    typed = {"objectives": "Typed with care", **changes}
    response = plan(sign_in(cast.ciso), cast, **typed)
    assert list(errors(response)) == [field]
    html = response.content.decode()
    assert "Typed with care" in html
    assert f'href="#id_{field}"' in html or f'href="#div_id_{field}"' in html
    assert not Audit.objects.exists()


def test_a_lead_must_be_able_to_run_the_audit(cast: Cast, sign_in: SignIn) -> None:
    elsewhere = UserFactory.create(full_name="Ines Prado")
    RoleGrantFactory.create(user=elsewhere, role=Role.AUDITOR, unit=cast.units.retail)
    found = errors(plan(sign_in(cast.ciso), cast, lead_auditor=elsewhere.pk))
    assert found == {"lead_auditor": ["Ines Prado may not run audits of Payments."]}
    assert "lead_auditor" in errors(plan(sign_in(cast.ciso), cast, lead_auditor=cast.unit_lead.pk))


def test_nobody_audits_the_own_unit(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    found = errors(plan(client, cast, team=[cast.unit_lead.pk]))
    assert found == {"team": ["Ulrike Sommer belongs to Payments, and nobody audits their own unit."]}
    assert plan(client, cast, type="external", team=[cast.unit_lead.pk]).status_code == 302


def test_nobody_audits_and_is_audited_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    assert "auditees" in errors(plan(client, cast, auditees=[cast.auditor.pk]))
    assert "auditees" in errors(plan(client, cast, team=[cast.personnel.pk], auditees=[cast.personnel.pk]))


def test_people_who_left_are_not_named(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    cast.personnel.is_active = False
    cast.personnel.save()
    for field in ("owner", "lead_auditor", "team", "auditees"):
        assert field in errors(plan(client, cast, **{field: [cast.personnel.pk]}))


def test_who_left_since_is_told_when_the_audit_is_changed(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, team=[cast.outsider])
    cast.outsider.is_active = False
    cast.outsider.save()
    response = sign_in(cast.ciso).post(f"{audit.get_absolute_url()}edit/", changed(audit))
    assert errors(response) == {"team": ["Oskar Lindqvist is no longer active."]}


def test_a_programme_may_be_named_by_the_address(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    form = sign_in(cast.ciso).get(f"{NEW}?programme={programme.reference}").context["form"]
    assert (form["programme"].value(), form["unit"].value()) == (programme.pk, programme.unit_id)
    names = [str(label) for _key, label in form.fields["programme"].choices]
    year = str(programme.year)
    assert [name.count(year) for name in names[1:]] == [1], "in the title or beside it, once"
    for bad in ("PRG-9999", "%00", "x" * 3_000, "AUD-0001"):
        assert sign_in(cast.ciso).get(f"{NEW}?programme={bad}").status_code == 200


def test_sent_twice_it_plans_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    data = dict(audit_data(cast))
    first, second = client.post(NEW, data), client.post(NEW, data)
    assert first["Location"] == second["Location"] == "/audits/AUD-0001/"
    assert Audit.objects.count() == 1


def test_sent_again_with_other_words_it_asks(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    data = dict(audit_data(cast))
    client.post(NEW, data)
    response = client.post(NEW, {**data, "title": "Another audit"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "AUD-0001" in html
    assert "Another audit" in html
    key = re.search(r'name="submission" value="([^"]+)"', html)
    assert key
    assert client.post(NEW, {**data, "title": "Another audit", "submission": key[1]}).status_code == 302
    assert Audit.objects.count() == 2


def test_sent_twice_at_the_same_instant_it_plans_one(committed_cast: Cast, sign_in: SignIn) -> None:
    cast = committed_cast
    data = dict(audit_data(cast))
    clients = [sign_in(cast.ciso), sign_in(cast.ciso)]
    answers = together(*(lambda client=client: client.post(NEW, data) for client in clients))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer["Location"] for answer in answers} == {"/audits/AUD-0001/"}
    assert Audit.objects.count() == 1


def test_the_preview_button_shows_the_next_dates_without_a_script(cast: Cast, sign_in: SignIn) -> None:
    response = plan(
        sign_in(cast.ciso), cast, starts_on="2027-01-31", repeat_unit="MONTHLY", repeat_preview="1"
    )
    assert response.status_code == 422
    html = response.content.decode()
    for day in ("2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"):
        assert f'datetime="{day}"' in html
    assert not Audit.objects.exists()


def test_an_audit_is_changed(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, auditees=[cast.unit_lead])
    client = sign_in(cast.analyst)
    url = f"{audit.get_absolute_url()}edit/"
    assert audit.title in client.get(url).content.decode()
    response = client.post(
        url, changed(audit, title="Gateway and tokens", starts_on="2027-02-01", auditees=[cast.outsider.pk])
    )
    assert (response.status_code, response["Location"]) == (302, audit.get_absolute_url())
    audit.refresh_from_db()
    assert (audit.title, audit.starts_on, audit.preparation_on) == (
        "Gateway and tokens",
        date(2027, 2, 1),
        date(2027, 1, 4),
    )
    assert {part.user for part in audit.participants.filter(role=AuditRole.AUDITEE)} == {cast.outsider}
    assert Deadline.objects.get(record=audit, kind="audits.start").due_on == date(2027, 2, 1)
    entry = Entry.objects.get(action="audits.audit.changed")
    assert entry.after["title"] == "Gateway and tokens"


def test_saving_what_is_there_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, team=[cast.outsider], auditees=[cast.unit_lead])
    sign_in(cast.analyst).post(f"{audit.get_absolute_url()}edit/", changed(audit))
    audit.refresh_from_db()
    assert audit.version == 1
    assert not Entry.objects.filter(action="audits.audit.changed").exists()


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    url = f"{audit.get_absolute_url()}edit/"
    assert sign_in(cast.analyst).get(url).status_code == 404
    assert sign_in(cast.analyst).post(url, changed(audit, title="Seen")).status_code == 404


def test_a_stale_edit_is_told_and_shows_both_versions(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    read = changed(audit, title="Mine", starts_on="2027-02-01", auditees=[cast.unit_lead.pk])
    audit_change(
        audit=audit,
        changes={"title": "Theirs"},
        actor=cast.ciso,
        now=NOW,
        version=audit.version,
        team=[cast.outsider],
    )
    client = sign_in(cast.analyst)
    url = f"{audit.get_absolute_url()}edit/"
    response = client.post(url, read)
    assert response.status_code == 409
    rows = {row.label: (row.mine, row.theirs) for row in response.context["conflict"].different_rows}
    assert rows["Title"] == ("Mine", "Theirs")
    assert rows["Audit team"] == ("—", "Oskar Lindqvist · Contractor")
    assert rows["Auditees"] == ("Ulrike Sommer · Head of Payments", "—")
    assert rows["Fieldwork starts"][0] != rows["Fieldwork starts"][1]
    html = response.content.decode()
    assert "Celia Moreau" in html, "who was faster"
    assert 'value="Mine"' in html, "nothing of it is lost"
    version = response.context["form"]["version"].value()
    assert client.post(url, {**read, "version": version}).status_code == 302
    audit.refresh_from_db()
    assert audit.title == "Mine"


def test_a_closed_audit_is_not_changed(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    data = changed(audit, title="Typed for an hour")
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    client = sign_in(cast.ciso)
    url = f"{audit.get_absolute_url()}edit/"
    response = client.get(url)
    assert response.status_code == 403
    assert "Reopen it first" in response.content.decode()
    response = client.post(url, data)
    assert "Reopen it first" in errors(response)["__all__"][0]
    assert "Typed for an hour" in response.content.decode()
    audit.refresh_from_db()
    assert audit.title == "Payment gateway access review"


def test_the_next_ones_start_from_it_where_it_is_wanted(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    client = sign_in(cast.analyst)
    url = f"{audit.get_absolute_url()}edit/"
    client.post(url, changed(audit, title="This one alone"))
    assert AuditSeries.objects.get().title == "Payment gateway access review"
    audit = Audit.objects.get()
    client.post(url, changed(audit, scope="All gateways", for_series="on"))
    series = AuditSeries.objects.get()
    assert (series.title, series.scope) == ("This one alone", "All gateways")


def test_a_series_that_ends_meanwhile_is_told_beside_the_field(committed_cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(committed_cast, rrule="FREQ=YEARLY")
    client = sign_in(committed_cast.analyst)
    url = f"{audit.get_absolute_url()}edit/"
    data = changed(audit, title="Next year, too", for_series="on")
    with transaction.atomic():
        series_end(audit=audit, actor=committed_cast.ciso, now=NOW, reason="Moved elsewhere")
        answer = elsewhere(lambda: client.post(url, data))
        wait_until_blocked()
    response = answer.result(15)
    assert errors(response) == {"for_series": ["The series has ended."]}
    assert "Next year, too" in response.content.decode()
    audit.refresh_from_db()
    assert audit.title == "Payment gateway access review"


def test_who_hides_an_audit_from_themselves_is_told(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    response = client.post(
        NEW, {**audit_data(cast), "owner": cast.ciso.pk, "confidentiality": "restricted"}, follow=True
    )
    assert response.redirect_chain == [("/audits/", 302)]
    assert "you see it no more" in response.content.decode()
    assert Audit.objects.get().confidentiality == Confidentiality.RESTRICTED
