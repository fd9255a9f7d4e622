"""The data of a benchmark: an organisation with as many audits as asked for, made by SQL in bulk.

Deterministic: row number `g` decides everything about a row. Triggers are off while the rows are made, so what they
would have written (the narrow rows of lists) is written here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, User
from foundation.accounts.organisation import forget_organisation
from foundation.records.services import records_index

DIVISIONS = ("Retail", "Payments", "Corporate", "Technology")
UNITS_A_DIVISION = 5
FIRST_NAMES = ("Amara", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jaya")
LAST_NAMES = ("Aldine", "Brevik", "Costigan", "Drăgulescu", "Eskola", "Fontaine", "Grigoryan", "Halloran")
TITLES = (
    "Access review of core banking",
    "Backup and restore audit",
    "Card data environment assessment",
    "Data centre access audit",
    "Endpoint hardening review",
    "Firewall rule audit",
    "Penetration test of online banking",
    "Supplier assurance review",
    "Vulnerability management audit",
    "Key management audit",
)
PLACES = ("Lisbon", "Porto", "Berlin", "Warsaw", "Dublin", "Singapore", "Nairobi", "Montevideo", "Gdynia")
SPREAD_DAYS = 2_000
ASKING = 3  # people who ask for pages: the first ones, of whom the last leads a unit
OWN_AUDITS = 20  # a person's own work does not grow with the organisation
# Those whose triggers let nobody empty them.
KEPT = ("trail_entry", "duties_indicatorday")
EMPTIED = (
    "records_record, audits_auditseries, accounts_user, accounts_businessunit, accounts_organisation,"
    " records_referencecounter, trail_entry, accounts_session, duties_indicatorday"
)


@dataclass(frozen=True)
class BenchPeople:
    """Who asks for pages: the lead of one unit, a security officer of the same unit, and the CISO."""

    lead: User
    officer: User
    ciso: User
    unit: BusinessUnit


def data_make(*, records: int, now: datetime) -> BenchPeople:
    """Empty the database and fill it with so many audits; return who asks for pages."""
    _empty()
    Organisation.objects.create(
        pk=1, name="Benchmark Bank", time_zone="Europe/Lisbon", base_url="http://127.0.0.1"
    )
    forget_organisation()
    units = _units_make()
    people = _people_make(max(100, min(5_000, records // 50)), units, now.date())
    with connections["owner"].cursor() as cursor:
        for table in (
            "records_record",
            "records_participant",
            "audits_audit",
            "audits_programme",
            "deadlines_deadline",
            "trail_entry",
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in (
            PROGRAMMES,
            SERIES,
            RECORDS,
            AUDITS,
            OWN,
            LISTING,
            PARTICIPANTS,
            DEADLINES,
            CALENDAR,
            TRAIL,
            COUNTERS,
        ):
            cursor.execute(sql, _parameters(records, people, now))
        records_index()
        for table in (
            "records_record",
            "records_participant",
            "audits_audit",
            "audits_programme",
            "deadlines_deadline",
            "trail_entry",
        ):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
    connections["owner"].close()
    return people


def _empty() -> None:
    with connections["owner"].cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {EMPTIED} RESTART IDENTITY CASCADE")
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _units_make() -> list[BusinessUnit]:
    """Return the leaves of a tree of twenty units below four divisions below a root."""
    root = _unit_make("Benchmark Bank", "ROOT", None)
    leaves = []
    for division in DIVISIONS:
        above = _unit_make(division, division[:3].upper(), root)
        leaves += [
            _unit_make(f"{division} {PLACES[number]}", f"{division[:3].upper()}{number}", above)
            for number in range(UNITS_A_DIVISION)
        ]
    return leaves


def _unit_make(name: str, code: str, parent: BusinessUnit | None) -> BusinessUnit:
    unit = BusinessUnit.objects.create(name=name, code=code, parent=parent, path=f"new-{code}")
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def _people_make(count: int, units: list[BusinessUnit], today: date) -> BenchPeople:
    """Make so many people, a fifth of whom audit: these belong to the head office, and so to none of the audited units."""
    unit = units[7]
    head_office = BusinessUnit.objects.get(parent=None)
    auditing = count // 5
    people = User.objects.bulk_create(
        User(
            email=f"person{number}@example.com",
            full_name=f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10 % 8]} {number}",
            password="!",  # noqa: S106 - nobody signs in with it
            unit=head_office if number <= auditing and number != ASKING else units[number % len(units)],
        )
        for number in range(1, count + 1)
    )
    ciso, officer, lead = people[:ASKING]
    for person, role, of in (
        (ciso, Role.CISO, None),
        (officer, Role.SECURITY, unit),
        (lead, Role.UNIT_LEAD, unit),
        *((person, Role.AUDITOR, None) for person in people[ASKING:auditing]),
    ):
        RoleGrant.objects.create(user=person, role=role, unit=of, starts_on=today - timedelta(days=3_000))
    return BenchPeople(lead=lead, officer=officer, ciso=ciso, unit=unit)


def _parameters(records: int, people: BenchPeople, now: datetime) -> dict[str, Any]:
    units = list(BusinessUnit.objects.filter(code__regex=r"\d$").order_by("pk").values_list("pk", flat=True))
    users = list(User.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "n": records,
        "now": now,
        "today": now.date(),
        "spread": SPREAD_DAYS,
        "units": units,
        "others": users[ASKING:],
        "leads": users[ASKING : len(users) // 5],
        "audited": users[len(users) // 5 :],
        "ciso": people.ciso.pk,
        "officer": people.officer.pk,
        "lead": people.lead.pk,
        "unit": people.unit.pk,
        "own": OWN_AUDITS,
        "titles": list(TITLES),
        "places": list(PLACES),
        "types": ["internal", "external", "certification", "supplier", "technical_test"],
    }


# One programme for each unit and year, numbered after the audits.
PROGRAMMES = """
    WITH numbered AS (
        SELECT %(n)s + (u - 1) * 8 + y AS id, (%(units)s::bigint[])[u] AS unit_id,
               extract(year FROM %(today)s::date)::int - 5 + y AS year
        FROM generate_series(1, cardinality(%(units)s::bigint[])) u, generate_series(1, 8) y
    ), records AS (
        INSERT INTO records_record (id, kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT id, 'programme', 'PRG-' || lpad((id - %(n)s)::text, 4, '0'), 'Audit programme ' || year, 'internal',
               'approved', 1, %(now)s, %(now)s, %(ciso)s, %(ciso)s, unit_id FROM numbered
    )
    INSERT INTO audits_programme (record_ptr_id, year, objectives, drafted_by_id)
    SELECT id, year, 'Every critical service once.', %(ciso)s FROM numbered
"""

# Every fifth audit is the latest of a series.
SERIES = """
    INSERT INTO audits_auditseries (id, rrule, starts_on, next_on, title, type, scope, criteria, objectives,
        confidentiality, preparation_days, fieldwork_days, report_days, follow_up_days, recurs_since, lead_auditor_id,
        owner_id, unit_id)
    SELECT g, 'FREQ=YEARLY', %(today)s::date - %(spread)s / 2 + (g * 5 * 7919) %% %(spread)s, NULL,
           (%(titles)s::text[])[1 + g %% 10], 'internal', '', '', '', 'internal', 28, 4, 18, 90, %(now)s,
           (%(leads)s::bigint[])[1 + g %% cardinality(%(leads)s::bigint[])], (%(others)s::bigint[])[1 + g %% cardinality(%(others)s::bigint[])],
           (%(units)s::bigint[])[1 + g %% cardinality(%(units)s::bigint[])]
    FROM generate_series(1, %(n)s / 5) g
"""

RECORDS = """
    INSERT INTO records_record (id, kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                created_by_id, owner_id, unit_id)
    SELECT g, 'audit', 'AUD-' || lpad(g::text, greatest(4, length(g::text)), '0'),
           (%(titles)s::text[])[1 + g %% 10] || ', ' || (%(places)s::text[])[1 + g / 10 %% 9] || ' ' || g,
           CASE WHEN g %% 50 = 0 THEN 'restricted' ELSE 'internal' END,
           CASE WHEN starts < %(today)s::date - 120 AND g %% 20 = 1 THEN 'cancelled'
                WHEN starts < %(today)s::date - 120 AND g %% 20 > 2 THEN 'closed'
                WHEN starts < %(today)s::date - 20 THEN 'follow_up'
                WHEN starts < %(today)s::date - 4 THEN 'reporting'
                WHEN starts <= %(today)s::date THEN 'fieldwork'
                WHEN starts < %(today)s::date + 28 THEN 'preparing'
                ELSE 'planned' END,
           1, %(now)s, %(now)s, %(ciso)s,
           (%(others)s::bigint[])[1 + (g * 31) %% cardinality(%(others)s::bigint[])],
           (%(units)s::bigint[])[1 + g %% cardinality(%(units)s::bigint[])]
    FROM (SELECT g, %(today)s::date - %(spread)s / 2 + (g * 7919) %% %(spread)s AS starts
          FROM generate_series(1, %(n)s) g) numbered
"""

AUDITS = """
    INSERT INTO audits_audit (record_ptr_id, type, scope, criteria, objectives, conclusion, starts_on, preparation_days,
        fieldwork_days, report_days, follow_up_days, preparation_on, fieldwork_ends_on, report_due_on, follow_up_on,
        next_due_on, occurrence_on, closed_at, external_reference, lead_auditor_id, series_id, programme_id)
    SELECT id, (%(types)s::text[])[1 + id %% 5], 'Systems and people of the unit', 'ISO/IEC 27001:2022', '', '', starts, 28,
           4, 18, 90, starts - 28, starts + 4, starts + 18, starts + 90,
           CASE state WHEN 'planned' THEN starts - 28 WHEN 'preparing' THEN starts WHEN 'fieldwork' THEN starts + 4
                      WHEN 'reporting' THEN starts + 18 WHEN 'follow_up' THEN starts + 90 END,
           CASE WHEN id %% 5 = 0 THEN starts END,
           CASE WHEN state IN ('closed', 'cancelled') THEN %(now)s::timestamptz END,
           '', (%(leads)s::bigint[])[1 + id %% cardinality(%(leads)s::bigint[])], CASE WHEN id %% 5 = 0 THEN id / 5 END,
           (SELECT p.record_ptr_id FROM audits_programme p JOIN records_record r ON r.id = p.record_ptr_id
            WHERE r.unit_id = audit.unit_id AND p.year = extract(year FROM starts))
    FROM (SELECT *, %(today)s::date - %(spread)s / 2 + ((id * 7919) %% %(spread)s)::int AS starts
          FROM records_record WHERE kind = 'audit') audit
"""

# The security officer leads some open audits of the unit.
OWN = """
    UPDATE audits_audit SET lead_auditor_id = %(officer)s WHERE record_ptr_id IN (
        SELECT id FROM records_record
        WHERE unit_id = %(unit)s AND kind = 'audit' AND state NOT IN ('closed', 'cancelled')
        ORDER BY id LIMIT %(own)s)
"""

LISTING = """
    INSERT INTO audits_auditlisting (audit_id, reference, title, needle, type, state, confidentiality, is_archived,
        recurs, starts_on, next_due_on, lead_auditor_id, owner_id, programme_id, unit_id)
    SELECT id, reference, title, lower(title || ' ' || reference), type, state, confidentiality, false,
           series_id IS NOT NULL, starts_on, next_due_on, lead_auditor_id, owner_id, programme_id, unit_id
    FROM audits_audit JOIN records_record ON id = record_ptr_id
"""

PARTICIPANTS = """
    INSERT INTO records_participant (record_id, role, user_id, created_at)
    SELECT record_ptr_id, 'audits.lead', lead_auditor_id, %(now)s FROM audits_audit
    UNION ALL
    SELECT record_ptr_id, 'audits.team',
           (%(leads)s::bigint[])[1 + (record_ptr_id + 1 + record_ptr_id * 13 %% (cardinality(%(leads)s::bigint[]) - 1))
                                     %% cardinality(%(leads)s::bigint[])], %(now)s
    FROM audits_audit
    UNION ALL
    SELECT record_ptr_id, 'audits.auditee',
           (%(audited)s::bigint[])[1 + (record_ptr_id * factor) %% cardinality(%(audited)s::bigint[])], %(now)s
    FROM audits_audit, (VALUES (17), (29)) AS part (factor)
    UNION ALL
    (SELECT record_ptr_id, 'audits.auditee', %(lead)s, %(now)s FROM audits_audit
     WHERE lead_auditor_id = %(officer)s ORDER BY record_ptr_id LIMIT %(own)s)
    ON CONFLICT DO NOTHING
"""

# What each open audit still awaits; no reminder is due yet.
DEADLINES = """
    INSERT INTO deadlines_deadline (record_id, kind, key, due_on, due_at, assignee_id, ladder_id, next_rung,
                                    next_reminder_at, created_at, snooze_reason)
    SELECT record_ptr_id, step.kind, '', step.due_on, step.due_on + 1, lead_auditor_id,
           (SELECT id FROM deadlines_ladder WHERE key = 'standard'), 0,
           %(now)s::timestamptz + interval '30 days', %(now)s, ''
    FROM audits_audit, LATERAL (VALUES
        ('audits.preparation', preparation_on), ('audits.start', starts_on), ('audits.fieldwork_end', fieldwork_ends_on),
        ('audits.report', report_due_on), ('audits.follow_up', follow_up_on)) AS step (kind, due_on)
    WHERE next_due_on IS NOT NULL AND step.due_on >= next_due_on
"""

CALENDAR = """
    INSERT INTO calendar_calendardate (deadline_id, record_id, kind, root_kind, due_on, due_at, outcome,
        confidentiality, unit_id, owner_id, assignee_id)
    SELECT date.id, record.id, record.kind, record.kind, due_on, due_at, 0, confidentiality, unit_id, owner_id, assignee_id
    FROM deadlines_deadline AS date JOIN records_record AS record ON record.id = record_id
"""

TRAIL = """
    INSERT INTO trail_entry (at, action, actor_id, actor_name, record_id, record_kind, record_reference, subject, before,
                             after, comment, request_id)
    SELECT %(now)s, action, %(ciso)s, 'The CISO', id, 'audit', reference, title, '{}', '{}', '', ''
    FROM records_record, (VALUES ('audits.audit.created'), ('records.participants.changed'), ('audits.audit.prepare'))
         AS done (action)
    WHERE kind = 'audit'
"""

COUNTERS = """
    INSERT INTO records_referencecounter (prefix, last) VALUES ('AUD', %(n)s), ('PRG', 1000);
    SELECT setval(pg_get_serial_sequence('records_record', 'id'), %(n)s + 1000),
           setval(pg_get_serial_sequence('audits_auditseries', 'id'), %(n)s);
"""


def deadlines_make_due(*, count: int, now: datetime) -> int:
    """Let the reminder of so many deadlines be due; return how many there are to be had."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE deadlines_deadline SET next_rung = -1, next_reminder_at = %(now)s::timestamptz - interval '1 minute',"
            " due_on = %(now)s::date + 1, due_at = %(now)s::date + 2"
            " WHERE id IN (SELECT id FROM deadlines_deadline WHERE closed_at IS NULL ORDER BY id LIMIT %(count)s)",
            {"now": now, "count": count},
        )
        return int(cursor.rowcount)


def mails_make(*, count: int, now: datetime) -> None:
    """Queue so many mails, of the size that reminders have."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE notifications_mail, notifications_notice CASCADE")
        cursor.execute(
            "INSERT INTO notifications_mail (recipient_id, address, message_id, subject, text, html, state, attempts,"
            " next_attempt_at, last_error, created_at, park_reason, restricted, unsubscribe_url)"
            " SELECT u.id, u.email, '<bench.' || g || '@localhost>', 'Fieldwork starts tomorrow: ' || g,"
            " repeat('Fieldwork starts tomorrow. ', 40), '<p>' || repeat('Fieldwork starts tomorrow. ', 120) || '</p>',"
            " 'queued', 0, %(now)s, '', %(now)s, '', false, ''"
            " FROM generate_series(1, %(count)s) g"
            " JOIN (SELECT id, email, row_number() OVER (ORDER BY id) AS number, count(*) OVER () AS people"
            "       FROM accounts_user) u ON u.number = 1 + g %% u.people",
            {"now": now, "count": count},
        )
