"""What a row of the sample bank's findings says, and who answers for several."""

from dataclasses import dataclass, field

from audits.choices import Grade

MAJOR, MINOR, OBSERVATION, OPPORTUNITY = Grade.MAJOR, Grade.MINOR, Grade.OBSERVATION, Grade.OPPORTUNITY
PALOMA = "paloma.iturralde"

# How far a finding has come, one after the other.
RAISED, ANSWERED, AGREED, DONE, VERIFIED, CLOSED, EFFECTIVE = range(7)


@dataclass(frozen=True, kw_only=True)
class SampleFinding:
    """What the `nth` audit of a title found, and how far that has come (`until`).

    `ends` says how it ends otherwise: "withdrawn", "accepted" without action, or "not effective".
    """

    audit: str
    nth: int = 1
    title: str
    grade: Grade
    requirement: str = ""
    owner: str
    found: str
    evidence: str = ""
    risk: str = ""
    response: str = ""
    whys: tuple[str, ...] = field(default=())
    root_cause: str = ""
    correction: str = ""
    action: str = ""
    until: int = EFFECTIVE
    ends: str = ""
