"""Writing a comment, and the activity on a record's page: what is shown to whom, and what it costs."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.conversation.models import LONGEST_COMMENT, Comment
from foundation.conversation.services import comment_add
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def write_url(audit: Audit) -> str:
    return f"/conversation/{audit.reference}/comments/new/"


def found(pattern: str, html: str) -> str:
    match = re.search(pattern, html)
    assert match, pattern
    return match[1]


def activity(client: Client, audit: Audit, query: str = "") -> str:
    response = client.get(f"/audits/{audit.reference}/activity/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_comment_is_said_once_however_often_it_is_sent(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.auditor)
    key = found(r'name="submission" value="([^"]+)"', activity(client, audit))
    data = {"submission": key, "text": "  Ready.\r\nTomorrow "}
    first, second = client.post(write_url(audit), data), client.post(write_url(audit), data)
    comment = Comment.objects.get()
    assert comment.text == "Ready.\nTomorrow"
    assert first.headers["Location"] == f"/audits/AUD-0001/activity/#comment-{comment.pk}"
    assert second.headers["Location"] == first.headers["Location"]
    html = activity(client, audit)
    assert f'id="comment-{comment.pk}" data-submission="{key}"' in html
    assert key not in activity(sign_in(cast.ciso), audit), "the key is the author's own"


def test_somebody_elses_key_says_nothing_of_theirs(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    theirs, _mentioned = comment_add(record=audit, author=cast.ciso, text="Mine.", key=uuid4(), now=NOW)
    sign_in(cast.auditor).post(write_url(audit), {"submission": str(theirs.key), "text": "Also mine."})
    assert sorted(Comment.objects.values_list("author__full_name", "text")) == [
        ("Celia Moreau", "Mine."),
        ("Odile Brandt", "Also mine."),
    ]


def test_what_is_refused_is_kept(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.auditor)
    for text, told in (
        (" \n", "Write something first."),
        ("long " * 210_000, "This comment has 1,049,999 characters; at most 20,000 are possible."),
        ("nul \x00 here", "Null characters are not allowed."),
    ):
        response = client.post(write_url(audit), {"text": text})
        html = response.content.decode()
        assert response.status_code == 422
        assert told in html
        assert text.strip()[:1_000_000] in html
    assert not Comment.objects.exists()
    assert client.post(write_url(audit), {"text": "x" * LONGEST_COMMENT}).status_code == 302


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider])
    comment_add(record=audit, author=cast.ciso, text="Secret.", key=uuid4(), now=NOW)
    for stranger in (cast.unit_lead, cast.administrator, cast.executive, cast.personnel):
        client = sign_in(stranger)
        assert client.get(f"/audits/{audit.reference}/activity/").status_code == 404
        assert client.post(write_url(audit), {"text": "x"}).status_code == 404
    client = sign_in(cast.outsider)
    assert "Secret." in activity(client, audit)
    assert client.post(write_url(audit), {"text": "As one named in it."}).status_code == 302
    assert Comment.objects.count() == 2


def test_each_kind_of_activity_has_its_address(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.ciso)
    comment_add(record=audit, author=cast.ciso, text="Said.", key=uuid4(), now=NOW)
    assert "Said." in activity(client, audit, "?show=comments")
    assert "planned the audit" not in activity(client, audit, "?show=comments")
    assert "Said." not in activity(client, audit, "?show=changes")
    assert "Nothing here yet" in activity(client, audit, "?show=mails")
    assert "Said." in activity(client, audit, "?show=nonsense&before=nonsense")


def test_parts_are_a_link_away(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.ciso)
    for number in range(35):
        comment_add(record=audit, author=cast.ciso, text=f"Number {number}.", key=uuid4(), now=NOW)
    newest = activity(client, audit, "?show=comments")
    older = found(r'href="([^"]+before=[^"]+)"', newest)
    oldest = client.get(older.replace("&amp;", "&")).content.decode()
    assert "Number 34." in newest
    assert "Number 4." not in newest
    assert "Number 4." in oldest
    assert 'href="/audits/AUD-0001/activity/?show=comments"' in oldest


def test_what_it_costs_does_not_grow(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast, auditees=[cast.outsider]), sign_in(cast.outsider)
    for author in (cast.ciso, cast.auditor, cast.outsider) * 5:
        comment_add(record=audit, author=author, text="Said.", key=uuid4(), now=NOW)
    with assert_queries("activity"):
        activity(client, audit)


def test_words_that_name_nobody_are_told(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.auditor)
    html = client.post(write_url(audit), {"text": "@Oskar and @Celia Moreau"}, follow=True).content.decode()
    assert "“@Oskar”: nobody who may see this goes by that name alone" in html
    assert '<span class="mention">@Celia Moreau</span>' in html


def test_a_comment_is_found_wherever_it_stands(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.auditor)
    old, _mentioned = comment_add(record=audit, author=cast.ciso, text="Old.", key=uuid4(), now=NOW)
    assert client.get(old.get_absolute_url()).headers["Location"] == (
        f"/audits/AUD-0001/activity/#comment-{old.pk}"
    )
    for _number in range(30):
        comment_add(record=audit, author=cast.ciso, text="New.", key=uuid4(), now=NOW)
    html = client.get(old.get_absolute_url(), follow=True).content.decode()
    assert f'id="comment-{old.pk}"' in html
    assert "New." not in html


def test_following_is_a_button(cast: Cast, sign_in: SignIn) -> None:
    audit, client = audit_make(cast), sign_in(cast.unit_lead)
    url = f"/conversation/{audit.reference}/follow/"
    assert ">Follow<" in activity(client, audit).replace("</svg>", ">")
    assert client.post(url, {"follows": "1"}).headers["Location"] == "/audits/AUD-0001/activity/"
    assert "Unfollow" in activity(client, audit)
    client.post(url, {"follows": ""})
    assert "Unfollow" not in activity(client, audit)


def test_restricted_records_are_closed_at_every_door(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    comment, _mentioned = comment_add(record=audit, author=cast.ciso, text="x", key=uuid4(), now=NOW)
    for stranger in (cast.unit_lead, cast.administrator, cast.executive, cast.outsider):
        client = sign_in(stranger)
        for url in (
            comment.get_absolute_url(),
            f"/conversation/{audit.reference}/people/?q=a",
            f"/conversation/{audit.reference}/follow/",
            write_url(audit),
        ):
            unknown = url.replace(audit.reference, "AUD-9999").replace(f"/{comment.pk}/", "/999999/")
            for ask in (client.get, client.post):
                assert ask(url).status_code == ask(unknown).status_code
                assert ask(url).status_code in (404, 405)
