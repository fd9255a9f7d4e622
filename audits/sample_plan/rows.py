"""What a row of the sample bank's plan says, and the people whom rows name."""

from dataclasses import dataclass

from audits.choices import AuditState, AuditType

INTERNAL, EXTERNAL, CERTIFICATION, SUPPLIER, TEST = (
    AuditType.INTERNAL,
    AuditType.EXTERNAL,
    AuditType.CERTIFICATION,
    AuditType.SUPPLIER,
    AuditType.TECHNICAL_TEST,
)
KENJIRO, INGRID, PRIYANKA, MAREK = (
    "kenjiro.matsuda",
    "ingrid.solheim",
    "priyanka.deshmukh",
    "marek.wolanski",
)
LEONOR, HANNEKE, RUI, YUSUF = "leonor.vasconcelos", "hanneke.dijkgraaf", "rui.montenegro", "yusuf.adeyinka"
SAOIRSE, DAWIT, MEILIN, ANNELIESE = (
    "saoirse.brannigan",
    "dawit.tekleab",
    "meilin.zhao",
    "anneliese.hofstetter",
)


@dataclass(frozen=True, kw_only=True)
class SampleAudit:
    """An audit that starts `start` days from today; one with `rrule` is the first of a series.

    One that `slipped` was in its year's programme when that was approved, and was put off by so many days after that.
    It runs by its dates up to today, but goes no further than `until`, as work that is late does; a `cancelled` one
    ends with that reason a week before its start.
    """

    title: str
    type: AuditType
    unit: str
    start: int
    lead: str
    auditees: tuple[str, ...]
    owner: str = HANNEKE
    team: tuple[str, ...] = ()
    scope: str = ""
    criteria: str = ""
    rrule: str = ""
    until: AuditState = AuditState.CLOSED
    cancelled: str = ""
    restricted: bool = False
    slipped: int = 0
    days: tuple[int, int, int, int] = (28, 4, 18, 90)
