"""Who meets what behind the addresses of incident response plans in use."""

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, only
from response.tests.factories import contact_make, plan_make

# Of a plan of the whole organisation, which the analyst owns.
READERS = only("ciso", "analyst", "auditor", otherwise=404)
KEEPERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403)
KEPT = {**KEEPERS, "ciso": 302, "analyst": 302}


def of_contact(cast: Cast) -> Sequence[Any]:
    contact = contact_make(cast)
    return (contact.plan.reference, contact.pk)


def of_plan(cast: Cast) -> Sequence[Any]:
    return (plan_make(cast).reference,)


def named(cast: Cast) -> Mapping[str, Any]:
    return {
        "role": "Commander",
        "position": 1,
        "outside": "Somebody",
        "phone": "1",
        "cadence_months": 3,
        "version": 1,
    }


ROWS = [
    UrlRow(name="response:contact-list", get=READERS, args=of_plan),
    UrlRow(name="response:contact-add", get=KEEPERS, post=KEPT, args=of_plan, data=named),
    UrlRow(name="response:contact-edit", get=KEEPERS, post=KEPT, args=of_contact, data=named),
    UrlRow(name="response:contact-confirm", get=KEEPERS, post=KEPT, args=of_contact),
    UrlRow(name="response:contact-remove", get=KEEPERS, post=KEPT, args=of_contact),
]
