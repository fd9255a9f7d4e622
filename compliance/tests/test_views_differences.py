"""The pages of what a version changes: page by page, bounded, and each line by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from compliance.models import Framework
from compliance.services import draft_begin, line_change
from compliance.tests.factories import NOW
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import LATER, accept
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
VERSION = "/compliance/FRM-0001/versions/2/"


def catalogue(said: Callable[[int], str], count: int = 45, **metadata: str) -> bytes:
    controls = [control(f"hb-{place}", f"Duty {place}", said(place)) for place in range(1, count + 1)]
    return content(group("hb", *controls), metadata=metadata)


def changed(cast: Cast, old: Callable[[int], str], new: Callable[[int], str]) -> Framework:
    accept(cast, catalogue(old))
    return accept(cast, catalogue(new, **LATER)).framework


def html_of(browser: Client, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def long_words(first: str) -> Callable[[int], str]:
    """Texts that take long to compare: few words, many times, in another order."""
    words = [first, "watch", "harbour"] * 150
    return lambda place: " ".join(words[place % 3 :] + words[: place % 3]) + f" {first} {place}"


def test_it_is_shown_page_by_page(cast: Cast, sign_in: SignIn) -> None:
    changed(cast, lambda place: f"Watch {place}.", lambda place: f"Watch well {place}.")
    browser = sign_in(cast.auditor)
    browser.get(VERSION)
    with assert_queries("edition-differences"):
        page = html_of(browser, VERSION)
    assert page.count("<ins>") == 15
    assert 'Watch<ins><span class="visually-hidden">added: </span> well</ins> 1.' in page
    last = html_of(browser, f"{VERSION}?show=changed&page=3")
    assert last.count("<ins>") == 15
    assert "HB-45" in last
    part = html_of(browser, f"{VERSION}?page=2", **{"HX-Request": "true", "HX-Target": "results"})
    assert part.startswith("<div")
    assert "Nothing is different." not in part


def test_one_line_is_shown_by_itself(cast: Cast, sign_in: SignIn) -> None:
    changed(cast, lambda place: f"Watch {place}.", lambda place: f"Watch well {place}.")
    page = html_of(sign_in(cast.auditor), f"{VERSION}?line=hb-44")
    assert page.count("difference-title") == 1
    assert 'Watch<ins><span class="visually-hidden">added: </span> well</ins> 44.' in page
    assert "All 45" in page
    text = Framework.objects.get().current.texts.get(key="hb-44")
    assert f'href="{text.get_absolute_url()}"' in page


def test_what_takes_too_long_for_one_page_says_so_and_is_opened_singly(cast: Cast, sign_in: SignIn) -> None:
    changed(cast, long_words("bell"), long_words("gong"))
    browser = sign_in(cast.auditor)
    page = html_of(browser, VERSION)
    assert page.count("difference-title") == 15, "each is named"
    assert page.count("takes long to work out") >= 10
    assert f'href="{VERSION}?line=hb-15"' in page
    alone = html_of(browser, f"{VERSION}?line=hb-15")
    assert "takes long to work out" not in alone
    assert "<ins>" in alone


def test_a_draft_is_compared_without_reading_all_its_texts(cast: Cast, sign_in: SignIn) -> None:
    framework = accept(cast, catalogue(lambda place: f"Watch {place}.")).framework
    draft = draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    line: Any = draft.texts.get(key="hb-7")
    line_change(
        line=line, said={"statement": "Watch well 7."}, actor=cast.analyst, now=NOW, digest=line.digest
    )
    browser = sign_in(cast.analyst)
    browser.get("/compliance/FRM-0001/draft/accept/")
    with assert_queries("draft-accept"):
        page = html_of(browser, "/compliance/FRM-0001/draft/accept/")
    assert 'Watch<ins><span class="visually-hidden">added: </span> well</ins> 7.' in page
    assert "All 1<" in page
