"""Who holds a right wherever, and who sees to it that somebody is given a role where nobody may do what waits."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from foundation.accounts.access import access_of, accesses_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors.rights import holders_anywhere

OFFICER, GIVES_ROLES = "records.view_restricted", "people.manage"


def holders_read(right: str, now: datetime) -> list[User]:
    """Return who holds a right for the whole organisation or any unit, by name, each with the access that says where. Two queries."""
    holders = list(holders_anywhere(right, on=organisation_day(now)))
    accesses_read(holders, now)
    return holders


def officers_in(unit_id: int, now: datetime) -> list[User]:
    """Return the CISOs who cover a unit, by name. Two queries."""
    return [one for one in holders_read(OFFICER, now) if access_of(one, now).has(OFFICER, unit_id)]


def role_seers(now: datetime) -> Callable[[int, bool], User | None]:
    """Return a function that tells who sees to it that somebody is given a role in a unit: who gives them there.

    Where that is for something restricted, it is a CISO, who may know why. Four queries at most, when it is asked.
    """
    read = cache(lambda right: holders_read(right, now))

    def seer(unit_id: int, is_restricted: bool) -> User | None:
        order = (OFFICER, GIVES_ROLES) if is_restricted else (GIVES_ROLES, OFFICER)
        for right in order:
            for person in read(right):
                if access_of(person, now).has(right, unit_id):
                    found: User = person
                    return found
        return None

    return seer
