"""The migrated database that tests begin with is made once, kept, and made anew when what it is made from changed."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.services import Services
from foundation.operations.launch import testdatabase
from foundation.operations.launch.testdatabase import TEMPLATE, fingerprint, start_with_template


@dataclass
class Installation:
    """Code with one migration, and what was done with its database."""

    root: Path
    made: list[str] = field(default_factory=list)
    migrations_work: bool = True
    environment: dict[str, str] = field(default_factory=lambda: {"DATABASE_URL": "postgres://there"})

    @property
    def migration(self) -> Path:
        return self.root / "audits" / "migrations" / "0001_initial.py"

    def run(self, name: str) -> str:
        """Start as one run of the tests does; return what its server holds."""
        throwaway = Folder(root=self.root, var=self.root / name)
        throwaway.var.mkdir()

        def start() -> Services:
            throwaway.postgres.mkdir(exist_ok=True)
            return cast(Services, self)

        def migrate(_root: Path) -> bool:
            self.made.append(name)
            (throwaway.postgres / "rows").write_text(f"made in {name}")
            return self.migrations_work

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(testdatabase, "_migrate", migrate)
            start_with_template(self.root, self.root / "var", throwaway, cast(Callable[[], Any], start))
        return (throwaway.postgres / "rows").read_text()

    def stop(self) -> None:
        """Stop the server."""


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv(TEMPLATE, "")
    monkeypatch.setenv("DATABASE_URL", "")
    made = Installation(tmp_path)
    made.migration.parent.mkdir(parents=True)
    made.migration.write_text("1")
    (tmp_path / "audits" / "services.py").write_text("1")
    return made


def test_it_is_made_once_and_copied_from_then_on(installation: Installation) -> None:
    assert [installation.run(name) for name in ("one", "two", "three")] == ["made in one"] * 3
    assert installation.made == ["one"]
    assert os.environ[TEMPLATE] == "test_template"
    assert (installation.root / "three" / "postgres" / "rows").stat().st_ino != (
        installation.root / "two" / "postgres" / "rows"
    ).stat().st_ino, "what one run writes is not in the next one's"


def test_another_migration_makes_it_anew_and_drops_the_old_one(installation: Installation) -> None:
    installation.run("one")
    (installation.root / "audits" / "services.py").write_text("2")
    assert installation.run("two") == "made in one"
    installation.migration.write_text("2")
    assert installation.run("three") == "made in three"
    kept = [path.name for path in (installation.root / "var" / "test-database").iterdir() if path.is_dir()]
    assert kept == [fingerprint(installation.root)]


def test_what_was_cut_off_while_it_was_kept_is_not_used(installation: Installation) -> None:
    unfinished = installation.root / "var" / "test-database" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "rows").write_text("half")
    assert installation.run("one") == "made in one"
    assert installation.run("two") == "made in one"


def test_migrations_that_fail_leave_it_to_the_tests_to_say_so(installation: Installation) -> None:
    installation.migrations_work = False
    installation.run("one")
    assert os.environ[TEMPLATE] == ""
    installation.migrations_work = True
    assert installation.run("two") == "made in two"
