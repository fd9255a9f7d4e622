"""The pages of the outbox and of everyone's preferences."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.notifications.choices import MailState, NoticeReason, NoticeState, ParkReason, Rhythm
from foundation.notifications.models import Mail, MailPreference, MailSettings, ParkedAddress
from foundation.notifications.services import mails_compose, mails_silence
from foundation.notifications.tests.factories import NOW, MailFactory, NoticeFactory, RecordFactory
from foundation.notifications.views.lists import SEARCHED_BACK
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def office(cast: Cast, sign_in: SignIn) -> Client:
    """Return a browser in which the administrator is signed in."""
    return sign_in(cast.administrator)


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"notifications:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestMailList:
    def test_it_works(self, office: Client, cast: Cast, settings: Settings) -> None:
        settings.EMAIL_URL = "smtp://mail.example.com"
        MailFactory.create(recipient=cast.analyst, subject="Audit: tomorrow")
        MailFactory.create(
            recipient=cast.auditor, state=MailState.PARKED, park_reason=ParkReason.ADDRESS_REFUSED
        )
        office.get(reverse("notifications:mail-list"))  # what is kept in the process is read once
        with assert_queries("mail list"):
            text = page(office, "mail-list")
        assert "Audit: tomorrow" in text
        assert "Anders Falk" in text
        assert "The mail server refused the address" in text
        assert "<strong>1</strong> Queued" in text
        assert "Retry all parked" in text

    def test_says_that_mails_are_kept_when_no_server_is_configured(
        self, office: Client, settings: Settings
    ) -> None:
        settings.EMAIL_URL = ""
        MailFactory.create(state=MailState.KEPT)
        MailFactory.create(state=MailState.PARKED, park_reason=ParkReason.TOO_MANY_TRIES)
        text = page(office, "mail-list")
        assert "No mail server is configured" in text
        assert "Send all that were kept" not in text
        assert "Retry all parked" not in text
        settings.EMAIL_URL = "smtp://mail.example.com"
        text = page(office, "mail-list")
        assert "No mail server is configured" not in text
        assert "Send all that were kept" in text

    def test_filters_by_state_and_words(self, office: Client, cast: Cast) -> None:
        MailFactory.create(
            recipient=cast.analyst, subject="First matter", state=MailState.SENT, created_at=clock.now()
        )
        MailFactory.create(recipient=cast.auditor, subject="Second matter")
        for query in ("?state=sent", "?q=falk", "?q=first", "?q=anders.falk@"):
            text = page(office, "mail-list", query=query)
            assert "First matter" in text, query
            assert "Second matter" not in text, query

    def test_words_find_a_persons_mails_of_all_times_and_subjects_of_late(
        self, office: Client, cast: Cast
    ) -> None:
        long_ago = clock.now() - SEARCHED_BACK - timedelta(days=1)
        MailFactory.create(recipient=cast.analyst, subject="First matter", created_at=long_ago)
        MailFactory.create(recipient=cast.auditor, subject="Second matter", created_at=clock.now())
        assert "First matter" in page(office, "mail-list", query="?q=falk")
        text = page(office, "mail-list", query="?q=matter")
        assert "Second matter" in text
        assert "First matter" not in text

    def test_subjects_of_restricted_records_are_not_searched(self, office: Client, cast: Cast) -> None:
        MailFactory.create(
            recipient=cast.analyst, subject="Quiet matter", created_at=clock.now(), restricted=True
        )
        assert "Anders Falk" not in page(office, "mail-list", query="?q=quiet")
        assert "Anders Falk" in page(office, "mail-list", query="?q=falk")

    def test_an_endless_search_is_left_out_and_told(self, office: Client) -> None:
        MailFactory.create(subject="First matter")
        text = page(office, "mail-list", query="?q=" + "x" * 101)
        assert "was left out" in text
        assert "First matter" in text

    def test_bad_parameters_are_told(self, office: Client) -> None:
        MailFactory.create()
        text = page(office, "mail-list", query="?state=lost&page=x&sort=evil")
        assert "was left out" in text
        assert "There is no page" in text

    def test_requires_the_right_for_the_whole_organisation(self, cast: Cast, sign_in: SignIn) -> None:
        RoleGrantFactory.create(user=cast.outsider, role="administrator", unit=cast.units.payments)
        for user in (cast.outsider, cast.ciso):
            for name in ("mail-list", "address-list", "notice-list"):
                answer = sign_in(user).get(reverse(f"notifications:{name}"))
                assert answer.status_code == 403


class TestRestricted:
    @pytest.fixture
    def secret(self, cast: Cast) -> Mail:
        """Return a mail to the CISO about a record that was restricted after the mail was written."""
        record = RecordFactory.create(owner=cast.ciso, unit=cast.units.root, title="Whistle-blower")
        NoticeFactory.create(recipient=cast.ciso, record=record, payload={"title": "Whistle-blower"})
        mails_compose(now=NOW)
        record.confidentiality = Confidentiality.RESTRICTED
        record.save()
        mail = Mail.objects.get()
        assert mail.subject == "Whistle-blower"
        return mail

    def test_its_subject_and_content_are_not_shown(self, office: Client, secret: Mail) -> None:
        for text in (
            page(office, "mail-list"),
            page(office, "mail-detail", secret.pk),
            page(office, "mail-tab", secret.pk, "text"),
        ):
            assert "Whistle-blower" not in text
            assert "Restricted" in text
        assert office.get(reverse("notifications:mail-html", args=[secret.pk])).status_code == 404

    def test_it_is_not_found_by_what_it_says(self, office: Client, secret: Mail) -> None:
        assert "Nothing fits" in page(office, "mail-list", query="?q=whistle")
        assert "Restricted" in page(office, "mail-list", query="?q=moreau")

    def test_who_may_see_the_record_may_read_it(self, office: Client, secret: Mail, cast: Cast) -> None:
        record = secret.notices.get().record
        assert record is not None
        Participant.objects.create(record=record, user=cast.administrator, role="lead")
        assert "Whistle-blower" in page(office, "mail-tab", secret.pk, "text")
        assert "Whistle-blower" in page(office, "mail-html", secret.pk)

    def test_a_notice_about_it_tells_nothing(self, office: Client, cast: Cast) -> None:
        record = RecordFactory.create(
            confidentiality=Confidentiality.RESTRICTED, reference="INC-0007", owner=cast.ciso
        )
        NoticeFactory.create(
            record=record,
            state=NoticeState.PARKED,
            reason=NoticeReason.FAILED,
            detail="'Whistle-blower' is not a date",
        )
        text = page(office, "notice-list")
        assert "Restricted" in text
        assert "INC-0007" not in text
        assert "Whistle-blower" not in text


class TestMail:
    def test_it_works(self, office: Client) -> None:
        mail = MailFactory.create(text="Plain & simple", last_error="451 Later", attempts=3)
        page(office, "mail-detail", mail.pk)
        with assert_queries("mail-detail"):
            text = page(office, "mail-detail", mail.pk)
        assert "451 Later" in text
        assert mail.message_id.strip("<>") in text
        assert "Plain &amp; simple" in page(office, "mail-tab", mail.pk, "text")

    def test_its_html_is_shut_in(self, office: Client) -> None:
        mail = MailFactory.create(html="<p>Hello</p>")
        answer = office.get(reverse("notifications:mail-html", args=[mail.pk]))
        assert answer.content == b"<p>Hello</p>"
        policy = answer["Content-Security-Policy"]
        for part in ("default-src 'none'", "script-src 'none'", "frame-ancestors 'self'", "sandbox"):
            assert part in policy, policy
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        framing = office.get(reverse("notifications:mail-detail", args=[mail.pk]))
        assert "frame-src 'self'" in framing["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in framing["Content-Security-Policy"]

    def test_retry(self, office: Client, settings: Settings) -> None:
        settings.EMAIL_URL = "smtp://mail.example.com"
        mail = MailFactory.create(state=MailState.PARKED, park_reason=ParkReason.TOO_MANY_TRIES)
        answer = office.post(reverse("notifications:mail-retry", args=[mail.pk]), follow=True)
        assert "goes out within a minute" in answer.content.decode()
        mail.refresh_from_db()
        assert mail.state == MailState.QUEUED
        answer = office.post(reverse("notifications:mail-retry", args=[mail.pk]), follow=True)
        assert "not parked any more" in answer.content.decode()

    def test_what_is_unknown_is_not_found(self, office: Client) -> None:
        for name, args in (("mail-detail", [9]), ("mail-html", [9]), ("mail-tab", [9, "text"])):
            assert office.get(reverse(f"notifications:{name}", args=args)).status_code == 404
        mail = MailFactory.create()
        assert office.get(reverse("notifications:mail-tab", args=[mail.pk, "other"])).status_code == 404


class TestSteps:
    def test_retry_and_release_all(self, office: Client, settings: Settings) -> None:
        settings.EMAIL_URL = "smtp://mail.example.com"
        MailFactory.create(state=MailState.PARKED, park_reason=ParkReason.TOO_MANY_TRIES)
        MailFactory.create(state=MailState.KEPT)
        for name in ("mail-retry-all", "mail-release-all"):
            assert "within a minute" in page(office, name) or "what was true then" in page(office, name)
            answer = office.post(reverse(f"notifications:{name}"), follow=True)
            assert "1 mail queued" in answer.content.decode()
        assert Mail.objects.filter(state=MailState.QUEUED).count() == 2

    def test_without_a_server_it_says_so(self, office: Client) -> None:
        MailFactory.create(state=MailState.PARKED, park_reason=ParkReason.TOO_MANY_TRIES)
        answer = office.post(reverse("notifications:mail-retry-all"))
        assert answer.status_code == 422
        assert "EMAIL_URL" in answer.content.decode()

    def test_addresses(self, office: Client) -> None:
        assert "No address was refused" in page(office, "address-list")
        address = ParkedAddress.objects.create(
            address="gone@example.com", reason="550 <b>Gone</b>", parked_at=NOW
        )
        with assert_queries("address-list"):
            text = page(office, "address-list")
        assert "gone@example.com" in text
        assert "550 &lt;b&gt;Gone&lt;/b&gt;" in text
        assert "gone@example.com" in page(office, "address-unpark", address.pk)
        answer = office.post(reverse("notifications:address-unpark", args=[address.pk]), follow=True)
        assert "Address freed" in answer.content.decode()
        assert not ParkedAddress.objects.exists()

    def test_notices(self, office: Client) -> None:
        assert "All notices could be told" in page(office, "notice-list")
        notice = NoticeFactory.create(
            state=NoticeState.PARKED, reason=NoticeReason.FAILED, detail="FaultyNotice: It has no title."
        )
        NoticeFactory.create_batch(
            2, state=NoticeState.PARKED, reason=NoticeReason.FAILED, record=RecordFactory.create()
        )
        with assert_queries("notice-list"):
            text = page(office, "notice-list")
        assert "It has no title." in text
        assert "Probes" in text
        answer = office.post(reverse("notifications:notice-retry-all"), follow=True)
        assert "3 notices to be told again" in answer.content.decode()
        notice.refresh_from_db()
        assert notice.state == NoticeState.PENDING


class TestPreferences:
    def test_everyone_chooses_for_themselves(self, cast: Cast, sign_in: SignIn) -> None:
        client = sign_in(cast.personnel)
        text = page(client, "preferences")
        assert "Probes" in text
        assert "Probes that are late" in text, "named, though it leaves no choice"
        assert 'name="mail-probe.escalation"' not in text
        assert "so it can't be turned off" in text.replace("&#x27;", "'")
        assert "It protects your account" in text
        assert "Europe/Lisbon" in text
        data = filled(client, reverse("notifications:preferences"))
        data |= {"mail-probe.reminder": "daily", "digest_hour": "18", "mail-probe.news": "never"}
        del data["shown-probe.news"]
        answer = client.post(reverse("notifications:preferences"), data, follow=True)
        assert "Preferences saved" in answer.content.decode()
        kept = MailPreference.objects.filter(user=cast.personnel).order_by("kind")
        assert [(one.kind, one.rhythm, one.in_app) for one in kept] == [
            ("probe.news", Rhythm.NEVER, False),
            ("probe.reminder", Rhythm.DAILY, True),
        ]
        assert MailSettings.objects.get(user=cast.personnel).digest_hour == 18
        entry = Entry.objects.get(action="notifications.preferences.changed")
        assert entry.before == {
            "probe.reminder": "immediate",
            "probe.news": "immediate",
            "probe.news.in_app": True,
            "digest_hour": 7,
        }
        assert entry.after == {
            "probe.reminder": "daily",
            "probe.news": "never",
            "probe.news.in_app": False,
            "digest_hour": 18,
        }
        form = client.get(reverse("notifications:preferences")).context["form"]
        assert form["digest_hour"].initial == 18
        assert form["mail-probe.reminder"].initial == "daily"
        assert form["shown-probe.news"].initial is False

        client.post(reverse("notifications:preferences"), {**data, "version": form["version"].value()})
        assert Entry.objects.filter(action="notifications.preferences.changed").count() == 1

    def test_a_choice_of_another_tab_or_of_a_mail_s_link_is_told(self, cast: Cast, sign_in: SignIn) -> None:
        client, path = sign_in(cast.personnel), reverse("notifications:preferences")
        data = filled(client, path, digest_hour="18")
        mails_silence(user=cast.personnel, kinds=["probe.news"])
        answer = client.post(path, data)
        assert answer.status_code == 409
        rows = {row.label: (row.mine, row.theirs) for row in answer.context["conflict"].different_rows}
        assert rows == {
            "Send the digest at": ("18:00", "07:00"),
            "News of probes: by e-mail": ("At once", "Never"),
        }
        assert MailPreference.objects.get(user=cast.personnel).rhythm == Rhythm.NEVER, "not saved over"
        version = answer.context["form"]["version"].value()
        assert client.post(path, {**data, "version": version}).status_code == 302
        assert MailPreference.objects.get(user=cast.personnel).rhythm == Rhythm.IMMEDIATE

    def test_what_calls_for_action_is_not_turned_off(self, cast: Cast, sign_in: SignIn) -> None:
        data = {"mail-probe.reminder": "never", "digest_hour": "7"}
        answer = sign_in(cast.personnel).post(reverse("notifications:preferences"), data)
        assert answer.status_code == 422
        assert "mail-probe.reminder" in answer.context["form"].errors
        data = {"mail-probe.escalation": "never", "mail-no.kind": "never", "digest_hour": "7"}
        sign_in(cast.personnel).post(reverse("notifications:preferences"), data)
        assert not MailPreference.objects.filter(kind__in=["probe.escalation", "no.kind"]).exists()

    @pytest.mark.parametrize("hour", ["24", "-1", "x", ""])
    def test_a_wrong_hour_is_told(self, cast: Cast, sign_in: SignIn, hour: str) -> None:
        answer = sign_in(cast.personnel).post(reverse("notifications:preferences"), {"digest_hour": hour})
        assert answer.status_code == 422
        assert "digest_hour" in answer.context["form"].errors
        assert not MailSettings.objects.exists()
