"""Writing exceptions, and what follows from decisions and from days."""

from exceptions.services.ending import (
    EXPIRY,
    REDECISION,
    exception_end_due,
    exception_give,
    exception_granted,
    exception_over,
    exception_overtake,
    exception_revoked,
    exceptions_overtaken,
    exceptions_to_end,
    overtaken_words,
)
from exceptions.services.errors import ExceptionRefused
from exceptions.services.following import exception_find_back, exceptions_astray, exceptions_follow
from exceptions.services.telling import DECIDE_AGAIN, ENDED
from exceptions.services.writing import exception_change, exception_create

__all__ = [
    "DECIDE_AGAIN",
    "ENDED",
    "EXPIRY",
    "REDECISION",
    "ExceptionRefused",
    "exception_change",
    "exception_create",
    "exception_end_due",
    "exception_find_back",
    "exception_give",
    "exception_granted",
    "exception_over",
    "exception_overtake",
    "exception_revoked",
    "exceptions_astray",
    "exceptions_follow",
    "exceptions_overtaken",
    "exceptions_to_end",
    "overtaken_words",
]
