"""How the portal is: for monitors, and for people who look after it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.permissions import right_required
from foundation.operations.diagnosis import diagnose
from foundation.operations.selectors import health_read
from foundation.ui.components import Badge


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is well and 503 when one is not; nobody needs to sign in to ask."""
    now = clock.now()
    health = health_read(now=now)
    return JsonResponse(health.as_json(now=now), status=200 if health.is_well else 503)


@require_safe
@right_required("health.view")
def health(request: HttpRequest) -> HttpResponse:
    """Show each part of the portal with how it is and what to do about it."""
    findings = [
        (finding, Badge(finding.state.label, finding.state.tone, finding.state.icon))
        for finding in diagnose(now=clock.now(), thorough=False)
    ]
    return render(request, "operations/health.html", {"title": _("Health"), "findings": findings})
