"""The sample bank's exceptions: in force, nearly over, expired, renewed, waiting, just begun, refused, revoked."""

from dataclasses import dataclass
from datetime import timedelta

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.models import PolicyException
from exceptions.services import exception_create, exception_end_due
from foundation.accounts.organisation import organisation_day
from foundation.accounts.sample import SampleContext
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel
from policies.models import Document

ACCESS, USE, SECURITY = "Access control policy", "Acceptable use policy", "Information security policy"
CISO = "leonor.vasconcelos"


@dataclass(frozen=True)
class SampleException:
    """An exception: from what, for whom, and how far it has come. Days are counted from today, `asked` before `starts`."""

    title: str
    document: str
    section: str
    unit: str
    asker: str
    risk: RiskLevel
    words: tuple[str, str, str]  # why, what is done instead, and what may happen
    asked: int
    days: tuple[int, int]  # from, until
    systems: str = ""
    verdict: Verdict | None = Verdict.APPROVE
    is_submitted: bool = True
    renews: str = ""
    comment: str = ""
    revoked: str = ""  # why, ten days ago


TERMINALS = SampleException(
    title="Counter terminals sign in without a second factor",
    document=ACCESS,
    section="section-authentication",
    unit="CRD",
    asker="danylo.shevchuk",
    risk=RiskLevel.MODERATE,
    words=(
        "The terminals of the card counters have no reader for keys. New ones are ordered and come branch by branch.",
        "Terminals stand in rooms that open by badge, reach the card platform alone, and lock after two minutes. Sign-ins outside opening hours raise an alert.",
        "Somebody in the room could use another's password. Amounts above 2,000 need a second person in any case.",
    ),
    asked=-332,
    days=(-325, -40),
    systems="Counter terminals T-100 to T-164",
)

EXCEPTIONS = (
    TERMINALS,
    SampleException(
        title="Counter terminals of the last nine branches without a second factor",
        document=ACCESS,
        section="section-authentication",
        unit="CRD",
        asker="danylo.shevchuk",
        risk=RiskLevel.MODERATE,
        words=(
            "Nine branches wait for their new terminals: the supplier delivers the rest in the new year.",
            TERMINALS.words[1],
            "As before, in nine branches where there were sixty-four. No misuse was seen in the first year.",
        ),
        asked=-52,
        days=(-39, 75),
        systems="Counter terminals T-156 to T-164",
        renews=TERMINALS.title,
    ),
    SampleException(
        title="One shared account on the SWIFT console",
        document=ACCESS,
        section="section-identities",
        unit="PAY",
        asker="emre.yildirim",
        risk=RiskLevel.HIGH,
        words=(
            "The console's old release knows one operator. The release that knows several is being tested.",
            "The password lies in the vault and changes after each shift; the vault says who took it, and a camera shows the console.",
            "What an operator does can be told apart by shift alone. Payments themselves need two people in the payment system.",
        ),
        asked=-90,
        days=(-80, 12),
        systems="SWIFT Alliance console",
    ),
    SampleException(
        title="Laptops of the migration project without the bank's build",
        document=USE,
        section="section-devices",
        unit="TEC",
        asker="viktor.anderberg",
        risk=RiskLevel.MODERATE,
        words=(
            "The integrator's engineers need tools that our build does not allow, until the cut-over.",
            "The laptops reach the migration network alone, are scanned each week, and hold no data of customers.",
            "A laptop could bring something into the migration network, which is cut off from production.",
        ),
        asked=-205,
        days=(-200, -18),
        systems="24 laptops of the integrator",
    ),
    SampleException(
        title="A batch account whose password never changes",
        document=ACCESS,
        section="section-identities",
        unit="TEC",
        asker="paloma.iturralde",
        risk=RiskLevel.LOW,
        words=(
            "The old ledger reads the password from its configuration, and stops when it changes.",
            "The account may read two tables, from one host. Its use is compared with the schedule each morning.",
            "Whoever took it over could read balances of closed accounts from that host.",
        ),
        asked=-310,
        days=(-300, 20),
        systems="Ledger batch LB-07",
    ),
    SampleException(
        title="The batch account's password until the ledger is switched off",
        document=ACCESS,
        section="section-identities",
        unit="TEC",
        asker="paloma.iturralde",
        risk=RiskLevel.LOW,
        words=(
            "The ledger is switched off in spring; changing it now would cost more than it is worth.",
            "As before; the account was taken off one of the two tables.",
            "As before, for five months more.",
        ),
        asked=-3,
        days=(21, 170),
        systems="Ledger batch LB-07",
        verdict=None,
        renews="A batch account whose password never changes",
    ),
    SampleException(
        title="Trade finance keeps its own administrators",
        document=ACCESS,
        section="section-privileged-access",
        unit="COR",
        asker="rizal.hakimi",
        risk=RiskLevel.CRITICAL,
        words=(
            "The vendor runs the system on our premises, and the vault can't be reached from its network yet.",
            "Two named people of the vendor, whose sessions are recorded on a jump host; we read a sample each week.",
            "A vendor's administrator could change a letter of credit. The amounts are high, and there are some hundred a month.",
        ),
        asked=-5,
        days=(10, 190),
        systems="Trade finance system",
        verdict=None,
    ),
    SampleException(
        title="Own phones for the engineers on call",
        document=USE,
        section="section-own-devices",
        unit="TEC",
        asker="samir.haddadin",
        risk=RiskLevel.LOW,
        words=(
            "The phones for the new engineers on call come in six weeks.",
            "The alerting application alone, with its own PIN, and no mail.",
            "Whoever finds a phone could see which system has an alert.",
        ),
        asked=-1,
        days=(3, 60),
        verdict=None,
        is_submitted=False,
    ),
    SampleException(
        title="No screen lock on the tablets of the advisers",
        document=USE,
        section="section-devices",
        unit="RET",
        asker="joaquim.tavares",
        risk=RiskLevel.HIGH,
        words=(
            "Customers have to wait while an adviser unlocks the tablet again.",
            "Advisers keep the tablet in sight.",
            "Whoever picks one up sees the customers of the day.",
        ),
        asked=-60,
        days=(-50, 120),
        verdict=Verdict.REJECT,
        comment="A lock by fingerprint takes a second and is there already: use that instead.",
    ),
    SampleException(
        title="The lift maintainer's remote access without recording",
        document=ACCESS,
        section="section-privileged-access",
        unit="TEC",
        asker="aoife.gallagher",
        risk=RiskLevel.MODERATE,
        words=(
            "The maintainer's software can't be used through the jump host.",
            "Access is opened for each visit by hand, and closed after it.",
            "The maintainer could reach the building network unseen while the access is open.",
        ),
        asked=-100,
        days=(-95, 80),
        revoked="The maintainer uses the jump host since the update of October.",
    ),
)


def sample_exceptions(context: SampleContext) -> None:
    """Ask for the exceptions, each at its time, let them be decided as far as they have come, and let days end what they end."""
    documents = {one.title: one for one in Document.objects.filter(title__in=(ACCESS, USE, SECURITY))}
    made: dict[str, PolicyException] = {}
    for sample in EXCEPTIONS:
        made[sample.title] = _exception(context, sample, documents[sample.document], made.get(sample.renews))
    for exception in made.values():
        exception_end_due(key=exception.pk, now=context.now)
        exception.refresh_from_db()
        if exception.state not in (ExceptionState.DRAFT, ExceptionState.IN_REVIEW):
            notices_cancel(record_id=exception.pk)  # what was told along the way was read long ago


def _exception(
    context: SampleContext, sample: SampleException, document: Document, renews: PolicyException | None
) -> PolicyException:
    asker, asked = context.person(sample.asker), context.now + timedelta(days=sample.asked)
    today = organisation_day(context.now)
    exception = exception_create(
        actor=asker,
        now=asked,
        document=document,
        title=sample.title,
        unit=context.units[sample.unit],
        owner=asker,
        section=sample.section,
        systems=sample.systems,
        reason=sample.words[0],
        compensation=sample.words[1],
        risk=sample.risk,
        risk_words=sample.words[2],
        starts_on=today + timedelta(days=sample.days[0]),
        expires_on=today + timedelta(days=sample.days[1]),
        renews=renews,
    )
    if sample.is_submitted:
        apply_transition(record=exception, name="submit", actor=asker, now=asked + timedelta(hours=1))
    if sample.verdict:
        _decide(context, exception, sample)
    if sample.revoked:
        revoked = context.now - timedelta(days=10)
        apply_transition(
            record=PolicyException.objects.get(pk=exception.pk),
            name="revoke",
            actor=asker,
            now=revoked,
            comment=sample.revoked,
        )
    return exception


def _decide(context: SampleContext, exception: PolicyException, sample: SampleException) -> None:
    """Let the document's owner decide, then the CISO where there is another stage."""
    assert sample.verdict is not None
    deciders = (exception.document.owner, context.person(CISO))
    for day, decider in enumerate(deciders, start=1):
        request = latest_request(exception)
        assert request is not None, "it was submitted"
        if request.state != RequestState.OPEN:
            return
        open_and_decide(
            request=request,
            actor=decider,
            verdict=sample.verdict,
            now=context.now + timedelta(days=sample.asked + day),
            comment=sample.comment,
        )
    notices_cancel(record_id=exception.pk)
