"""What an audit is held against: chosen in its form and in imports, kept by its series, shown on its page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from audits.imports import audits_import, audits_preview
from audits.models import Audit
from audits.selectors import requirements_to_choose
from audits.services import audit_change, occurrences_plan
from audits.tests.factories import NOW, audit_make
from audits.tests.series import at
from audits.tests.tables import table
from audits.tests.urls.audits import audit_data
from compliance.models import Framework, Requirement
from compliance.tests.factories import framework_make
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def names(audit: Any) -> list[str]:
    return sorted(audit.frameworks.values_list("title", flat=True))


def hide(framework: Framework) -> Framework:
    Framework.objects.filter(pk=framework.pk).update(confidentiality=Confidentiality.RESTRICTED)
    return framework


def test_the_form_takes_frameworks_and_its_page_names_them(cast: Cast, sign_in: SignIn) -> None:
    one, _other = framework_make(cast), framework_make(cast, title="Lighthouse rules")
    client = sign_in(cast.analyst)
    answer = client.post("/audits/new/", {**audit_data(cast), "frameworks": [one.pk]})
    assert answer.status_code == 302
    audit = Audit.objects.get()
    assert names(audit) == ["Harbour baseline"]
    page = client.get(answer["Location"]).content.decode()
    assert f'<a href="{one.get_absolute_url()}">Harbour baseline</a>' in page
    assert "Lighthouse rules" not in page
    entry = Entry.objects.get(action="audits.audit.frameworks")
    assert entry.after == {"frameworks": [{"id": one.pk, "name": one.reference}]}


def test_a_change_of_frameworks_alone_counts_as_an_edit(cast: Cast, sign_in: SignIn) -> None:
    one = framework_make(cast)
    audit = audit_make(cast)
    path = f"{audit.get_absolute_url()}edit/"
    assert send(sign_in(cast.analyst), path, frameworks=[one.pk]).status_code == 302
    changed = Audit.objects.get()
    assert names(changed) == ["Harbour baseline"]
    assert changed.version == audit.version + 1
    assert send(sign_in(cast.analyst), path).status_code == 302
    assert Audit.objects.get().version == changed.version, "saved as it was"


def test_a_framework_that_an_editor_may_not_read_stays(cast: Cast, sign_in: SignIn) -> None:
    open_, hidden = framework_make(cast), framework_make(cast, title="Sealed orders")
    audit = audit_make(cast, frameworks=[open_, hide(hidden)])
    client = sign_in(cast.analyst)
    path = f"{audit.get_absolute_url()}edit/"
    assert "Sealed orders" not in client.get(path).content.decode()
    assert "Sealed orders" not in client.get(audit.get_absolute_url()).content.decode()
    assert send(client, path, frameworks=[]).status_code == 302
    assert names(audit) == ["Sealed orders"]
    answer = client.post(path, {**audit_data(cast), "version": 9, "frameworks": [hidden.pk]})
    assert list(answer.context["form"].errors) == ["frameworks"]


def test_the_next_audits_of_a_series_are_held_against_the_same(cast: Cast) -> None:
    one, two = framework_make(cast), framework_make(cast, title="Lighthouse rules")
    audit = audit_make(cast, rrule="FREQ=MONTHLY", frameworks=[one])
    series = audit.series
    assert series is not None
    assert occurrences_plan(now=at(date(2027, 1, 1))) >= 1
    planned = series.audits.exclude(pk=audit.pk).first()
    assert planned is not None
    assert names(planned) == ["Harbour baseline"]
    audit_change(
        audit=audit,
        changes={},
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
        frameworks=[two],
        for_series=True,
    )
    assert names(series) == ["Lighthouse rules"]
    assert names(planned) == ["Harbour baseline"], "what is planned stays as it is"


def test_an_import_names_frameworks_by_reference_or_name(cast: Cast) -> None:
    one, two = framework_make(cast), framework_make(cast, title="Lighthouse rules")
    cell = f"{one.reference}; lighthouse RULES"
    content = table({"Frameworks": cell, "External reference": "X-1"})
    audits_import(content=content, file_name="plan.csv", actor=cast.analyst, now=NOW)
    audit = Audit.objects.get()
    assert names(audit) == ["Harbour baseline", "Lighthouse rules"]
    preview = audits_preview(content=content, actor=cast.analyst, now=NOW)
    assert [row.action for row in preview.rows] == ["unchanged"]
    audits_import(
        content=table({"Frameworks": two.reference, "External reference": "X-1"}),
        file_name="plan.csv",
        actor=cast.analyst,
        now=NOW,
    )
    assert names(audit) == ["Lighthouse rules"]


def test_an_import_refuses_what_its_reader_may_not_read(cast: Cast) -> None:
    hidden = hide(framework_make(cast, title="Sealed orders"))
    preview = audits_preview(content=table({"Frameworks": hidden.reference}), actor=cast.analyst, now=NOW)
    assert [problem.message for problem in preview.problems] == [f"There is no framework {hidden.reference}."]


def test_the_requirement_of_a_confidential_framework_is_kept_without_its_name(cast: Cast) -> None:
    framework = hide(framework_make(cast, title="Lighthouse rules"))
    kept = Requirement.objects.select_related("framework").get(framework=framework, identifier="HB-1")
    groups = dict(requirements_to_choose(audit_make(cast), cast.analyst, kept))
    assert groups == {"A confidential framework": [(str(kept.pk), "HB-1")]}
