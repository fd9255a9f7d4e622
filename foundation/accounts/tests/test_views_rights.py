"""The rights matrix."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.rights import AREAS, RIGHTS
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.accounts.views.rights import SHOWN_HOLDERS
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

SignIn = Callable[[User], Client]


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.unit_lead)
    with assert_queries("rights"):
        response = browser.get("/rights/")
    rows = {row.right.code: row for area in response.context["areas"] for row in area.rows}
    assert rows.keys() == RIGHTS.keys()
    assert {role for role, carried in rows["records.view"].carried_by if carried} == RIGHTS[
        "records.view"
    ].roles
    assert rows["records.view"].units == [cast.units.payments]
    assert not rows["records.view"].everywhere
    assert not rows["mail.manage"].mine
    assert [role for role, is_mine in response.context["roles"] if is_mine] == [Role.UNIT_LEAD]


def test_who_holds_no_role_sees_it_too(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.outsider).get("/rights/")
    assert response.status_code == 200
    assert "You hold no role" in response.content.decode()


def test_only_grants_in_force_count(cast: Cast, sign_in: SignIn) -> None:
    RoleGrant.objects.filter(user=cast.auditor).update(ends_on=date(2020, 1, 1))
    assert not sign_in(cast.auditor).get("/rights/").context["grants"]


def test_a_right_names_who_has_it_and_who_gives_it(cast: Cast, sign_in: SignIn) -> None:
    RoleGrantFactory.create(role=Role.CISO, user__full_name="Gone Already", user__is_active=False)
    browser = sign_in(cast.analyst)
    with assert_queries("right"):
        response = browser.get("/rights/programmes.approve/")
    assert [grant.user for grant in response.context["holders"]] == [cast.ciso]
    text = response.content.decode()
    assert "You do not have this right" in text
    assert "Roles are given by: Ada Nyberg" in text
    assert "You have this right" in sign_in(cast.ciso).get("/rights/programmes.approve/").content.decode()


def test_many_holders_are_not_all_shown(cast: Cast, sign_in: SignIn) -> None:
    RoleGrantFactory.create_batch(SHOWN_HOLDERS + 1, role=Role.CISO)
    response = sign_in(cast.analyst).get("/rights/programmes.approve/")
    assert len(response.context["holders"]) == SHOWN_HOLDERS
    assert "And more people" in response.content.decode()


def test_an_unknown_right_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ciso).get("/rights/no.such.right/").status_code == 404


@pytest.mark.parametrize("path", ["/rights/", "/rights/mail.manage/"])
def test_it_takes_no_post(cast: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(cast.ciso).post(path).status_code == 405


def test_every_right_has_an_area_and_a_role() -> None:
    assert {right.area for right in RIGHTS.values()} == AREAS.keys()
    assert all(right.roles for right in RIGHTS.values())


def test_who_can_do_it_in_a_unit(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)

    def found(query: str) -> set[str]:
        response = browser.get(f"/rights/actions.manage/{query}")
        assert response.status_code == 200
        return {grant.user.full_name for grant in response.context["holders"]}

    local = RoleGrantFactory.create(
        role=Role.SECURITY, unit=cast.units.payments, user__full_name="Petra Local"
    )
    everywhere = found("?unit=organisation")
    assert "Petra Local" not in everywhere
    assert found(f"?unit={cast.units.cards.pk}") == everywhere | {local.user.full_name}
    assert found(f"?unit={cast.units.retail.pk}") == everywhere
    for nowhere in ("?unit=x", "?unit=999999", f"?unit={'9' * 40}", "?unit=%00"):
        assert found(nowhere) == everywhere | {local.user.full_name}


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ({"unit": "retail"}, "carries it, but is held for Retail Banking and all below it only"),
        ({"ends_on": date(2020, 1, 1)}, "carries it, but ended on 1 January 2020"),
        ({"starts_on": date(2199, 1, 1)}, "carries it, but is held from 1 January 2199 on only"),
        ({"role": Role.PERSONNEL}, "none of the roles held carries it"),
    ],
)
def test_it_says_why_not(cast: Cast, sign_in: SignIn, grant: dict[str, object], words: str) -> None:
    if "unit" in grant:
        grant = {"unit": cast.units.retail}
    RoleGrantFactory.create(**{"user": cast.outsider, "role": Role.CISO, **grant})
    url = f"/rights/programmes.approve/?unit={cast.units.cards.pk}"
    page = sign_in(cast.outsider).get(url).content.decode()
    assert "You do not have this right for Cards" in " ".join(page.split())
    assert words in page
    told = sign_in(cast.administrator).get(f"{url}&person={cast.outsider.pk}").content.decode()
    assert "Oskar Lindqvist does not have this right for Cards" in " ".join(told.split())
    assert words in told


def test_what_someone_may_do_is_for_those_who_see_them(cast: Cast, sign_in: SignIn) -> None:
    for path in ("/rights/", "/rights/mail.manage/"):
        query = f"{path}?person={cast.ciso.pk}"
        assert sign_in(cast.administrator).get(query).status_code == 200
        assert sign_in(cast.unit_lead).get(query).status_code == 404
        for nobody in ("x", "999999", "9" * 40, "-1"):
            assert sign_in(cast.administrator).get(f"{path}?person={nobody}").status_code == 404
    page = sign_in(cast.administrator).get(f"/rights/?person={cast.ciso.pk}").content.decode()
    assert "What Celia Moreau may do" in page


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/people/new/", "/rights/people.manage/"),
        ("/organisation/", "/rights/organisation.manage/?unit=organisation"),
        ("/admin/", "/rights/people.manage/"),
    ],
)
def test_a_refusal_leads_to_why(cast: Cast, sign_in: SignIn, path: str, leads_to: str) -> None:
    browser = sign_in(cast.personnel)
    refused = browser.get(path)
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "This needs the right" in page
    assert f'href="{leads_to}"' in page
    assert "You do not have this right" in browser.get(leads_to).content.decode()
