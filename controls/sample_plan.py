"""What the sample bank's controls are: invented, in words of our own, for the sample standard."""

from dataclasses import dataclass

from controls.choices import ControlType, Frequency, Implementation, Nature

YUSUF, HANNEKE, DAWIT, MEILIN = "yusuf.adeyinka", "hanneke.dijkgraaf", "dawit.tekleab", "meilin.zhao"
PREVENTIVE, DETECTIVE, CORRECTIVE = ControlType.PREVENTIVE, ControlType.DETECTIVE, ControlType.CORRECTIVE
MANUAL, AUTOMATED, PARTLY = Nature.MANUAL, Nature.AUTOMATED, Nature.PARTLY
ACCESS, POLICY, USE = "Access control policy", "Information security policy", "Acceptable use policy"
RESPONSE, RANSOM, SUPPLIERS = "Incident response plan", "Ransomware playbook", "Supplier security policy"


@dataclass(frozen=True, kw_only=True)
class SampleControl:
    """A control of the sample, begun `days` ago, and how far it came (`reach`).

    It `covers` requirements fully and `touches` others in `part`. The evidence of the last `missing` periods was not given.
    `ratings` are how many days ago, what, and why.
    """

    title: str
    statement: str
    purpose: str = ""
    type: str = PREVENTIVE
    nature: str = MANUAL
    frequency: str = Frequency.MONTHLY
    is_key: bool = False
    owner: str = YUSUF
    evidence_how: str = "A sample of ten cases of the period, with what was looked at and what was found."
    months: int | None = 6
    days: int = 400
    reach: str = "in_force"
    implementation: str = Implementation.IMPLEMENTED
    note: str = ""
    covers: str = ""
    touches: str = ""
    part: str = ""
    documents: tuple[str, ...] = ()
    missing: int = 0
    ratings: tuple[tuple[int, str, str], ...] = ()
    change: str = ""
    adds: str = ""


CONTROLS = (
    SampleControl(
        title="Leavers lose access on their last day",
        statement="The service desk ends **all accounts** of a person by six in the evening of the last day, from the list that personnel sends each morning.",
        purpose="Nobody who left the bank still gets in.",
        frequency=Frequency.DAILY,
        is_key=True,
        covers="PE-5",
        touches="AC-4",
        part="Accounts of people who left; not those who merely stopped using theirs.",
        documents=(ACCESS,),
        months=3,
        ratings=(
            (300, "partly", "Three of 25 accounts were ended up to a week late."),
            (60, "effective", "All 25 accounts that were looked at were ended in time."),
        ),
    ),
    SampleControl(
        title="Owners confirm rights twice a year",
        statement="Each owner of a system confirms or takes away **every right** in it, and the list is closed within thirty days.",
        purpose="Nobody keeps a right that the work no longer needs.",
        type=DETECTIVE,
        frequency=Frequency.HALF_YEARLY,
        is_key=True,
        owner=HANNEKE,
        covers="AC-3",
        touches="PE-4",
        part="What was missed when somebody changed duties.",
        documents=(ACCESS,),
        missing=1,
        ratings=((120, "largely", "Two of eleven lists were closed late, none was left open."),),
    ),
    SampleControl(
        title="Two factors for everyone",
        statement="Every sign-in to a system of the bank asks for a **second factor**: a passkey, or a code from an app.",
        purpose="A stolen password alone opens nothing.",
        nature=AUTOMATED,
        frequency=Frequency.CONTINUOUS,
        is_key=True,
        covers="AC-2",
        touches="AC-6",
        part="Makes a weak password less dangerous; does not keep it from being chosen.",
        documents=(ACCESS, USE),
        months=12,
        ratings=((45, "effective", "No sign-in of 400 was without one."),),
        reach="revising",
        change="Codes by text message end.",
        adds="Codes by text message are not accepted any more.",
    ),
    SampleControl(
        title="Administrators use an account of their own",
        statement="Whoever administers a system has a *second account* for that alone, opened by request and for one day at a time.",
        nature=PARTLY,
        frequency=Frequency.EVENT,
        is_key=True,
        owner=DAWIT,
        covers="AC-2(1) AC-5",
        documents=(ACCESS,),
        months=3,
        missing=2,
        ratings=((200, "partly", "Four of thirty accounts were open for longer than a day."),),
    ),
    SampleControl(
        title="Accounts that sleep are closed",
        statement="An account that nobody used for sixty days is locked by the directory, and deleted after a year.",
        nature=AUTOMATED,
        frequency=Frequency.DAILY,
        covers="AC-4",
        documents=(ACCESS,),
        months=12,
        ratings=((150, "effective", "None of 50 accounts that were looked at was older."),),
    ),
    SampleControl(
        title="Accounts of machines have an owner",
        statement="Each account of a machine names a person who answers for it, and its secret changes at least each year.",
        implementation=Implementation.PARTIAL,
        note="Done for the core and the cards. Forty accounts of the old reporting system are left.",
        owner=DAWIT,
        covers="AC-8",
        frequency=Frequency.YEARLY,
        days=260,
        ratings=((30, "partly", "Forty accounts have no owner yet."),),
    ),
    SampleControl(
        title="Wrong attempts lock an account",
        statement="After ten wrong attempts an account is locked for fifteen minutes, and the security desk is told of fifty in an hour.",
        nature=AUTOMATED,
        type=DETECTIVE,
        frequency=Frequency.CONTINUOUS,
        covers="AC-7",
        months=12,
    ),
    SampleControl(
        title="References are checked before work begins",
        statement="Personnel checks identity, two references and the register of convictions of whoever is to work for the bank.",
        owner=HANNEKE,
        frequency=Frequency.EVENT,
        covers="PE-1",
        months=12,
    ),
    SampleControl(
        title="Everybody is trained each year",
        statement="Everybody takes the course *Safe at work* within a month of beginning, and once a year after that.",
        owner=HANNEKE,
        frequency=Frequency.YEARLY,
        covers="PE-2 PE-3",
        documents=(USE,),
        ratings=((80, "largely", "94 of 100 had taken it; six were on leave."),),
    ),
    SampleControl(
        title="Trial messages go out each quarter",
        statement="The awareness team sends a trial message to everybody each quarter, and talks to those who were taken in.",
        type=DETECTIVE,
        owner=MEILIN,
        frequency=Frequency.QUARTERLY,
        covers="PE-2(2)",
        months=3,
    ),
    SampleControl(
        title="Developers learn to write safely",
        statement="Each developer takes a course of two days before the first release, with the faults of our own programs as examples.",
        owner=DAWIT,
        frequency=Frequency.YEARLY,
        implementation=Implementation.PLANNED,
        note="The course is bought; the first is in February.",
        covers="PE-2(1)",
        days=90,
    ),
    SampleControl(
        title="Great payments need two people",
        statement="A payment above 250,000 or a change of the limits takes **two people** of different teams.",
        nature=PARTLY,
        is_key=True,
        frequency=Frequency.EVENT,
        owner=HANNEKE,
        covers="PE-6",
        months=3,
        ratings=((20, "effective", "No payment of 60 went through with one."),),
    ),
    SampleControl(
        title="Work from elsewhere goes through the tunnel",
        statement="Devices outside the houses of the bank reach its systems through an encrypted tunnel alone.",
        nature=AUTOMATED,
        frequency=Frequency.CONTINUOUS,
        covers="PE-7 DN-9",
        documents=(USE,),
        months=12,
        days=600,
    ),
    SampleControl(
        title="Phones are managed",
        statement="A phone with mail of the bank is enrolled, encrypted, and wiped when it is lost.",
        nature=AUTOMATED,
        frequency=Frequency.CONTINUOUS,
        owner=DAWIT,
        covers="DN-8",
        days=600,
        months=12,
    ),
    SampleControl(
        title="The list of devices is compared each week",
        statement="What the network sees is compared with the register each week; what is unknown is looked into within two days.",
        type=DETECTIVE,
        nature=PARTLY,
        frequency=Frequency.WEEKLY,
        owner=MEILIN,
        covers="DN-1",
        months=3,
        missing=1,
    ),
    SampleControl(
        title="Corrections are in within thirty days",
        statement="Corrections of makers are tested and in use within **thirty days**, those of faults in use within three.",
        type=CORRECTIVE,
        nature=PARTLY,
        is_key=True,
        frequency=Frequency.MONTHLY,
        owner=DAWIT,
        covers="DN-2",
        touches="DN-2(1)",
        part="Servers and desktops; not the machines in the branches.",
        months=3,
        ratings=((100, "ineffective", "A third of the branches was behind by more than sixty days."),),
    ),
    SampleControl(
        title="Machines are scanned each week",
        statement="All machines are scanned for known faults each week, and owners see theirs the next morning.",
        type=DETECTIVE,
        nature=AUTOMATED,
        frequency=Frequency.WEEKLY,
        owner=MEILIN,
        covers="DN-4",
        months=6,
    ),
    SampleControl(
        title="Networks of cards stand apart",
        statement="The network in which cards are processed has no way in but the gateway, whose rules are looked through twice a year.",
        nature=PARTLY,
        is_key=True,
        frequency=Frequency.HALF_YEARLY,
        owner=DAWIT,
        covers="DN-5",
        touches="DN-6",
        part="The gateway of the cards, not the other doors to the outside.",
        months=6,
    ),
    SampleControl(
        title="Harmful programs are stopped",
        statement="Every machine has the watcher, which stops what is known and tells the security desk of what is strange.",
        nature=AUTOMATED,
        frequency=Frequency.CONTINUOUS,
        covers="DN-7",
        documents=(RANSOM,),
        months=6,
    ),
    SampleControl(
        title="Copies that nobody can change",
        statement="A copy of the ledger is made each hour, one a day to a place where nothing can be changed for ninety days.",
        type=ControlType.RECOVERY,
        nature=AUTOMATED,
        is_key=True,
        frequency=Frequency.DAILY,
        covers="DT-6 DT-6(1)",
        documents=(RANSOM, RESPONSE),
        months=3,
        ratings=((50, "effective", "The restore of the ledger took 41 minutes."),),
    ),
    SampleControl(
        title="Restores are tried each quarter",
        statement="One system a quarter is restored from its copies by people who did not make them.",
        type=DETECTIVE,
        frequency=Frequency.QUARTERLY,
        touches="RR-4 RR-6",
        part="The restore itself; not how the business goes on meanwhile.",
        documents=(RESPONSE,),
        months=3,
    ),
    SampleControl(
        title="Keys are kept in a vault",
        statement="Keys are made, kept and changed in the vault; nobody can take one out.",
        nature=PARTLY,
        frequency=Frequency.EVENT,
        owner=DAWIT,
        reach="review",
        implementation=Implementation.PARTIAL,
        note="In use for the cards; the rest follows by summer.",
        covers="DT-5",
        touches="DT-2",
        part="The keys, not what is encrypted with them.",
        days=8,
    ),
    SampleControl(
        title="Logs are kept out of reach for a year",
        statement="Logs of systems leave them within a minute, and are kept for a year where their administrators can't change them.",
        type=DETECTIVE,
        nature=AUTOMATED,
        frequency=Frequency.CONTINUOUS,
        is_key=True,
        covers="RR-3 RR-5",
        documents=(RESPONSE,),
        months=6,
    ),
    SampleControl(
        title="Suppliers answer before they are chosen",
        statement="No contract is signed with a supplier who handles data of the bank before the questions of the security office are answered.",
        owner=HANNEKE,
        frequency=Frequency.EVENT,
        reach="draft",
        implementation=Implementation.NOT_STARTED,
        covers="GV-7",
        documents=(SUPPLIERS,),
        evidence_how="",
        days=4,
    ),
    SampleControl(
        title="Test data is made up",
        statement="Systems in test hold no data of customers; what is needed is generated.",
        owner=DAWIT,
        frequency=Frequency.CONTINUOUS,
        implementation=Implementation.NOT_APPLICABLE,
        note="Tests run at the supplier of the core since May; the contract forbids our data there.",
        covers="DT-7",
        days=300,
    ),
    SampleControl(
        title="Tapes are carried by two people",
        statement="Tapes leave the house in sealed cases, carried by two people.",
        frequency=Frequency.DAILY,
        reach="retired",
        note="Tapes are gone: copies go to the second place by line.",
        covers="DT-4",
        days=900,
        months=12,
    ),
)
