"""What duties 1 to 4 may begin with: design, policies and controls, identity and access, incident reviews."""

from django.utils.translation import gettext_lazy as _

from duties.choices import Duty
from duties.starting_texts.shape import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY, StarterActivity

DIRECTING = (
    StarterActivity(
        key="design.round",
        duty=Duty.DESIGN,
        title=_("Design review round"),
        task=_(
            "Go through the projects of the coming months, and choose whose design is reviewed before it is built."
        ),
        checklist=(
            _("Ask the project office for what starts within three months"),
            _("Choose what needs a review: new data, new exposure, new supplier"),
            _("Agree on a date and a reviewer for each"),
            _("Follow up conditions of earlier reviews that are still open"),
        ),
        evidence=_("The list of projects with the decision for each, and the reports of reviews held"),
        rrule=MONTHLY,
        begins=20,
    ),
    StarterActivity(
        key="design.principles",
        duty=Duty.DESIGN,
        title=_("Renew the principles of secure design"),
        task=_("See whether patterns and minimum requirements for new systems still fit what is built."),
        checklist=(
            _("Collect what reviews and incidents of the year said about the principles"),
            _("Compare them with what the platform and cloud teams use now"),
            _("Write the changes, and let the architects comment on them"),
            _("Publish them where project teams look"),
        ),
        evidence=_("The principles as published, with what changed"),
        rrule=YEARLY,
        begins=150,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="policies.plan",
        duty=Duty.POLICIES,
        title=_("Plan the year’s policy and control reviews"),
        task=_(
            "Make sure that every policy, control and response plan is reviewed this year by somebody who can say whether it is right."
        ),
        checklist=(
            _("List what comes up for review within twelve months"),
            _("Agree with each owner on the date"),
            _("Name what is missing: rules that people ask for and that are nowhere written"),
        ),
        optional=(_("Name what can be retired"),),
        evidence=_("The plan of reviews, and what was agreed with the owners"),
        rrule=YEARLY,
        begins=45,
    ),
    StarterActivity(
        key="policies.sample",
        duty=Duty.POLICIES,
        title=_("Look at a sample of controls"),
        task=_(
            "Choose three key controls, and see for yourself whether they are carried out as they are written."
        ),
        checklist=(
            _("Choose three controls that nobody looked at for longest"),
            _("See one real case of each from beginning to end"),
            _("Talk over what differs with the control’s owner"),
            _("Agree on actions where something is missing"),
        ),
        evidence=_("Notes of each case with a screenshot or an extract"),
        rrule=QUARTERLY,
        begins=70,
    ),
    StarterActivity(
        key="policies.exercise",
        duty=Duty.POLICIES,
        title=_("Exercise an incident response plan"),
        task=_("Put a plan to the test around a table, with those who would be called."),
        checklist=(
            _("Choose a plan and a scenario that fits the threats of the year"),
            _("Invite those who are named in it, deputies among them"),
            _("Hold it, and write down what nobody could answer"),
            _("Agree on what changes in the plan"),
        ),
        evidence=_("Scenario, list of those who took part, what was learnt"),
        rrule=YEARLY,
        begins=120,
    ),
    StarterActivity(
        key="access.privileged",
        duty=Duty.ACCESS,
        title=_("Review privileged access"),
        task=_("Let the owners of systems confirm or withdraw each administrator’s access."),
        checklist=(
            _("Take the lists of administrators from directories, cloud and databases"),
            _("Let each owner decide on each entry"),
            _("See that what was withdrawn is gone"),
            _("Look at emergency accounts: who used them, and why"),
        ),
        evidence=_("The lists with the decisions, and a second list that shows what was taken away"),
        rrule=QUARTERLY,
        begins=30,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="access.leavers",
        duty=Duty.ACCESS,
        title=_("Check that leavers have no access"),
        task=_("Compare who left with who can still sign in."),
        checklist=(
            _("Take the leavers of the month from human resources, contractors among them"),
            _("Compare with accounts in directory, cloud and business systems"),
            _("Close what is still open, and find out why it was"),
        ),
        evidence=_("Both lists and the comparison"),
        rrule=MONTHLY,
        begins=14,
    ),
    StarterActivity(
        key="access.rules",
        duty=Duty.ACCESS,
        title=_("Renew the rules of identity and access"),
        task=_("See whether sign-in, roles, and the separation of duties still fit the risks."),
        checklist=(
            _("Look at how people sign in, and where a second factor is missing"),
            _("Look at roles that can do too much together"),
            _("Look at accounts of machines and services, and at their keys"),
            _("Decide what changes, by when and by whom"),
        ),
        evidence=_("The decision, and the rules as they are in force"),
        rrule=YEARLY,
        begins=200,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="incidents.lessons",
        duty=Duty.INCIDENTS,
        title=_("Look back at the quarter’s incidents"),
        task=_(
            "Read the incidents of the quarter side by side: what do they have in common, and what would have prevented them?"
        ),
        checklist=(
            _("List incidents and near misses, with impact and time to detect and to end"),
            _("See that each serious one was reviewed by somebody independent of it"),
            _("Name causes that come up more than once"),
            _("Agree on actions against these, and look at earlier ones"),
        ),
        evidence=_("The list and the conclusions, linked with the incidents and actions"),
        rrule=QUARTERLY,
        begins=50,
    ),
    StarterActivity(
        key="incidents.readiness",
        duty=Duty.INCIDENTS,
        title=_("See whether we could investigate"),
        task=_("Make sure that an investigation would find what it needs: logs, people, tools, contracts."),
        checklist=(
            _("Check which logs are kept for how long, and that they can be searched"),
            _("Check the contract for outside help, and call the number"),
            _("Check the duties to report: to whom, within how many hours, by whom"),
        ),
        optional=(_("Take an image of a machine, as practice"),),
        evidence=_("What was checked with its result, and the test call’s date"),
        rrule=HALF_YEARLY,
        begins=95,
    ),
)
