"""What controls show on pages of documents, frameworks and requirements."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from controls.parts import control_badge, implementation_badge
from controls.selectors.coverage import coverage_of
from controls.selectors.mappings import controls_of_document, controls_of_requirement
from foundation.accounts.access import access_of
from foundation.accounts.permissions import person_of


def document_tab(*, record: Any, request: Any, now: Any) -> Mapping[str, Any]:
    """Return the controls that carry out what a document asks for."""
    return {"lines": _lines(controls_of_document(record, person_of(request)))}


def framework_tab(*, record: Any, request: Any, now: Any) -> Mapping[str, Any]:
    """Return how far a framework is covered by controls, and where that is shown requirement by requirement."""
    framework = record if hasattr(record, "current") else record.as_framework
    if framework.current is None:
        return {"groups": []}
    whole, groups = coverage_of(framework, person_of(request))
    url = reverse("controls:coverage", args=[framework.reference])
    return {
        "whole": whole,
        "groups": [(group, f"{url}?group={group.key}") for group in groups],
        "coverage_url": url,
    }


def requirement_part(*, subject: Any, request: Any, now: Any) -> Mapping[str, Any] | None:
    """Return the controls that are mapped to a requirement; None for who reads no working records anywhere."""
    user = person_of(request)
    if not access_of(user).has_anywhere("records.view"):
        return None
    framework = subject.edition.framework
    is_current = framework.current_id is not None
    return {
        "lines": _lines(controls_of_requirement(subject.requirement_id, user)),
        "is_withdrawn": subject.requirement.is_withdrawn,
        "coverage_url": reverse("controls:coverage", args=[framework.reference]) if is_current else "",
    }


def _lines(links: Any) -> list[Any]:
    return [
        (link, control_badge(link.control.state), implementation_badge(link.control.implementation))
        for link in links
    ]
