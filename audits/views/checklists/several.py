"""Setting a result or a method of several checks at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.forms.checks import SeveralForm, chosen_of
from audits.services import CheckRefused, checks_set, writing_refusal
from audits.views.checklists.access import audit_for, checklist_url, refuse
from audits.views.checklists.choosing import tell_left
from foundation.accounts.permissions import person_of
from foundation.ui.pages import Page


class ChecksSet(Page):
    """Sets what was chosen above the list of the checks that were selected in it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the list: somebody signed in again on the way."""
        audit = audit_for(person_of(request), kwargs["reference"])
        refuse(writing_refusal(person_of(request), audit))
        return redirect(checklist_url(audit))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Set it, and say what was left as it is."""
        user = person_of(request)
        audit = audit_for(user, kwargs["reference"])
        refuse(writing_refusal(user, audit))
        form = SeveralForm(request.POST)
        chosen = chosen_of(request.POST)
        if not chosen:
            messages.error(request, _("Select the checks first."))
        elif not form.is_valid():
            messages.error(request, _("Choose what to set."))
        else:
            self._set(request, audit, chosen, form)
        query = request.GET.urlencode()
        return redirect(f"{checklist_url(audit)}{'?' if query else ''}{query}")

    def _set(self, request: HttpRequest, audit: Any, chosen: dict[int, int], form: SeveralForm) -> None:
        try:
            done = checks_set(
                audit=audit, chosen=chosen, actor=person_of(request), now=self.now, **form.cleaned_data
            )
        except CheckRefused as refused:
            messages.error(request, str(refused))
            return
        words = ngettext("%(count)d check changed", "%(count)d checks changed", done.changed)
        (messages.success if done.changed else messages.info)(request, words % {"count": done.changed})
        tell_left(request, done.left)
