"""The search page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import NOW, TODAY
from foundation.actions.services import action_create
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.registry import SearchHit
from foundation.search import selectors, views
from foundation.search.tests.test_selectors import NASTY
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db

URL = reverse("search:search")
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def words(answer) -> str:
    """Return what the main part of a page says."""
    main = answer.content.decode().partition('id="main"')[2] or answer.content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_it_finds_marks_and_explains(cast: Cast, audit, sign_in):
    made = audit("Firewall rule audit", scope="Everything <b>behind</b> the perimeter of Lisbon")
    audit("Other")
    answer = sign_in(cast.ciso).get(URL, {"q": "fire lisbon"})
    text = answer.content.decode()
    assert made.get_absolute_url() in text
    assert "<mark>Firewall</mark> rule audit" in text
    assert "Everything &lt;b&gt;behind&lt;/b&gt; the perimeter of <mark>Lisbon</mark>" in text
    assert "1 record" in words(answer)
    assert "Planned" in words(answer)
    assert "Other" not in words(answer)


def test_an_action_is_found_by_what_is_to_be_done(cast: Cast, audit, sign_in):
    action_create(
        source=Record.objects.get(pk=audit("Firewall rule audit").pk),
        actor=cast.analyst,
        now=NOW,
        title="Close what is open",
        description="Remove the rules for the old proxy",
        owner=cast.analyst,
        due_on=TODAY,
    )
    answer = sign_in(cast.ciso).get(URL, {"q": "proxy"})
    assert "Close what is open" in words(answer)
    assert "old <mark>proxy</mark>" in answer.content.decode()


def test_it_asks_so_many_queries(cast: Cast, audit, programme, sign_in):
    for letter in "abc":
        audit(f"Payments audit {letter}", scope="Gateway")
    for name, person in (("search", cast.ciso), ("search-by-unit-lead", cast.unit_lead)):
        browser = sign_in(person)
        with assert_queries(name):
            browser.get(URL, {"q": "payments gateway"})


def test_it_checks_visibility(cast: Cast, audit, sign_in):
    made = audit("Secret matter", confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    for part, sees in (("ciso", True), ("auditor", True), ("analyst", False), ("administrator", False)):
        browser = sign_in(getattr(cast, part))
        for text in ("secret matter", made.reference):
            assert ("Secret" in words(browser.get(URL, {"q": text}))) is sees, part
        jump = browser.get(URL, {"q": made.reference, "jump": "1"})
        assert (jump.status_code == 302) is sees
    assert "More than" not in words(sign_in(cast.analyst).get(URL, {"q": "matter"}))


def test_a_reference_leads_to_its_record(cast: Cast, audit, sign_in):
    made = audit("Firewall rule audit")
    browser = sign_in(cast.ciso)
    assert browser.get(URL, {"q": "aud1", "jump": "1"}).url == made.get_absolute_url()
    assert browser.get(URL, {"q": "aud1"}).status_code == 200
    assert browser.get(URL, {"q": "aud1", "jump": "1"}, headers=HTMX).status_code == 200
    assert browser.get(URL, {"q": "firewall", "jump": "1"}).status_code == 200


def test_it_is_paged(cast: Cast, audit, sign_in, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    monkeypatch.setattr(selectors, "RANKED", 5)
    for letter in "abcdefg":
        audit(f"Audit {letter}")
    browser = sign_in(cast.ciso)
    first = browser.get(URL, {"q": "audit"})
    assert "More than 5 records" in words(first)
    assert "Audit g Audit AUD" not in words(first)
    assert f"{URL}?q=audit&amp;page=3" in first.content.decode()
    assert "Audit</mark> c" in browser.get(URL, {"q": "audit", "page": "3"}).content.decode()
    for nonsense in ("0", "4", "-1", "x", "9" * 50, ""):
        answer = browser.get(URL, {"q": "audit", "page": nonsense})
        assert "Audit</mark> g" in answer.content.decode()
        assert "There is no page" in words(answer)


def test_it_is_narrowed_to_a_kind(cast: Cast, audit, programme, sign_in):
    audit("Audit of 2027")
    browser = sign_in(cast.ciso)
    both = words(browser.get(URL, {"q": "audit 2027"}))
    assert "Audits 1" in both
    assert "Audit programmes 1" in both
    one = words(browser.get(URL, {"q": "audit 2027", "in": "programme"}))
    assert programme.reference in one
    assert "AUD-" not in one
    assert "There is nothing to search as" in words(browser.get(URL, {"q": "audit", "in": "<nonsense>"}))


def test_sources_show_what_they_find(cast: Cast, audit, sign_in, source):
    made = audit("Firewall rule audit")
    hit = SearchHit(
        title="Rules of the firewall.xlsx",
        url="/somewhere/",
        record=Record.objects.get(pk=made.pk),
        text="<i>The firewall</i>",
        note="by Anders Falk",
    )
    asked = source(*[hit] * 9)
    browser = sign_in(cast.ciso)
    answer = browser.get(URL, {"q": "firewall"})
    text = answer.content.decode()
    assert text.count('href="/somewhere/"') == views.GLANCE == asked[0]["limit"]
    assert asked[0]["user"] == cast.ciso
    assert asked[0]["text"] == "firewall"
    assert "&lt;i&gt;The <mark>firewall</mark>&lt;/i&gt;" in text
    assert f"{URL}?q=firewall&amp;in=papers" in text
    alone = browser.get(URL, {"q": "firewall", "in": "papers"}).content.decode()
    assert alone.count('href="/somewhere/"') == 9
    assert "hits-records" not in alone
    browser.get(URL, {"q": "firewall", "in": "audit"})
    browser.get(URL, {"q": ""})
    assert len(asked) == 2


def test_a_source_is_asked_for_those_alone_who_have_its_right(cast: Cast, sign_in, source):
    asked = source(SearchHit(title="Pay slips", url="/somewhere/"), right="people.manage")
    assert "Papers" not in words(sign_in(cast.ciso).get(URL, {"q": "pay"}))
    sign_in(cast.ciso).get(URL, {"q": "pay", "in": "papers"})
    assert not asked
    assert "Pay slips" in words(sign_in(cast.administrator).get(URL, {"q": "pay"}))


def test_empty_states_say_what_to_do(cast: Cast, sign_in):
    browser = sign_in(cast.outsider)
    assert "What are you looking for?" in words(browser.get(URL))
    assert "There is no word in this" in words(browser.get(URL, {"q": "🔥 !?"}))
    assert "Nothing found for “&lt;unlikely&gt;”" in words(browser.get(URL, {"q": "<unlikely>"}))
    assert "Only the first words" in words(browser.get(URL, {"q": "a b c d e f g h i j k l m n o"}))


def test_htmx_gets_the_results_alone(cast: Cast, audit, sign_in):
    audit("Firewall rule audit")
    answer = sign_in(cast.ciso).get(URL, {"q": "firewall"}, headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert '<div id="list-status" hx-swap-oob="innerHTML">1 record</div>' in text


def test_the_box_stands_on_every_page_of_whoever_is_signed_in(cast: Cast, sign_in):
    assert f'action="{URL}"' in sign_in(cast.outsider).get("/").content.decode()
    assert f'action="{URL}"' not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_asked_for(cast: Cast, audit, sign_in, source, text):
    audit("Firewall rule audit")
    source()
    browser = sign_in(cast.ciso)
    text = text.encode("utf-8", "surrogatepass")
    for more in ({}, {"jump": "1"}, {"in": "audit"}, {"in": text, "page": text}):
        answer = browser.get(URL, {"q": text, **more})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
