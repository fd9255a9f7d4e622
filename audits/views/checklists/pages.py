"""The page of a checklist, and of one check in it: the same page, with the check opened beside the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from audits.choices import RESULT_KEYS, CheckResult
from audits.forms.checks import CheckForm, SeveralForm, is_result, settled
from audits.models import Audit, Check
from audits.parts.checklist import Drawing, badge_html, progress_html
from audits.selectors.checks import (
    Checklist,
    Filters,
    check_counts,
    check_lines,
    checklist_of,
)
from audits.services import (
    CheckConflict,
    CheckRefused,
    Saved,
    check_save,
    choosing_refusal,
    grading_refusal,
    writing_refusal,
)
from audits.views.audit_pages import AuditPage
from audits.views.checklists.access import check_in, check_may_see, checklist_url
from audits.views.checklists.exporting import checklist_export
from audits.views.checklists.opened import FIELD_LABELS, conflict_rows, pane_context
from foundation.accounts.permissions import person_of
from foundation.records.lexemes import question_of
from foundation.ui import exports
from foundation.ui.dates import moment_text
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Fact

LIST, PANE = "check-list", "check-pane"
WORDS = 200


class ChecklistPage(AuditPage):
    """The checklist of an audit: all checks by framework and group, with the one that is opened beside them."""

    def get_record(self) -> Audit:
        """Return the audit, for who sees its checklist."""
        audit = super().get_record()
        check_may_see(person_of(self.request), audit)
        return audit

    def get_facts(self) -> Sequence[Fact]:
        """Leave the width to the list and the opened check."""
        return ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Return the page, the part of it that a script asks for, or a file."""
        if fills(request, LIST):
            self.record = self.get_record()
            return render(request, "audits/_check_list.html", self._list_context())
        if fmt := request.GET.get("export"):
            self.record = self.get_record()
            shown = self.checklist.shown if self.filters.are_on else None
            return checklist_export(request, self.record, shown, fmt=fmt, now=self.now)
        return super().get(request, *args, **kwargs)

    @cached_property
    def filters(self) -> Filters:
        """Return what the address asks for."""
        asked = self.request.GET
        result = asked.get("result", "")
        return Filters(
            result=result if is_result(result) else "",
            group=asked.get("group", "")[:20],
            mine=asked.get("mine") == "on",
            words=asked.get("q", "").strip()[:WORDS],
        )

    @cached_property
    def query(self) -> str:
        """Return the filters as they stand in addresses, with their question mark, or nothing."""
        filters = self.filters
        asked = {"q": filters.words, "result": filters.result, "group": filters.group}
        parameters = {name: value for name, value in asked.items() if value}
        if filters.mine:
            parameters["mine"] = "on"
        return f"?{urlencode(parameters)}" if parameters else ""

    @cached_property
    def checklist(self) -> Checklist:
        """Return the checks, by group."""
        words = self.filters.words
        question = question_of(words) if words else None
        lines = check_lines(self.record, question=question or None, text=words)
        return checklist_of(lines, self.filters, person_of(self.request))

    @property
    def opened_key(self) -> int | None:
        """Return the key of the check that is opened."""
        return self.kwargs.get("check")

    def context_checklist(self, audit: Audit) -> dict[str, Any]:
        """Return the list, its filters, and what the reader may do with it."""
        user = person_of(self.request)
        return {
            **self._list_context(),
            "checklist": self.checklist,
            "progress": progress_html(self.checklist.counts),
            "filters": self.filters,
            "result_choices": [(one.value, one.label) for one in RESULT_KEYS],
            "group_choices": [
                (group.heading.key, " ".join(filter(None, (group.heading.identifier, group.heading.title))))
                for group in self.checklist.groups
                if group.heading.identifier or group.heading.title
            ],
            "list_url": checklist_url(audit),
            "tools": self._tools(audit, user),
            "ways": self._ways(),
            "is_opened": self.opened_key is not None,
        }

    def _list_context(self) -> dict[str, Any]:
        """Return the rows, and what can be done with those that are selected."""
        audit, user = self.record, person_of(self.request)
        may_set = writing_refusal(user, audit) is None
        may_take_out = choosing_refusal(user, audit) is None
        checklist = self.checklist
        drawing = Drawing(
            base=checklist_url(audit),
            query=self.query,
            opened=self.opened_key,
            may_pick=may_set or may_take_out,
            frameworks=checklist.frameworks,
        )
        several = SeveralForm()
        if grading_refusal(user, audit):
            del several.fields["result"], several.fields["reason"]
        return {
            "audit": audit,
            "rows": drawing.rows_html(checklist),
            "shown_count": len(checklist.shown),
            "total_count": checklist.total,
            "several": several if may_set else None,
            "may_take_out": may_take_out,
            "query": self.query,
            "list_url": checklist_url(audit),
            "filters_on": self.filters.are_on,
            "export_urls": [
                (
                    fmt.upper(),
                    f"{checklist_url(audit)}{self.query or '?'}{'&' if self.query else ''}export={fmt}",
                )
                for fmt in exports.FORMATS
            ],
        }

    def _tools(self, audit: Audit, user: Any) -> list[Action]:
        if choosing_refusal(user, audit):
            return []
        base = checklist_url(audit)
        return [
            Action(_("Add requirements"), f"{base}add/", icon="plus"),
            Action(_("From an earlier audit"), f"{base}copy/", icon="copy"),
        ]

    def _ways(self) -> dict[str, str]:
        """Return the addresses of the checks before and after the opened one, and of the next untested one."""
        base, shown = checklist_url(self.record), self.checklist.shown
        place = next((place for place, line in enumerate(shown) if line.id == self.opened_key), -1)
        after = [*shown[place + 1 :], *shown[: max(place, 0)]]
        ways = {
            "previous": shown[place - 1].id if place > 0 else None,
            "next": shown[place + 1].id if place + 1 < len(shown) else None,
            "untested": next((line.id for line in after if line.is_open), None),
        }
        return {name: f"{base}{key}/{self.query}" for name, key in ways.items() if key is not None}


class CheckPage(ChecklistPage):
    """A check: read beside the list, saved as a whole form, or bit by bit by a script (`Accept: application/json`)."""

    form: CheckForm | None = None
    conflict: CheckConflict | None = None
    status = 200

    @cached_property
    def check(self) -> Check:
        """Return the check that is opened."""
        return check_in(self.record, self.kwargs["check"], person_of(self.request))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Return the page, or the opened check alone."""
        if fills(request, PANE):
            self.record = self.get_record()
            return render(request, "audits/_check.html", self._pane())
        return super().get(request, *args, **kwargs)

    def context_checklist(self, audit: Audit) -> dict[str, Any]:
        """Return the list with the opened check."""
        return {**self._pane(), **super().context_checklist(audit)}

    def _pane(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "query": self.query,
            "list_url": checklist_url(self.record),
            **pane_context(
                self.check, person_of(self.request), form=self.form, conflict=self.conflict, now=self.now
            ),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save what was sent of the check, and say what came of it."""
        self.record = self.get_record()
        user = person_of(request)
        form = CheckForm(settled(request.POST))
        if request.POST.get("reader") != str(user.pk):
            words = _("Somebody else opened this form. It was not saved under your name.")
            return self._refused(form, {"": words}, status=CONFLICT)
        if not form.is_valid():
            return self._refused(form, {name: str(errors[0]) for name, errors in form.errors.items()})
        try:
            saved = check_save(
                check=self.check,
                values=form.sent(),
                version=form.cleaned_data["version"],
                actor=user,
                now=self.now,
            )
        except CheckRefused as refused:
            return self._refused(form, refused.errors)
        except CheckConflict as conflict:
            return self._stale(form, conflict)
        return self._saved(saved)

    @property
    def _by_script(self) -> bool:
        return not self.request.accepts("text/html")

    def _saved(self, saved: Saved) -> HttpResponseBase:
        if self._by_script:
            return JsonResponse(self._data(saved))
        messages.success(self.request, _("%(check)s saved") % {"check": saved.check.text.identifier})
        for name in saved.merged:
            words = _("“%(field)s” was changed by somebody else meanwhile, and is kept as they left it.")
            messages.info(self.request, words % {"field": FIELD_LABELS[name]})
        if self.request.POST.get("go") == "next" and (following := self._ways().get("next")):
            return redirect(following)
        return redirect(f"{checklist_url(self.record)}{saved.check.pk}/{self.query}")

    def _data(self, saved: Saved) -> Mapping[str, Any]:
        check = saved.check
        return {
            "version": check.version,
            "values": values_of(check),
            "at": timezone.localtime(self.now).strftime("%H:%M"),
            "merged": [str(FIELD_LABELS[name]) for name in saved.merged],
            "tested": check.result != CheckResult.NOT_TESTED,
            "badge": badge_html(check),
            "progress": progress_html(check_counts(self.record)),
            "tested_words": tested_words(check, self.now),
        }

    def _refused(
        self, form: CheckForm, errors: Mapping[str, str], *, status: int = UNPROCESSABLE
    ) -> HttpResponseBase:
        if self._by_script:
            return JsonResponse({"errors": errors}, status=status)
        for name, error in errors.items():
            if not form.has_error(name or "__all__"):
                form.add_error(name if name in form.fields else None, error)
        self.form = form
        return self._again(status)

    def _stale(self, form: CheckForm, conflict: CheckConflict) -> HttpResponseBase:
        if not self._by_script:
            self.form, self.conflict = form, conflict
            return self._again(CONFLICT)
        context = {
            "check": conflict.check,
            "conflict": conflict_rows(conflict, form),
            "action": self.request.get_full_path(),
        }
        words = render_to_string("audits/_check_conflict.html", context, self.request)
        return JsonResponse({"conflict": words}, status=CONFLICT)

    def _again(self, status: int) -> HttpResponseBase:
        response = super().get(self.request, **self.kwargs)
        response.status_code = status
        return response


def values_of(check: Check) -> dict[str, Any]:
    """Return what a check says, as its form holds it."""
    return {
        "result": check.result,
        "reason": check.reason,
        "methods": check.methods,
        "sample": check.sample,
        "notes": check.notes,
    }


def tested_words(check: Check, now: Any) -> str:
    """Say who tested a check, and when."""
    if check.tested_by is None or check.tested_at is None:
        return ""
    return _("%(person)s, %(moment)s") % {
        "person": check.tested_by,
        "moment": moment_text(check.tested_at, now=now),
    }
