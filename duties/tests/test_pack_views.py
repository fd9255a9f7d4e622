"""The pages of evidence packs: whose they are, what they say, and when a pack is not handed over any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from duties.choices import PackState
from duties.models import EvidencePack
from duties.packs.signing import key_fingerprint
from duties.packs.summary import grouped
from duties.services.packs import pack_stop, stored_path
from duties.tests.factories import activity_make, done
from duties.tests.packs import pack_ask, pack_made
from foundation.accounts.models import RoleGrant
from foundation.files.storage import files_storage
from foundation.files.tests.contents import file_make
from foundation.links.relations import Direction
from foundation.links.services import link_add
from foundation.records.models import Participant, Record
from foundation.registry import RelationKind, registry
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]
LIST = "/duties/evidence-packs/"
RELATES = Direction(registry.get(RelationKind, "relates"), is_back=False)
ASKED = {"duty": "5", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duties.views.packs.pack_wake", lambda key: None)


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def page_of(pack: EvidencePack) -> str:
    return reverse("duties:pack-detail", args=[pack.key])


def file_of(pack: EvidencePack) -> str:
    return reverse("duties:pack-file", args=[pack.key])


def test_a_pack_is_asked_for(cast: Cast) -> None:
    browser = browser_of(cast.auditor)
    answer = browser.post(LIST, ASKED)
    pack = EvidencePack.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(pack))
    assert (pack.requested_by, pack.duty, pack.state) == (cast.auditor, 5, PackState.WAITING)
    again = browser.post(LIST, ASKED, follow=True)
    assert "This pack is being made already" in again.text
    assert EvidencePack.objects.count() == 1


def test_all_duties_are_asked_for_by_choosing_none(cast: Cast) -> None:
    browser_of(cast.ciso).post(LIST, {**ASKED, "duty": ""})
    assert EvidencePack.objects.get().duty is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"ends_on": "2025-12-31"}, "The period ends before it begins."),
        ({"starts_on": "2099-01-01", "ends_on": "2099-02-01"}, "The period has not begun"),
        ({"starts_on": "2001-01-01"}, "five years at the most"),
        ({"starts_on": ""}, "This field is required."),
        ({"duty": "14"}, "Select a valid choice."),
        ({"duty": "x"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_field(cast: Cast, said: dict[str, str], words: str) -> None:
    answer = browser_of(cast.ciso).post(LIST, {**ASKED, **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert not EvidencePack.objects.exists()


def test_the_address_may_name_duty_and_period(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    page = browser.get(f"{LIST}?duty=8&from=2025-01-01&until=2025-03-31").text
    assert '<option value="8" selected>8. Audits</option>' in page
    assert 'value="2025-01-01"' in page
    assert 'value="2025-03-31"' in page
    assert "?duty=8&amp;from=" in page, "the usual periods keep the duty"
    for nonsense in ("?duty=99&from=x&until=2026-13-01", "?duty=\x00"):
        assert browser.get(LIST + nonsense).status_code == 200


def test_the_list_shows_ones_own(cast: Cast) -> None:
    pack_made(cast.auditor)
    browser = browser_of(cast.auditor)
    browser.get(LIST)
    with assert_queries("pack-list"):
        page = browser.get(LIST).text
    assert "5. Threat landscape, 1 Jan 2026 – 31 Dec 2026" in page
    assert "Ready" in page
    assert "5. Threat landscape, 1 Jan" not in browser_of(cast.ciso).get(LIST).text


def test_its_page_says_how_far_it_is(cast: Cast) -> None:
    pack = pack_ask(cast.auditor)
    browser = browser_of(cast.auditor)
    page = browser.get(page_of(pack)).text
    assert "every 2s" in page
    assert "No worker has begun it." in page
    EvidencePack.objects.update(
        state=PackState.WORKING,
        phase="records",
        records_done=1_200,
        records_total=4_800,
        files_done=7,
        bytes_done=3_000_000,
    )
    part = browser.get(page_of(pack), headers={"HX-Request": "true", "HX-Target": "pack-state"}).text
    assert "<html" not in part
    assert "1,200 of 4,800 records" in part
    waiting = browser.get(page_of(pack_ask(cast.auditor, duty=None))).text
    assert "No worker has begun it." in waiting, "of the other one nothing was heard for long"
    EvidencePack.objects.filter(pk=pack.pk).update(touched_at=timezone.now())
    assert (
        "Another pack is being made first." in browser.get(page_of(EvidencePack.objects.get(duty=None))).text
    )
    assert "7 files, 2.9" in part
    EvidencePack.objects.update(phase="trail", links_done=20, links_total=100)
    assert "20 of 100 links" in browser.get(page_of(pack)).text


def test_what_changes_is_read_out_once(cast: Cast) -> None:
    pack = pack_ask(cast.auditor)
    browser = browser_of(cast.auditor)
    page = browser.get(page_of(pack)).text
    assert '<div id="pack-status" class="sr-status" role="status"></div>' in page
    assert "aria-live" not in page.partition('id="pack-state"')[2].partition(">")[0]
    assert f'hx-get="{page_of(pack)}?told=waiting-"' in page
    asked = {"HX-Request": "true", "HX-Target": "pack-state"}
    part = browser.get(f"{page_of(pack)}?told=waiting-", headers=asked).text
    assert "pack-status" not in part
    assert '<button class="btn" id="pack-next">' in part, "the focus is found again by it"
    EvidencePack.objects.update(state=PackState.WORKING, phase="trail", touched_at=timezone.now())
    part = browser.get(f"{page_of(pack)}?told=waiting-", headers=asked).text
    assert '<div id="pack-status" hx-swap-oob="innerHTML">Being made: Taking in the trail</div>' in part
    pack_stop(pack=pack, now=timezone.now())
    part = browser.get(f"{page_of(pack)}?told=working-trail", headers=asked).text
    assert '<div id="pack-status" hx-swap-oob="innerHTML">Stopped</div>' in part
    assert "every 2s" not in part


def test_a_pack_that_is_ready_says_what_it_holds_and_what_proves_it(cast: Cast) -> None:
    activity = done(cast)
    gone = file_make(activity_make(cast), cast.personnel, "gone.txt").versions.get()
    files_storage().delete(f"{gone.storage_key[:2]}/{gone.storage_key}")
    done(cast, owner=cast.ciso, confidentiality="restricted", actor=cast.ciso)
    pack = pack_made(cast.auditor)
    browser = browser_of(cast.auditor)
    browser.get(page_of(pack))
    with assert_queries("pack-detail"):
        page = browser.get(page_of(pack)).text
    assert "every 2s" not in page
    assert grouped(key_fingerprint()) in page
    assert grouped(pack.sha256) in page
    assert "1 activity is left out" in page
    assert "gone.txt: its content is missing in the storage" in page
    assert activity.title not in page


def test_a_pack_is_handed_over_to_whom_it_was_made_for(cast: Cast) -> None:
    done(cast)
    pack = pack_made(cast.auditor)
    answer = browser_of(cast.auditor).get(file_of(pack))
    assert answer["Content-Disposition"] == (
        'attachment; filename="evidence-pack-threat-landscape-2026-01-01-2026-12-31.zip"'
    )
    assert answer.streaming
    assert len(answer.getvalue()) == pack.size == int(answer["Content-Length"])
    entry = Entry.objects.get(action="duties.pack.downloaded")
    assert (entry.actor_id, entry.after["sha256"]) == (cast.auditor.pk, pack.sha256)
    for other in (cast.ciso, cast.analyst, cast.unit_lead):
        for url in (page_of(pack), file_of(pack)):
            assert browser_of(other).get(url).status_code == 404
    assert browser_of(cast.executive).get(page_of(pack)).status_code == 403
    assert Entry.objects.filter(action="duties.pack.downloaded").count() == 1


def restrict(cast: Cast, pack: EvidencePack, title: str = "Look at feeds") -> None:
    changed = Record.objects.filter(title=title).update(confidentiality="restricted", owner=cast.ciso)
    assert changed == 1


def restrict_linked(cast: Cast, pack: EvidencePack) -> None:
    restrict(cast, pack, "Of another duty")


def play_a_part(cast: Cast, pack: EvidencePack) -> None:
    """While it was being made: its records had been read already."""
    begun = EvidencePack.objects.get(pk=pack.pk).begun_at
    EvidencePack.objects.update(finished_at=begun + timedelta(minutes=10))
    part = Participant.objects.create(
        user=cast.auditor, record=Record.objects.get(title="Look at feeds"), role="analyst"
    )
    Participant.objects.filter(pk=part.pk).update(created_at=begun + timedelta(minutes=5))


def take_the_role(cast: Cast, pack: EvidencePack) -> None:
    RoleGrant.objects.filter(user=cast.auditor).update(role="unit_lead", unit=cast.units.root)


@pytest.mark.parametrize("change", [restrict, restrict_linked, play_a_part, take_the_role])
def test_a_pack_is_not_handed_over_for_a_sight_that_changed(cast: Cast, change: Any) -> None:
    activity, other = done(cast, title="Look at feeds"), done(cast, title="Of another duty", duty=6)
    link_add(record=activity, other=other, direction=RELATES, actor=cast.ciso, now=activity.created_at)
    pack = pack_made(cast.auditor)
    change(cast, pack)
    browser = browser_of(cast.auditor)
    refused = browser.get(file_of(pack))
    assert refused.status_code == 403
    assert "Make it anew." in refused.text
    page = browser.get(page_of(pack)).text
    assert file_of(pack) not in page
    assert "Make it anew" in page
    assert not Entry.objects.filter(action="duties.pack.downloaded").exists()


def test_who_lost_the_right_altogether_reads_so(cast: Cast) -> None:
    pack = pack_made(cast.auditor)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    for url in (LIST, page_of(pack), file_of(pack)):
        assert browser_of(cast.auditor).get(url).status_code == 403


def test_what_is_not_ready_is_not_handed_over(cast: Cast) -> None:
    pack = pack_ask(cast.auditor)
    browser = browser_of(cast.auditor)
    assert browser.get(file_of(pack)).status_code == 404
    assert browser.get(reverse("duties:pack-stop", args=[pack.key])).status_code == 405
    browser.post(reverse("duties:pack-stop", args=[pack.key]))
    page = browser.get(page_of(pack)).text
    assert "Stopped" in page
    assert "Nothing is kept of it." in page


def test_a_pack_that_failed_says_why_and_is_tried_again(cast: Cast) -> None:
    pack = pack_ask(cast.auditor)
    EvidencePack.objects.update(
        state=PackState.FAILED, failure="The disk is full.", finished_at=pack.requested_at
    )
    page = browser_of(cast.auditor).get(page_of(pack)).text
    assert "The disk is full." in page
    assert "/duties/evidence-packs/?duty=5&amp;from=2026-01-01&amp;until=2026-12-31" in page


def test_a_pack_that_the_storage_lost_is_told(cast: Cast) -> None:
    pack = pack_made(cast.auditor)
    files_storage().delete(stored_path(pack.storage_key))
    answer = browser_of(cast.auditor).get(file_of(pack))
    assert answer.status_code == 503
    assert "This pack cannot be read just now" in answer.text
    assert not Entry.objects.filter(action="duties.pack.downloaded").exists()


def test_a_pack_is_removed_before_its_time(cast: Cast) -> None:
    pack = pack_made(cast.auditor)
    browser = browser_of(cast.auditor)
    browser.post(reverse("duties:pack-stop", args=[pack.key]))
    page = browser.get(page_of(pack)).text
    assert "Removed" in page
    assert browser.get(file_of(pack)).status_code == 404


def test_the_trail_tells_of_it_in_words(cast: Cast) -> None:
    pack_made(cast.auditor)
    page = browser_of(cast.auditor).get("/trail/").text
    assert "asked for the evidence pack" in page
    assert "made the evidence pack" in page
    assert "5. Threat landscape, 1 Jan 2026" in page
