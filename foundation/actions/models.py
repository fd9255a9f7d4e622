"""What somebody has to do about a record, until when, and the narrow copies that lists read."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.actions.choices import (
    JUDGED_STATES,
    NOT_STANDING,
    PROPOSALS,
    SETTLED,
    ActionNature,
    ActionState,
)
from foundation.actions.querysets import ActionListingQuerySet, ActionQuerySet
from foundation.files.models import FileVersion
from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of
from foundation.ui.dates import FIRST_DAY, LAST_DAY

DUE_MESSAGE = _("Use a date between 1970 and 2999.")


MOST_EFFECTIVENESS_DAYS = 730
DAYS_MESSAGE = _("Use a number of days between 1 and 730.")


def _person(words: Any, **options: Any) -> Any:
    """Return a field that names a person; nobody asks for the actions of one by it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=words,
        db_index=False,
        **options,
    )


def _instant(words: Any) -> Any:
    return models.DateTimeField(words, null=True, blank=True, editable=False)


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="action_events"))
class Action(Record):
    """A piece of work that follows from a record (its source), with an owner, a due date and what came of it.

    A task is done. A corrective action is reported done, verified by somebody else, and some time later found to be
    effective, or open again: neither its owner nor who reported it done takes part in judging it, nor is the owner ever
    named to (migrations 0007 and 0010 let the database see to that, too); it is found not effective only once it was verified,
    and that is counted for ever (migration 0016). It belongs to its source's unit, is as confidential as its source, and names those who own its
    source or take part in it. What somebody proposed (`proposed_by`) is agreed on by another, or returned: until then it
    counts for nothing (migrations 0013 and 0014 let the database see to that). `proof` are the versions of files that it was ever judged by: they stay, also when it is
    open again (migration 0012 lets the database see to that).
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_action"
    )
    source = models.ForeignKey(Record, models.PROTECT, related_name="actions", verbose_name=_("follows from"))
    nature = models.CharField(
        _("nature"), max_length=12, choices=ActionNature.choices, default=ActionNature.TASK
    )
    description = models.TextField(_("what is to be done"), blank=True, max_length=10_000)
    due_on = models.DateField(
        _("due on"),
        validators=[MinValueValidator(FIRST_DAY, DUE_MESSAGE), MaxValueValidator(LAST_DAY, DUE_MESSAGE)],
    )
    proposed_by = _person(_("proposed by"), editable=False)
    agreed_by = _person(_("agreed on by"), editable=False)
    agreed_at = _instant(_("when it was agreed on"))
    proposal_due_on = models.DateField(
        _("proposal to be decided or revised by"), null=True, blank=True, editable=False
    )
    returned_because = models.TextField(
        _("why it was returned"), blank=True, max_length=10_000, editable=False, db_default=""
    )
    outcome = models.TextField(_("what came of it"), blank=True, max_length=10_000)
    done_at = _instant(_("done at"))
    done_by = _person(_("reported done by"), editable=False)

    proof = models.ManyToManyField(
        FileVersion,
        related_name="+",
        verbose_name=_("files that it was judged by"),
        blank=True,
        editable=False,
    )

    verifier = _person(_("verifier"))
    verification_due_on = models.DateField(_("to be verified by"), null=True, blank=True, editable=False)
    verification = models.TextField(_("how it was verified"), blank=True, max_length=10_000, editable=False)
    verified_at = _instant(_("verified at"))
    verified_by = _person(_("verified by"), editable=False)

    effectiveness_days = models.PositiveSmallIntegerField(
        _("days until the effect is checked"),
        default=90,
        validators=[
            MinValueValidator(1, DAYS_MESSAGE),
            MaxValueValidator(MOST_EFFECTIVENESS_DAYS, DAYS_MESSAGE),
        ],
    )
    effectiveness_due_on = models.DateField(
        _("effect to be checked on"), null=True, blank=True, editable=False
    )
    effect = models.TextField(_("what shows that it worked"), blank=True, max_length=10_000, editable=False)
    effect_checked_at = _instant(_("effect checked at"))
    effect_checked_by = _person(_("effect checked by"), editable=False)
    open_because = models.TextField(_("why it is open again"), blank=True, max_length=10_000, editable=False)
    times_reopened = models.PositiveSmallIntegerField(
        _("times found not effective"), default=0, editable=False
    )

    objects: ClassVar[Any] = ActionQuerySet.as_manager()
    days_agreed: list[str]  # as `with_agreed_days()` adds it

    # Why a person with a side in what it follows from agrees on nothing there, once asked: see `sources.agreed_side_refusal()`.
    agreeing: Callable[[User], str | None] | None = None

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            models.Index(fields=["source", "due_on"], name="action_source_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=models.F("record_ptr")), name="action_not_its_own_source"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__range=(FIRST_DAY, LAST_DAY)),
                name="action_due_in_range",
                violation_error_message=DUE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=models.Q(nature__in=ActionNature.values), name="action_known_nature"
            ),
            models.CheckConstraint(
                condition=models.Q(effectiveness_days__range=(1, MOST_EFFECTIVENESS_DAYS)),
                name="action_effectiveness_days",
                violation_error_message=DAYS_MESSAGE,
            ),
            # NULL where nobody did it yet, which a check lets pass.
            models.CheckConstraint(
                condition=~models.Q(agreed_by=models.F("proposed_by")), name="action_agreed_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="action_agreed_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(verified_by=models.F("done_by")), name="action_verified_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(effect_checked_by=models.F("done_by")),
                name="action_effect_checked_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True, verified_at__isnull=True)
                | models.Q(
                    verified_by__isnull=False,
                    verified_at__isnull=False,
                    done_by__isnull=False,
                    nature=ActionNature.CORRECTIVE,
                ),
                name="action_verified_once_done",
            ),
            models.CheckConstraint(
                condition=models.Q(effect_checked_by__isnull=True, effect_checked_at__isnull=True)
                | models.Q(
                    effect_checked_by__isnull=False,
                    effect_checked_at__isnull=False,
                    verified_by__isnull=False,
                ),
                name="action_effect_checked_once_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(times_reopened=0) | models.Q(nature=ActionNature.CORRECTIVE),
                name="action_not_effective_if_corrective",
            ),
        ]

    @property
    def is_corrective(self) -> bool:
        """Tell whether it is verified, and its effect checked."""
        return self.nature == ActionNature.CORRECTIVE

    @property
    def is_proposal(self) -> bool:
        """Tell whether it is still to be agreed on."""
        return self.state in PROPOSALS

    @property
    def is_agreed(self) -> bool:
        """Tell whether it was agreed on and not cancelled: the rule of `ActionQuerySet.agreed()`, of one in hand."""
        return self.state not in NOT_STANDING

    @cached_property
    def unfinished_below(self) -> tuple[str, ...]:
        """Return the references of what follows from it, directly or over other actions, and is still to be done or verified.

        One query when first asked; none where the action was fetched `with_unfinished_below()`.
        """
        if hasattr(self, "below_read"):
            return tuple(self.below_read)
        found = Action.objects.filter(pk=self.pk).with_unfinished_below()
        return tuple(found.values_list("below_read", flat=True).get())

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.state in SETTLED

    @property
    def next_due_on(self) -> date:
        """Return the day by which the next step is to be taken; of what is settled, the day by which it was to be done."""
        waits_until = {
            ActionState.PROPOSED: self.proposal_due_on,
            ActionState.RETURNED: self.proposal_due_on,
            ActionState.TO_VERIFY: self.verification_due_on,
            ActionState.VERIFIED: self.effectiveness_due_on,
        }.get(ActionState(self.state))
        return waits_until or self.due_on


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = [
    "unit",
    "owner",
    "confidentiality",
    "is_archived",
    "is_settled",
    "state",
    "nature",
    "source",
    "from_kind",
    "root_kind",
    "needle",
]


class ActionListing(RecordListing):
    """What the list of actions filters, sorts and shows: one narrow row beside each action, written by triggers (migrations
    0006, 0007 and 0013).

    `due_on` is the day by which the next step is to be taken: of one that waits to be verified, that of its verification; of a
    proposal, that of the decision on it.
    `from_kind` is the kind of what it follows from, `root_kind` that of where the chain of actions starts, by which it
    belongs to a duty.
    """

    action = models.OneToOneField(Action, models.CASCADE, primary_key=True, related_name="listing")
    source = models.ForeignKey(
        Record,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("follows from"),
        db_constraint=False,
        db_index=False,
    )
    from_kind = models.CharField(_("kind of what it follows from"), max_length=40)
    root_kind = models.CharField(_("kind of where it started"), max_length=40)
    state = models.CharField(_("state"), max_length=40, choices=ActionState.choices)
    is_settled = models.BooleanField(_("settled"))
    nature = models.CharField(_("nature"), max_length=12, choices=ActionNature.choices)
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("verifier"),
        db_constraint=False,
        db_index=False,
    )
    due_on = models.DateField(_("next due on"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects: ClassVar[Any] = ActionListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed action")
        verbose_name_plural = _("listed actions")
        indexes = [
            models.Index(fields=["due_on", "action"], include=ASKED, name="action_listing_due"),
            models.Index(
                fields=["unit", "due_on", "action"],
                include=[name for name in ASKED if name != "unit"],
                name="action_listing_unit_due",
            ),
            # The list opens with what is not settled, and any state is one side of that.
            models.Index(
                fields=["is_settled", "due_on", "action"],
                include=[name for name in ASKED if name != "is_settled"],
                name="action_listing_settled_due",
            ),
            models.Index(fields=["owner", "due_on"], name="action_listing_owner_due"),
            models.Index(
                fields=["verifier", "due_on"],
                condition=models.Q(is_settled=False, verifier__isnull=False),
                name="action_listing_verifier_due",
            ),
            # The few that wait for somebody's word, proposed or reported done, by which they are counted.
            models.Index(
                fields=["state", "due_on", "action"],
                include=["unit", "owner", "confidentiality", "is_archived", "is_settled"],
                condition=models.Q(state__in=(*PROPOSALS, *JUDGED_STATES)),
                name="action_listing_waiting",
            ),
            # Those, hopefully none, that nobody can verify until somebody is named.
            models.Index(
                fields=["due_on", "action"],
                include=["unit", "owner", "confidentiality", "is_archived"],
                condition=models.Q(is_settled=False, nature=ActionNature.CORRECTIVE, verifier__isnull=True),
                name="action_listing_nobody",
            ),
            models.Index(fields=["source", "action"], name="action_listing_source"),
            models.Index(fields=["title", "action"], name="action_listing_title"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the action's page."""
        return address_of("actions:action-detail", self.reference)
