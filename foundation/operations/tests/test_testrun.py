"""How `./portal test` runs pytest."""

import os

import pytest

from foundation.operations.launch.testrun import _spread


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-x", "--durations=10"]])
def test_a_run_of_all_tests_uses_all_processors(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert _spread(arguments) == ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


@pytest.mark.parametrize(
    "arguments", [["audits"], ["-k", "recurrence"], ["--pdb"], ["-n0"], ["-s"], ["--update-baselines"]]
)
def test_a_selection_and_what_needs_a_terminal_stays_in_one_process(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert _spread(arguments) == []


def test_one_processor_needs_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert _spread([]) == []
