"""Who answers for each duty, and who its deputies are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duties.choices import Duty, DutyPart
from duties.models import DutyPost
from foundation.accounts.models import User
from foundation.registry import Held


@dataclass(frozen=True)
class Posts:
    """Who answers for a duty, and who stands beside that person."""

    duty: Duty
    responsible: User | None
    deputies: tuple[User, ...]

    @property
    def version(self) -> str:
        """Return what tells this state from any other."""
        responsible = self.responsible.pk if self.responsible else ""
        return "-".join(str(key) for key in (responsible, *sorted(one.pk for one in self.deputies)))

    def __str__(self) -> str:
        return self.duty.title


def posts_of(duty: Duty) -> Posts:
    """Return who answers for a duty. One query."""
    return _posts(duty, DutyPost.objects.filter(duty=duty.value).select_related("person"))


def posts_of_all() -> dict[Duty, Posts]:
    """Return who answers for each of the duties. One query."""
    rows = list(DutyPost.objects.select_related("person"))
    return {duty: _posts(duty, [row for row in rows if row.duty == duty.value]) for duty in Duty}


def posts_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the duties that a person answers for or is a deputy of: no secret of anybody's."""
    posts = list(DutyPost.objects.filter(person=person))
    shown = tuple((Duty(post.duty).title, "") for post in posts)
    return Held(count=len(posts), shown=shown)


def _posts(duty: Duty, rows: Any) -> Posts:
    named = {DutyPart(row.part): row.person for row in rows if row.part == DutyPart.RESPONSIBLE}
    deputies = sorted(
        (row.person for row in rows if row.part == DutyPart.DEPUTY), key=lambda one: one.full_name
    )
    return Posts(duty, named.get(DutyPart.RESPONSIBLE), tuple(deputies))
