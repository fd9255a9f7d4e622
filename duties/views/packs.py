"""Evidence packs: asking for one, how far it is, what it holds, taking it away."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.choices import PACK_TONES, Duty, PackState
from duties.forms.packs import PackForm
from duties.models import EvidencePack
from duties.packs.scope import pack_title
from duties.packs.sight import is_outdated, packs_of
from duties.packs.words import pack_facts, periods, proof_facts
from duties.permissions import EVIDENCE
from duties.services.packs import (
    is_another_made,
    pack_download_note,
    pack_open,
    pack_remove,
    pack_request,
    pack_stop,
)
from duties.tasks import pack_wake
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of, right_check_anywhere
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Link, When
from foundation.ui.error_pages import error_response
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import Page, fills
from foundation.ui.security import FILE_POLICY
from foundation.ui.structure import Crumb

logger = structlog.get_logger(__name__)

STATE = "pack-state"
LONG = 10  # seconds after which a pack that nobody has begun is a sign that no worker runs
OUTDATED = lazy("You may not see all any more that you saw when this pack was made. Make it anew.")


def pack_crumbs(*more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to the packs, and on."""
    return (
        Crumb(_("Duties"), reverse("duties:duty-list")),
        Crumb(_("Evidence packs"), reverse("duties:pack-list") if more else ""),
        *more,
    )


def making_url(pack: EvidencePack) -> str:
    """Return the address of the form that asks for the same pack again."""
    asked = {"duty": pack.duty or "", "from": pack.starts_on, "until": pack.ends_on}
    return f"{reverse('duties:pack-list')}?{urlencode(asked)}"


class PackList(FormPage):
    """Asks for a pack, and lists one's own. The address may name duty and period (`?duty=8&from=2026-01-01&until=2026-12-31`)."""

    form_class = PackForm
    template_name = "duties/pack_list.html"
    title = lazy("Evidence packs")
    submit_label = lazy("Make the pack")
    columns = (
        Column("pack", lazy("Pack"), is_title=True),
        Column("state", lazy("State")),
        Column("size", lazy("Size"), at_end=True),
        Column("asked", lazy("Asked for")),
        Column("kept", lazy("Kept until")),
    )

    def prepare(self) -> None:
        """Check that the reader may make packs."""
        right_check_anywhere(user=person_of(self.request), right=EVIDENCE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what the address names, or the year so far."""
        given, today = self.request.GET, organisation_day(self.now)
        duty = next((duty for duty in Duty if str(duty.value) == given.get("duty")), None)
        return {
            "initial": {
                "duty": duty.value if duty else "",
                "starts_on": _day(given.get("from")) or date(today.year, 1, 1),
                "ends_on": _day(given.get("until")) or date(today.year, 12, 31),
            }
        }

    def get_subtitle(self) -> str:
        """Say what a pack is."""
        return _("The evidence of a period in one file, which anybody can check without the portal")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return pack_crumbs()

    def get_cancel_url(self) -> str:
        """Return to the duties."""
        return reverse("duties:duty-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return the usual periods, and the reader's packs."""
        given = self.request.GET.get("duty", "")
        rows = [self._row(pack) for pack in packs_of(person_of(self.request))]
        return {
            "periods": periods(organisation_day(self.now), given if given.isdecimal() else ""),
            "table": Table(_("Your packs"), self.columns, rows) if rows else None,
        }

    def _row(self, pack: EvidencePack) -> list[Any]:
        is_ready = pack.state == PackState.READY
        return [
            Link(
                pack_title(pack.duty, pack.starts_on, pack.ends_on),
                reverse("duties:pack-detail", args=[pack.key]),
            ),
            Badge(pack.get_state_display(), PACK_TONES[pack.state], dot=True),
            filesizeformat(pack.size) if pack.size else "",
            When(pack.requested_at, self.now),
            When(pack.kept_until, self.now) if is_ready else "",
        ]

    def save(self, form: PackForm) -> str:
        """Ask for the pack; the same that is being made already is as good."""
        pack, is_new = pack_request(actor=person_of(self.request), now=self.now, **form.cleaned_data)
        if is_new:
            pack_wake(pack.key)
        else:
            messages.info(self.request, _("This pack is being made already: here it is"))
        return reverse("duties:pack-detail", args=[pack.key])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


class OfPack(Page):
    """A page about one's own pack; that of another person is not found."""

    def find(self) -> EvidencePack:
        """Return the pack; raise Gone for any that is not the reader's."""
        reader = person_of(self.request)
        right_check_anywhere(user=reader, right=EVIDENCE)
        gone = Gone(_("This evidence pack is gone, or it is not yours."), way_on=reverse("duties:pack-list"))
        packs = EvidencePack.objects.filter(requested_by=reader).select_related("requested_by")
        return found_or_gone(packs, gone, pk=self.kwargs["key"])


def stage_of(pack: EvidencePack) -> str:
    """Return where it stands: what changes is read out once to those who hear the page."""
    return f"{pack.state}-{pack.phase}"


def stage_words(pack: EvidencePack) -> str:
    """Return where it stands, in words."""
    return ": ".join(filter(None, (pack.get_state_display(), pack.get_phase_display())))


class PackDetail(OfPack):
    """How far a pack is, and then what it holds; asks anew by itself until it is finished."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, or the part that changes."""
        pack = self.find()
        is_ready = pack.state == PackState.READY
        outdated = is_ready and is_outdated(pack, person_of(request))
        title = pack_title(pack.duty, pack.starts_on, pack.ends_on)
        is_waiting, is_part = pack.state == PackState.WAITING, fills(request, STATE)
        waits_long = self.now - pack.requested_at > timedelta(seconds=LONG)
        context = {
            "title": title,
            "subtitle": _("Evidence pack"),
            "crumbs": pack_crumbs(Crumb(title)),
            "now": self.now,
            "pack": pack,
            "is_ready": is_ready and not outdated,
            "is_outdated": outdated,
            "outdated": OUTDATED,
            "is_next": is_waiting and is_another_made(pack, self.now),
            "stage": stage_of(pack),
            "announced": stage_words(pack) if is_part and request.GET.get("told") != stage_of(pack) else "",
            "waits_long": is_waiting and waits_long,
            "badge": Badge(pack.get_state_display(), PACK_TONES[pack.state], dot=True),
            "again_url": making_url(pack),
            **(pack_facts(pack) if is_ready and not outdated else {}),
            "proof": proof_facts(pack) if is_ready else [],
        }
        return render(
            request,
            "duties/_pack.html" if is_part else "duties/pack_detail.html",
            context,
        )


class PackFile(OfPack):
    """The pack itself, handed over piece by piece; each time into the trail."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it to whom it was made for, as long as they may see what is in it."""
        pack, reader = self.find(), person_of(request)
        page = reverse("duties:pack-detail", args=[pack.key])
        if pack.state != PackState.READY:
            raise Gone(_("This pack is not there: it is not made yet, was stopped, or removed."), way_on=page)
        if is_outdated(pack, reader):
            raise PermissionDenied(OUTDATED)
        try:
            content = pack_open(pack)
        except OSError:
            logger.exception("packs.content_missing", pack=str(pack.key))
            words = _(
                "The storage of files does not answer, or has lost it. Try again in a minute, or make it anew."
            )
            return error_response(request, 503, title=_("This pack cannot be read just now"), wait=words)
        pack_download_note(pack=pack)
        what = slugify(Duty(pack.duty).label) if pack.duty else "all"
        name = f"evidence-pack-{what}-{pack.starts_on}-{pack.ends_on}.zip"
        return FileResponse(
            content,
            as_attachment=True,
            filename=name,
            content_type="application/zip",
            headers={"Content-Security-Policy": FILE_POLICY, "Content-Length": str(pack.size)},
        )


class PackStop(OfPack):
    """Stops a pack that is being made, or removes one that is ready."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop or remove it, and go back to its page."""
        pack = self.find()
        if pack_stop(pack=pack, now=self.now):
            messages.success(request, _("Stopped. Nothing is kept of it."))
        else:
            pack_remove(pack=pack)
        return redirect("duties:pack-detail", pack.key)
