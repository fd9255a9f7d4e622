"""The library: what is in force, and meant for the reader; nothing else, whoever asks."""

from datetime import timedelta

import pytest
from django.test import Client

from foundation.accounts.choices import Role
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from policies.models import Document, DocumentVersion, LibraryEntry
from policies.services import document_find_back, documents_unshelved
from policies.tasks import shelve
from policies.tests.factories import (
    NOW,
    decide,
    document_make,
    filed,
    picture_on,
    pictured,
    published,
    revising,
    step,
    submitted,
)

pytestmark = pytest.mark.django_db
PATH = "/policies/library/"


def page_of(client: Client, person: object, path: str = PATH) -> str:
    client.force_login(person)
    return client.get(path).content.decode()


def status_of(client: Client, person: object, path: str) -> int:
    client.force_login(person)
    return client.get(path).status_code


def test_everybody_reads_what_is_in_force_and_no_draft(client: Client, cast: Cast) -> None:
    document = published(cast)
    document_make(cast, title="Gate policy")
    submitted(cast, title="Key policy")
    for person in (cast.personnel, cast.outsider, cast.executive, cast.analyst):
        page = page_of(client, person)
        assert "Door policy" in page
        assert "Gate policy" not in page
        assert "Key policy" not in page
        text = page_of(client, person, f"{PATH}{document.reference}/")
        assert "Keep doors shut." in text
        assert 'id="section-rules"' in text


def test_a_draft_is_nowhere_in_it(client: Client, cast: Cast) -> None:
    draft = document_make(cast)
    assert status_of(client, cast.analyst, f"{PATH}{draft.reference}/") == 404
    document = revising(cast)
    assert "And windows." not in page_of(client, cast.analyst, f"{PATH}{document.reference}/")
    assert document.title not in page_of(client, cast.analyst, f"{PATH}?q=windows")


def test_what_is_restricted_or_retired_is_gone_from_it(client: Client, cast: Cast) -> None:
    document = published(cast)
    Record.objects.filter(pk=document.pk).update(confidentiality=Confidentiality.RESTRICTED)
    for person in (cast.personnel, cast.ciso):
        assert "Door policy" not in page_of(client, person)
        assert status_of(client, person, f"{PATH}{document.reference}/") == 404
    Record.objects.filter(pk=document.pk).update(confidentiality=Confidentiality.INTERNAL)
    step(Document.objects.get(pk=document.pk), "retire", cast.ciso, comment="Doors are gone")
    assert status_of(client, cast.personnel, f"{PATH}{document.reference}/") == 404
    assert not LibraryEntry.objects.exists()


@pytest.mark.parametrize(
    ("units", "roles", "readers"),
    [
        ((), (), {"personnel", "unit_lead", "executive", "outsider", "ciso"}),
        (("payments",), (), {"personnel", "unit_lead"}),
        (("cards",), (), {"personnel"}),
        (("root",), (), {"personnel", "unit_lead", "executive", "ciso"}),
        (("retail",), (), set()),
        ((), (Role.EXECUTIVE,), {"executive"}),
        (("cards",), (Role.EXECUTIVE, Role.UNIT_LEAD), {"personnel", "executive", "unit_lead"}),
    ],
)
def test_it_shows_what_is_meant_for_the_reader(
    client: Client, cast: Cast, units: tuple[str, ...], roles: tuple[str, ...], readers: set[str]
) -> None:
    audience = [getattr(cast.units, name).pk for name in units]
    document = published(cast, audience=audience, audience_roles=list(roles))
    seen = set()
    for part in ("personnel", "unit_lead", "executive", "outsider", "ciso"):
        person = cast.people()[part]
        if "Door policy" in page_of(client, person):
            seen.add(part)
        opened = status_of(client, person, f"{PATH}{document.reference}/") == 200
        assert opened is (part in seen)
    assert seen == readers


def test_words_are_found_in_the_whole_text_and_shown_around(client: Client, cast: Cast) -> None:
    filler = " ".join(f"word{number}" for number in range(3_000))
    published(cast, body=f"## Purpose\n\n{filler}\n\nWho leaves **last** bolts the portcullis.\n")
    published(cast, title="Window policy")
    page = page_of(client, cast.personnel, f"{PATH}?q=portcullis")
    assert "<mark>portcullis</mark>" in page
    assert "**" not in page
    assert "Window policy" not in page
    assert "Nothing found" in page_of(client, cast.personnel, f"{PATH}?q=drawbridge")


@pytest.mark.parametrize("part", ["personnel", "unit_lead", "auditor", "ciso"])
def test_search_finds_it_whatever_records_its_reader_knows_of(client: Client, cast: Cast, part: str) -> None:
    """The head of Payments may view the records of Payments alone; words far down are found in no record."""
    filler = " ".join(f"word{number}" for number in range(1_000))
    published(cast, body=f"{filler} portcullis")
    published(cast, title="Vault policy", body="Portcullis.", confidentiality=Confidentiality.RESTRICTED)
    published(cast, title="Branch policy", body="Portcullis.", audience=[cast.units.retail.pk])
    page = page_of(client, cast.people()[part], "/search/?q=portcullis")
    assert f"{PATH}DOC-0001/" in page
    assert f"{PATH}DOC-0002/" not in page
    assert f"{PATH}DOC-0003/" not in page


def test_search_shows_once_what_stands_among_the_records_too(client: Client, cast: Cast) -> None:
    document = published(cast)
    assert f"{PATH}DOC-0001/" in page_of(client, cast.unit_lead, "/search/?q=doors")
    page = page_of(client, cast.auditor, "/search/?q=doors")
    assert document.get_absolute_url() in page
    assert f"{PATH}DOC-0001/" not in page


def test_it_holds_since_its_approval_where_that_came_after_the_day_that_was_chosen(
    client: Client, cast: Cast
) -> None:
    late = NOW + timedelta(days=12)
    decide(submitted(cast, effective_on=(NOW + timedelta(days=2)).date()), cast.ciso, now=late)
    version = DocumentVersion.objects.get()
    register = page_of(client, cast.ciso, "/policies/DOC-0001/versions/1/")
    for page in (
        page_of(client, cast.personnel),
        page_of(client, cast.personnel, f"{PATH}DOC-0001/"),
        register,
    ):
        assert 'datetime="2026-12-05' in page
        assert 'datetime="2026-11-25' not in page
    assert version.effective_on.isoformat() == "2026-11-25", "what was approved stays as it was"


def test_titles_come_before_texts(client: Client, cast: Cast) -> None:
    published(cast, title="Alpha policy", body="Windows are closed.")
    published(cast, title="Windows")
    page = page_of(client, cast.personnel, f"{PATH}?q=windows")
    assert page.index(f"{PATH}DOC-0002/") < page.index(f"{PATH}DOC-0001/")


def test_it_is_narrowed_by_type(client: Client, cast: Cast) -> None:
    published(cast)
    published(cast, title="Gate standard", type="standard")
    page = page_of(client, cast.personnel, f"{PATH}?type=standard")
    assert "Gate standard" in page
    assert "Door policy" not in page
    assert "There is no type" in page_of(client, cast.personnel, f"{PATH}?type=nonsense")


def test_a_new_version_takes_the_place_of_the_old_one_and_says_what_changed(
    client: Client, cast: Cast
) -> None:
    document = step(revising(cast), "submit_revision", cast.analyst)
    decide(document, cast.ciso, now=NOW + timedelta(hours=1))
    text = page_of(client, cast.personnel, f"{PATH}{document.reference}/")
    assert "And windows." in text
    assert "Windows, too" in text
    assert "Door policy" in page_of(client, cast.personnel, f"{PATH}?q=windows")


def test_pictures_of_the_text_are_shown_and_no_other_file(client: Client, cast: Cast) -> None:
    document, shown = pictured(cast)
    other = picture_on(document, cast.analyst, "other.png", (50, 50))
    where = f"{PATH}{document.reference}/pictures"
    assert f"{where}/{shown.key}/1/" in page_of(client, cast.personnel, f"{PATH}{document.reference}/")
    answer = client.get(f"{where}/{shown.key}/1/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert client.get(f"{where}/{shown.key}/2/").status_code == 404
    assert client.get(f"{where}/{other.key}/1/").status_code == 404


def test_the_original_is_handed_over(client: Client, cast: Cast) -> None:
    document = filed(cast)
    page = page_of(client, cast.personnel, f"{PATH}{document.reference}/")
    assert "What holds is the original" in page
    answer = client.get(f"{PATH}{document.reference}/file/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Doors.docx"'
    assert answer.getvalue().startswith(b"PK")


def test_both_pages_ask_little(client: Client, cast: Cast) -> None:
    for number in range(5):
        published(cast, title=f"Policy {number}", type="standard" if number % 2 else "policy")
    client.force_login(cast.personnel)
    client.get(PATH)
    with assert_queries("library"):
        client.get(PATH)
    with assert_queries("library-found"):
        client.get(f"{PATH}?q=doors")
    with assert_queries("library-document"):
        client.get(f"{PATH}DOC-0001/")


def test_whoever_reads_it_alone_has_it_in_the_side_bar(client: Client, cast: Cast) -> None:
    page = page_of(client, cast.personnel, "/")
    assert f'href="{PATH}"' in page
    assert 'href="/policies/"' not in page


def test_what_came_in_force_by_other_ways_is_found_too(client: Client, cast: Cast) -> None:
    document = published(cast)
    LibraryEntry.objects.all().delete()
    assert documents_unshelved() == [document.pk]
    assert "Door policy" not in page_of(client, cast.personnel, f"{PATH}?q=doors")
    shelve()
    assert "Door policy" in page_of(client, cast.personnel, f"{PATH}?q=doors")
    assert documents_unshelved() == []


def test_a_retired_document_is_not_shelved_again(cast: Cast) -> None:
    document = step(published(cast), "retire", cast.ciso, comment="Doors are gone")
    document_find_back(key=document.pk)
    assert not LibraryEntry.objects.exists()
    assert DocumentVersion.objects.get().state == "retired"
