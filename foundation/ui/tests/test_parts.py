"""Parts of pages: their words, their escapes, the navigation, and the icons that exist."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.forms import CharField, Form, HiddenInput, TypedChoiceField, formset_factory
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from foundation.registry import NavigationEntry, Registry, ShellCount, registry
from foundation.ui import navigation
from foundation.ui.components import Avatar, Badge, Link, Listing, Person, Progress, Reference, draw, initials
from foundation.ui.form_errors import errors_of
from foundation.ui.structure import Action, steps_to

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
BAD = "<script>alert(1)</script>"


def test_what_people_wrote_is_escaped_in_every_part() -> None:
    parts = [
        Badge(BAD), Link(BAD, f'/"{BAD}', BAD), Person(BAD), Reference(BAD, BAD), Listing((BAD,)), Progress(1, 2, BAD, BAD),
    ]  # fmt: skip
    assert not [part for part in parts if "<script" in part.html]
    assert "<script" not in draw(BAD)


def test_nothing_is_a_dash_but_zero_is_zero() -> None:
    assert [draw(None), draw(""), draw(0), draw(Person("")), draw(Listing(()))] == ["—", "—", "0", "—", "—"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amina Khalid", "AK"), ("Cher", "C"), ("Ana de la Cruz", "AC"), ("", "—"), ("!", "—")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
    assert str(Avatar(name)) == letters


def test_an_unknown_tone_is_told() -> None:
    with pytest.raises(ValueError, match="purple"):
        Badge("x", "purple").html  # noqa: B018


def test_the_state_bar_shows_where_a_record_is() -> None:
    way = [("a", "A"), ("b", "B"), ("c", "C")]
    assert [(step.is_done, step.is_current) for step in steps_to(way, "b")] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    aside = steps_to(way, "x", aside=[("x", "Cancelled")])
    assert [step.label for step in aside if step.is_current] == ["Cancelled"]
    assert not [step for step in aside if step.is_done]


def test_a_card_wraps_what_stands_in_it() -> None:
    page = Template('{% load ui %}{% card title note=2 level=3 tone="bad" %}<p>{{ inner }}</p>{% endcard %}')
    html = page.render(Context({"title": BAD, "inner": "x"}))
    assert '<h3 class="card-title">&lt;script&gt;' in html
    assert '<span class="card-note">2</span>' in html
    assert "<p>x</p>" in html
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}{% card %}{% endcard %}")


def test_posting_actions_carry_their_fields_and_the_forms_secret() -> None:
    page = Template("{% load ui %}{% actions actions %}")
    posts = Action("Retry", "/retry/", posts=True, fields={"version": 3})
    html = page.render(Context({"actions": [posts], "csrf_token": "secret"}))
    assert '<form method="post" action="/retry/">' in html
    assert 'name="version" value="3"' in html
    assert 'value="secret"' in html


def test_what_stands_against_a_step_is_said_by_its_button() -> None:
    page = Template("{% load ui %}{% actions actions %}")
    locked = Action("Close", "/close/", icon="check", danger=True, asks=True, against='Two are "open"')
    html = page.render(Context({"actions": [locked]}))
    assert 'title="Two are &quot;open&quot;"' in html
    assert "#lock" in html
    assert "#check" not in html
    assert "tone-bad" not in html, "nothing to warn of"


@pytest.mark.parametrize(("required", "words"), [(True, "Choose …"), (False, "None")])
def test_a_list_whose_first_line_chooses_nothing_says_so_in_words(required: bool, words: str) -> None:
    class Graded(Form):
        grade = TypedChoiceField(choices=[("", "---------"), ("minor", "Minor")], required=required)

    html = Template("{% load ui %}{% form_fields form %}").render(Context({"form": Graded()}))
    assert f">{words}</option>" in html
    assert "---" not in html


class SampleForm(Form):
    name = CharField()
    token = CharField(widget=HiddenInput)


def test_errors_of_forms_and_formsets_know_their_fields() -> None:
    form = SampleForm({})
    form.add_error(None, "All wrong")
    told = [(error.text, error.label, error.field_id) for error in errors_of(form)]
    assert told == [
        ("All wrong", "", ""),
        ("This field is required.", "Name", "id_name"),
        ("Token: This field is required.", "", ""),
    ]
    rows = formset_factory(SampleForm, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-token": "x"}
    )
    assert "id_form-0-name" in [error.field_id for error in errors_of(rows)]


class Rights:
    def has(self, right: str) -> bool:
        return right == "mail.manage"

    def has_anywhere(self, right: str) -> bool:
        return right in {"audits.plan", "mail.manage", "ladders.manage"}


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    own = Registry()
    monkeypatch.setattr(navigation, "registry", own)
    return own


def entry(key: str, url_name: str, **options: object) -> NavigationEntry:
    return NavigationEntry(key=key, label=key, icon="bell", url_name=url_name, **options)


def not_asked(user: object, now: object) -> None:
    pytest.fail("nothing is counted for who lacks the right")


@pytest.mark.django_db
def test_the_side_bar_shows_what_the_person_may_open(own_registry: Registry, rf: RequestFactory) -> None:
    seven = list(ContentType.objects.values_list("pk", flat=True)[:7])
    own_registry.register(
        entry(
            "theme",
            "ui:theme",
            group="watch",
            badge=lambda user, now: ContentType.objects.filter(pk__in=seven),
        ),
        entry("guide", "ui:style-guide", group="Govern", right="audits.plan"),
        entry("secret", "admin:index", right="people.manage"),
        entry("of all", "ui:style-guide", right="ladders.manage", whole_organisation=True),
        entry("mail", "ui:style-guide", group="watch", right="mail.manage", whole_organisation=True),
        entry(
            "mine", "account_logout", group=navigation.OWN_MENU, badge=not_asked, badge_right="people.manage"
        ),
        ShellCount(key="three", rows=lambda user, now: ContentType.objects.filter(pk__in=seven[:3])),
    )
    request = rf.get("/ui/style-guide/deeper/")
    request.user = type("Somebody", (), {"is_authenticated": True})()
    request.access = Rights()  # type: ignore[attr-defined]
    navigation.also_count(request, {"two": ContentType.objects.filter(pk__in=seven[:2])})
    with CaptureQueriesContext(connection) as asked:
        frame = navigation.frame_for(request, now=NOW)
    groups = frame.groups
    assert [(group.key, [link.label for link in group.links]) for group in groups] == [
        ("govern", ["guide"]),
        ("watch", ["theme", "mail"]),
        ("me", ["mine"]),
    ]
    assert groups[0].links[0].is_current
    assert not groups[1].links[0].is_current
    assert groups[1].links[0].badge == 7
    assert frame.counts == {"three": 3}
    assert frame.page_counts == {"two": 2}
    assert len(asked) == 1, "all numbers cost one query"


def test_whoever_is_signed_out_sees_no_side_bar(own_registry: Registry, rf: RequestFactory) -> None:
    own_registry.register(entry("theme", "ui:theme"))
    request = rf.get("/")
    request.user = AnonymousUser()
    assert navigation.frame_for(request, now=NOW).groups == []


def listed_icons() -> set[str]:
    lines = (Path(settings.BASE_DIR) / "assets" / "icons.txt").read_text().splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_every_icon_that_is_used_is_in_the_list() -> None:
    used: dict[str, str] = {}
    root = Path(settings.BASE_DIR)
    for template in root.glob("templates/**/*.html"):
        for name in re.findall(
            r'\{% icon "([a-z0-9-]+)"|icon(?:_name)?="([a-z0-9-]+)"', template.read_text()
        ):
            used["".join(name)] = str(template.relative_to(root))
    for source in [*root.glob("foundation/**/*.py"), *root.glob("audits/**/*.py")]:
        for name in re.findall(r'\bicon="([a-z0-9-]+)"', source.read_text()):
            used[name] = str(source.relative_to(root))
    for item in registry.navigation():
        used[item.icon] = f"navigation entry {item.key}"
    assert {name: place for name, place in used.items() if name not in listed_icons()} == {}
