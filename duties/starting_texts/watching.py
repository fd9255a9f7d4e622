"""What duties 5 to 9 may begin with: threats, compliance, risks, audits, policy adherence."""

from django.utils.translation import gettext_lazy as _

from duties.choices import Duty
from duties.starting_texts.shape import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY, StarterActivity

WATCHING = (
    StarterActivity(
        key="threats.month",
        duty=Duty.THREATS,
        title=_("Read the month’s threats"),
        task=_("Read what happened to others like us, and say what of it concerns us."),
        checklist=(
            _("Read the reports of the national agency and of the industry’s exchange"),
            _("Compare exploited weaknesses with what runs here"),
            _("Tell operations what to look for"),
        ),
        evidence=_("A page with what concerns us and what follows from it"),
        rrule=MONTHLY,
        begins=10,
    ),
    StarterActivity(
        key="threats.assessment",
        duty=Duty.THREATS,
        title=_("Assess the threat landscape"),
        task=_("Say who would attack us, how, and what that means for the year’s risks and plans."),
        checklist=(
            _("Gather own incidents, reports of the industry, and findings of tests"),
            _("Describe the five likeliest ways in"),
            _("Compare them with the risks as they are written down"),
            _("Show it to the owners of risks, and change these where needed"),
        ),
        evidence=_("The assessment, linked with the risks that changed"),
        rrule=HALF_YEARLY,
        begins=60,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="compliance.changes",
        duty=Duty.COMPLIANCE,
        title=_("Look out for new laws and rules"),
        task=_(
            "See what legislators, supervisors and standards bodies have changed or announced, and what it asks of us."
        ),
        checklist=(
            _("Go through the sources together with legal and compliance"),
            _("Say of each change whether it concerns us, from when on, and who sees to it"),
            _("Enter the dates by which something must be done"),
        ),
        evidence=_("The list of changes with the decision for each"),
        rrule=MONTHLY,
        begins=17,
    ),
    StarterActivity(
        key="compliance.status",
        duty=Duty.COMPLIANCE,
        title=_("Say where we stand with each framework"),
        task=_("Go through the requirements that apply, and say how far each is met and what is missing."),
        checklist=(
            _("Update which requirements apply, and why others do not"),
            _("Say of each gap who closes it and by when"),
            _("Talk it over with the units concerned"),
        ),
        evidence=_("The statement of where we stand, with the open gaps"),
        rrule=HALF_YEARLY,
        begins=85,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="risks.review",
        duty=Duty.RISKS,
        title=_("Go through the risks with their owners"),
        task=_(
            "Look at each risk above the appetite together with its owner: is it rated right, and does its treatment move?"
        ),
        checklist=(
            _("Ask each owner whether likelihood and impact are still right"),
            _("Look at treatments that are late, and agree on a new date or another way"),
            _("Take in what threats, incidents and audits of the quarter brought up"),
            _("Have risks that are accepted decided anew by who may"),
        ),
        evidence=_("The register as of the day, and the decisions"),
        rrule=QUARTERLY,
        begins=40,
        needs_sign_off=True,
    ),
    StarterActivity(
        key="risks.appetite",
        duty=Duty.RISKS,
        title=_("Renew the risk appetite"),
        task=_("Propose to the executives how much risk of which kind they want to bear in the coming year."),
        checklist=(
            _("Collect the losses and near misses of the year"),
            _("Write the proposal with what each level would cost"),
            _("Have it decided, and tell the owners of risks"),
        ),
        evidence=_("The proposal and the decision in the minutes"),
        rrule=YEARLY,
        begins=220,
    ),
    StarterActivity(
        key="audits.programme",
        duty=Duty.AUDITS,
        title=_("Draw up the audit programme of the year"),
        task=_(
            "Say what is audited next year, by whom, and why: by risk, by law, and by what was not looked at for long."
        ),
        checklist=(
            _("List what must be audited by law, contract or certificate"),
            _("Add what risks and incidents suggest"),
            _("Make sure that nobody audits the own work"),
            _("Agree on dates with the units, and have the programme approved"),
        ),
        evidence=_("The programme as approved"),
        rrule=YEARLY,
        begins=170,
    ),
    StarterActivity(
        key="audits.findings",
        duty=Duty.AUDITS,
        title=_("Chase open audit findings"),
        task=_("Go through all findings that are open, the late ones first."),
        checklist=(
            _("Call the owners of late actions, and agree on what helps"),
            _("Have closed those whose effect is proven"),
            _("Tell the executives what stays late for more than a quarter"),
        ),
        evidence=_("The list of findings before and after, with notes of the calls"),
        rrule=MONTHLY,
        begins=24,
    ),
    StarterActivity(
        key="adherence.acknowledgements",
        duty=Duty.ADHERENCE,
        title=_("See who has not acknowledged the policies"),
        task=_("Make sure that everyone has read what holds for them."),
        checklist=(
            _("Take the lists of those who have not, by unit"),
            _("Ask their managers to see to it, with a date"),
            _("Find out what stands in the way: language, access, length"),
        ),
        evidence=_("The figures by unit, before and after"),
        rrule=QUARTERLY,
        begins=35,
    ),
    StarterActivity(
        key="adherence.phishing",
        duty=Duty.ADHERENCE,
        title=_("Send a phishing exercise"),
        task=_("See how many report a false mail, and teach those who fall for it, without blame."),
        checklist=(
            _("Choose a story that fits the season, and agree on it with the works council"),
            _("Send it, and count reports, clicks and entries"),
            _("Show those who clicked how to tell"),
            _("Thank those who reported it"),
        ),
        evidence=_("The figures by unit, never by name"),
        rrule=QUARTERLY,
        begins=80,
    ),
    StarterActivity(
        key="adherence.walk",
        duty=Duty.ADHERENCE,
        title=_("Walk through a site"),
        task=_("Look how rules are lived: screens, badges, paper, visitors, meeting rooms."),
        checklist=(
            _("Choose a site that nobody visited this year"),
            _("Walk through it with somebody who works there"),
            _("Tell the head of the site what was seen, the good things first"),
        ),
        evidence=_("Notes and pictures without people"),
        rrule=HALF_YEARLY,
        begins=130,
    ),
)
