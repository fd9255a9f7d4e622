"""What controls are mapped to, where that is seen, and how far a framework is covered."""

import csv
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from compliance.models import Framework, Requirement
from compliance.tests.factories import edition_make, framework_make
from controls.choices import ControlState, Coverage, Extent, Implementation
from controls.models import Control, ControlRequirement
from controls.selectors.coverage import LEVELS, Covered, coverage_lines, coverage_of
from controls.services import ControlRefused
from controls.services.mappings import (
    StaleMapping,
    document_link_remove,
    document_map,
    requirement_link_change,
    requirement_link_remove,
    requirements_map,
)
from controls.templatetags.controls import coverage_bar
from controls.tests.factories import (
    NOW,
    again,
    control_make,
    documented,
    implement,
    in_force,
    mapped,
    operating,
    step,
)
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.languages import loud
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry


def covers(
    cast: Cast, control: Control, framework: Framework, *places: int, extent: str = Extent.FULL
) -> None:
    keys = [f"hb-{place}" for place in places]
    requirements_map(
        control=control,
        requirements=framework.requirements.filter(key__in=keys),
        extent=extent,
        note="",
        actor=cast.analyst,
        now=NOW,
    )


def levels(framework: Framework, user: Any) -> dict[str, str]:
    lines: Any = coverage_lines(framework, user).order_by("position")
    return {line.identifier: LEVELS[line.level] for line in lines}


@given(st.lists(st.integers(0, 400), min_size=4, max_size=4))
def test_a_bar_is_as_long_as_it_is_whatever_it_shows(counts: list[int]) -> None:
    bar = str(coverage_bar(Covered("Harbour", "hb", counts)))
    widths = [int(part.split('"')[0]) for part in bar.split('width="')[1:]]
    assert sum(widths) == (160 if sum(counts) else 0)
    assert f"Fully covered: {counts[0]}" in bar


@pytest.mark.django_db
class TestMapping:
    def test_what_is_mapped_already_stays_as_it_is(self, cast: Cast) -> None:
        framework, control = framework_make(cast), control_make(cast)
        covers(cast, control, framework, 1)
        control.requirement_links.update(note="The main gate")
        covers(cast, control, framework, 1, 2, extent=Extent.PARTLY)
        found = control.requirement_links.order_by("requirement__key").values_list("extent", flat=True)
        assert list(found) == [Extent.FULL, Extent.PARTLY]
        assert control.requirement_links.order_by("requirement__key")[0].note == "The main gate"

    def test_each_change_is_in_the_history_and_told_as_a_stale_edit(self, cast: Cast) -> None:
        control = mapped(cast)
        before = control.version
        link = control.requirement_links.get()
        change: dict[str, Any] = {"link": link, "extent": Extent.FULL, "actor": cast.ciso, "now": NOW}
        requirement_link_change(note="All", revision=link.revision, **change)
        with pytest.raises(StaleMapping):
            requirement_link_change(note="Half", revision=link.revision, **change)
        requirement_link_remove(link=link, actor=cast.ciso, now=NOW)
        assert again(control).version == before + 2
        verbs = Entry.objects.filter(action__startswith="controls.control.").order_by("id")
        assert [one.action.rpartition(".")[2] for one in verbs][-3:] == ["mapped", "remapped", "unmapped"]
        with pytest.raises(ControlRefused, match="meanwhile"):
            requirement_link_remove(link=link, actor=cast.ciso, now=NOW)

    def test_a_confidential_framework_is_not_named_in_the_history(self, cast: Cast) -> None:
        framework = framework_make(cast)
        Framework.objects.filter(pk=framework.pk).update(confidentiality="restricted")
        control = control_make(cast)
        with loud():
            covers(cast, control, framework, 1)
        after = Entry.objects.get(action="controls.control.mapped").after
        assert after["required"] == "of a confidential framework", "whatever language the person speaks"

    def test_a_document_is_mapped_once(self, cast: Cast) -> None:
        control = documented(cast)
        link = control.document_links.get()
        assert not document_map(control=control, document=link.document, note="", actor=cast.ciso, now=NOW)
        document_link_remove(link=link, actor=cast.ciso, now=NOW)
        assert not control.document_links.exists()

    def test_nothing_is_mapped_to_what_is_retired(self, cast: Cast) -> None:
        retired = step(in_force(cast), "retire", cast.ciso, comment="Gone")
        with pytest.raises(ControlRefused, match="retired"):
            mapped(cast, retired)


@pytest.mark.django_db
class TestCoverage:
    @pytest.mark.parametrize(
        ("state", "implementation", "extent", "level"),
        [
            (ControlState.IN_FORCE, Implementation.IMPLEMENTED, Extent.FULL, Coverage.FULL),
            (ControlState.REVISING, Implementation.IMPLEMENTED, Extent.FULL, Coverage.FULL),
            (ControlState.IN_FORCE, Implementation.IMPLEMENTED, Extent.PARTLY, Coverage.PARTLY),
            (ControlState.IN_FORCE, Implementation.PARTIAL, Extent.FULL, Coverage.PARTLY),
            (ControlState.IN_FORCE, Implementation.PLANNED, Extent.FULL, Coverage.PENDING),
            (ControlState.IN_REVIEW, Implementation.IMPLEMENTED, Extent.FULL, Coverage.PENDING),
            (ControlState.DRAFT, Implementation.NOT_STARTED, Extent.PARTLY, Coverage.PENDING),
            (ControlState.RETIRED, Implementation.IMPLEMENTED, Extent.FULL, Coverage.NONE),
            (ControlState.IN_FORCE, Implementation.NOT_APPLICABLE, Extent.FULL, Coverage.NONE),
        ],
    )
    def test_a_requirement_is_covered_as_far_as_its_control_stands(
        self, cast: Cast, state: str, implementation: str, extent: str, level: str
    ) -> None:
        control = mapped(cast, extent=extent)
        Control.objects.filter(pk=control.pk).update(
            implementation=implementation, implementation_note="So it is"
        )
        Record.objects.filter(pk=control.pk).update(state=state)
        framework = Framework.objects.get()
        assert levels(framework, cast.auditor) == {"HB-1": level, "HB-2": "none", "HB-3": "none"}

    def test_the_best_of_several_counts(self, cast: Cast) -> None:
        framework = framework_make(cast)
        covers(cast, control_make(cast), framework, 1, 2)
        covers(cast, operating(cast), framework, 1, extent=Extent.PARTLY)
        covers(cast, operating(cast), framework, 1)
        whole, groups = coverage_of(framework, cast.auditor)
        assert whole.counts == [1, 0, 1, 1]
        assert (whole.gaps, whole.percent, groups[0].name) == (2, 33, "HB Harbour")

    def test_what_the_reader_may_not_know_of_does_not_count(self, cast: Cast) -> None:
        framework = framework_make(cast)
        covers(cast, operating(cast, confidentiality="restricted"), framework, 1)
        assert levels(framework, cast.auditor)["HB-1"] == "none"
        assert levels(framework, cast.ciso)["HB-1"] == "full"

    def test_the_page_counts_filters_and_is_taken_away(self, client: Client, cast: Cast) -> None:
        framework = framework_make(cast)
        covers(cast, operating(cast), framework, 1)
        covers(cast, control_make(cast), framework, 2)
        client.force_login(cast.auditor)
        url = f"/controls/coverage/{framework.reference}/"
        client.get(url)
        with assert_queries("coverage"):
            page = client.get(url).content.decode()
        for words in ("1 of 3 fully", "2 open", "Fully covered", "Controls not in force", "Not covered"):
            assert words in page
        gaps = client.get(f"{url}?coverage=gaps&group=hb&q=duty").content.decode()
        assert ">HB-1<" not in gaps
        assert ">HB-2<" in gaps
        rows = list(csv.reader(client.get(f"{url}?export=csv").getvalue().decode("utf-8-sig").splitlines()))
        assert rows[1][0] == "HB-1"
        assert "Doors are locked (Fully, Implemented)" in rows[1][-1]
        assert Entry.objects.filter(action="controls.coverage.exported").exists()

    def test_a_framework_of_others_has_no_page(self, client: Client, cast: Cast) -> None:
        framework = framework_make(cast)
        Framework.objects.filter(pk=framework.pk).update(confidentiality="restricted")
        client.force_login(cast.auditor)
        assert client.get(f"/controls/coverage/{framework.reference}/").status_code == 404


@pytest.mark.django_db
class TestPages:
    def test_it_is_seen_from_the_control_the_requirement_the_framework_and_the_document(
        self, client: Client, cast: Cast
    ) -> None:
        control = documented(cast, mapped(cast, operating(cast), note="The main gate"))
        client.force_login(cast.auditor)
        link = control.requirement_links.get()
        document = control.document_links.get().document
        framework = link.requirement.framework
        pages = {
            control.get_tab_url("mapping"): "The main gate",
            link.requirement.get_absolute_url(): "The main gate",
            document.get_tab_url("controls"): "The second part",
            framework.get_tab_url("coverage"): "0 of 3 fully",
        }
        for url, words in pages.items():
            page = client.get(url).content.decode()
            assert words in page
            if "coverage" not in url:
                assert "Doors are locked" in page
        client.get(control.get_tab_url("mapping"))
        with assert_queries("control-tab-mapping"):
            client.get(control.get_tab_url("mapping"))

    def test_tabs_stand_on_their_kinds_alone(self, client: Client, cast: Cast) -> None:
        control = mapped(cast)
        client.force_login(cast.auditor)
        assert client.get(control.get_tab_url("coverage")).status_code == 404
        assert client.get(control.get_tab_url("controls")).status_code == 404

    def test_what_the_reader_may_not_know_of_is_not_shown(self, client: Client, cast: Cast) -> None:
        control = documented(cast, mapped(cast))
        Framework.objects.update(confidentiality="restricted")
        document = control.document_links.get().document
        type(document).objects.filter(pk=document.pk).update(confidentiality="restricted", owner=cast.ciso)
        client.force_login(cast.auditor)
        page = client.get(control.get_tab_url("mapping")).content.decode()
        assert "HB-1" not in page
        assert "Door policy" not in page

    def test_a_hidden_control_is_not_shown_on_other_pages(self, client: Client, cast: Cast) -> None:
        control = documented(cast, mapped(cast, control_make(cast, confidentiality="restricted")))
        client.force_login(cast.auditor)
        for url in (
            control.requirement_links.get().requirement.get_absolute_url(),
            control.document_links.get().document.get_tab_url("controls"),
        ):
            assert control.reference not in client.get(url).content.decode()

    def test_what_a_new_edition_withdrew_is_told(self, client: Client, cast: Cast) -> None:
        control = mapped(cast)
        framework = Framework.objects.get()
        edition_make(cast, framework, withdrawn={"HB-1"})
        Requirement.objects.filter(identifier="HB-1").update(is_withdrawn=True)
        client.force_login(cast.auditor)
        page = client.get(control.get_tab_url("mapping")).content.decode()
        assert "was withdrawn by its framework" in page
        assert "Doors are locked" in client.get("/controls/?withdrawn=on").content.decode()
        requirement = Requirement.objects.get(identifier="HB-1")
        assert "nobody requires any more" in client.get(requirement.get_absolute_url()).content.decode()
        assert "HB-1" not in levels(framework, cast.auditor)

    def test_requirements_are_chosen_in_the_tree(self, client: Client, cast: Cast) -> None:
        framework, control = framework_make(cast), mapped(cast)
        client.force_login(cast.analyst)
        url = f"/controls/{control.reference}/requirements/add/"
        assert "Harbour baseline" in client.get(url).content.decode()
        asked = f"{url}?framework={framework.reference}"
        assert "mapped already" in client.get(asked).content.decode()
        found = client.get(f"{asked}&q=HB-2", headers={"Accept": "application/json"}).json()
        assert len(found["lines"]) == 1
        nothing = client.post(url, {"framework": framework.reference, "extent": "full", "note": "Typed"})
        assert nothing.status_code == 422
        assert "Typed" in nothing.content.decode()
        group = framework.current.texts.get(kind="group").pk
        answer: Any = client.post(
            url, {"framework": framework.reference, "group": group, "extent": "full", "note": "All of it"}
        )
        assert answer.url == control.get_tab_url("mapping")
        page = client.get(answer.url).content.decode()
        assert "2 requirements mapped" in page
        assert "1 was mapped already and stays as it is" in page
        assert sorted(control.requirement_links.values_list("extent", flat=True)) == [
            "full",
            "full",
            "partly",
        ]

    def test_a_mapping_is_changed_and_taken_off(self, client: Client, cast: Cast) -> None:
        control = mapped(cast)
        link = control.requirement_links.get()
        client.force_login(cast.analyst)
        url = f"/controls/{control.reference}/requirements/{link.pk}/"
        send(client, url, extent="full", note="All of it")
        link.refresh_from_db()
        assert (link.extent, link.note) == ("full", "All of it")
        assert client.post(f"{url}remove/", {"comment": "The gate is gone"}).status_code == 302
        assert Entry.objects.get(action="controls.control.unmapped").comment == "The gate is gone"
        assert not ControlRequirement.objects.exists()

    def test_who_was_slower_is_shown_both_and_may_save_over_it(self, client: Client, cast: Cast) -> None:
        control = mapped(cast)
        link = control.requirement_links.get()
        client.force_login(cast.analyst)
        url = f"/controls/{control.reference}/requirements/{link.pk}/"
        mine = filled(client, url, extent="full", note="Mine")
        send(client, url, extent="full", note="Theirs")
        answer = client.post(url, mine)
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Theirs" in page
        assert "Mine" in page
        link.refresh_from_db()
        assert link.note == "Theirs"
        again_sent = answer.context["form"]["version"].value()
        assert client.post(url, {**mine, "version": again_sent}).status_code == 302
        link.refresh_from_db()
        assert link.note == "Mine"

    def test_a_document_is_picked(self, client: Client, cast: Cast) -> None:
        document = documented(cast).document_links.get().document
        control = control_make(cast, title="Gates")
        client.force_login(cast.analyst)
        found = client.get(f"/controls/{control.reference}/documents/?q=door").json()["items"]
        assert [one["written"] for one in found] == [document.reference]
        url = f"/controls/{control.reference}/documents/add/"
        assert send(client, url, other="DOC-9999").status_code == 422
        answer: Any = send(client, url, other=f"{document.reference} Door", note="")
        assert answer.url == control.get_tab_url("mapping")
        assert control.document_links.get().document == document

    def test_what_is_carried_out_no_more_uncovers(self, cast: Cast) -> None:
        control = mapped(cast, operating(cast), extent=Extent.FULL)
        implement(control, cast.analyst, Implementation.PLANNED, note="The porter left")
        assert levels(Framework.objects.get(), cast.auditor)["HB-1"] == Coverage.PENDING
