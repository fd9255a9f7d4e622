"""Who the sample organisation is: invented units and people, in plain rows."""

import unicodedata
from dataclasses import dataclass

from foundation.accounts.choices import Role

BANK = "Quillhaven Bank"
BANK_TIME_ZONE = "Europe/Lisbon"
UNMARKED = str.maketrans({"ł": "l", "ø": "o", "ı": "i"})


@dataclass(frozen=True)
class SampleUnit:
    """A unit, below another (empty: the root)."""

    code: str
    name: str
    parent: str
    country: str


@dataclass(frozen=True)
class SamplePerson:
    """A person: works in `unit`, reports to `manager` (an e-mail's first part), holds `role` for `of` (empty: everywhere)."""

    name: str
    job: str
    unit: str
    manager: str
    role: Role
    of: str = ""
    time_zone: str = ""

    @property
    def key(self) -> str:
        """Return the name as in the e-mail address, by which sample data speaks of the person."""
        plain = unicodedata.normalize("NFKD", self.name.lower().translate(UNMARKED))
        return ".".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


UNITS = (
    SampleUnit("QHB", "Quillhaven Bank", "", "PT"),
    SampleUnit("RET", "Retail Banking", "QHB", "PT"),
    SampleUnit("PAY", "Payments", "QHB", "DE"),
    SampleUnit("CRD", "Cards", "PAY", "PL"),
    SampleUnit("COR", "Corporate Banking", "QHB", "SG"),
    SampleUnit("TEC", "Technology", "QHB", "IE"),
)

# Who is away: by whom they are stood in for, in how many days that begins, and how many it lasts.
STAND_INS = (
    ("leonor.vasconcelos", "yusuf.adeyinka", 0, 6),
    ("lena.brandtner", "zofia.kaczmarek", 14, 11),
)

LISBON, BERLIN, WARSAW, DUBLIN, SINGAPORE = (
    "",
    "Europe/Berlin",
    "Europe/Warsaw",
    "Europe/Dublin",
    "Asia/Singapore",
)

PEOPLE = (
    # The executives
    SamplePerson("Benedita Falcão", "Chief Executive Officer", "QHB", "", Role.EXECUTIVE),
    SamplePerson("Tobias Ravnsborg", "Chief Operating Officer", "QHB", "benedita.falcao", Role.EXECUTIVE),
    SamplePerson("Mireille Castagné", "Chief Risk Officer", "QHB", "benedita.falcao", Role.EXECUTIVE),
    SamplePerson("Kwabena Osei-Tutu", "Chief Financial Officer", "QHB", "benedita.falcao", Role.EXECUTIVE),
    # The security office
    SamplePerson(
        "Leonor Vasconcelos", "Chief Information Security Officer", "QHB", "mireille.castagne", Role.CISO
    ),
    SamplePerson("Yusuf Adeyinka", "Head of Security Operations", "TEC", "leonor.vasconcelos", Role.SECURITY),
    SamplePerson(
        "Hanneke Dijkgraaf", "Head of Security Governance", "QHB", "leonor.vasconcelos", Role.SECURITY
    ),
    SamplePerson("Rui Montenegro", "Security Compliance Officer", "QHB", "hanneke.dijkgraaf", Role.SECURITY),
    SamplePerson(
        "Saoirse Brannigan", "Penetration Tester", "TEC", "yusuf.adeyinka", Role.SECURITY, "", DUBLIN
    ),
    SamplePerson("Dawit Tekleab", "Security Engineer", "TEC", "yusuf.adeyinka", Role.SECURITY, "", DUBLIN),
    SamplePerson("Meilin Zhao", "Security Analyst", "COR", "yusuf.adeyinka", Role.SECURITY, "", SINGAPORE),
    SamplePerson(
        "Anneliese Hofstetter",
        "Third-Party Risk Analyst",
        "PAY",
        "hanneke.dijkgraaf",
        Role.SECURITY,
        "",
        BERLIN,
    ),
    # The auditors
    SamplePerson("Kenjiro Matsuda", "Head of Internal Audit", "QHB", "benedita.falcao", Role.AUDITOR),
    SamplePerson("Ingrid Solheim", "IT Auditor", "QHB", "kenjiro.matsuda", Role.AUDITOR),
    SamplePerson("Priyanka Deshmukh", "Senior IT Auditor", "QHB", "kenjiro.matsuda", Role.AUDITOR),
    SamplePerson("Marek Wolański", "Auditor, Payments and Cards", "QHB", "kenjiro.matsuda", Role.AUDITOR),
    # The leads of the units
    SamplePerson(
        "Catarina Albuquerque", "Head of Retail Banking", "RET", "tobias.ravnsborg", Role.UNIT_LEAD, "RET"
    ),
    SamplePerson(
        "Lena Brandtner", "Head of Payments", "PAY", "tobias.ravnsborg", Role.UNIT_LEAD, "PAY", BERLIN
    ),
    SamplePerson("Zofia Kaczmarek", "Head of Cards", "CRD", "lena.brandtner", Role.UNIT_LEAD, "CRD", WARSAW),
    SamplePerson(
        "Arjun Seneviratne",
        "Head of Corporate Banking",
        "COR",
        "tobias.ravnsborg",
        Role.UNIT_LEAD,
        "COR",
        SINGAPORE,
    ),
    SamplePerson(
        "Ciaran Donnellan",
        "Chief Information Officer",
        "TEC",
        "tobias.ravnsborg",
        Role.UNIT_LEAD,
        "TEC",
        DUBLIN,
    ),
    # The administrators
    SamplePerson(
        "Olumide Bankole", "Workplace Systems Manager", "TEC", "ciaran.donnellan", Role.ADMINISTRATOR
    ),
    SamplePerson(
        "Freya Lindholm", "Identity Administrator", "TEC", "olumide.bankole", Role.ADMINISTRATOR, "", DUBLIN
    ),
    # Everyone else
    SamplePerson(
        "Joaquim Tavares", "Branch Operations Manager", "RET", "catarina.albuquerque", Role.PERSONNEL, "RET"
    ),
    SamplePerson(
        "Inês Figueiredo",
        "Product Owner, Mobile Banking",
        "RET",
        "catarina.albuquerque",
        Role.PERSONNEL,
        "RET",
    ),
    SamplePerson(
        "Mateus Quintela", "Customer Onboarding Lead", "RET", "joaquim.tavares", Role.PERSONNEL, "RET"
    ),
    SamplePerson("Abena Sarpong", "Contact Centre Manager", "RET", "joaquim.tavares", Role.PERSONNEL, "RET"),
    SamplePerson(
        "Jonas Eberhardt",
        "Payment Operations Manager",
        "PAY",
        "lena.brandtner",
        Role.PERSONNEL,
        "PAY",
        BERLIN,
    ),
    SamplePerson(
        "Nadia Belkacem", "Instant Payments Engineer", "PAY", "jonas.eberhardt", Role.PERSONNEL, "PAY", BERLIN
    ),
    SamplePerson("Emre Yıldırım", "SWIFT Operator", "PAY", "jonas.eberhardt", Role.PERSONNEL, "PAY", BERLIN),
    SamplePerson(
        "Tomasz Górecki", "Card Operations Manager", "CRD", "zofia.kaczmarek", Role.PERSONNEL, "CRD", WARSAW
    ),
    SamplePerson(
        "Halina Pruszyńska", "Fraud Analyst", "CRD", "tomasz.gorecki", Role.PERSONNEL, "CRD", WARSAW
    ),
    SamplePerson(
        "Danylo Shevchuk", "Card Platform Engineer", "CRD", "tomasz.gorecki", Role.PERSONNEL, "CRD", WARSAW
    ),
    SamplePerson(
        "Hui Min Teo", "Trade Finance Manager", "COR", "arjun.seneviratne", Role.PERSONNEL, "COR", SINGAPORE
    ),
    SamplePerson(
        "Rizal Hakimi", "Treasury Systems Analyst", "COR", "hui.min.teo", Role.PERSONNEL, "COR", SINGAPORE
    ),
    SamplePerson(
        "Thandiwe Mokoena",
        "Relationship Manager",
        "COR",
        "arjun.seneviratne",
        Role.PERSONNEL,
        "COR",
        SINGAPORE,
    ),
    SamplePerson(
        "Aoife Gallagher", "Data Centre Manager", "TEC", "ciaran.donnellan", Role.PERSONNEL, "TEC", DUBLIN
    ),
    SamplePerson(
        "Viktor Anderberg", "Cloud Platform Lead", "TEC", "ciaran.donnellan", Role.PERSONNEL, "TEC", DUBLIN
    ),
    SamplePerson(
        "Paloma Iturralde", "Database Administrator", "TEC", "aoife.gallagher", Role.PERSONNEL, "TEC", DUBLIN
    ),
    SamplePerson(
        "Samir Haddadin", "Release Manager", "TEC", "viktor.anderberg", Role.PERSONNEL, "TEC", DUBLIN
    ),
)
