"""Controls, exceptions and exercises: 10,000 of each at the most, as many as there are documents. Made by SQL in bulk, as all data here."""

from datetime import datetime
from typing import Any

from bench.bulk import bulk_write
from foundation.accounts.models import User

MOST = 10_000
A_REQUIREMENT = 3  # controls that are mapped to each, at the most
A_PLAN = 5  # exercises

# As many as there are audits, in their units. Most are in force and carried out; of every fifth the evidence is late.
CONTROLS = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'control', 'CTL-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'Check of ' || title, confidentiality,
               CASE WHEN id %% 25 = 3 THEN 'draft' WHEN id %% 25 = 4 THEN 'retired' ELSE 'in_force' END, 1, %(now)s, %(now)s,
               %(person)s, (%(people)s::bigint[])[1 + (id * 41) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id LIMIT %(most)s
        RETURNING id
    )
    INSERT INTO controls_control (record_ptr_id, type, nature, is_key, frequency, evidence_months, implementation,
                                  implementation_note, evidence_from, evidence_on, effectiveness, rated_on)
    SELECT id, (ARRAY['preventive', 'detective', 'corrective', 'directive'])[1 + id %% 4], 'manual', id %% 10 = 0, 'monthly', 12,
           (ARRAY['implemented', 'implemented', 'implemented', 'partial', 'planned'])[1 + id %% 7 %% 5], '', %(now)s::date,
           %(now)s::date + (CASE WHEN id %% 5 = 0 THEN -30 ELSE id %% 300 END)::int,
           (ARRAY['effective', 'largely', 'partly', ''])[1 + id %% 4], CASE WHEN id %% 4 < 3 THEN %(now)s::date - 100 END
    FROM made
"""

SAID = """
    INSERT INTO controls_controlversion (control_id, number, state, title, statement, purpose, evidence_how, summary, type,
                                         nature, is_key, frequency, evidence_months, written_by_id, written_at, digest, approved_at)
    SELECT record.id, 1, record.state, record.title, 'Somebody looks at it **each month**, and writes down what they saw.',
           'So that nothing stays as it should not be.', 'What was written down.', '', control.type, control.nature, control.is_key,
           control.frequency, control.evidence_months, %(person)s, %(now)s, '',
           CASE WHEN record.state <> 'draft' THEN %(now)s::timestamptz END
    FROM controls_control AS control JOIN records_record AS record ON record.id = control.record_ptr_id
"""

HELD = """
    UPDATE controls_control AS control SET current_id = version.id
    FROM controls_controlversion AS version
    WHERE version.control_id = control.record_ptr_id AND version.state <> 'draft'
"""

MAPPED = """
    INSERT INTO controls_controlrequirement (control_id, requirement_id, extent, note, added_by_id, added_at, revision)
    SELECT control.id, requirement.id, CASE WHEN control.place %% 2 = 0 THEN 'full' ELSE 'partly' END, '', %(person)s, %(now)s, 1
    FROM (SELECT record_ptr_id AS id, row_number() OVER (ORDER BY record_ptr_id) AS place FROM controls_control) AS control
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS total
          FROM compliance_requirement WHERE framework_id = %(framework)s) AS requirement
        ON requirement.place = 1 + control.place %% requirement.total AND control.place <= %(a_requirement)s * requirement.total
"""

# From any document: most are over by now, and of every fiftieth the document says something else since.
EXCEPTIONS = """
    WITH asked AS (
        SELECT id AS place, title, confidentiality, unit_id, %(now)s::date - (id * 13 %% 700)::int AS starts_on
        FROM records_record WHERE kind = 'audit' ORDER BY id LIMIT %(most)s
    ), made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'exception', 'EXC-' || lpad(place::text, greatest(4, length(place::text)), '0'), 'Without ' || title,
               confidentiality,
               CASE WHEN starts_on + 180 < %(now)s::date THEN CASE WHEN place %% 4 = 0 THEN 'revoked' ELSE 'expired' END
                    WHEN place %% 10 = 0 THEN 'in_review' WHEN place %% 10 = 1 THEN 'draft' ELSE 'granted' END,
               1, %(now)s, %(now)s, %(person)s,
               (%(people)s::bigint[])[1 + (place * 43) %% cardinality(%(people)s::bigint[])], unit_id
        FROM asked
        RETURNING id, reference
    ), documents AS (
        SELECT version.document_id, version.id, version.number, dense_rank() OVER (ORDER BY version.document_id) - 1 AS place
        FROM policies_documentversion AS version WHERE version.number >= %(versions)s - 1
    ), total AS (SELECT count(DISTINCT document_id) AS documents FROM documents)
    INSERT INTO exceptions_policyexception (record_ptr_id, document_id, version_in_force_id, section, section_title, systems,
                                            reason, compensation, risk, risk_words, starts_on, expires_on, written_by_id, digest)
    SELECT made.id, documents.document_id, documents.id, '', '', 'Hall ' || asked.place %% 30, 'The parts are on their way.',
           'Somebody stands there.', (ARRAY['low', 'moderate', 'high', 'critical'])[1 + asked.place %% 4], 'Somebody may slip in.',
           asked.starts_on, asked.starts_on + 180, %(person)s, ''
    FROM made
    JOIN asked ON asked.place = split_part(made.reference, '-', 2)::int
    CROSS JOIN total
    JOIN documents ON documents.place = asked.place * 7 %% total.documents
        AND documents.number = %(versions)s - (asked.place %% 50 = 7)::int
"""

# Of each plan four that are over, and one that is still to be held, every seventh of which is late.
EXERCISED = """
    INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at, created_by_id,
                                owner_id, unit_id)
    SELECT 'exercise', 'EXR-' || lpad(number::text, greatest(4, length(number::text)), '0'), 'Exercise of ' || title,
           confidentiality, CASE WHEN number %% %(a_plan)s = 0 THEN 'planned' ELSE 'closed' END, 1, %(now)s, %(now)s, %(person)s,
           (%(people)s::bigint[])[1 + (number * 47) %% cardinality(%(people)s::bigint[])], unit_id
    FROM (
        SELECT (plan.place - 1) * %(a_plan)s + g AS number, plan.title, plan.confidentiality, plan.unit_id
        FROM (SELECT record.*, row_number() OVER (ORDER BY record.id) AS place FROM policies_document AS document
              JOIN records_record AS record ON record.id = document.record_ptr_id WHERE document.type = 'plan') AS plan,
             generate_series(1, %(a_plan)s) g
    ) AS numbered ORDER BY number
"""

EXERCISES = """
    INSERT INTO response_exercise (record_ptr_id, plan_id, version_in_force_id, type, planned_on, rrule, scenario, held_on,
                                   what_happened)
    SELECT exercise.id, plan.id, plan.current_id, (ARRAY['tabletop', 'technical', 'call_out'])[1 + exercise.number %% 3],
           day, '', 'The tills stop.', CASE WHEN exercise.state = 'closed' THEN day END,
           CASE WHEN exercise.state = 'closed' THEN 'Two were not reached.' ELSE '' END
    FROM (
        SELECT id, state, number, %(now)s::date + (CASE WHEN state = 'closed' THEN -90 * (number %% %(a_plan)s)
            WHEN number %% 7 = 0 THEN -10 ELSE number %% 200 END)::int AS day
        FROM (SELECT id, state, split_part(reference, '-', 2)::int AS number FROM records_record WHERE kind = 'exercise') AS read
    ) AS exercise
    JOIN (SELECT record_ptr_id AS id, current_id, row_number() OVER (ORDER BY record_ptr_id) AS place
          FROM policies_document WHERE type = 'plan') AS plan
        ON plan.place = (exercise.number - 1) / %(a_plan)s + 1
"""


def controls_make(*, person: User, framework_id: int, now: datetime) -> None:
    """Write as many controls as there are audits, or MOST, and map them to the requirements of a framework."""
    bulk_write(
        (
            CONTROLS,
            SAID,
            HELD,
            MAPPED,
            "SELECT controls_controllisting_write(record_ptr_id) FROM controls_control",
        ),
        _values(person, now) | {"framework": framework_id, "a_requirement": A_REQUIREMENT},
        "records_record",
        "controls_control",
        "controls_controlversion",
        "controls_controlrequirement",
        "controls_controllisting",
    )


def exceptions_make(*, person: User, versions: int, now: datetime) -> None:
    """Write as many exceptions as there are audits, or MOST, from documents that have so many versions."""
    bulk_write(
        (
            EXCEPTIONS,
            "SELECT exceptions_exceptionlisting_write(record_ptr_id) FROM exceptions_policyexception",
        ),
        _values(person, now) | {"versions": versions},
        "records_record",
        "exceptions_policyexception",
        "exceptions_exceptionlisting",
    )


def exercises_make(*, person: User, now: datetime) -> None:
    """Write five exercises of each incident response plan: as many as there are documents."""
    bulk_write(
        (
            EXERCISED,
            EXERCISES,
            "SELECT response_exerciselisting_write(record_ptr_id) FROM response_exercise",
        ),
        _values(person, now) | {"a_plan": A_PLAN},
        "records_record",
        "response_exercise",
        "response_exerciselisting",
    )


def _values(person: User, now: datetime) -> dict[str, Any]:
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    return {"person": person.pk, "people": people, "now": now, "most": MOST}
