"""Filters' selects: what they offer, what is chosen, and nothing that a name could smuggle in."""

from typing import Any

from django.utils.safestring import SafeString

from foundation.accounts.models import User
from foundation.ui.filters import ChoiceFilter, FilterSet, _options_html

CHOICES = [("open", "Open"), ("1", '<b>"Risky" & co</b>')]


class Filters(FilterSet):
    state = ChoiceFilter(choices=CHOICES, empty_label="All")


def drawn(data: dict[str, Any]) -> str:
    return str(Filters(data, queryset=User.objects.none()).form["state"])


def test_it_offers_all_choices_and_marks_the_chosen_one() -> None:
    html = drawn({"state": "open"})
    assert '<option value="open" selected>Open</option>' in html
    assert '<option value="">All</option>' in html
    assert html.count("selected") == 1
    assert 'name="state"' in html
    assert 'id="id_state"' in html


def test_nothing_chosen_marks_the_empty_choice() -> None:
    assert '<option value="" selected>All</option>' in drawn({})


def test_what_is_not_offered_marks_nothing_and_is_not_kept() -> None:
    drawn({})
    kept = _options_html.cache_info().currsize
    for number in range(5):
        assert f"made-up-{number}" not in drawn({"state": f"made-up-{number}"})
    assert _options_html.cache_info().currsize == kept


def test_labels_are_escaped_even_when_a_safe_text_like_them_was_drawn_before() -> None:
    class Trusting(FilterSet):
        state = ChoiceFilter(choices=[(key, SafeString(label)) for key, label in CHOICES], empty_label="All")

    for html in (str(Trusting({}, queryset=User.objects.none()).form["state"]), drawn({})):
        assert "&lt;b&gt;&quot;Risky&quot; &amp; co&lt;/b&gt;" in html
        assert "<b>" not in html
