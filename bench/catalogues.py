"""Catalogues of requirements for the benchmark, in words of its own: one as large as a real baseline, one as a whole standard."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any
from uuid import UUID

from django.urls import reverse

from bench.client import Answer
from bench.measures import Bound, Row, percentile
from bench.scene import CISO, LEAD, PAGE, SEARCH, Case, Scene, timed
from compliance.imports import plan_import, read_brought
from compliance.imports.kept import plan_keep
from compliance.models import Framework, RequirementText
from compliance.services import draft_begin
from foundation.records.imports.drafts import import_file_keep

WORDS = [
    "the",
    "harbour",
    "keeps",
    "a",
    "watch",
    "that",
    "is",
    "written",
    "down",
    "and",
    "looked",
    "at",
    "by",
    "somebody",
    "who",
    "did",
    "not",
    "stand",
    "it",
    "so",
    "that",
    "what",
    "was",
    "missed",
    "is",
    "found",
    "before",
    "the",
    "tide",
    "takes",
    "it",
    "and",
    "nobody",
    "has",
    "to",
    "ask",
    "whose",
    "it",
    "was",
]
BASELINE = 149  # requirements and enhancements of the smallest baseline that is widely used
STANDARD = 1_200  # of a whole standard
IMPORTS = 5


def catalogue_file(*, requirements: int, version: int, name: str = "Bench baseline") -> bytes:
    """Return an OSCAL catalogue with three parameters, ten items and a thousand words to a requirement; a later version changes every third."""
    controls = [_control(number, version if number % 3 == 0 else 1) for number in range(1, requirements + 1)]
    size = max(1, -(-requirements // 18))
    groups = [
        {"id": f"g{start}", "title": _words(start, 3), "controls": controls[start : start + size]}
        for start in range(0, requirements, size)
    ]
    metadata = {
        "title": name,
        "version": f"{version}.0",
        "oscal-version": "1.1.2",
        "last-modified": f"20{20 + version}-01-01T00:00:00Z",
    }
    return json.dumps(
        {"catalog": {"uuid": str(UUID(int=version)), "metadata": metadata, "groups": groups}}
    ).encode()


def _words(seed: int, count: int) -> str:
    return " ".join(WORDS[(seed * 7 + place * (1 + seed % 5)) % len(WORDS)] for place in range(count))


def _control(number: int, version: int) -> dict[str, Any]:
    key = f"bn-{number}"
    params = [{"id": f"{key}_p{place}", "label": _words(number + place, 4)} for place in range(3)]
    items = [
        {
            "id": f"{key}_smt.{place}",
            "name": "item",
            "props": [{"name": "label", "value": f"{place}."}],
            "prose": f"{_words(number + place, 30)} {{{{ insert: param, {key}_p{place % 3} }}}} {version}",
        }
        for place in range(10)
    ]
    return {
        "id": key,
        "title": _words(number, 5),
        "props": [{"name": "label", "value": key.upper()}],
        "params": params,
        "links": [{"rel": "related", "href": f"#bn-{1 + (number * 5) % 100}"}],
        "parts": [
            {"id": f"{key}_smt", "name": "statement", "prose": _words(number, 40), "parts": items},
            {"id": f"{key}_gdn", "name": "guidance", "prose": _words(number + 1, 300)},
            {"id": f"{key}_obj", "name": "assessment-objective", "prose": _words(number + 2, 300)},
        ],
    }


def _bring(scene: Scene, **of: Any) -> float:
    """Read a catalogue, compare it and accept it, as the page and the command do; return the seconds that it took."""
    data = catalogue_file(**of)
    started = perf_counter()
    plan = plan_import(read_brought(data, file_name="bench.json"), actor=scene.people.ciso)
    plan.accept(actor=scene.people.ciso, now=scene.now)
    return perf_counter() - started


def _import(scene: Scene) -> Iterator[Row]:
    times = [
        1_000 * _bring(scene, requirements=BASELINE, version=version) for version in range(1, IMPORTS + 1)
    ]
    yield Row(
        name="catalogue-import",
        n=scene.n,
        role="worker",
        p50_ms=round(percentile(times, 50), 1),
        p95_ms=round(percentile(times, 95), 1),
    )


def standard(scene: Scene) -> Framework:
    """Return a framework of a whole standard's size, in two versions."""
    name = "Bench standard"
    if not Framework.objects.filter(title=name).exists():
        for version in (1, 2):
            _bring(scene, requirements=STANDARD, version=version + 10, name=name)
    found: Framework = Framework.objects.get(title=name)
    return found


def _framework(scene: Scene) -> Iterator[Row]:
    framework = standard(scene)
    path = f"{reverse('compliance:framework-detail', args=[framework.reference])}?group=g0"
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        yield timed(scene, "framework-page", role, partial(scene.visitor(person).get, path))


def _requirement(scene: Scene) -> Iterator[Row]:
    texts = RequirementText.objects.filter(edition=standard(scene).current, requirement__isnull=False)
    addresses = cycle([text.get_absolute_url() for text in texts.only("pk")[: scene.repeats]])
    visitor = scene.visitor(scene.people.lead)

    def ask() -> Answer:
        return visitor.get(next(addresses))

    yield timed(scene, "requirement-page", LEAD, ask)


def _page(name: str, address: Callable[[Scene], str]) -> Case:
    """Return a case that opens one page of the standard as the CISO does, who writes it."""

    def measure(scene: Scene) -> Iterator[Row]:
        path = address(scene)
        yield timed(scene, name, CISO, partial(scene.visitor(scene.people.ciso).get, path))

    return Case(name, PAGE, measure)


def _differences(scene: Scene) -> str:
    framework = standard(scene)
    return reverse("compliance:edition-differences", args=[framework.reference, 2])


def _draft(scene: Scene) -> str:
    framework = standard(scene)
    if not framework.editions.filter(accepted_at__isnull=True).exists():
        draft_begin(framework=framework, label="Draft", actor=scene.people.ciso, now=scene.now)
    return f"{reverse('compliance:draft', args=[framework.reference])}?group=g0"


def _draft_changes(scene: Scene) -> str:
    _draft(scene)
    return reverse("compliance:draft-accept", args=[standard(scene).reference])


def _preview(scene: Scene) -> str:
    framework, name = standard(scene), "bench.json"
    data = catalogue_file(requirements=STANDARD, version=13, name=framework.title)
    file = import_file_keep(
        user=scene.people.ciso, purpose="catalogue", file_name=name, content=data, sheet="", now=scene.now
    )
    plan_keep(file, plan_import(read_brought(data, file_name=name), actor=scene.people.ciso))
    return reverse("compliance:import-preview", args=[file.key])


def _palette(scene: Scene) -> Iterator[Row]:
    standard(scene)
    visitor = scene.visitor(scene.people.lead)
    path = f"{reverse('search:palette')}?q=bn-2"
    yield timed(scene, "palette-requirement", LEAD, partial(visitor.get, path))


CATALOGUE_CASES = (
    Case("catalogue-import", Bound(p95_ms=timedelta(seconds=5).total_seconds() * 1_000), _import),
    Case("framework-page", PAGE, _framework),
    Case("requirement-page", PAGE, _requirement),
    _page("edition-differences", _differences),
    _page("draft-page", _draft),
    _page("draft-changes", _draft_changes),
    _page("import-preview", _preview),
    Case("palette-requirement", SEARCH, _palette),
)
