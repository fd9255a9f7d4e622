"""The thirteen duties of the office, and the states of the activities by which they are run."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class Duty(models.IntegerChoices):
    """A duty of the office, by its number."""

    DESIGN = 1, _("Security design")
    POLICIES = 2, _("Policies and controls")
    ACCESS = 3, _("Identity and access")
    INCIDENTS = 4, _("Incident reviews")
    THREATS = 5, _("Threat landscape")
    COMPLIANCE = 6, _("Compliance")
    RISKS = 7, _("Risks and plans")
    AUDITS = 8, _("Audits")
    ADHERENCE = 9, _("Policy adherence")
    PEOPLE = 10, _("People and vendors")
    STRATEGY = 11, _("Strategy")
    BRIEFINGS = 12, _("Executive briefings")
    ADVICE = 13, _("Advice to the business")

    @property
    def title(self) -> str:
        """Return the duty as lists name it: its number, and what it is called."""
        return f"{self.value}. {self.label}"


@dataclass(frozen=True, kw_only=True)
class DutyFacts:
    """What a duty means, how it is drawn, and which apps' records belong to it: `areas` are the keys of their navigation entries."""

    meaning: Any
    icon: str
    areas: tuple[str, ...] = ()


FACTS: dict[Duty, DutyFacts] = {
    Duty.DESIGN: DutyFacts(
        meaning=_("Directs how security systems are designed, and approves them."),
        icon="sitemap",
        areas=("designs",),
    ),
    Duty.POLICIES: DutyFacts(
        meaning=_("Reviews and signs off policies, controls and incident response plans."),
        icon="certificate",
        areas=("policies", "controls"),
    ),
    Duty.ACCESS: DutyFacts(
        meaning=_("Approves the rules of identity and access, and how they are managed."),
        icon="key",
        areas=("access",),
    ),
    Duty.INCIDENTS: DutyFacts(
        meaning=_(
            "Reviews the investigation after every breach or incident: its impact, and what prevents the next one like it."
        ),
        icon="urgent",
        areas=("incidents",),
    ),
    Duty.THREATS: DutyFacts(
        meaning=_("Keeps up with the threats that face the industry."), icon="radar-2", areas=("threats",)
    ),
    Duty.COMPLIANCE: DutyFacts(
        meaning=_("Keeps the organisation in line with laws and regulations as they change."),
        icon="scale",
        areas=("compliance",),
    ),
    Duty.RISKS: DutyFacts(
        meaning=_("Turns that knowledge into risks and plans that treat them."),
        icon="alert-triangle",
        areas=("risks",),
    ),
    Duty.AUDITS: DutyFacts(
        meaning=_("Schedules security audits at regular intervals."),
        icon="clipboard-check",
        areas=("audits",),
    ),
    Duty.ADHERENCE: DutyFacts(
        meaning=_("Makes sure that everyone knows the policies, and follows them."),
        icon="user-check",
        areas=("awareness",),
    ),
    Duty.PEOPLE: DutyFacts(
        meaning=_("Leads the teams, employees, contractors and vendors of security, and hires."),
        icon="users",
        areas=("people", "vendors"),
    ),
    Duty.STRATEGY: DutyFacts(
        meaning=_("Keeps the security strategy current with technology and threats."),
        icon="compass",
        areas=("strategy",),
    ),
    Duty.BRIEFINGS: DutyFacts(
        meaning=_("Briefs the executives on status and risk, and makes the case for strategy and budget."),
        icon="presentation",
        areas=("briefings",),
    ),
    Duty.ADVICE: DutyFacts(
        meaning=_("Shares good practice and risks with every part of the business."), icon="speakerphone"
    ),
}


def duty_choices() -> list[tuple[int, str]]:
    """Return the duties by number, as forms and filters offer them."""
    return [(duty.value, duty.title) for duty in Duty]


class DutyPart(models.TextChoices):
    """What a person is to a duty."""

    RESPONSIBLE = "responsible", _("Responsible")
    DEPUTY = "deputy", _("Deputy")


class Health(models.TextChoices):
    """How a duty stands, the gravest first."""

    OVERDUE = "overdue", _("Overdue")
    ATTENTION = "attention", _("Needs attention")
    ON_TRACK = "on_track", _("On track")
    NOTHING_PLANNED = "nothing_planned", _("Nothing planned")


HEALTH_TONES: dict[str, str] = {
    Health.OVERDUE: Tone.BAD,
    Health.ATTENTION: Tone.ATTENTION,
    Health.ON_TRACK: Tone.GOOD,
    Health.NOTHING_PLANNED: Tone.NEUTRAL,
}
HEALTH_ICONS: dict[str, str] = {
    Health.OVERDUE: "alert-triangle",
    Health.ATTENTION: "clock",
    Health.ON_TRACK: "circle-check",
    Health.NOTHING_PLANNED: "circle-dashed",
}


class ActivityState(models.TextChoices):
    """Where an activity stands."""

    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    SIGN_OFF = "sign_off", _("Waiting for sign-off")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")


STATE_TONES: dict[str, str] = {
    ActivityState.PLANNED: Tone.INFO,
    ActivityState.IN_PROGRESS: Tone.ATTENTION,
    ActivityState.SIGN_OFF: Tone.ATTENTION,
    ActivityState.DONE: Tone.GOOD,
    ActivityState.SKIPPED: Tone.NEUTRAL,
}
TO_DO = (ActivityState.PLANNED, ActivityState.IN_PROGRESS)
OPEN = (*TO_DO, ActivityState.SIGN_OFF)
SETTLED = (ActivityState.DONE, ActivityState.SKIPPED)


class PackState(models.TextChoices):
    """How far an evidence pack is."""

    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")
    EXPIRED = "expired", _("Removed")


class PackPhase(models.TextChoices):
    """What a worker does for an evidence pack just now."""

    RECORDS = "records", _("Reading records, and taking in their files")
    TRAIL = "trail", _("Taking in the trail")
    INDEX = "index", _("Typesetting the index")
    STORING = "storing", _("Signing and storing it")


OPEN_PACKS = (PackState.WAITING, PackState.WORKING)
PACK_TONES: dict[str, Tone] = {
    PackState.WAITING: Tone.NEUTRAL,
    PackState.WORKING: Tone.INFO,
    PackState.READY: Tone.GOOD,
    PackState.FAILED: Tone.BAD,
    PackState.STOPPED: Tone.NEUTRAL,
    PackState.EXPIRED: Tone.NEUTRAL,
}
