"""Whom the sample bank's incident response plan calls."""

from datetime import timedelta

from foundation.accounts.sample import SampleContext
from policies.choices import DocumentType
from policies.models import Document
from response.services import contact_add

# Role, who (a key of the sample's people, or a name outside), phone, out of hours, deputy, and how many days ago it was confirmed.
CONTACTS = (
    ("Incident commander", "yusuf.adeyinka", "+351 210 555 0141", "Same number, on call", "Dawit Tekleab, +353 1 555 0177", 20),
    ("CISO", "leonor.vasconcelos", "+351 210 555 0100", "+351 910 555 0100", "Yusuf Adeyinka", 20),
    ("Systems and networks", "viktor.anderberg", "+353 1 555 0121", "On-call rota, +353 1 555 0911", "Samir Haddadin", 75),
    ("Payments", "jonas.eberhardt", "+49 30 555 0163", "Night desk, +49 30 555 0160", "Nadia Belkacem", 96),
    ("Customers and branches", "abena.sarpong", "+351 210 555 0186", "", "Joaquim Tavares", 20),
    ("Forensics", "Brookmere Forensics, duty desk", "+44 20 5550 0150", "Same number, day and night", "", 60),
)  # fmt: skip


def sample_contacts(context: SampleContext) -> None:
    """Name whom the plan calls, each confirmed at its time."""
    plan = Document.objects.filter(type=DocumentType.PLAN).order_by("pk").first()
    assert plan is not None, "policies load before"
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
