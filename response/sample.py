"""Whom the sample bank's incident response plan calls, and how it was exercised."""

from datetime import timedelta

from foundation.accounts.organisation import organisation_day
from foundation.accounts.sample import SampleContext
from foundation.actions.services import action_create
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel
from policies.choices import DocumentType
from policies.models import Document
from response.choices import ExerciseType, Result
from response.models import Exercise
from response.services import contact_add, exercise_plan, exercise_report

# Role, who (a key of the sample's people, or a name outside), phone, out of hours, deputy, and how many days ago it was confirmed.
CONTACTS = (
    ("Incident commander", "yusuf.adeyinka", "+351 210 555 0141", "Same number, on call", "Dawit Tekleab, +353 1 555 0177", 20),
    ("CISO", "leonor.vasconcelos", "+351 210 555 0100", "+351 910 555 0100", "Yusuf Adeyinka", 20),
    ("Systems and networks", "viktor.anderberg", "+353 1 555 0121", "On-call rota, +353 1 555 0911", "Samir Haddadin", 75),
    ("Payments", "jonas.eberhardt", "+49 30 555 0163", "Night desk, +49 30 555 0160", "Nadia Belkacem", 96),
    ("Customers and branches", "abena.sarpong", "+351 210 555 0186", "", "Joaquim Tavares", 20),
    ("Forensics", "Brookmere Forensics, duty desk", "+44 20 5550 0150", "Same number, day and night", "", 60),
)  # fmt: skip


# What came of it: what is to be done, by whom, and how many months from now.
LESSONS = (
    ("Name who speaks to the press, and a deputy, in the contacts sheet", "abena.sarpong", 1),
    ("Take the backups of the card platform into the first hour of the plan", "viktor.anderberg", 2),
)

OBJECTIVES = (
    "The crisis team is on the line within 15 minutes",
    "What is hit is cut off before backups are reached",
    "One person speaks for the bank, with an agreed text",
)


def sample_response(context: SampleContext) -> None:
    """Name whom the plan calls, each confirmed at its time; let it be exercised half a year ago, and plan two more exercises."""
    plan = Document.objects.filter(type=DocumentType.PLAN).order_by("pk").first()
    assert plan is not None, "policies load before"
    _contacts(context, plan)
    _tabletop(context, plan)
    _planned(context, plan)


def _contacts(context: SampleContext, plan: Document) -> None:
    for position, (role, who, phone, after_hours, deputy, days) in enumerate(CONTACTS, start=1):
        person = context.people.get(who)
        contact_add(
            plan=plan,
            values={
                "position": position,
                "role": role,
                "person": person,
                "outside": "" if person else who,
                "phone": phone,
                "email": person.email if person else "duty@example.org",
                "after_hours": after_hours,
                "deputy": deputy,
            },
            actor=plan.owner,
            now=context.now - timedelta(days=days),
        )


def _tabletop(context: SampleContext, plan: Document) -> None:
    """Let a tabletop exercise be held, written up and closed, one objective met, one partly, one not."""
    day = context.now - timedelta(days=170)
    exercise = exercise_plan(
        plan=plan,
        actor=plan.owner,
        now=day - timedelta(days=30),
        title="Ransomware on the evening before a holiday",
        type=ExerciseType.TABLETOP,
        owner=plan.owner,
        planned_on=organisation_day(day),
        rrule="FREQ=YEARLY",
        scenario=(
            "18:40, the evening before a holiday. The branch servers show a note that asks for money. "
            "The first who is called does not answer. At 19:30 a journalist rings the contact centre."
        ),
        objectives=OBJECTIVES,
        team=[context.person(key) for key in ("viktor.anderberg", "abena.sarpong", "jonas.eberhardt")],
    )
    apply_transition(record=exercise, name="hold", actor=plan.owner, now=day)
    exercise = Exercise.objects.get(pk=exercise.pk)
    outcome = (Result.MET, Result.PARTLY, Result.NOT_MET)
    notes = (
        "After eleven minutes.",
        "Backups of the card platform were forgotten at first.",
        "Nobody knew who may speak.",
    )
    judged = zip(exercise.objectives.all(), outcome, notes, strict=True)
    exercise_report(
        exercise=exercise,
        held_on=organisation_day(day),
        what_happened=(
            "All but one were on the line within a quarter of an hour. Branches were cut off at 19:05. The question of who speaks to "
            "the press stayed open until the end; two people prepared two different answers."
        ),
        results={one.pk: (result, note) for one, result, note in judged},
        actor=plan.owner,
        now=day + timedelta(days=5),
        version=exercise.version,
    )
    for title, owner, months in LESSONS:
        action = action_create(
            source=Exercise.objects.get(pk=exercise.pk),
            title=title,
            owner=context.person(owner),
            due_on=organisation_day(context.now) + timedelta(days=30 * months),
            actor=plan.owner,
            now=day + timedelta(days=5),
        )
        notices_cancel(record_id=action.pk)
    apply_transition(
        record=Exercise.objects.get(pk=exercise.pk),
        name="close",
        actor=plan.owner,
        now=day + timedelta(days=6),
    )
    notices_cancel(record_id=exercise.pk)


def _planned(context: SampleContext, plan: Document) -> None:
    """Plan a call-out test for soon."""
    exercise_plan(
        plan=plan,
        actor=plan.owner,
        now=context.now - timedelta(days=3),
        title="Call-out test on a Sunday morning",
        type=ExerciseType.CALL_OUT,
        owner=context.person("dawit.tekleab"),
        planned_on=organisation_day(context.now) + timedelta(days=14),
        rrule="FREQ=MONTHLY;INTERVAL=3",
        scenario="Unannounced: each on the sheet is called in its order, and the time until they answer is written down.",
        objectives=(
            "Each role is reached within 20 minutes, or its deputy",
            "No number on the sheet is wrong",
        ),
        team=[context.person("yusuf.adeyinka")],
    )
