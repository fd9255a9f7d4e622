"""What the board and the pages of duties say, asked of the tables themselves: SQL of its own, which knows none of the code it checks.

Each condition is on `r`, the record, and `x`, what is particular to its kind. `%(today)s` is the organisation's day; `%(now)s` the
instant.
"""

AUDIT_OPEN = "r.state NOT IN ('closed', 'cancelled')"
FINDING_OPEN = "r.state NOT IN ('closed', 'withdrawn')"
WEEK = "BETWEEN %(today)s AND %(today)s + 7"
IN_FORCE = "r.state IN ('published', 'revising', 'revision_review', 'revision_approved')"
CONTROL_IN_FORCE = "r.state IN ('in_force', 'revising', 'revision_review')"
EVIDENCED = f"{CONTROL_IN_FORCE} AND x.implementation IN ('partial', 'implemented')"
GRANTED = "r.state = 'granted' AND x.starts_on <= %(today)s AND x.expires_on >= %(today)s AND coalesce(x.replaced_on, 'infinity') > %(today)s"
OVERTAKEN = """x.document_id IN (
    SELECT d.record_ptr_id FROM policies_document d JOIN records_record rd ON rd.id = d.record_ptr_id
    LEFT JOIN policies_documentversion now_in_force ON now_in_force.id = d.current_id
    JOIN policies_documentversion then_in_force ON then_in_force.id = x.version_in_force_id
    WHERE rd.state = 'retired' OR now_in_force.major > then_in_force.major
)"""
# An action follows from a record, perhaps over other actions, and is told to who may know of what it follows from.
ROOT = """(
    WITH RECURSIVE chain(id) AS (
        SELECT x.source_id UNION SELECT above.source_id FROM chain JOIN actions_action above ON above.record_ptr_id = chain.id
    )
    SELECT root.kind FROM chain JOIN records_record root ON root.id = chain.id WHERE root.kind <> 'action'
)"""
ACTION_OPEN = "r.state NOT IN ('done', 'effective', 'cancelled', 'withdrawn')"
ACTION_DUE = """CASE r.state
    WHEN 'to_verify' THEN coalesce(x.verification_due_on, x.due_on)
    WHEN 'verified' THEN coalesce(x.effectiveness_due_on, x.due_on)
    ELSE x.due_on END"""
KINDS = {
    "audits": "('audit', 'programme', 'finding', 'evidence_request')",
    "policies": "('document', 'exception', 'exercise')",
    "controls": "('control')",
    "compliance": "('framework')",
}
ACTIVITY_TO_DO = "r.state IN ('planned', 'in_progress')"
THIS_YEAR = "x.due_on BETWEEN date_trunc('year', %(today)s::date) AND %(today)s"

# By the key of an indicator: the table, the condition, and of what it is a part.
COUNTS: dict[str, tuple[str, str, str]] = {
    "audits.late": ("audits_audit", f"{AUDIT_OPEN} AND x.next_due_on < %(today)s", ""),
    "audits.soon": ("audits_audit", f"{AUDIT_OPEN} AND x.next_due_on {WEEK}", ""),
    "audits.on_schedule": (
        "audits_audit",
        f"{AUDIT_OPEN} AND coalesce(x.next_due_on, 'infinity') >= %(today)s",
        AUDIT_OPEN,
    ),
    "audits.open": ("audits_audit", AUDIT_OPEN, ""),
    "audits.findings_late": ("audits_finding", "r.state = 'raised' AND x.answer_due_on < %(today)s", ""),
    "audits.findings_open": ("audits_finding", FINDING_OPEN, ""),
    "audits.evidence_late": (
        "audits_evidencerequest",
        "r.state IN ('pending', 'returned') AND x.due_on < %(today)s",
        "",
    ),
    "policies.reviews_late": ("policies_document", "r.state <> 'retired' AND x.review_on < %(today)s", ""),
    "policies.deciding": ("policies_document", "r.state IN ('in_review', 'revision_review')", ""),
    "policies.reviews_soon": ("policies_document", f"r.state <> 'retired' AND x.review_on {WEEK}", ""),
    "policies.in_force": ("policies_document", IN_FORCE, ""),
    "controls.evidence_late": ("controls_control", f"{EVIDENCED} AND x.evidence_on < %(today)s", ""),
    "controls.deciding": ("controls_control", "r.state IN ('in_review', 'revision_review')", ""),
    "controls.evidence_soon": ("controls_control", f"{EVIDENCED} AND x.evidence_on {WEEK}", ""),
    "controls.implemented": (
        "controls_control",
        f"{CONTROL_IN_FORCE} AND x.implementation = 'implemented'",
        CONTROL_IN_FORCE,
    ),
    "exceptions.deciding": ("exceptions_policyexception", "r.state = 'in_review'", ""),
    "exceptions.overtaken": ("exceptions_policyexception", f"{GRANTED} AND {OVERTAKEN}", ""),
    "exceptions.in_force": ("exceptions_policyexception", GRANTED, ""),
    "response.exercises_late": (
        "response_exercise",
        (
            "r.id IN (SELECT record_id FROM deadlines_deadline WHERE closed_at IS NULL AND due_on < %(today)s"
            " AND kind = 'response.exercise')"
        ),
        "",
    ),
    "response.exercises_open": ("response_exercise", "r.state NOT IN ('closed', 'cancelled')", ""),
    "compliance.frameworks": ("compliance_framework", "r.state = 'active'", ""),
    "actions.late": (
        "actions_action",
        f"r.state IN ('open', 'to_verify', 'verified') AND {ACTION_DUE} < %(today)s AND {ROOT} IN {{kinds}} AND {{source}}",
        "",
    ),
    "actions.open": ("actions_action", f"{ACTION_OPEN} AND {ROOT} IN {{kinds}} AND {{source}}", ""),
    "activities.late": (
        "duties_activity",
        f"{ACTIVITY_TO_DO} AND x.due_on < %(today)s AND x.duty = %(duty)s",
        "",
    ),
    "activities.soon": ("duties_activity", f"{ACTIVITY_TO_DO} AND x.due_on {WEEK} AND x.duty = %(duty)s", ""),
    "activities.sign_off": ("duties_activity", "r.state = 'sign_off' AND x.duty = %(duty)s", ""),
    "activities.open": ("duties_activity", "r.state NOT IN ('done', 'skipped') AND x.duty = %(duty)s", ""),
    "activities.done": (
        "duties_activity",
        f"r.state = 'done' AND {THIS_YEAR} AND x.duty = %(duty)s",
        f"r.state <> 'skipped' AND {THIS_YEAR} AND x.duty = %(duty)s",
    ),
}

# What a person knows of: a CISO everything, a unit lead what is of the units, owned, or takes part in.
EVERYTHING = "TRUE"
OF_UNITS = """({r}.owner_id = %(user)s
    OR {r}.id IN (SELECT record_id FROM records_participant WHERE user_id = %(user)s)
    OR {r}.confidentiality = 'internal' AND {r}.unit_id IN (
        SELECT below.id FROM accounts_rolegrant g JOIN accounts_businessunit u ON u.id = g.unit_id
        JOIN accounts_businessunit below ON starts_with(below.path, u.path) WHERE g.user_id = %(user)s AND g.role = 'unit_lead'
    ))"""
WITHIN_30_DAYS = """
    SELECT count(*) FROM deadlines_deadline d JOIN records_record r ON r.id = d.record_id
    WHERE d.closed_at IS NULL AND d.due_at > %(now)s AND d.due_at <= %(now)s + interval '30 days' AND {known}
"""
MY_DATES = """
    SELECT count(*) FROM deadlines_deadline d JOIN records_record r ON r.id = d.record_id
    WHERE d.closed_at IS NULL AND d.assignee_id = %(user)s AND d.kind <> 'approvals.decision'
        AND d.due_at <= %(now)s + interval '30 days' AND {known}
"""
REMINDED_TODAY = """
    SELECT count(*) FROM deadlines_deadline d JOIN records_record r ON r.id = d.record_id
    WHERE d.closed_at IS NULL AND d.next_reminder_at > %(now)s
        AND d.next_reminder_at <= (%(today)s + 1)::timestamp AT TIME ZONE %(zone)s AND {known}
"""
DONE_IN_YEAR = """
    SELECT count(*) FILTER (WHERE r.state = 'done' AND extract(year FROM x.done_on) = %(year)s),
        count(*) FILTER (WHERE r.state = 'done' AND extract(year FROM x.done_on) = %(year)s AND x.done_on > x.due_on),
        count(*) FILTER (WHERE r.state = 'skipped' AND extract(year FROM x.skipped_on) = %(year)s)
    FROM duties_activity x JOIN records_record r ON r.id = x.record_ptr_id
    WHERE x.duty = %(duty)s AND r.archived_at IS NULL AND {known}
"""
MET_IN_YEAR = """
    SELECT d.kind, count(*), count(*) FILTER (WHERE d.closed_at > d.due_at)
    FROM deadlines_deadline d JOIN records_record r ON r.id = d.record_id
    LEFT JOIN actions_action x ON x.record_ptr_id = r.id
    WHERE d.closed_at IS NOT NULL AND NOT d.was_dropped AND extract(year FROM d.closed_at AT TIME ZONE %(zone)s) = %(year)s
        AND CASE WHEN r.kind = 'action' THEN {root} ELSE r.kind END IN {kinds} AND {known}
    GROUP BY d.kind
"""


def count_sql(key: str, area: str, known: str, *, whole: bool = False) -> str:
    """Return the statement that counts what an indicator says."""
    table, condition, of = COUNTS[key]
    wanted = (of if whole else condition).replace("{kinds}", KINDS.get(area, "()"))
    source = f"EXISTS (SELECT FROM records_record s WHERE s.id = x.source_id AND {known.format(r='s')})"
    wanted = wanted.replace("{source}", source)
    visible = (
        EVERYTHING if key == "compliance.frameworks" else known.format(r="r")
    )  # read by who reads records of any unit
    return (
        f"SELECT count(*) FROM {table} x JOIN records_record r ON r.id = x.record_ptr_id"
        f" WHERE r.archived_at IS NULL AND {visible} AND {wanted}"
    )
