"""Who meets what behind the addresses of exceptions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from exceptions.models import PolicyException
from exceptions.tests.factories import exception_make
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only
from policies.tests.factories import published

# An exception of Payments from a policy of the whole organisation, which the analyst owns and the CISO asked for.
READERS = only("ciso", "analyst", "auditor", "unit_lead", otherwise=404)
WRITER = answers(otherwise=404, ciso=200, analyst=403, auditor=403, unit_lead=403)
ASKERS = only("ciso", "analyst", "executive", "unit_lead", "personnel")
# From a policy that is meant for the people of Retail alone, which its readers may ask for exceptions from.
DOCUMENT_ASKERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403)


def of_exception(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (exception_make(cast, actor=cast.ciso).reference, *more)

    return arguments


def asked(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Gates without keys",
        "unit": cast.units.payments.pk,
        "owner": cast.analyst.pk,
        "reason": "Late locks",
        "compensation": "A guard",
        "risk": "low",
        "risk_words": "Little",
        "starts_on": "2099-01-01",
        "expires_on": "2099-06-30",
        "confidentiality": "internal",
        "submission": str(uuid4()),
    }


def changed(cast: Cast) -> Mapping[str, Any]:
    exception = PolicyException.objects.first()
    return {**asked(cast), "version": exception.version if exception else 1}


ROWS = [
    UrlRow(name="exceptions:exception-list", get=everyone()),
    UrlRow(
        name="exceptions:exception-begin",
        get=ASKERS,
        post=only("ciso", "analyst", "executive", "unit_lead", "personnel", answer=422),  # nothing is chosen
    ),
    UrlRow(name="exceptions:documents", get=ASKERS),
    UrlRow(
        name="exceptions:exception-create",
        get=DOCUMENT_ASKERS,
        post={**DOCUMENT_ASKERS, "ciso": 302, "analyst": 302},
        args=lambda cast: (published(cast, audience=[cast.units.retail.pk]).reference,),
        data=asked,
    ),
    UrlRow(name="exceptions:exception-detail", get=READERS, args=of_exception()),
    UrlRow(name="exceptions:exception-tab", get=READERS, args=of_exception("history")),
    UrlRow(
        name="exceptions:exception-edit",
        get=WRITER,
        post={**WRITER, "ciso": 302},
        args=of_exception(),
        data=changed,
        refused_otherwise=True,
    ),
    UrlRow(
        name="exceptions:exception-renew",
        get={**WRITER, "ciso": 403},  # a draft, of which there is no renewal
        post={**WRITER, "ciso": 422},
        args=of_exception(),
        data=asked,
        refused_otherwise=True,
    ),
    UrlRow(
        name="exceptions:exception-transition",
        get=WRITER,
        post={**WRITER, "ciso": 302},
        args=of_exception("submit"),
        refused_otherwise=True,
    ),
]
