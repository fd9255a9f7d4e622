"""How the sample bank runs its duties: who does what of the starter plan, and what came of it, in plain rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SampleActivity:
    """An activity of the starter plan in the bank's hands: who owns it, for which unit, and what came of it, time after time."""

    key: str
    owner: str
    unit: str
    outcomes: tuple[str, ...]


ROWS = (
    SampleActivity("design.round", "dawit.tekleab", "TEC", (
        "Nine projects start within three months; three were chosen for a review. The conditions of the **mobile wallet** are still open.",
        "Four projects, none with new exposure. The statement archive moves to another supplier and is reviewed in its first sprint.",
    )),
    SampleActivity("design.principles", "dawit.tekleab", "TEC", (
        "Two principles were added: secrets come from the vault alone, and every interface has an owner. One was dropped that nobody could test.",
    )),
    SampleActivity("policies.sample", "rui.montenegro", "QHB", (
        "Three controls seen. Two work as written; the **four-eyes check of limits** was signed by one person twice. An action is agreed on.",
        "Three controls seen, all as written. The restore test took six hours instead of four; its owner looks into that.",
    )),
    SampleActivity("policies.exercise", "yusuf.adeyinka", "QHB", (
        "Held with eleven people. Nobody knew who may stop instant payments at night. The plan names two people since.",
    )),
    SampleActivity("access.privileged", "meilin.zhao", "TEC", (
        "212 entries decided, 17 withdrawn, all of them gone the next day. The emergency account was used twice, both times by an incident.",
        "205 entries decided, 9 withdrawn. One database had no owner; it has one now.",
    )),
    SampleActivity("access.leavers", "meilin.zhao", "TEC", (
        "Fourteen people left. One contractor’s cloud account was still open for three days, since the end of the contract was not told.",
        "Nine people left, all accounts were closed on their last day.",
        "Eleven people left. Two shared mailboxes still named them; they don’t any more.",
    )),
    SampleActivity("access.rules", "hanneke.dijkgraaf", "QHB", (
        "A second factor is asked for everywhere but at the branch terminals; these follow next year. Keys of services live for ninety days.",
    )),
    SampleActivity("incidents.lessons", "yusuf.adeyinka", "QHB", (
        "Seven incidents, one serious. Twice the first alert was read after a weekend: **alerts need a reader on Saturdays**.",
        "Five incidents, none serious. Three began with a mail that looked like a supplier’s. Payments asks back by phone since.",
    )),
    SampleActivity("incidents.readiness", "yusuf.adeyinka", "TEC", (
        "Logs are kept for thirteen months but for the two oldest branch servers. The number of the forensic firm answers at night.",
        "All logs can be searched within a minute. The list of whom to tell within 24 hours named somebody who had left.",
    )),
    SampleActivity("threats.month", "saoirse.brannigan", "QHB", (
        "Two exploited weaknesses concern us: the file transfer server, patched on the 4th, and a library of the mobile app.",
        "Nothing new concerns us. Others lost money by calls with a cloned voice; the contact centre is told.",
        "A wave of token theft at banks nearby. Session lengths are shortened for administrators.",
    )),
    SampleActivity("threats.assessment", "saoirse.brannigan", "QHB", (
        "The likeliest ways in are suppliers’ accounts, stolen sessions, and the exchange of files with corporates. Two risks were raised.",
        "Ransom stays first. Attacks on instant payments are new among the five; the risk is written down.",
    )),
    SampleActivity("compliance.changes", "rui.montenegro", "QHB", (
        "Three changes; one concerns us: the supervisor asks for incident reports in a new form from January on. Hanneke sees to it.",
        "Two changes, none of them concerns us.",
    )),
    SampleActivity("compliance.status", "rui.montenegro", "QHB", (
        "94 % of what applies is met. The gaps are exit plans of two vendors and the test of the archive.",
        "91 % of what applies is met. Six gaps, each with an owner and a date.",
    )),
    SampleActivity("risks.review", "hanneke.dijkgraaf", "QHB", (
        "31 risks, four above the appetite, one fewer than before. Two treatments are late and have new dates.",
        "30 risks, five above the appetite. The risk of the old card platform is accepted until it is replaced, by the chief risk officer.",
    )),
    SampleActivity("risks.appetite", "leonor.vasconcelos", "QHB", (
        "Decided by the executives: no appetite for outages of payments above two hours; more for experiments without customer data.",
    )),
    SampleActivity("audits.programme", "hanneke.dijkgraaf", "QHB", (
        "Sixteen audits are agreed with internal audit, two more than last year; the cloud is looked at for the first time.",
    )),
    SampleActivity("audits.findings", "rui.montenegro", "QHB", (
        "Eleven open, three late. Two owners asked for help and got it; one date is moved.",
        "Nine open, one late since the summer: it is told to the executives.",
    )),
    SampleActivity("adherence.acknowledgements", "rui.montenegro", "QHB", (
        "96 % have acknowledged. The night shift of Cards had no time set aside for it; it has now.",
        "93 % have acknowledged. Corporate Banking asked for an English version of the travel rules.",
    )),
    SampleActivity("adherence.phishing", "meilin.zhao", "QHB", (
        "41 % reported the mail, 6 % clicked, 1 % typed something. Last time 33 % reported it.",
        "38 % reported it, 8 % clicked. A false parcel works better than a false invoice.",
    )),
    SampleActivity("people.capacity", "leonor.vasconcelos", "QHB", (
        "Operations is short of one person at night. Dawit teaches two colleagues how the vault is run.",
        "Enough people, but penetration testing hangs on one. A training is agreed on for two.",
    )),
    SampleActivity("people.hiring", "leonor.vasconcelos", "QHB", (
        "Two posts: an engineer for the cloud, and an analyst for third parties. Interviews begin in March.",
    )),
    SampleActivity("people.vendors", "anneliese.hofstetter", "PAY", (
        "Twelve critical vendors. Two have no way out that was ever tried; the trial is agreed on for spring.",
        "Twelve critical vendors, eleven without a remark. One told us of an incident after nine days: the contract is changed.",
    )),
    SampleActivity("strategy.review", "leonor.vasconcelos", "QHB", (
        "Five goals for the year, each with a figure. What was reached: second factors everywhere. What was not: one register of interfaces.",
    )),
    SampleActivity("strategy.budget", "leonor.vasconcelos", "QHB", (
        "The budget grows by four per cent, all of it for detection at night. The second data room was not granted.",
    )),
    SampleActivity("strategy.progress", "hanneke.dijkgraaf", "QHB", (
        "Three of five goals move as planned. The register of interfaces is behind: the architects get somebody to help.",
        "Four of five goals move as planned.",
    )),
    SampleActivity("briefings.quarter", "leonor.vasconcelos", "QHB", (
        "Held in twelve minutes. Decided: the old card platform is switched off in June. Asked: what would a week without the cloud cost?",
        "Held. Nothing needed a decision. The question of the last time was answered with a page.",
    )),
    SampleActivity("briefings.board", "leonor.vasconcelos", "QHB", (
        "Presented. The board asked for one figure on suppliers, which the next report has.",
    )),
    SampleActivity("advice.mail", "hanneke.dijkgraaf", "QHB", (
        "On voices that are not who they seem. 212 people opened the longer page behind it.",
        "On packing for a journey. Somebody from Retail sent a better tip than ours; it goes into the next one.",
        "On passwords of children’s games, which were the best read of all.",
    )),
    SampleActivity("advice.units", "yusuf.adeyinka", "RET", (
        "Visited Retail. They open two branches and want to know early what the new terminals need. Promised: a list by Friday.",
        "Visited Cards. What worries them is the number of exceptions at month’s end. Promised: a look at three of them.",
    )),
)  # fmt: skip

# By key, what became of one that is not simply done: how many occurrences before the latest that is over.
SKIPPED = {
    "adherence.phishing": (3, "The works council asked for a pause until the new agreement is signed."),
    "advice.units": (6, "The units were closing their year; the visit follows in the next quarter."),
    "design.round": (9, "No project starts in August."),
}
LATE = ("audits.findings", "access.leavers")  # the latest that is over is still to be done
WAITING = "access.privileged"  # the one that comes is done early, and waits for its sign-off
BEGUN = ("threats.month", "briefings.quarter")  # the one that comes is in progress
