"""What duties 10 to 13 may begin with: people and vendors, strategy, executive briefings, advice to the business."""

from django.utils.translation import gettext_lazy as _

from duties.choices import Duty
from duties.starting_texts.shape import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY, StarterActivity

LEADING = (
    StarterActivity(
        key="people.capacity",
        duty=Duty.PEOPLE,
        title=_("Look at the team: work, skills, health"),
        task=_(
            "Talk with each lead about what is too much, which skills are missing, and who is about to leave."
        ),
        checklist=(
            _("Compare the work of the quarter with the people there are"),
            _("Name work that one person alone can do, and who learns it"),
            _("Agree on trainings, and look at those agreed before"),
        ),
        evidence=_("The plan of skills and trainings; nothing about a person’s health"),
        rrule=QUARTERLY,
        begins=55,
    ),
    StarterActivity(
        key="people.hiring",
        duty=Duty.PEOPLE,
        title=_("Plan the hiring round"),
        task=_("Say which posts are to be filled in the coming year, with what for, and by when."),
        checklist=(
            _("Write down which posts are vacant or missing, by duty"),
            _("Agree on money and dates with finance and human resources"),
            _("Write the advertisements, and name who interviews"),
        ),
        evidence=_("The plan of posts as agreed"),
        rrule=YEARLY,
        begins=180,
    ),
    StarterActivity(
        key="people.vendors",
        duty=Duty.PEOPLE,
        title=_("Review the critical vendors"),
        task=_(
            "Look at each vendor without whom we could not work: what they promised, what happened, how we would leave."
        ),
        checklist=(
            _("Update the list of critical vendors with the units"),
            _("Read reports, certificates and incidents of each"),
            _("Check that the contract says who tells whom, and how fast"),
            _("Check that there is a way out, and when it was last tried"),
        ),
        evidence=_("The list with a conclusion for each, and the reports read"),
        rrule=HALF_YEARLY,
        begins=100,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="strategy.review",
        duty=Duty.STRATEGY,
        title=_("Review the security strategy"),
        task=_(
            "See whether the strategy still fits the business, its technology and the threats; write what changes."
        ),
        checklist=(
            _("Ask each executive what the business plans for the next two years"),
            _("Compare with the threat assessment and the risks above the appetite"),
            _("Say what of the strategy was reached, and what was not"),
            _("Write the goals for the coming year, each with a figure"),
            _("Have it decided"),
        ),
        evidence=_("The strategy as decided, and the minutes"),
        rrule=YEARLY,
        begins=140,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="strategy.budget",
        duty=Duty.STRATEGY,
        title=_("Budget round"),
        task=_("Put a price on the strategy’s goals, and make the case for each."),
        checklist=(
            _("Ask the leads for their needs, each with the risk that it lowers"),
            _("Compare with what was spent, and what it brought"),
            _("Write the case, with what happens without the money"),
            _("Agree with finance"),
        ),
        evidence=_("The budget as agreed, and the case that was made"),
        rrule=YEARLY,
        begins=190,
    ),
    StarterActivity(
        key="strategy.progress",
        duty=Duty.STRATEGY,
        title=_("Follow the strategy’s goals"),
        task=_("Look at each goal’s figure, and decide what to do where it does not move."),
        checklist=(
            _("Take the figures"),
            _("Talk with who answers for each goal that is behind"),
            _("Decide: more, otherwise, or no longer"),
        ),
        evidence=_("The figures and the decisions"),
        rrule=QUARTERLY,
        begins=65,
    ),
    StarterActivity(
        key="briefings.quarter",
        duty=Duty.BRIEFINGS,
        title=_("Brief the executives"),
        task=_(
            "Show where security stands in a quarter of an hour: what changed, what is above the appetite, what needs a decision."
        ),
        checklist=(
            _("Take the figures as of the day"),
            _("Write one page, and the decisions that are asked for"),
            _("Hold it, and write down questions and decisions"),
            _("Enter what was decided as actions"),
        ),
        evidence=_("The page, the minutes, and the actions linked"),
        rrule=QUARTERLY,
        begins=45,
    ),
    StarterActivity(
        key="briefings.board",
        duty=Duty.BRIEFINGS,
        title=_("Report to the board"),
        task=_(
            "Report once a year what the board must know to answer for security, in its language and not in ours."
        ),
        checklist=(
            _("Agree with the chair on what the board wants to know"),
            _("Write the report, and have the figures checked by somebody else"),
            _("Present it, and keep what was asked and decided"),
        ),
        evidence=_("The report as presented, and the extract of the minutes"),
        rrule=YEARLY,
        begins=160,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="advice.mail",
        duty=Duty.ADVICE,
        title=_("Write the month’s advice to everyone"),
        task=_(
            "Tell everybody one thing that is worth knowing this month: short, friendly, useful at home, too."
        ),
        checklist=(
            _("Choose the subject by what happened lately"),
            _("Write it in two hundred words with one thing to do"),
            _("Let somebody outside security read it first"),
            _("Send it"),
        ),
        evidence=_("The message as sent"),
        rrule=MONTHLY,
        begins=12,
    ),
    StarterActivity(
        key="advice.units",
        duty=Duty.ADVICE,
        title=_("Visit a business unit"),
        task=_(
            "Ask the unit’s lead what they plan and what worries them; tell them the risks that concern them."
        ),
        checklist=(
            _("Read the unit’s risks, findings and incidents before"),
            _("Talk for an hour, and listen for most of it"),
            _("Write down what was promised on both sides"),
        ),
        evidence=_("A note of the talk, agreed on with the lead"),
        rrule=QUARTERLY,
        begins=28,
    ),
)
