"""Who answers for a duty, and who stands beside that person."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from duties.board.posts import posts_of
from duties.choices import Duty, DutyPart
from duties.models import DutyPost
from duties.services import posts_hand_over, posts_set
from duties.tests.factories import NOW
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
ADDRESS = reverse("duties:duty-posts", args=[5])


def name(cast: Cast, responsible: User | None, *deputies: User) -> None:
    posts_set(duty=Duty.THREATS, responsible=responsible, deputies=deputies, actor=cast.ciso, now=NOW)


def test_they_are_named_and_the_trail_tells(cast: Cast, client: Client) -> None:
    client.force_login(cast.ciso)
    page = client.get(ADDRESS)
    typed = {
        "responsible": cast.ciso.pk,
        "deputies": [cast.analyst.pk],
        "version": page.context["form"]["version"].value(),
    }
    assert client.post(ADDRESS, typed).status_code == 302
    posts = posts_of(Duty.THREATS)
    assert (posts.responsible, posts.deputies) == (cast.ciso, (cast.analyst,))
    entry = Entry.objects.get(action="duties.post.changed")
    assert entry.after == {"responsible": "Celia Moreau", "deputies": "Anders Falk"}
    page = client.get(reverse("duties:duty-detail", args=[5]))
    assert "Celia Moreau" in page.content.decode()


def test_who_was_slower_is_told(cast: Cast, client: Client) -> None:
    client.force_login(cast.ciso)
    seen = client.get(ADDRESS).context["form"]["version"].value()
    name(cast, cast.analyst)
    answer = client.post(ADDRESS, {"responsible": cast.ciso.pk, "version": seen})
    assert answer.status_code == 409
    assert posts_of(Duty.THREATS).responsible == cast.analyst


def test_nobody_is_a_deputy_of_oneself(cast: Cast, client: Client) -> None:
    client.force_login(cast.ciso)
    seen = client.get(ADDRESS).context["form"]["version"].value()
    answer = client.post(ADDRESS, {"responsible": cast.ciso.pk, "deputies": [cast.ciso.pk], "version": seen})
    assert answer.status_code == 422
    assert "is not a deputy as well" in answer.content.decode()


def test_what_somebody_who_leaves_answers_for_goes_to_another(cast: Cast) -> None:
    name(cast, cast.analyst, cast.auditor)
    posts_set(duty=Duty.RISKS, responsible=cast.ciso, deputies=[cast.analyst], actor=cast.ciso, now=NOW)
    assert posts_hand_over(person=cast.analyst, to=cast.auditor, actor=cast.ciso, now=NOW) == 2
    threats, risks = posts_of(Duty.THREATS), posts_of(Duty.RISKS)
    assert (threats.responsible, threats.deputies) == (cast.auditor, ()), (
        "who takes it over is no deputy any more"
    )
    assert (risks.responsible, risks.deputies) == (cast.ciso, ())


def test_the_database_knows_one_who_answers(cast: Cast) -> None:
    name(cast, cast.analyst)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyPost.objects.create(duty=5, person=cast.ciso, part=DutyPart.RESPONSIBLE)


def test_there_is_no_fourteenth_duty(cast: Cast, client: Client) -> None:
    client.force_login(cast.ciso)
    assert client.get("/duties/14/").status_code == 404
    assert client.get("/duties/0/people/").status_code == 404
